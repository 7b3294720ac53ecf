"""`make bench`: speed and memory as ratios against a bare reference measured in the same run.

`make bench ARGS="--events FILE"` measures with event lines of one's own instead of generated talk.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import classify, evaluation, flood, ingest, memory, resident, start, wire

PARTS = {
    "ingest": ingest.rows,
    "classify": classify.rows,
    "evaluation": evaluation.rows,
    "flood": flood.rows,
    "memory": memory.rows,
    "resident": resident.rows,
    "start": start.rows,
    "wire": wire.rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which to run (default: all)")
    parser.add_argument("--events", type=Path, default=None, help="event lines (JSONL) to measure ingest with")
    parser.add_argument("--lines", type=int, default=20_000, help="how many of them")
    parser.add_argument("--members", type=int, default=100_000, help="of the largest house that is evaluated")
    asked = parser.parse_args()
    parts = {**PARTS, "evaluation": lambda file, count: evaluation.rows(file, asked.members)}
    table = Table("项目", "实测", "对照（同一次运行）", "比值", "目标")
    for name in asked.parts or PARTS:
        for row in parts[name](asked.events, asked.lines):
            table.add_row(*row)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
