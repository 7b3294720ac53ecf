"""What goes on around suspicious messages: copies, joins, first words and the pace of groups, over a stream.

A pure function of joins, messages and deaf spans, whatever their order: what comes too late for the stream is refused,
and the caller judges that stretch of time again. Windows are half-open, (t − W, t].
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from bot.core.adverts import AdRules
from bot.core.around import Around
from bot.core.copies import Copies, Copy
from bot.core.instants import MINUTE, Instant
from bot.core.repetition import Heard, RepetitionWindow
from bot.core.sketch import Features
from bot.core.world import Deaf

ATTACHMENTS = frozenset({"image", "card", "link", "mini_program"})
"""Kinds of messages that may hold the offer, or the way to its author, beside a text."""
Key = tuple[str, str]
"""Group and member."""


class Joined(NamedTuple):
    """Somebody joined a group."""

    at: Instant
    id: str
    member: str
    group: str


class _Newcomer:
    """When a member joined a group, and how much he has said there since."""

    __slots__ = ("at", "said")

    def __init__(self, at: Instant) -> None:
        self.at, self.said = at, 0


class Surroundings:
    """The last while of all groups. `deaf`: when the bot was not listening, as far as it matters here."""

    SLACK = RepetitionWindow.SLACK

    def __init__(self, rules: AdRules, deaf: Iterable[Deaf] = ()) -> None:
        self.rules = rules
        self.deaf = list(deaf)
        self.turned: list[Copy] = []
        """Messages that are adverts because of what came after them, for the caller to take away."""
        self._copies = Copies(rules.copy_similarity)
        self._newcomers: dict[str, dict[str, _Newcomer]] = {}
        self._pace: dict[str, deque[Instant]] = {}
        self._texts: dict[Key, tuple[Instant, float]] = {}
        self._attached: dict[Key, Instant] = {}
        self._newest: Instant = 0
        self._swept: Instant = 0

    def join(self, joined: Joined) -> bool:
        """Take a join in; False when something was said since, so that what was said must be judged again."""
        said = self._pace.get(joined.group)
        if joined.at < self._newest - self.SLACK or (said and said[-1] >= joined.at):
            return False
        self._pass(joined.at)
        here = self._newcomers.setdefault(joined.group, {})
        if joined.member not in here or here[joined.member].at < joined.at:
            here[joined.member] = _Newcomer(joined.at)
        return True

    def is_late(self, heard: Heard) -> bool:
        """Whether a message would have changed, or been changed by, what is remembered of later ones."""
        group = heard.group
        if group is None or heard.chain:
            return False
        place = (heard.at, heard.id)
        if heard.score and self._copies.newest > place and any((one.at, one.id) > place for one in self._near(heard)):
            return True
        newcomer = self._newcomers[group].get(heard.member) if group in self._newcomers else None
        return newcomer is not None and newcomer.at > heard.at

    def hear(self, heard: Heard) -> Around | None:
        """Take a message in that is not late; what stands around it if it is suspicious.

        Messages of one group, and of one member, come in (at, id) order.
        """
        group, score = heard.group, heard.score
        if group is None or heard.chain:
            return None
        self._pass(heard.at)
        pace = self._pace.get(group)
        if pace is None:
            pace = self._pace[group] = deque()
        pace.append(heard.at)
        number = self._count(group, heard) if group in self._newcomers else None
        if score is None:
            return None
        return self._suspect(heard, group, score, number) if score else self._attachment(heard, group, number)

    def _pass(self, at: Instant) -> None:
        """Note the time; now and then drop what no window reaches any more."""
        if at <= self._newest:
            return
        self._newest = at
        if at - self._swept < self.rules.usual_minutes * MINUTE:
            return
        self._swept, until = at, at - self.rules.reach - self.SLACK
        self._copies.forget(until)
        spoken = at - max(self.rules.usual_minutes * MINUTE, self.SLACK) - self.SLACK
        for pace in self._pace.values():
            while pace and pace[0] <= spoken:
                pace.popleft()
        self._pace = {group: pace for group, pace in self._pace.items() if pace}
        self._texts = {key: text for key, text in self._texts.items() if text[0] > until}
        self._attached = {key: last for key, last in self._attached.items() if last > until}
        fresh = {group: _later(here, until) for group, here in self._newcomers.items()}
        self._newcomers = {group: here for group, here in fresh.items() if here}

    def _count(self, group: str, heard: Heard) -> int | None:
        """The how many-th message this is of somebody who joined a short while ago."""
        newcomer = self._newcomers[group].get(heard.member)
        if newcomer is None or newcomer.at <= heard.at - self.rules.newcomer_minutes * MINUTE:
            return None
        newcomer.said += 1
        return newcomer.said

    def _suspect(self, heard: Heard, group: str, score: float, number: int | None) -> Around:
        key, rules = (group, heard.member), self.rules
        attached = self._attached.get(key, -1) > heard.at - rules.attachment_minutes * MINUTE
        self._texts[key] = (heard.at, score)
        alone = Around(
            rules,
            score,
            heard.contact,
            0,
            0,
            0,
            number,
            self._wave(group, heard, number),
            *self._talk(group, heard.at),
            attached and number is not None,
        )
        return self._copied(heard, Copy(heard.at, heard.id, heard.member, group, number is not None, alone))

    def _attachment(self, heard: Heard, group: str, number: int | None) -> Around | None:
        """An image, card or mini program is nothing by itself, but a newcomer's may belong to his text."""
        key = (group, heard.member)
        self._attached[key] = heard.at
        said, score = self._texts.get(key, (-1, 0.0))
        if number is None or said <= heard.at - self.rules.attachment_minutes * MINUTE:
            return None
        wave = self._wave(group, heard, number)
        pace, usual = self._talk(group, heard.at)
        return Around(self.rules, score, number=number, wave=wave, pace=pace, usual=usual, attached=True)

    def _copied(self, heard: Heard, copy: Copy) -> Around:
        """What stands around a copy, those before it counted; it counts for them in turn."""
        near = list(self._near(heard))
        for earlier in near:
            copy.meet(earlier)
        copy.around = copy.counted()
        self.turned += [earlier for earlier in near if earlier.turns(copy)]
        self._copies.add(Features(heard.sketch), copy)
        return copy.around

    def _near(self, heard: Heard) -> Iterator[Copy]:
        """What was posted nearly the same; of too short a text there is nothing to tell."""
        features = Features(heard.sketch)
        if features.count > self.rules.copy_letters:
            yield from self._copies.near(features, heard.at - self.rules.copy_minutes * MINUTE)

    def _wave(self, group: str, heard: Heard, number: int | None) -> int:
        """Members who joined the group when this newcomer did. Joins found after deaf time came at no known time."""
        if number is None:
            return 0
        here, span = self._newcomers[group], self.rules.wave_minutes * MINUTE
        own = here[heard.member].at
        came = [one.at for one in here.values() if own - span < one.at <= min(own + span, heard.at)]
        return sum(not self._was_deaf(group, at - span, at) for at in came)

    def _talk(self, group: str, at: Instant) -> tuple[int, float | None]:
        """Messages of the group in the last minute, and how many are usual."""
        pace, before = self._pace[group], at - self.rules.usual_minutes * MINUTE
        recent = len(pace) - bisect_right(pace, at - MINUTE)
        said = sum(one > before for one in islice(pace, len(pace) - recent))
        minutes = self.rules.usual_minutes - 1
        known = said and minutes > 0 and not self._was_deaf(group, before, at)
        return recent, said / minutes if known else None

    def _was_deaf(self, group: str, start: Instant, end: Instant) -> bool:
        return any(span.group in (None, group) and span.start < end and span.end > start for span in self.deaf)


def _later(here: dict[str, _Newcomer], until: Instant) -> dict[str, _Newcomer]:
    return {member: one for member, one in here.items() if one.at > until}
