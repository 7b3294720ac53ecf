"""Which tags a member holds: rules speak, pins overrule, gains and losses are written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.custom_tags import OWNER
from bot.core.events import PROTECTED_TAG
from bot.core.facts import UNKNOWN, Facts
from bot.core.instants import Instant, iso
from bot.core.journal import Journal
from bot.core.levels import assess
from bot.core.pinned import IMPORT, MANUAL, imported, overruled, pinned
from bot.core.rules import RULES, RULES_DAILY, RULES_ON
from bot.core.rules.custom import rules_of
from bot.core.rules.spec import Rule, say
from bot.core.tags import Because, Held, Tag, TagChange
from bot.core.world import World

PERSONAL = frozenset({"pin", "unpin", "tag", PROTECTED_TAG})
BARRING = frozenset({"consent", "answer", "introduction"})
"""After these a purpose may no longer be used for tags."""
NO_GROUNDS: Because = {"说明": "已无依据"}
NO_LONGER: Because = {"说明": "规则集里已没有这个标签"}


def evaluate_for(facts: Facts, trigger: str, world: World, at: Instant, journal: Journal) -> None:
    """Evaluate at once the rules that listen to `trigger`."""
    if trigger in BARRING:
        _apply_bars(facts, world, at, journal)
    if trigger in PERSONAL or (trigger in BARRING and facts.pins):
        _apply_pins(facts, world, at, journal)
    for rule in RULES_ON.get(trigger, ()):
        update(facts, rule, world, at, journal)


def evaluate_daily(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Set the levels that move once a day, then hear the rules whose grounds have moved."""
    moved = assess(facts, world, at)
    for rule in RULES_DAILY:
        if rule.daily in moved:
            update(facts, rule, world, at, journal)
    _hear_custom(facts, world, at, journal)


def _hear_custom(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """The operators' own tags, after the others, which they may look at."""
    for rule in rules_of(world.version(at).rules):
        update(facts, rule, world, at, journal)
    end_dropped(facts, world, at, journal)


def end_dropped(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Custom tags that the rule set no longer has end."""
    known = {rule.name for rule in rules_of(world.version(at).rules)}
    for owner in sorted({held.rule for held in facts.tags.values() if held.rule.startswith(OWNER)} - known):
        _replace(facts, owner, (), NO_LONGER, world, at, journal)


def settle(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Bring weights and reasons to `at` exactly, without waiting for the next event; no level moves here."""
    for rule in RULES_ON.get("settle", ()):
        update(facts, rule, world, at, journal)


def update(facts: Facts, rule: Rule, world: World, at: Instant, journal: Journal) -> None:
    """Make the tags of `rule` what it says now, where no person has said otherwise."""
    said, because = say(rule, facts, world, at) if rule.concerns(facts) else ([], NO_GROUNDS)
    hold(facts, rule, said, because, world, at, journal)


def hold(
    facts: Facts, rule: Rule, said: Sequence[Tag], because: Because, world: World, at: Instant, journal: Journal
) -> None:
    """Make the tags of `rule` what it `said`, where no person has said otherwise."""
    if said and (facts.pins or facts.removed):
        said = [tag for tag in said if not overruled(facts, tag, at)]
    changed = _replace(facts, rule.name, said, because, world, at, journal)
    if changed and facts.pins:
        _replace(facts, IMPORT, imported(facts, at), NO_GROUNDS, world, at, journal)


def _replace(
    facts: Facts, owner: str, said: Iterable[Tag], because: Because, world: World, at: Instant, journal: Journal
) -> bool:
    """Make what `owner` holds equal to what it says; True if a tag came or went. `because` explains the losses."""
    wanted = {(tag.path, tag.value): tag for tag in said if tag.expires_at is None or tag.expires_at > at}
    gone = [key for key, held in facts.tags.items() if held.rule == owner and key not in wanted]
    if not gone and not wanted:
        return False
    number = world.version(at).number
    for key in gone:
        _lose(facts, key, because, at, number, journal)
    changed = bool(gone)
    for key, tag in wanted.items():
        held = facts.tags.get(key)
        if held is None or held.tag.expires_at != tag.expires_at:
            facts.due = UNKNOWN
        if held is None or held.rule != owner:
            facts.tags[key] = Held(tag, at, owner, number)
            journal.changes.append(TagChange(at, "gained", tag, owner, number))
            changed = True
        elif held.tag != tag:
            facts.tags[key] = held.renewed(tag)
    return changed


def _lose(facts: Facts, key: tuple[str, str], because: Because, at: Instant, number: int, journal: Journal) -> None:
    """A loss is written down with its own grounds and no weight, whenever the tag was last looked at."""
    held = facts.tags.pop(key)
    facts.due = UNKNOWN
    tag = Tag(*key, 0.0, held.tag.source, held.tag.expires_at, because)
    journal.changes.append(TagChange(at, "lost", tag, held.rule, number))


def _apply_pins(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Pins hold; the rules of every path a person has spoken about are heard again; imports fill what is left."""
    _replace(facts, MANUAL, pinned(facts, at), NO_GROUNDS, world, at, journal)
    _hear_again({*facts.pins, *facts.removed}, facts, world, at, journal)
    _replace(facts, IMPORT, imported(facts, at), NO_GROUNDS, world, at, journal)


def _hear_again(paths: set[str], facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """A rule that speaks once a day repeats what it said at the last daily evaluation."""
    for rule in (*RULES, *rules_of(world.version(at).rules)):
        if paths.intersection(rule.paths):
            update(facts, rule, world, at, journal)


def _apply_bars(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    for rule in RULES:
        if facts.barred(rule.purpose):
            _replace(facts, rule.name, (), {"说明": "同意已撤回"}, world, at, journal)
    for rule in rules_of(world.version(at).rules):
        if not rule.concerns(facts):
            _replace(facts, rule.name, (), {"说明": "同意已撤回"}, world, at, journal)


def next_expiry(facts: Facts) -> Instant | None:
    """When the next held tag ends by itself."""
    return min((held.tag.expires_at for held in facts.tags.values() if held.tag.expires_at is not None), default=None)


def expire(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """End the tags whose time is over, and hear the rules of those paths again."""
    number = world.version(at).number
    over = [key for key, held in facts.tags.items() if held.tag.expires_at is not None and held.tag.expires_at <= at]
    if not over:
        return
    facts.due = UNKNOWN
    by_person = any(facts.tags[key].rule in (MANUAL, IMPORT) for key in over)
    for key in over:
        _lose(facts, key, {"到期": iso(facts.tags[key].tag.expires_at, world.zone)}, at, number, journal)
    if by_person:
        _apply_pins(facts, world, at, journal)
    _hear_again({path for path, _ in over}, facts, world, at, journal)
