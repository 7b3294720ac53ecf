"""Which tags a member holds: rules speak, pins overrule, gains and losses are written down."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.facts import Facts, Pin
from bot.core.instants import Instant
from bot.core.journal import Journal
from bot.core.levels import assess
from bot.core.rules import RULES, RULES_ON
from bot.core.rules.catalogue import MANUAL, MANY_VALUES
from bot.core.rules.spec import Rule, say
from bot.core.tags import Held, Tag, TagChange
from bot.core.world import World

PERSONAL = frozenset({"pin", "unpin", "tag"})


def evaluate_for(facts: Facts, trigger: str, world: World, at: Instant, journal: Journal) -> None:
    """Evaluate at once the rules that listen to `trigger`."""
    if trigger in PERSONAL:
        _apply_pins(facts, world, at, journal)
    elif trigger == "consent":
        _apply_refusals(facts, world, at, journal)
    for rule in RULES_ON.get(trigger, ()):
        update(facts, rule, world, at, journal)


def evaluate_daily(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Set the levels that move once a day, then hear the rules that speak once a day."""
    assess(facts, world, at)
    for rule in RULES:
        if rule.daily:
            update(facts, rule, world, at, journal)


def settle(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Bring weights and reasons to `at` exactly, without waiting for the next event; no level moves here."""
    for rule in RULES_ON.get("settle", ()):
        update(facts, rule, world, at, journal)


def update(facts: Facts, rule: Rule, world: World, at: Instant, journal: Journal) -> None:
    """Make the tags of `rule` what it says now, where no person has said otherwise."""
    said = [tag for tag in say(rule, facts, world, at) if not _overruled(facts, tag, at)]
    _replace(facts, rule.name, said, world, at, journal)


def _overruled(facts: Facts, tag: Tag, at: Instant) -> bool:
    if tag.value in facts.removed.get(tag.path, ()):
        return True
    pins = [pin for pin in facts.pins.get(tag.path, ()) if pin.expires_at is None or pin.expires_at > at]
    return any(pin.value == tag.value or tag.path not in MANY_VALUES for pin in pins)


def _replace(facts: Facts, owner: str, said: Iterable[Tag], world: World, at: Instant, journal: Journal) -> None:
    number = world.version(at).number
    wanted = {(tag.path, tag.value): tag for tag in said if tag.expires_at is None or tag.expires_at > at}
    for key in [key for key, held in facts.tags.items() if held.rule == owner and key not in wanted]:
        _lose(facts, key, at, number, journal)
    for key, tag in wanted.items():
        held = facts.tags.get(key)
        if held is not None and held.rule == owner:
            if held.tag != tag:
                facts.tags[key] = held.renewed(tag)
        else:
            facts.tags[key] = Held(tag, at, owner, number)
            journal.changes.append(TagChange(at, "gained", tag, owner, number))


def _lose(facts: Facts, key: tuple[str, str], at: Instant, number: int, journal: Journal) -> None:
    held = facts.tags.pop(key)
    journal.changes.append(TagChange(at, "lost", held.tag, held.rule, number))


def _apply_pins(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Pins hold; the rules of every path a person has spoken about are heard again."""
    pinned = [
        Tag(path, pin.value, pin.weight, pin.source, pin.expires_at, {"由": pin.by})
        for path, pins in facts.pins.items()
        for pin in _last_word(path, pins)
        if pin.expires_at is None or pin.expires_at > at
    ]
    _replace(facts, MANUAL, pinned, world, at, journal)
    touched = {*facts.pins, *facts.removed}
    for rule in RULES:
        if touched.intersection(rule.paths):
            update(facts, rule, world, at, journal)


def _last_word(path: str, pins: list[Pin]) -> list[Pin]:
    return pins if path in MANY_VALUES else pins[-1:]


def _apply_refusals(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    for rule in RULES:
        if rule.purpose in facts.refused:
            _replace(facts, rule.name, (), world, at, journal)


def next_expiry(facts: Facts) -> Instant | None:
    """When the next held tag ends by itself."""
    return min((held.tag.expires_at for held in facts.tags.values() if held.tag.expires_at is not None), default=None)


def expire(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """End the tags whose time is over, and hear the rules of those paths again."""
    number = world.version(at).number
    over = [key for key, held in facts.tags.items() if held.tag.expires_at is not None and held.tag.expires_at <= at]
    for key in over:
        _lose(facts, key, at, number, journal)
    paths = {path for path, _ in over}
    for rule in RULES:
        if paths.intersection(rule.paths):
            update(facts, rule, world, at, journal)
