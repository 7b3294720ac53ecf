"""Topics of headlines, and the topics that small talk should not have."""

from __future__ import annotations

from collections.abc import Sequence

from bot.training.corpus import Example
from tests.accuracy.judge import Judge
from tests.text.topic_talk import NONE, TALK

Row = tuple[str, str, str]


def rows(judge: Judge, spam: Sequence[Example], titles: Sequence[Example]) -> list[Row]:
    """A headline without a topic counts as wrong."""
    topical = [one for one in titles if one.topic]
    said = judge.topics([one.text for one in topical])
    small = judge.topics([one.text for one in spam if one.source == "nussms"])
    return [
        ("题材：toutiao", _right(topical, said, "toutiao"), "≥ 0.86"),
        ("题材：thucnews", _right(topical, said, "thucnews"), "≥ 0.92"),
        ("给了题材：新闻标题", f"{_given(said):.1%}", "≥ 85 %"),
        ("给了题材：个人短信", f"{_given(small):.1%}", "≤ 10 %"),
        (f"题材词：自己写的 {len(TALK)} 句群聊", _by_words(judge), "精确率 ≥ 95 %"),
    ]


def _by_words(judge: Judge) -> str:
    """How often a topic that only word lists can give is right, and how often it is given where it should be."""
    said = judge.topics([text for _, text in TALK])
    wanted = [topic for topic, _ in TALK]
    own = set(wanted) - {NONE}
    right = sum(topic in own and topic == mine for mine, topic in zip(wanted, said, strict=True))
    given, due = sum(topic in own for topic in said), len(wanted) - wanted.count(NONE)
    return f"精确率 {right / max(1, given):.1%}（{given} 句），召回 {right / due:.1%}（{due} 句）"


def _right(topical: Sequence[Example], said: Sequence[str | None], source: str) -> str:
    own = [(one.topic, topic) for one, topic in zip(topical, said, strict=True) if one.source == source]
    given = [pair for pair in own if pair[1] is not None]
    right = sum(wanted == topic for wanted, topic in own)
    return f"{right / max(1, len(own)):.4f}（只看给了题材的：{right / max(1, len(given)):.4f}）"


def _given(said: Sequence[str | None]) -> float:
    return sum(topic is not None for topic in said) / max(1, len(said))
