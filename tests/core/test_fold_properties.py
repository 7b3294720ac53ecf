"""Properties the RULEBOOK states, and the fold against a plain reading of its formulas over the bare list of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from random import Random
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core import activity, lifecycle
from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.instants import DAY, HOUR, SECOND, Instant, local_day
from bot.core.journal import Journal
from bot.core.lifecycle import DECLINING, LOST, UNPROTECTED
from bot.core.ruleset import ActivityRules, RuleSet
from bot.core.score import score
from bot.core.sleep import look_again_at
from bot.core.world import RuleVersion, World
from tests.core.folding import folded, folded_in_pieces, stored
from tests.core.histories import SHANGHAI, WORLD, WORLDS, bursts, histories, instants
from tests.golden.reading import START, completed

BARS = ActivityRules()
RULES = RuleSet()
QUICK = settings(max_examples=60, deadline=None)
spans = st.integers(0, 200 * DAY)


@QUICK
@given(histories(), WORLDS, instants(), st.randoms(use_true_random=False))
def test_order_of_arrival_is_nothing(entries: list[Entry], world: World, until: Instant, random: Random) -> None:
    shuffled = random.sample(entries, len(entries))
    assert folded(shuffled, world, until) == folded(entries, world, until)


@QUICK
@given(histories(), WORLDS, st.lists(instants(), min_size=1, max_size=4))
def test_a_fold_in_pieces_is_the_fold(entries: list[Entry], world: World, cuts: list[Instant]) -> None:
    whole = folded(entries, world, max(cuts))
    assert folded_in_pieces(entries, world, cuts) == whole
    assert folded_in_pieces(entries, world, cuts, settled=True) == whole


@QUICK
@given(histories(), instants())
def test_storage_keeps_everything(entries: list[Entry], until: Instant) -> None:
    facts, _ = folded(entries, WORLD, until)
    assert stored(facts) == facts


@QUICK
@given(histories(), instants())
def test_score_and_weights_stay_in_bounds(entries: list[Entry], until: Instant) -> None:
    facts, _ = folded(entries, WORLD, until)
    points = score(facts, WORLD, until)
    assert points is None or 0 <= points <= 100
    assert all(0 <= held.tag.weight <= 1 for held in facts.tags.values())
    assert all(held.tag.expires_at is None or held.tag.expires_at > until for held in facts.tags.values())


@given(spans, spans)
def test_decay_never_rises_and_splits(first: int, second: int) -> None:
    both = activity.decay(first + second, BARS)
    assert both <= activity.decay(first, BARS) <= 1
    start = int(BARS.decay_after_days * DAY)
    pieces = activity.decay(start + first, BARS) * activity.decay(start + second, BARS)
    assert abs(activity.decay(start + first + second, BARS) - pieces) < 1e-12


@QUICK
@given(bursts(30), st.lists(st.integers(0, 60), min_size=2, max_size=5))
def test_the_weight_of_an_idle_member_never_rises(entries: list[Entry], days: list[int]) -> None:
    last = max(entry.at for entry in entries)
    weights = [_activity_weight(folded(entries, WORLD, last + DAY + day * DAY)[0]) for day in sorted(days)]
    assert weights == sorted(weights, reverse=True)


def _activity_weight(facts: Facts) -> float:
    return next(held.tag.weight for (path, _), held in facts.tags.items() if path == "行为/活跃度")


values = st.dictionaries(st.integers(0, 30), st.floats(0.01, 200), min_size=1, max_size=31)


@given(values, st.one_of(st.none(), st.integers(0, 3)))
def test_one_day_lifts_the_level_by_one_step_at_most(long: dict[int, float], before: int | None) -> None:
    def level(days: Mapping[int, float]) -> int:
        windows = ({day: value for day, value in days.items() if day >= 23}, days)
        return activity.level(windows, activity.index_of(windows, BARS), before, BARS)

    for day in long:
        assert level(long) <= level({other: value for other, value in long.items() if other != day}) + 1


@given(values)
def test_the_index_is_what_the_rulebook_says(long: dict[int, float]) -> None:
    recent = {day: value for day, value in long.items() if day >= 23}
    expected = 0.6 * _capped(list(recent.values())) / 7 + 0.4 * _capped(list(long.values())) / 30
    assert abs(activity.index_of((recent, long), BARS) - expected) < 1e-9


def _capped(days: Sequence[float]) -> float:
    def others(place: int) -> float:
        rest = [*days[:place], *days[place + 1 :]]
        return median(rest) if rest else 0.0

    return sum(min(value, max(5.0, 3 * others(place))) for place, value in enumerate(days))


@QUICK
@given(bursts(45), st.integers(0, 50), st.integers(0, DAY - 1))
def test_windows_are_exact_at_any_instant(entries: list[Entry], day: int, clock: int) -> None:
    """Read off the bare events: (t − N × 24 h, t], cut into local days, twenty a day, one in three seconds."""
    until = max(entry.at for entry in entries[:1]) + day * DAY + clock
    facts, _ = folded(entries, WORLD, until)
    recent, long = (_daily(entries, until - span * DAY, until) for span in (7, 30))
    expected = 0.6 * _capped(list(recent.values())) / 7 + 0.4 * _capped(list(long.values())) / 30
    assert abs(activity.index(facts, WORLD, until, BARS) - expected) < 1e-9
    said = sum(until - 14 * DAY < entry.at <= until for entry in entries)
    weeks = max(1.0, min(14.0, (until - min(entry.at for entry in entries)) / DAY) / 7)
    assume(min(entry.at for entry in entries) <= until)
    assert abs(lifecycle.weekly_average(facts, WORLD, until, RULES.lifecycle) - said / weeks) < 1e-9


def _daily(entries: Sequence[Entry], start: Instant, end: Instant) -> dict[int, float]:
    found: dict[int, list[tuple[Instant, float]]] = {}
    for entry in sorted(entries, key=lambda entry: entry.order):
        if start < entry.at <= end:
            day = found.setdefault(local_day(entry.at, SHANGHAI), [])
            if len(day) < 20 and (not day or entry.at - day[-1][0] >= 3 * SECOND):
                day.append((entry.at, entry.quality))
    return {day: sum(quality for _, quality in kept) for day, kept in found.items()}


@QUICK
@given(histories(), WORLDS)
def test_a_stage_is_left_only_after_its_protection(entries: list[Entry], world: World) -> None:
    until = max(entry.at for entry in entries) + 200 * DAY
    _, journal = folded(entries, world, until)
    for move, following in zip(journal.moves, journal.moves[1:], strict=False):
        assert move.to_stage == following.from_stage
        free = following.to_stage in UNPROTECTED or following.from_stage in (DECLINING, LOST)
        assert free or following.at - move.at >= 3 * DAY


@QUICK
@given(bursts(60))
def test_silence_ends_as_lost(entries: list[Entry]) -> None:
    last = max(entry.at for entry in entries)
    facts, _ = folded(entries, WORLD, last + 62 * DAY)
    assert facts.stage == LOST
    assert facts.level == 0


def test_a_daily_talker_keeps_exactly_what_windows_reach() -> None:
    """Sixty days of talk: old days are dropped, and taking the newest message back changes nothing else."""
    said = [
        Entry(f"e{day}", "message", START + day * DAY + 10 * HOUR, "m", "g", {}, 0.5 + day % 3, "", True)
        for day in range(60)
    ]
    until = START + 60 * DAY
    unsaid = completed([*said, Entry("w", "withdraw", until - HOUR, "m", "g", {"message": "e59"})])
    facts, _ = folded(unsaid, WORLD, until)
    assert len(facts.speech.days) <= 34
    for at in (said[58].at, until):
        recent, long = (_daily(said[:59], at - span * DAY, at) for span in (7, 30))
        expected = 0.6 * _capped(list(recent.values())) / 7 + 0.4 * _capped(list(long.values())) / 30
        assert abs(activity.index(facts, WORLD, at, BARS) - expected) < 1e-9


LOWER = RuleSet(activity=ActivityRules(high=0.4, middle=0.2, fringe_score=50.0, core_score=70.0))
LIVES = st.tuples(histories(60), bursts(60)).map(
    lambda both: [*both[0], *(replace(said, id=f"burst-{said.id}") for said in both[1])]
)


@QUICK
@given(LIVES, WORLDS, st.sampled_from([RULES, LOWER]), st.integers(0, 250))
def test_sleeping_members_miss_nothing(entries: list[Entry], world: World, rules: RuleSet, days: int) -> None:
    """The evaluations that are passed over would have changed nothing."""
    world = replace(world, versions=(RuleVersion(0, 1, rules),))
    until = max(entry.at for entry in entries) + days * DAY
    asleep = folded(entries, world, until)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.core.fold.wakes_at", lambda facts, world: None)
        assert folded(entries, world, until) == asleep


@QUICK
@given(LIVES, WORLDS, st.integers(0, 100), st.integers(1, 60))
def test_nobody_changes_before_he_is_looked_at_again(entries: list[Entry], world: World, days: int, later: int) -> None:
    """However late a sleeper is brought on: no tag, stage, flag, plan or sample of his is missed."""
    until = max(entry.at for entry in entries) + days * DAY
    facts, _ = folded(entries, world, until)
    wakes, then, journal = look_again_at(facts, world), deepcopy(facts), Journal()
    assert wakes > until
    fold(then, (), world, min(wakes - 1, until + later * DAY), journal)
    assert journal == Journal()
    assert (then.tags.keys(), then.stage, then.sample) == (facts.tags.keys(), facts.stage, facts.sample)
