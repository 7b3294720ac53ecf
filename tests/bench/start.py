"""From starting the program to the first message dealt with, beside starting Python and importing jieba."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    bare = _seconds([sys.executable, "-c", "import jieba; jieba.setLogLevel(60); jieba.initialize()"])
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.txt"
        script.write_text("小王: 大家好\n", encoding="utf-8")
        url = f"sqlite:///{folder}/bench.db"
        whole = _seconds([sys.executable, "-m", "bot", "--db", url, "run", "--script", str(script)])
    yield "启动到第一条消息处理完并退出", f"{whole:.2f} s", f"{bare:.2f} s 只载入 jieba", f"{whole / bare:.2f}", "< 3 s"


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started
