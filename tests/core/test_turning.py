"""A dry run against the activation itself: the same tags come and go, the same messages are planned."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core import activity
from bot.core.custom_facts import VARIABLES
from bot.core.custom_tags import CustomTag
from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.holding import settle
from bot.core.instants import DAY, HOUR, Instant
from bot.core.journal import Journal
from bot.core.ruleset import RuleSet
from bot.core.sleep import look_again_at, tells_all_asleep
from bot.core.turning import try_turn
from bot.core.world import RuleVersion, World
from tests.core.folding import folded, stored
from tests.core.histories import WORLD, WORLDS, bursts, histories
from tests.core.test_rules_read import NOT_OF_THE_INDEX, OTHER, USUAL
from tests.golden.reading import START

CHANGES = [
    *OTHER.items(),
    ("activity", NOT_OF_THE_INDEX),
    ("activity", replace(USUAL.activity, high=2.0, middle=0.3, fringe_score=40.0, core_score=90.0)),
    ("activity", replace(USUAL.activity, daily_cap=2, recent_share=0.1, day_cap_least=0.5, day_cap_medians=0.5)),
    ("lifecycle", replace(USUAL.lifecycle, decline_silence_days=6.0, lost_silence_days=20.0, lost_decline_days=1.0)),
    ("lifecycle", replace(USUAL.lifecycle, decline_silence_days=200.0, protection_days=30.0)),
    ("identity", replace(USUAL.identity, backup_silence_hours=9.0)),
]


def _custom(name: str, bar: float) -> CustomTag:
    found = VARIABLES[name]
    grounds = () if found.purpose is None else ((found.purpose,),)
    tag = CustomTag(f"自定义/{name}", str(bar), f"{name} >= {bar}", names=(name,), grounds=grounds, moves=found.moves)
    return replace(tag, holds=lambda values: bool(values[name] >= bar))


LOOKED_AT = st.sampled_from(["activity", "score", "said_7d", "silence_days", "orders"])
CUSTOM = st.builds(_custom, LOOKED_AT, st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0, 9.0]))


@st.composite
def rule_sets(draw: st.DrawFn, customs: int) -> RuleSet:
    """Some sections otherwise than usual, and up to so many tags of the operators' own."""
    return replace(
        USUAL,
        **dict(draw(st.lists(st.sampled_from(CHANGES), max_size=3))),
        custom=tuple(draw(st.lists(CUSTOM, max_size=customs, unique_by=lambda tag: tag.rule))),
    )


def _backs_up(day: int) -> list[Entry]:
    """An admin names him as his backup, and says no more."""
    deed = {"of": "a", "did": "named", "months": 6}
    return [Entry("named", "primary", START + day * DAY + HOUR, "m", None, deed)]


BACKING_UP = st.integers(0, 60).map(_backs_up)
TALK = bursts(60).map(lambda said: [replace(one, id=f"burst-{one.id}") for one in said])
LIVES = st.one_of(
    st.tuples(histories(60), TALK).map(lambda both: [*both[0], *both[1]]),
    TALK,
    st.tuples(BACKING_UP, st.one_of(st.just([]), TALK)).map(lambda both: [*both[0], *both[1]]),
)


TWICE = [Entry(f"e{n}", "message", START + n * HOUR, "m", "g", {}, 1.0, "", True) for n in range(2)]


@settings(max_examples=120, deadline=None)
@example(TWICE, WORLD, USUAL, USUAL, 5 * HOUR, 1.0, True)
@given(LIVES, WORLDS, rule_sets(1), rule_sets(2), st.integers(0, 40 * DAY), st.floats(0, 1.2), st.booleans())
def test_a_dry_run_tells_what_the_activation_does(
    entries: list[Entry], world: World, old: RuleSet, new: RuleSet, idle: int, share: float, watched: bool
) -> None:
    """Asked at any time, of a sleeper mostly; `watched`: a tag of the operators' own looks at his index."""
    world = replace(world, versions=(RuleVersion(0, 1, old, 0),))
    until = max(entry.at for entry in entries) + idle
    facts = stored(folded(entries, world, until)[0])
    at = until + int(share * min(look_again_at(facts, world) - 1 - until, 40 * DAY))
    if watched:  # with a bar that it has crossed meanwhile, if it moved
        bar = (facts.level_index + activity.index(facts, world, at, old.activity)) / 2
        new = replace(new, custom=(*new.custom, _custom("activity", bar)))
    then = replace(world, versions=(*world.versions, RuleVersion(at, 2, new, 1)))
    assert _tried(facts, world, then, at) == _done(facts, then, at)


def _tried(facts: Facts, world: World, then: World, at: Instant) -> tuple[object, ...]:
    """A sleeper is left asleep, all others are brought to the instant first."""
    facts, journal = deepcopy(facts), Journal()
    if not (look_again_at(facts, world) > at and tells_all_asleep(facts, then.versions[-1].rules)):
        fold(facts, (), world, at, Journal())
        settle(facts, world, at, Journal())
    try_turn(facts, then, journal)
    return set(facts.tags), journal.plans, journal.moves, facts.sample


def _done(facts: Facts, then: World, at: Instant) -> tuple[object, ...]:
    """What comes at the very instant of the activation is its doing; of all before it the dry run says nothing."""
    facts, journal = deepcopy(facts), Journal()
    fold(facts, (), then, at, journal)
    settle(facts, then, at, journal)
    _expect_fresh_weights(facts, then, at)
    plans = [plan for plan in journal.plans if plan.at == at]
    return set(facts.tags), plans, [move for move in journal.moves if move.at == at], facts.sample


def _expect_fresh_weights(facts: Facts, world: World, at: Instant) -> None:
    """An index that was carried across the change is the one that the new rules find."""
    anew = deepcopy(facts)
    anew.struck = None
    settle(anew, world, at, Journal())
    assert anew.tags == facts.tags
