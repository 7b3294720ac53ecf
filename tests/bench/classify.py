"""Is it an advert, what is it about, what is it worth: a text's whole reading in one thread, beside bare jieba."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bot.core.garbage import collector_at_ease
from tests.bench.bare import beside_jieba, told
from tests.bench.corpus import lines
from tests.bench.house import batches, bench_house

AT_ONCE = 3000
"""Lines of a block of standard input (bot.cli.standard_input)."""
BARS = {"jieba": "≥ 0.7", "rjieba": "≥ 3"}
Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    texts = [text for line in lines(file, count) if (text := json.loads(line).get("text"))]
    for engine, bar in BARS.items():
        if find_spec(engine) is not None:
            bare, ours = beside_jieba(texts, partial(_read, texts, engine))
            shown = told(bare, len(texts), " jieba.lcut")
            yield f"广告、主题、质量，{engine}", told(ours, len(texts)), shown, f"{bare / ours:.2f}", bar


def _read(texts: list[str], engine: str) -> float:
    with tempfile.TemporaryDirectory() as folder, bench_house(Path(folder), engine) as bench:
        bench.warm_up()
        reader = bench.house.reader
        with collector_at_ease():
            started = time.perf_counter()
            for batch in batches(texts, AT_ONCE):
                reader.foresee(batch)
                for text in batch:
                    reader.read(text)
            return time.perf_counter() - started
