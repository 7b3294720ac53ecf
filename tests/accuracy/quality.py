"""The quality coefficient's order: substantive > short > filler > advert."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from bot.training.corpus import Example
from tests.accuracy.judge import Judge

FILLER = ("哈哈哈", "收到", "好的", "嗯嗯", "666", "呵呵", "赞", "哦哦", "早", "晚安")
Row = tuple[str, str, str]


def rows(judge: Judge, spam: Sequence[Example]) -> list[Row]:
    ham = [one.text for one in spam if not one.advert]
    kinds = {
        "有内容（≥ 20 字）": [text for text in ham if len(text) >= 20],
        "短（4–8 字）": [text for text in ham if 4 <= len(text) <= 8],
        "口水话": list(FILLER),
        "广告": [one.text for one in spam if one.advert],
    }
    means = {kind: _mean(judge, texts) for kind, texts in kinds.items()}
    return [("质量系数（均值）", "，".join(f"{kind} {mean:.2f}" for kind, mean in means.items()), "依次递减")]


def _mean(judge: Judge, texts: Sequence[str]) -> float:
    return fmean(0.0 if parts.ad else parts.base for parts in judge.parts(texts)) if texts else 0.0
