"""Peak memory of `events FILE` for a file and one four times as long, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.corpus import made_lines

SHORT, FACTOR = 20_000, 4
Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    short, long = _peak_mb(SHORT), _peak_mb(SHORT * FACTOR)
    shown = f"{short:.0f} MB（{SHORT:,} 行）"
    yield f"events 的内存，{SHORT * FACTOR:,} 行", f"{long:.0f} MB", shown, f"{long / short:.2f}", "≤ 1.1"


def _peak_mb(count: int) -> float:
    """Peak resident memory of importing `count` made event lines."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "events.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in made_lines(count))
        url = f"sqlite:///{folder}/bench.db"
        command = [sys.executable, "-m", "bot", "--db", url, "events", "--json", str(source)]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            raise RuntimeError("events failed")
        return usage.ru_maxrss / 1024
