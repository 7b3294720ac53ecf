"""Near-duplicates and flooding (RULEBOOK §2, §7): what a message is worth among the messages around it.

`judge` is a pure function of the set of messages, whatever their order; `RepetitionWindow` is the same over a stream.
Windows are half-open, (t − W, t]. Two messages of one instant are ordered by id.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.instants import MINUTE, SECOND, Instant
from bot.core.parts import Check
from bot.core.sketch import Features
from bot.core.sketch_index import SketchIndex, Spoken


@dataclass(frozen=True, slots=True)
class RepetitionRules:
    """Bars of repetition and flooding."""

    similarity: float = 0.9
    """Similarity (0–1) from which a message is a near-duplicate and earns nothing."""
    partial_from: float = 0.75
    """Similarity above which a message that is no near-duplicate loses a share of its quality."""
    partial_floor: float = 0.1
    """Share of its quality left to a message just below `similarity`; the loss grows linearly in between."""
    repeat_minutes: int = 10
    """Window in minutes within which near-duplicates are looked for."""
    repeat_count: int = 5
    """Near-duplicates of one member, the message itself included, that make a flood."""
    flood_messages: int = 20
    """A member may send this many messages in `flood_seconds`; the next one is a flood."""
    flood_seconds: int = 60
    """Window in seconds of `flood_messages`."""


class Heard(NamedTuple):
    """One message among others; `group` None: a direct chat. `chain`: a 接龙, exempt from all of this.

    `score`: of a suspicious text (bot.core.adverts), 0 for a message that may be what such a text comes with, None for
    all others. `contact`: the suspicious text tells how to reach its author.
    """

    at: Instant
    id: str
    member: str
    group: str | None
    sketch: bytes
    base: float
    ad: bool = False
    chain: bool = False
    score: float | None = None
    contact: bool = False


CHECKS = ("重复内容", "发言频率", "重复刷屏")
"""Names of the checks below, in their order."""


class Judgement(NamedTuple):
    """The verdict on one message among its neighbours.

    q: final quality coefficient, 0–2. repeat_of: id of the nearest earlier near-duplicate. similarity: to the most
    similar earlier message, 0 when all are below `partial_from`. rate: the member's messages in the flood window.
    repeats: the member's near-duplicates in the repeat window (counted up to the bar), both with the message itself.
    """

    id: str
    q: float
    repeat_of: str | None
    flood: bool
    similarity: float
    rate: int
    repeats: int
    rules: RepetitionRules

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check with what it saw, passes included; built only when asked for."""
        rules = self.rules
        return (
            Check(CHECKS[0], self.repeat_of is not None, self._repeat_detail()),
            Check(
                CHECKS[1],
                self.rate > rules.flood_messages,
                f"{rules.flood_seconds} 秒内 {self.rate} 条（上限 {rules.flood_messages}）",
            ),
            Check(
                CHECKS[2],
                self.repeats >= rules.repeat_count,
                f"{rules.repeat_minutes} 分钟内近似消息 {self.repeats} 条（满 {rules.repeat_count} 条为刷屏）",
            ),
        )

    def _repeat_detail(self) -> str:
        if not self.similarity:
            return ""
        near = f"，与 {self.repeat_of} 近似" if self.repeat_of is not None else ""
        return f"最高相似度 {self.similarity:.2f}{near}"


_NEVER: tuple[Instant, str] = (-1, "")
_LATER: tuple[Instant, str] = (1 << 62, "")
_NOWHERE: dict[str, Instant] = {}


class OutOfOrder(ValueError):
    """A message older than what its group or member already said, or than the window remembers: use `judge`."""


