"""A rule set comes into force: what it says otherwise than the one before it is said at once (RULEBOOK §8).

Both are heard at that instant about the same facts. Where they agree nothing is touched, so that the passing of time
since the last daily evaluation does not come in, and a change that concerns nobody changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from bot.core import activity, influence
from bot.core.facts import UNKNOWN, Facts
from bot.core.holding import end_dropped, evaluate_for, hold, settle, update
from bot.core.instants import Instant
from bot.core.journal import Journal
from bot.core.levels import ACTIVITY, weighed
from bot.core.lifecycle import Situation, next_stage
from bot.core.moves import advance_stage
from bot.core.rules import RULES
from bot.core.rules.cohort import RANK_RULES
from bot.core.rules.custom import rules_of
from bot.core.rules.spec import Rule, say
from bot.core.ruleset import RuleSet
from bot.core.samples import take_sample
from bot.core.tags import Tag
from bot.core.world import RuleVersion, World

Words = list[tuple[str, str, float, Instant | None]]


@dataclass(frozen=True, slots=True)
class Change:
    """In what two rule sets differ: the sections, and the house's rules that may say something else for it.

    same_index: whether both find the same activity index.
    """

    old: RuleSet
    new: RuleSet
    sections: frozenset[str]
    rules: tuple[Rule, ...]
    same_index: bool


def turn_to(facts: Facts, world: World, turn: RuleVersion, journal: Journal) -> None:
    """Pass the activation `turn`: at most one move of stage, then levels, then every other rule."""
    old, new = world.alone(world.of_turn(facts.turn)), world.alone(turn)
    facts.turn, facts.due = turn.turn, UNKNOWN
    at = turn.active_from
    change = change_of(old.versions[0].rules, turn.rules)
    if facts.stage is None or not change.sections:
        return
    own = _custom_words(facts, old, at)  # before the tags that they may look at move
    _restage(facts, old, new, at, journal)
    _relevel(facts, old, new, change, at, journal)
    _review(facts, old, new, at, journal)
    for rule in change.rules:
        if rule.concerns(facts):
            _hear_both(rule, facts, old, new, change, at, journal)
    _recustom(facts, own, new, at, journal)
    if change.old.cohort != change.new.cohort:
        take_sample(facts, new, at, journal)


def try_turn(facts: Facts, world: World, journal: Journal) -> None:
    """Which tags come and go when the newest rules of `world` come into force; their weights may stay as they were.

    The facts are those of that instant, or of a sleeper who `tells_all_asleep`.
    """
    turn = world.versions[-1]
    turn_to(facts, world, turn, journal)
    if facts.stage is None:  # whoever has a stage has just heard, at this very instant, all that may say otherwise
        settle(facts, world, turn.active_from, journal)


def change_of(old: RuleSet, new: RuleSet) -> Change:
    """Found once for each two: a rule set never changes."""
    known = _COMPARED.get((id(old), id(new)))
    if known is None or known.old is not old or known.new is not new:
        names = frozenset(own.name for own in fields(RuleSet) if getattr(old, own.name) != getattr(new, own.name))
        touched = tuple(rule for rule in RULES if _is_touched(rule, names))
        same = activity.index_bars(old.activity) == activity.index_bars(new.activity)
        known = _COMPARED[id(old), id(new)] = Change(old, new, names, touched, same)
    return known


_COMPARED: dict[tuple[int, int], Change] = {}


def _is_touched(rule: Rule, changed: frozenset[str]) -> bool:
    """Whether a rule may say something else where these sections differ; ranks are compared elsewhere."""
    return rule.name not in RANK_RULES and (rule.reads is None or not rule.reads.isdisjoint(changed))


def _hear_both(rule: Rule, facts: Facts, old: World, new: World, change: Change, at: Instant, journal: Journal) -> None:
    """Where the two rule sets differ, what the new one says holds."""
    before = _words(say(rule, facts, old, at)[0])
    if change.same_index and facts.struck is not None and facts.struck[0] == old.versions[0].number:
        facts.struck = [new.versions[0].number, facts.struck[1]]
    said, because = say(rule, facts, new, at)
    if _words(said) != before:
        hold(facts, rule, said, because, new, at, journal)


def _custom_words(facts: Facts, world: World, at: Instant) -> dict[str, Words]:
    """What the operators' own tags say in a world, by rule."""
    return {rule.name: _words(say(rule, facts, world, at)[0]) for rule in rules_of(world.versions[0].rules)}


def _recustom(facts: Facts, said: dict[str, Words], new: World, at: Instant, journal: Journal) -> None:
    """Their turn comes after the house's rules, as at the daily evaluation; `said`: by the rules before."""
    now = _custom_words(facts, new, at)
    for rule in rules_of(new.versions[0].rules):
        if said.get(rule.name, []) != now[rule.name]:
            update(facts, rule, new, at, journal)
    end_dropped(facts, new, at, journal)


def _words(said: Iterable[Tag]) -> Words:
    return [(tag.path, tag.value, tag.weight, tag.expires_at) for tag in said]


def _restage(facts: Facts, old: World, new: World, at: Instant, journal: Journal) -> None:
    before, after = old.versions[0].rules.lifecycle, new.versions[0].rules.lifecycle
    if before == after:
        return
    wanted = next_stage(Situation(facts, new, at, after, interaction=False), after)
    if wanted is not None and wanted != next_stage(Situation(facts, old, at, before, interaction=False), before):
        advance_stage(facts, new, at, journal, interaction=False)


def _relevel(facts: Facts, old: World, new: World, change: Change, at: Instant, journal: Journal) -> None:
    """Levels that the two rule sets see alike stay as the last daily evaluation left them."""
    if facts.level is None or change.sections.isdisjoint(("activity", "spending")):
        return
    found = activity.indexed(facts, old, at, change.old.activity)
    said = weighed(facts, old, at, change.old, found)
    now = weighed(facts, new, at, change.new, found if change.same_index else None)
    if said[0] != now[0]:
        facts.level, facts.level_index = now[0], now[1]
    if said[2] != now[2]:
        facts.layer, facts.layer_score = now[2], now[3]
    if (said[0], said[2]) != (now[0], now[2]):
        for rule in RULES:
            if rule.daily == ACTIVITY:
                update(facts, rule, new, at, journal)


def _review(facts: Facts, old: World, new: World, at: Instant, journal: Journal) -> None:
    """Lower bars let somebody enter KOL or KOC; higher ones apply at the next review."""
    before, after = old.versions[0].rules.identity, new.versions[0].rules.identity
    if facts.followers is None or before == after:
        return
    if influence.entitled(facts, old, at, before) != influence.entitled(facts, new, at, after):
        influence.review(facts, "followers", new, at)
        evaluate_for(facts, "influence", new, at, journal)
