"""KOL and KOC (RULEBOOK §7): entry by followers and content, a yearly review, demotion after silent months.

Bars apply at entry and at the review. A year is 365 days. A month without a quality message counts once it is over, by
the group's calendar; the third in a row ends the identity at the first instant of the month that follows.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.facts import UNKNOWN, Facts
from bot.core.instants import DAY, Instant, day_at, local_day
from bot.core.particulars import Influence
from bot.core.ruleset_people import IdentityRules
from bot.core.world import World

KOL, KOC = "KOL", "KOC"
TRIGGERS = frozenset({"followers", "message", "withdraw"})
"""Events after which somebody may enter, rise or be further from demotion."""
_EPOCH_DAY = date(1970, 1, 1)


def review(facts: Facts, trigger: str, world: World, at: Instant) -> bool:
    """Let a member enter, rise, be confirmed or fall; False when there was nothing to look at.

    `trigger` is the type of the event that has just come in, or "due".
    """
    held = facts.influence
    over = held is not None and at >= held.ends_at
    if not over and trigger not in TRIGGERS:
        return False
    rules = world.version(at).rules.identity
    rank = entitled(facts, world, at, rules)
    if over:
        facts.influence = None
    if rank is not None and (facts.influence is None or rank == KOL != facts.influence.rank):
        since = held.since if held is not None and held.rank == rank else at
        facts.influence = _begun(rank, since, at, rules)
    if facts.influence is not None:
        facts.influence.demoted_at = _demotion(facts, facts.influence.since, world, rules)
    facts.due = UNKNOWN
    return True


def _begun(rank: str, since: Instant, at: Instant, rules: IdentityRules) -> Influence:
    until = at + int(rules.review_year_days * DAY)
    return Influence(rank, since, until, until, until - int(rules.review_reminder_days * DAY))


def entitled(facts: Facts, world: World, at: Instant, rules: IdentityRules) -> str | None:
    """KOL or KOC if followers and content reach the bars at `at`."""
    if facts.followers is None or facts.followers < rules.koc_followers:
        return None
    if len(fine_messages(facts, world, at, rules)) < rules.review_messages:
        return None
    return KOL if facts.followers >= rules.kol_followers else KOC


def fine_messages(facts: Facts, world: World, at: Instant, rules: IdentityRules) -> list[Instant]:
    """Quality messages of the last 30 days, newest first."""
    return facts.speech.fine(at - int(rules.review_days * DAY), at, rules.review_quality)


def _demotion(facts: Facts, since: Instant, world: World, rules: IdentityRules) -> Instant:
    """When so many calendar months after the one of the last quality message will be over."""
    last = since if facts.last_fine is None else facts.last_fine
    return _month_start(last, rules.idle_months + 1, world)


def _month_start(at: Instant, months: int, world: World) -> Instant:
    """The first instant of the local calendar month that lies `months` after the one of `at`."""
    day = _EPOCH_DAY + timedelta(days=local_day(at, world.zone))
    later = day.year * 12 + day.month - 1 + months
    first = date(later // 12, later % 12 + 1, 1)
    return day_at((first - _EPOCH_DAY).days, 0, world.zone)