class RepetitionWindow:
    """The last minutes of all groups, fed in (at, id) order within each group and each member.

    A message of another group may come up to `SLACK` late without changing any verdict.
    """

    SLACK = 2 * MINUTE

    def __init__(self, rules: RepetitionRules | None = None) -> None:
        self.rules = rules or RepetitionRules()
        self._span = self.rules.repeat_minutes * MINUTE
        self._minute = self.rules.flood_seconds * SECOND
        self._groups: dict[str, SketchIndex] = {}
        self._last: dict[str, tuple[Instant, str]] = {}
        self._pace: dict[str, deque[Instant]] = {}
        self._places: dict[str, dict[str, Instant]] = {}
        self._kept: deque[tuple[str, Spoken, bytes]] = deque()
        self._newest = 0

    def __len__(self) -> int:
        return len(self._kept)

    def judge_next(self, heard: Heard) -> Judgement:
        """Judge one message and remember it. Raises OutOfOrder, leaving the window as it was."""
        scope = heard.group if heard.group is not None else f"\0{heard.member}"
        self._admit(heard, scope)
        sketch = b"" if heard.chain else heard.sketch
        spoken = (heard.at, heard.id, heard.member)
        self._kept.append((scope, spoken, sketch))
        rate = 0 if heard.chain else self._rate(heard)
        if not sketch:
            return self._verdict(heard, rate, 0.0, None, 0)
        features = Features(sketch)
        similarity, nearest, repeats = self._look_around(heard, scope, features)
        self._remember(scope, features, spoken)
        return self._verdict(heard, rate, similarity, nearest, repeats)

    def _admit(self, heard: Heard, scope: str) -> None:
        key, own = (heard.at, heard.id), f"\1{heard.member}"
        last = self._last
        if key <= last.get(scope, _NEVER) or key <= last.get(own, _NEVER) or heard.at < self._newest - self.SLACK:
            raise OutOfOrder(f"消息 {heard.id} 早于窗口中的消息")
        last[scope] = last[own] = key
        if heard.at > self._newest:
            self._newest = heard.at
            self._forget(heard.at - self._span - self.SLACK)

    def _rate(self, heard: Heard) -> int:
        pace = self._pace.get(heard.member)
        if pace is None:
            pace = self._pace[heard.member] = deque()
        pace.append(heard.at)
        start = heard.at - self._minute
        while pace[0] <= start:
            pace.popleft()
        return len(pace)

    def _look_around(self, heard: Heard, scope: str, features: Features) -> tuple[float, Spoken | None, int]:
        """Highest similarity, nearest near-duplicate, own near-duplicates: here and where else the member speaks."""
        since, enough = heard.at - self._span, self.rules.repeat_count
        best, nearest, repeats = 0.0, None, 1
        index = self._groups.get(scope)
        if index is not None:
            best, nearest, own = index.near(features, since, heard.member, enough)
            repeats += own
        for place, last in self._places.get(heard.member, _NOWHERE).items():
            if place != scope and last > since:
                seen, spoken, own = self._groups[place].near(features, since, heard.member, enough, only_own=True)
                best, repeats = max(best, seen), repeats + own
                if spoken is not None and (nearest is None or spoken > nearest):
                    nearest = spoken
        return best, nearest, repeats

    def _remember(self, scope: str, features: Features, spoken: Spoken) -> None:
        index = self._groups.get(scope)
        if index is None:
            index = self._groups[scope] = SketchIndex(self.rules.partial_from, self.rules.similarity)
        index.add(features, spoken)
        self._places.setdefault(spoken[2], {})[scope] = spoken[0]

    def _forget(self, until: Instant) -> None:
        """Drop what no window can reach; each message pays for one."""
        kept = self._kept
        while kept and kept[0][1][0] <= until:
            scope, spoken, sketch = kept.popleft()
            self._forget_speaker(scope, spoken[2], until)
            if sketch:
                index = self._groups[scope]
                index.drop_oldest(sketch)
                if not index:
                    del self._groups[scope]

    def _forget_speaker(self, scope: str, member: str, until: Instant) -> None:
        for name in (scope, f"\1{member}"):
            if self._last.get(name, _LATER)[0] <= until:
                del self._last[name]
        pace = self._pace.get(member)
        if pace is not None and pace[-1] <= until:
            del self._pace[member]
        places = self._places.get(member)
        if places is not None and places.get(scope, until + 1) <= until:
            del places[scope]
            if not places:
                del self._places[member]

    def _verdict(self, heard: Heard, rate: int, similarity: float, nearest: Spoken | None, repeats: int) -> Judgement:
        rules = self.rules
        repeats = min(repeats, rules.repeat_count)
        flood = rate > rules.flood_messages or repeats >= rules.repeat_count
        q = 0.0 if heard.ad or nearest else heard.base
        if q and similarity > rules.partial_from:
            lost = (similarity - rules.partial_from) / (rules.similarity - rules.partial_from)
            q = round(q * (1 - lost * (1 - rules.partial_floor)), 3)
        return Judgement(heard.id, q, nearest[1] if nearest else None, flood, similarity, rate, repeats, rules)


def judge(messages: Iterable[Heard], rules: RepetitionRules | None = None) -> list[Judgement]:
    """Judge a set of messages, in any order, each among those before it; the answer is in (at, id) order."""
    return list(_judged(sorted(messages, key=lambda heard: (heard.at, heard.id)), RepetitionWindow(rules)))


def _judged(ordered: Iterable[Heard], window: RepetitionWindow) -> Iterator[Judgement]:
    for heard in ordered:
        yield window.judge_next(heard)
