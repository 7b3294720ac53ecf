"""A rule set comes into force: what it says otherwise than the one before it is said at once (RULEBOOK §8).

Both are heard at that instant about the same facts. Where they agree nothing is touched, so that the passing of time
since the last daily evaluation does not come in, and a change that concerns nobody changes nothing.
"""

from __future__ import annotations

from dataclasses import fields

from bot.core import influence
from bot.core.facts import UNKNOWN, Facts
from bot.core.holding import end_dropped, evaluate_for, update
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
from bot.core.world import RuleVersion, World

Words = list[tuple[str, str, float, Instant | None]]


def turn_to(facts: Facts, world: World, turn: RuleVersion, journal: Journal) -> None:
    """Pass the activation `turn`: at most one move of stage, then levels, then every other rule."""
    old, new = world.alone(world.of_turn(facts.turn)), world.alone(turn)
    facts.turn, facts.due = turn.turn, UNKNOWN
    at = turn.active_from
    changed = _changed(old.versions[0].rules, turn.rules)
    if facts.stage is None or not changed:
        return
    own = _custom_words(facts, old, at)  # before the tags that they may look at move
    _restage(facts, old, new, at, journal)
    _relevel(facts, old, new, at, journal)
    _review(facts, old, new, at, journal)
    for rule in RULES:
        if (
            _is_touched(rule, changed)
            and rule.concerns(facts)
            and _words(rule, facts, old, at) != _words(rule, facts, new, at)
        ):
            update(facts, rule, new, at, journal)
    _recustom(facts, own, new, at, journal)
    if old.versions[0].rules.cohort != turn.rules.cohort:
        take_sample(facts, new, at, journal)


def _is_touched(rule: Rule, changed: frozenset[str]) -> bool:
    """Whether a rule may say something else where these sections differ; ranks are compared elsewhere."""
    return rule.name not in RANK_RULES and (rule.reads is None or not rule.reads.isdisjoint(changed))


def _changed(old: RuleSet, new: RuleSet) -> frozenset[str]:
    """The sections in which two rule sets differ, found once: a rule set never changes."""
    known = _COMPARED.get((id(old), id(new)))
    if known is None or known[0] is not old or known[1] is not new:
        names = frozenset(own.name for own in fields(RuleSet) if getattr(old, own.name) != getattr(new, own.name))
        known = _COMPARED[id(old), id(new)] = (old, new, names)
    return known[2]


_COMPARED: dict[tuple[int, int], tuple[RuleSet, RuleSet, frozenset[str]]] = {}


def _custom_words(facts: Facts, world: World, at: Instant) -> dict[str, Words]:
    """What the operators' own tags say in a world, by rule."""
    return {rule.name: _words(rule, facts, world, at) for rule in rules_of(world.versions[0].rules)}


def _recustom(facts: Facts, said: dict[str, Words], new: World, at: Instant, journal: Journal) -> None:
    """Their turn comes after the house's rules, as at the daily evaluation; `said`: by the rules before."""
    now = _custom_words(facts, new, at)
    for rule in rules_of(new.versions[0].rules):
        if said.get(rule.name, []) != now[rule.name]:
            update(facts, rule, new, at, journal)
    end_dropped(facts, new, at, journal)


def _words(rule: Rule, facts: Facts, world: World, at: Instant) -> Words:
    return [(tag.path, tag.value, tag.weight, tag.expires_at) for tag in say(rule, facts, world, at)[0]]


def _restage(facts: Facts, old: World, new: World, at: Instant, journal: Journal) -> None:
    before, after = old.versions[0].rules.lifecycle, new.versions[0].rules.lifecycle
    if before == after:
        return
    wanted = next_stage(Situation(facts, new, at, after, interaction=False), after)
    if wanted is not None and wanted != next_stage(Situation(facts, old, at, before, interaction=False), before):
        advance_stage(facts, new, at, journal, interaction=False)


def _relevel(facts: Facts, old: World, new: World, at: Instant, journal: Journal) -> None:
    """Levels that the two rule sets see alike stay as the last daily evaluation left them."""
    before, after = old.versions[0].rules, new.versions[0].rules
    if facts.level is None or (before.activity, before.spending) == (after.activity, after.spending):
        return
    said, now = weighed(facts, old, at, before), weighed(facts, new, at, after)
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
