"""Ingest from line to commit, beside bare `jieba.lcut` over the same texts."""

from __future__ import annotations

import json
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import jieba

from tests.bench.corpus import lines
from tests.bench.house import batches, bench_house

Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    source = lines(file, count)
    texts = [text for line in source if (text := json.loads(line).get("text"))]
    bare = bare_jieba(texts)
    batch = durable_batches(source)
    live = durable_live(source)
    shown = f"{1e6 * bare / len(texts):.1f} µs/条 jieba.lcut"
    yield "文件摄入（逐行解析→打分→落库）", _per(batch, len(source)), shown, f"{bare / batch:.2f}", "≥ 0.35（0.5）"
    yield "实时摄入（再加标签与计划）", _per(live, len(source)), shown, f"{bare / live:.2f}", "≥ 0.35（0.5）"


def _per(seconds: float, count: int) -> str:
    return f"{1e6 * seconds / count:.1f} µs/条"


def bare_jieba(texts: list[str]) -> float:
    """Seconds that jieba alone needs."""
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    started = time.perf_counter()
    for text in texts:
        jieba.lcut(text)
    return time.perf_counter() - started


def durable_batches(source: list[str]) -> float:
    """Seconds of `events FILE`: parse, read, record, commit, in batches as the command line writes them."""
    with tempfile.TemporaryDirectory() as folder, bench_house(Path(folder)) as bench:
        bench.warm_up()
        started = time.perf_counter()
        for batch in batches(source, 1000):
            bench.write(bench.prepare(batch))
        return time.perf_counter() - started


def durable_live(source: list[str]) -> float:
    """Seconds of the running bot's turn (tags and plans too), in the batches that wait under load."""
    with tempfile.TemporaryDirectory() as folder, bench_house(Path(folder)) as bench:
        bench.warm_up()
        started = time.perf_counter()
        for batch in batches(source, 200):
            bench.turn(bench.prepare(batch))
        return time.perf_counter() - started
