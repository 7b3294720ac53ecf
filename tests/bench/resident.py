"""Resident memory of a bot that sits in many groups, each engine in a process of its own.

The child process makes the memberships, hears every group talk for some minutes, and prints its memory; the talk is
written down before, since making it takes memory too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil

from bot.core.instants import SECOND
from storage.rows import Sighting
from tests.bench.corpus import BEGIN, sentences
from tests.bench.house import BenchHouse, batches, bench_house

GROUPS, MEMBERS, MESSAGES = 200, 500, 3_000
TALK = "talk.jsonl"
BARS = {"jieba": 300, "rjieba": 180}
"""Megabytes at most, by engine."""
Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    for engine, bar in BARS.items():
        if find_spec(engine) is not None:
            used = _resident_mb(engine)
            name = f"常驻内存，{GROUPS} 群 × {MEMBERS} 人，{engine}"
            yield name, f"{used:.0f} MB", f"{bar} MB", f"{used / bar:.2f}", "≤ 1"


def _resident_mb(engine: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        talk = "\n".join(_line(number, text) for number, text in enumerate(sentences(MESSAGES)))
        Path(folder, TALK).write_text(talk, encoding="utf-8")
        _open_once(Path(folder))
        command = [sys.executable, "-m", "tests.bench.resident", folder]
        done = subprocess.run(
            command, env={**os.environ, "BOT_TOKENIZER": engine}, stdout=subprocess.PIPE, check=True, text=True
        )
        return float(done.stdout)


def _open_once(folder: Path) -> None:
    """The bot has been there for long: its database is not made anew, nor its dictionary parsed."""
    with bench_house(folder) as bench:
        bench.warm_up()


def _sit_in_groups(bench: BenchHouse, talk: Path) -> None:
    """Everybody is known in his group, and the groups talk in turn, twenty messages a second in all."""
    people = (
        Sighting(f"g{group}", f"g{group}m{number}", BEGIN * SECOND, True, f"成员{number}")
        for group in range(GROUPS)
        for number in range(MEMBERS)
    )
    bench.house.database.write_sync(lambda uow: uow.groups.seen(people))
    bench.turns(batches(talk.read_text(encoding="utf-8").split("\n"), 100))


def _line(number: int, text: str) -> str:
    group = number % GROUPS
    member = f"g{group}m{number * 7 // GROUPS % MEMBERS}"
    record = {"type": "message", "id": f"r{number}", "at": BEGIN + number / 20, "text": text}
    return json.dumps({**record, "member": member, "group": f"g{group}"}, ensure_ascii=False)


def main() -> None:
    folder = Path(sys.argv[1])
    with bench_house(folder) as bench:
        _sit_in_groups(bench, folder / TALK)
        sys.stdout.write(f"{psutil.Process().memory_info().rss / 1e6:.1f}\n")


if __name__ == "__main__":
    main()
