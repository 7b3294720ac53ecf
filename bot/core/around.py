"""What stands around a suspicious message, as checks that add to its score; their details tell counts, never texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.adverts import AdRules, joined
from bot.core.parts import Check

NAMES = ("自己发到多群", "他人相近内容", "新人相近内容", "新人头几条", "入群潮", "新人附带图片名片", "群内发言突增")
UNSEEN = tuple(Check(name, False, "没有上下文") for name in NAMES)
"""The checks of a text by itself, of a direct chat, and of a 接龙."""

Sighting = tuple[float, str]
"""Strength 0–1, and what was seen."""


class Around(NamedTuple):
    """The figures around one message.

    score: of its text, or of the text it comes with. own_groups: other groups where the member posted nearly the same;
    others, newcomers: other members who did (`newcomers`: both he and they had just joined). number: the how many-th
    message it is since the member joined the group, None when that is long ago or not known. wave: members who joined
    the group when he did. pace: messages of the group in the last minute; usual: mean per minute before, None when the
    bot did not listen or nothing was said. attached: newcomer's text and attachment stand beside each other.
    """

    rules: AdRules
    score: float
    contact: bool = False
    own_groups: int = 0
    others: int = 0
    newcomers: int = 0
    number: int | None = None
    wave: int = 0
    pace: int = 0
    usual: float | None = None
    attached: bool = False

    @property
    def total(self) -> float:
        """The score with everything around, 0–1."""
        return round(joined((self.score, *(strength for strength, _ in self._sightings()))), 3)

    @property
    def ad(self) -> bool:
        return self.total >= self.rules.bar

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check, passes included."""
        return tuple(
            Check(name, strength > 0, seen) for name, (strength, seen) in zip(NAMES, self._sightings(), strict=True)
        )

    def _sightings(self) -> Iterator[Sighting]:
        """In the order of `NAMES`."""
        rules, span = self.rules, f"{self.rules.copy_minutes} 分钟内"
        yield self._copied(rules.own_groups, self.own_groups), f"{span}本人还在 {self.own_groups} 个群发过相近内容"
        yield self._copied(rules.others_copies, self.others), f"{span}另有 {self.others} 人发过相近内容"
        yield (
            self._copied(rules.newcomers_copies, self.newcomers),
            f"{span}另有 {self.newcomers} 位刚入群的人发过相近内容",
        )
        yield self._first()
        yield self._wave()
        yield (
            (rules.attachment if self.attached else 0.0),
            (f"{rules.attachment_minutes} 分钟内与可疑文字相伴" if self.attached else ""),
        )
        yield self._burst()

    def _copied(self, strength: float, copies: int) -> float:
        return joined([strength] * min(copies, self.rules.most_copies))

    def _first(self) -> Sighting:
        rules = self.rules
        if self.number is None:
            return 0.0, f"不是入群 {rules.newcomer_minutes} 分钟内的新人"
        contact = self.contact or self.attached
        seen = f"入群后第 {self.number} 条" + ("，留了联络途径" if contact else "")
        if self.number > rules.newcomer_messages:
            return 0.0, seen
        return (rules.first_contact if contact else rules.first_words), seen

    def _wave(self) -> Sighting:
        rules = self.rules
        hit = self.number is not None and self.wave >= rules.wave_joins
        seen = f"前后 {rules.wave_minutes} 分钟入群 {self.wave} 人（满 {rules.wave_joins} 人为入群潮）"
        return (rules.join_wave if hit else 0.0), seen if self.wave else ""

    def _burst(self) -> Sighting:
        rules, usual = self.rules, self.usual
        if usual is None:
            return 0.0, f"最近一分钟 {self.pace} 条，不知平时多快"
        hit = self.pace >= rules.burst_messages and self.pace >= rules.burst_factor * usual
        return (rules.group_burst if hit else 0.0), f"最近一分钟 {self.pace} 条，平时每分钟 {usual:.1f} 条"
