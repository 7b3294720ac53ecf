"""Ingest from line to commit, beside bare `jieba.lcut` over the same texts."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from tests.bench.bare import beside_jieba, told
from tests.bench.corpus import lines
from tests.bench.house import batches, bench_house

WAITING = 200
"""Messages of a live batch under load (handlers.ear.MOST_AT_ONCE)."""
Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    source = lines(file, count)
    texts = [text for line in source if (text := json.loads(line).get("text"))]
    bars = {"jieba": ("≥ 0.4（0.5）", "≥ 0.15"), "rjieba": ("≥ 1.2", "—")}
    for engine, (filed, lived) in bars.items():
        if find_spec(engine) is None:
            continue
        bare, batch = beside_jieba(texts, partial(durable_file, source, engine))
        shown = told(bare, len(texts), " jieba.lcut")
        yield f"文件摄入（逐行解析→打分→落库），{engine}", told(batch, len(source)), shown, f"{bare / batch:.2f}", filed
        bare, live = beside_jieba(texts, partial(durable_live, source, engine))
        shown = told(bare, len(texts), " jieba.lcut")
        yield f"实时摄入（再加标签与计划），{engine}", told(live, len(source)), shown, f"{bare / live:.2f}", lived


def durable_file(source: list[str], engine: str) -> float:
    """Seconds of `events FILE`: read, parse, judge, record, commit."""
    with tempfile.TemporaryDirectory() as folder, bench_house(Path(folder), engine) as bench:
        path = Path(folder) / "events.jsonl"
        path.write_text("".join(f"{line.rstrip()}\n" for line in source), encoding="utf-8")
        bench.warm_up()
        started = time.perf_counter()
        bench.take_file(path)
        return time.perf_counter() - started


def durable_live(source: list[str], engine: str) -> float:
    """Seconds of the running bot's turn (tags and plans too), in the batches that wait under load."""
    with tempfile.TemporaryDirectory() as folder, bench_house(Path(folder), engine) as bench:
        bench.warm_up()
        started = time.perf_counter()
        bench.turns(batches(source, WAITING))
        return time.perf_counter() - started
