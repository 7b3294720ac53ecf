"""Tags that persons and other systems gave: a manual pin beats a rule until it expires, an import only fills a gap."""

from __future__ import annotations

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.particulars import Pin
from bot.core.rules.catalogue import IMPORT, MANUAL, MANY_VALUES, purposes
from bot.core.tags import Tag

__all__ = ["IMPORT", "MANUAL", "imported", "overruled", "pinned"]


def pinned(facts: Facts, at: Instant) -> list[Tag]:
    """What persons have said; under a path of one value the last word that still holds."""
    return [_tag(path, pin) for path in facts.pins for pin in _last_word(facts, path, "manual", at)]


def imported(facts: Facts, at: Instant) -> list[Tag]:
    """What other systems say where neither a person nor a rule speaks, under a consent for the path."""
    return [
        _tag(path, pin)
        for path in facts.pins
        for pin in _last_word(facts, path, "import", at)
        if _permitted(facts, path, pin) and not _spoken_for(facts, path, pin.value)
    ]


def overruled(facts: Facts, tag: Tag, at: Instant) -> bool:
    """A person took this value away, or said another one."""
    if tag.value in facts.removed.get(tag.path, ()):
        return True
    words = _last_word(facts, tag.path, "manual", at)
    return any(pin.value == tag.value or tag.path not in MANY_VALUES for pin in words)


def _last_word(facts: Facts, path: str, source: str, at: Instant) -> list[Pin]:
    if facts.minor and "spending" in purposes(path):
        return []  # 14–17: no spending tags, whoever gives them (RULEBOOK §1)
    words = [pin for pin in facts.pins.get(path, ()) if pin.source == source and pin.holds(at)]
    return words if path in MANY_VALUES else words[-1:]


def _permitted(facts: Facts, path: str, pin: Pin) -> bool:
    """Where notice given is enough, no refusal since; elsewhere a consent that held when the tag came in."""
    needed = purposes(path)
    if needed in (("behaviour",), ("spending",)):
        return not facts.barred(needed[0]) and pin.at >= facts.floors.get(needed[0], pin.at)
    return not needed or any(facts.consents_of(pin.origin).get(purpose, pin.at + 1) <= pin.at for purpose in needed)


def _spoken_for(facts: Facts, path: str, value: str) -> bool:
    held = [(kept.tag.path, kept.tag.value) for kept in facts.tags.values() if kept.rule != IMPORT]
    return (path, value) in held if path in MANY_VALUES else any(at == path for at, _ in held)


def _tag(path: str, pin: Pin) -> Tag:
    return Tag(path, pin.value, pin.weight, pin.source, pin.expires_at, {"由": pin.by})
