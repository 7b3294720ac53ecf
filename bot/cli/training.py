"""`train`: rebuild the shipped models from a data directory, bit for bit (scikit-learn, a development package)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from bot.cli.output import say
from bot.errors import BadInput
from bot.text.features import places
from bot.text.models import SIZE, Models, dump
from bot.text.normalise import fold

SPAM_BAR = 0.16
"""Margin with 0.5 % false alarms among the ham of four-fold validation, near-duplicates kept in one fold."""
TOPIC_BAR = -0.25
NO_TOPIC = "无"
WEIGHTS = {"tgchat": 2.0, "mcqq": 4.0}
"""Small sources count more, so that the large ones do not decide alone."""
TOPICS = {
    "tech": "科技", "science": "科技", "entertainment": "娱乐", "sports": "体育", "finance": "财经", "stock": "财经",
    "stocks": "财经", "car": "汽车", "edu": "教育", "education": "教育", "travel": "旅游", "house": "房产",
    "realty": "房产", "game": "游戏", "military": "军事", "world": "国际", "agriculture": "农业", "society": "社会",
    "culture": "文化",
}  # fmt: skip
"""Our names of the classes; story and politics have none."""


def train(
    data: Annotated[Path, typer.Option(help="数据目录（spam/ 与 topic/）")],
    out: Annotated[Path, typer.Option(help="模型写到这个文件")],
) -> None:
    """由数据重新训练模型；同样的数据得到同样的字节。需要开发依赖 scikit-learn。"""
    models = trained(data)
    out.write_bytes(dump(models))
    say(f"已写入 {out}（{out.stat().st_size:,} 字节）")


def trained(data: Path) -> Models:
    """Both models of a data directory. Raises BadInput naming the file."""
    spam, offset = _spam_model(data)
    topics, weights, scales, offsets = _topic_model(data)
    return Models(spam, offset, SPAM_BAR, topics, weights, scales, offsets, TOPIC_BAR)


def table(file: Path) -> Iterator[dict[str, str]]:
    """Rows of a gzipped table with one header line. Raises BadInput."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            names = next(lines).rstrip("\n").split("\t")
            for line in lines:
                yield dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
    except (OSError, EOFError, ValueError, StopIteration):
        raise BadInput(f"{file}：读不出来，或不是制表符分隔的 gzip 表") from None


def _spam_model(data: Path) -> tuple[NDArray[np.float32], float]:
    rows = [*table(data / "spam" / "spam.tsv.gz"), *table(data / "spam" / "ham_sms.tsv.gz")]
    rows = [row for row in rows if not (row["source"] == "gamead" and row["label"] == "0")]  # which is not ham
    weights = np.array([WEIGHTS.get(row["source"], 1.0) for row in rows])
    fitted = _fit([row["text"] for row in rows], [row["label"] for row in rows], weights)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def _topic_model(data: Path) -> tuple[tuple[str, ...], NDArray[np.int8], tuple[float, ...], tuple[float, ...]]:
    rows = [*table(data / "topic" / "toutiao.tsv.gz"), *table(data / "topic" / "thucnews.tsv.gz")]
    pairs = [(row["text"], TOPICS[row["label"]]) for row in rows if row["label"] in TOPICS]
    pairs += [(row["text"], NO_TOPIC) for row in table(data / "spam" / "ham_sms.tsv.gz")]
    fitted = _fit([text for text, _ in pairs], [name for _, name in pairs], None)
    kept = [place for place, name in enumerate(fitted.classes_) if name != NO_TOPIC]
    weights = fitted.coef_[kept]
    scales = np.abs(weights).max(axis=1) / 127
    steps = np.rint(weights / scales[:, None]).astype(np.int8)
    names = tuple(str(fitted.classes_[place]) for place in kept)
    offsets = tuple(float(fitted.intercept_[place]) for place in kept)
    return names, np.ascontiguousarray(steps.T), tuple(scales.tolist()), offsets


def _fit(texts: Sequence[str], labels: Sequence[str], weights: NDArray[np.float64] | None) -> Any:
    try:
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
        from sklearn.svm import LinearSVC
    except ImportError:
        raise BadInput("训练需要开发依赖 scikit-learn") from None
    found = [places(fold(text)) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    values = np.concatenate([np.full(len(each), len(each) ** -0.5) for each in found])
    matrix = csr_matrix((values, np.concatenate(found).astype(np.int32), ends), shape=(len(found), SIZE))
    return LinearSVC(C=1.0, tol=1e-3, random_state=0).fit(matrix, np.array(labels), sample_weight=weights)


COMMANDS = (("train", train),)
