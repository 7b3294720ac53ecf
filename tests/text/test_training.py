"""Training gives the same bytes each time, whatever the hash seed and the number of threads."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.text.models import load
from tests.text.phrases import ADVERTS, HARMLESS
from tests.text.topic_talk import TALK

TOPICS = {"健康": "tech", "美食": "travel", "时尚": "sports", "亲子": "edu"}
"""Any texts do; the names of the classes are those of the data."""


def table(file: Path, names: str, rows: list[tuple[str, ...]]) -> None:
    file.parent.mkdir(exist_ok=True)
    lines = [names, *("\t".join(row) for row in rows)]
    file.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with the phrases of the tests."""
    names, titles = "source\tlabel\tsuspect\ttext", "label\ttext"
    spam = [("tgchat", "1", "0", text) for text in ADVERTS] + [("tgchat", "0", "0", text) for text in HARMLESS]
    table(tmp_path / "spam" / "spam.tsv.gz", names, spam)
    table(tmp_path / "spam" / "ham_sms.tsv.gz", names, [("nussms", "0", "0", text) for text in HARMLESS])
    headlines = [(TOPICS[topic], text) for topic, text in TALK if topic in TOPICS]
    table(tmp_path / "topic" / "toutiao.tsv.gz", titles, headlines)
    table(tmp_path / "topic" / "thucnews.tsv.gz", titles, headlines[:9])
    return tmp_path


def test_the_same_texts_give_the_same_bytes(data: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs the development packages")
    runs = [_begun(data, seed, threads) for seed, threads in (("1", "1"), ("77", "2"))]
    for run, _ in runs:
        assert run.wait(timeout=300) == 0
    one, other = (file for _, file in runs)
    assert one.read_bytes() == other.read_bytes()
    assert set(load(one).topics) == {"科技", "旅游", "体育", "教育"}


def _begun(data: Path, seed: str, threads: str) -> tuple[subprocess.Popen[bytes], Path]:
    out = data / f"{seed}.model"
    where = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    command = [sys.executable, "-m", "bot", "train", "--data", str(data), "--out", str(out)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=where), out
