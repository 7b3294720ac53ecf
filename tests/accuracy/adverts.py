"""Adverts: by source, false alarms on harmless texts, and what disguise costs."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.training.corpus import Example
from tests.accuracy.disguises import TRICKS
from tests.accuracy.judge import Judge
from tests.accuracy.scores import Score, at_false_alarms, score
from tests.text.phrases import HARMLESS

UNSEEN = {"tgchat": 0.55, "gamead": 0.8, "mcqq": 0.55}
Row = tuple[str, str, str]


def rows(judge: Judge, spam: Sequence[Example], titles: Sequence[Example], english: Sequence[Example]) -> list[Row]:
    """The trusted set is everything in `spam`; gamead has adverts only."""
    said = judge.adverts([one.text for one in spam])
    by_source = {source: _of(spam, said, source) for source in ("tgchat", "mcqq", "nussms")}
    return [
        ("广告：可信集", _told(score([one.advert for one in spam], said)), "F1 ≥ 0.985，误报 ≤ 0.5 %"),
        ("广告：tgchat", _told(by_source["tgchat"]), "F1 ≥ 0.94，误报 ≤ 3 %"),
        ("广告：mcqq", _told(by_source["mcqq"]), "F1 ≥ 0.85，误报 ≤ 3 %"),
        ("误报：个人短信", f"{by_source['nussms'].false_alarms:.2%}", "≤ 0.1 %"),
        ("误报：新闻标题", _alarms(judge, [one.text for one in titles]), "≤ 0.5 %"),
        ("误报：英文与代码群聊", _alarms(judge, [one.text for one in english]), "≤ 0.5 %"),
        (f"误报：{len(HARMLESS)} 句群里常用语", _alarms(judge, HARMLESS), "≤ 0.5 %"),
        _disguised(judge, [one.text for one in spam if one.advert]),
    ]


def _of(spam: Sequence[Example], said: Sequence[bool], source: str) -> Score:
    own = [(one.advert, hit) for one, hit in zip(spam, said, strict=True) if one.source == source]
    return score([advert for advert, _ in own], [hit for _, hit in own])


def _told(found: Score) -> str:
    return f"F1 {found.f1:.4f}，召回 {found.recall:.2%}，误报 {found.false_alarms:.2%}"


def _alarms(judge: Judge, texts: Sequence[str]) -> str:
    return f"{sum(judge.adverts(texts)) / max(1, len(texts)):.2%}"


def _disguised(judge: Judge, texts: Sequence[str]) -> Row:
    """Recall lost by each trick; below 0 where a trick gives itself away."""
    plain = sum(judge.adverts(texts))
    chance = random.Random(1)
    lost = {
        name: (plain - sum(judge.adverts([trick(text, chance) for text in texts]))) / max(1, len(texts))
        for name, trick in TRICKS.items()
    }
    return "伪装后少召回（百分点）", "，".join(f"{name} {100 * share:.1f}" for name, share in lost.items()), "≤ 2"


def unseen(judge: Judge, spam: Sequence[Example], source: str) -> Row:
    """A source that the models were not fitted on: its adverts among everybody's ham.

    At the bar that no more than 1 % of that ham passes, and at the bar in force, which was chosen on other ham.
    """
    given = [one for one in spam if not one.advert or one.source == source]
    labels, read = [one.advert for one in given], judge.parts([one.text for one in given])
    strict = at_false_alarms(labels, [parts.ad_score for parts in read], 0.01)
    used = score(labels, [parts.ad for parts in read])
    told = f"误报 1 %：{_told(strict)}；现用门槛：{_told(used)}"
    return f"没学过的来源：{source}", told, f"F1 ≥ {UNSEEN[source]:.2f}，误报 ≤ 1 %"
