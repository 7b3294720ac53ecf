"""The last while of talk as one version of the rules sees it: each message judged by its text and by what is around it.

Messages come in (at, id) order within each group and each member, so do near-duplicates of suspicious ones everywhere;
a join comes before what is said in its group at that instant. What comes too late is refused, for the caller to judge
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.core import around
from bot.core.around import Around
from bot.core.copies import Copy
from bot.core.instants import MINUTE, Span
from bot.core.repetition import CHECKS, Heard, Judgement, OutOfOrder, RepetitionWindow
from bot.core.ruleset import RuleSet
from bot.core.surroundings import Joined, Surroundings
from bot.core.world import Deaf

TextCheck = Mapping[str, Any]
_CONTEXT = frozenset({*around.NAMES, *CHECKS})
_UNSEEN = [check.as_dict() for check in around.UNSEEN]


class Judged(NamedTuple):
    """What came of one message. `judgement` None: it came too late, and its text alone speaks until it is judged again.

    `around`: None for what is not suspicious.
    """

    ad: bool
    judgement: Judgement | None = None
    around: Around | None = None

    @property
    def verdict(self) -> str:
        if self.ad:
            return "ad"
        return "flood" if self.judgement is not None and self.judgement.flood else ""

    def turned(self, copy: Copy) -> Judged:
        """What comes of it with what came after it, if it was nothing before."""
        if self.verdict:
            return self
        judgement = self.judgement and self.judgement._replace(q=0.0)
        return Judged(True, judgement, copy.around)

    def checks(self, text: Sequence[TextCheck]) -> list[TextCheck]:
        """All checks to keep, passes included: `text` are those of a suspicious text, which outlive it."""
        if self.verdict == "flood" and self.judgement is not None:
            return [*(check.as_dict() for check in self.judgement.checks), *text]
        if not self.ad:
            return list(text)
        seen = _UNSEEN if self.around is None else [check.as_dict() for check in self.around.checks]
        return [*text, *seen]


def checks_of_text(checks: Iterable[TextCheck]) -> list[TextCheck]:
    """Those of kept checks that came of the text alone."""
    return [check for check in checks if check["name"] not in _CONTEXT]


class Talk:
    """Windows over the talk of all groups."""

    SLACK = RepetitionWindow.SLACK

    def __init__(self, rules: RuleSet, deaf: Iterable[Deaf] = ()) -> None:
        self._window = RepetitionWindow(rules.repetition)
        self._around = Surroundings(rules.advert, deaf)

    def join(self, joined: Joined) -> bool:
        """False when it came too late."""
        return self._around.join(joined)

    def deafen(self, span: Deaf) -> None:
        """Note when the bot was not listening."""
        self._around.deaf.append(span)

    def recall(self, heard: Heard) -> None:
        """Take in a message from before what `judge_next` needs to be told in full."""
        self._around.hear(heard)

    def take_turned(self) -> list[Copy]:
        """Earlier messages of which those judged since the last call have made adverts."""
        turned, self._around.turned = self._around.turned, []
        return turned

    def judge_next(self, heard: Heard) -> Judged:
        """Judge one message and remember it. Raises OutOfOrder."""
        if self._around.is_late(heard):
            raise OutOfOrder(f"消息 {heard.id} 早于已判断的可疑消息")
        judgement = self._window.judge_next(heard)
        seen = self._around.hear(heard)
        ad = heard.ad or (seen is not None and seen.ad)
        return Judged(ad, judgement._replace(q=0.0) if ad else judgement, seen)


def near(rules: RuleSet) -> Span:
    """How far back every message matters to a verdict."""
    return max(rules.repetition.repeat_minutes, rules.advert.usual_minutes) * MINUTE + Talk.SLACK


def far(rules: RuleSet) -> Span:
    """How far back joins, newcomers' messages and suspicious ones matter."""
    return max(near(rules), rules.advert.reach + Talk.SLACK)


def ahead(rules: RuleSet) -> Span:
    """How far ahead suspicious messages matter: copies that come later."""
    return rules.advert.copy_minutes * MINUTE
