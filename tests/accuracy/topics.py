"""Topics of headlines, and the topics that small talk should not have."""

from __future__ import annotations

from collections.abc import Sequence

from bot.text.models import Models
from bot.text.normalise import fold
from bot.training.corpus import Example

AT_ONCE = 1000
Row = tuple[str, str, str]


def rows(models: Models, spam: Sequence[Example], titles: Sequence[Example]) -> list[Row]:
    """A headline without a topic counts as wrong."""
    topical = [one for one in titles if one.topic]
    said = _topics(models, [one.text for one in topical])
    small = _topics(models, [one.text for one in spam if one.source == "nussms"])
    return [
        ("题材：toutiao", _right(topical, said, "toutiao"), "≥ 0.86"),
        ("题材：thucnews", _right(topical, said, "thucnews"), "≥ 0.92"),
        ("给了题材：新闻标题", f"{_given(said):.1%}", "≥ 85 %"),
        ("给了题材：个人短信", f"{_given(small):.1%}", "≤ 10 %"),
    ]


def _topics(models: Models, texts: Sequence[str]) -> list[str | None]:
    found: list[str | None] = []
    for start in range(0, len(texts), AT_ONCE):
        found += [one.topic for one in models.judge([fold(text) for text in texts[start : start + AT_ONCE]])]
    return found


def _right(topical: Sequence[Example], said: Sequence[str | None], source: str) -> str:
    own = [(one.topic, topic) for one, topic in zip(topical, said, strict=True) if one.source == source]
    given = [pair for pair in own if pair[1] is not None]
    right = sum(wanted == topic for wanted, topic in own)
    return f"{right / max(1, len(own)):.4f}（只看给了题材的：{right / max(1, len(given)):.4f}）"


def _given(said: Sequence[str | None]) -> float:
    return sum(topic is not None for topic in said) / max(1, len(said))
