"""Which rules held when: rule-set versions, their activation and roll-back, and the world a fold sees (RULEBOOK §8).

An activation holds from its instant on, after all that happened at that instant. Rolling back takes activations back
as if they had never been: who was folded past them is folded again from the log, which knows of every later erasure
and withdrawal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.custom_tags import CustomTag
from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.world import Deaf, RuleVersion, World
from bot.errors import Refused
from bot.services import samples, sweeps, views
from storage.rows import ActivationRow, AuditRow, RuleSetRow
from storage.unit_of_work import UnitOfWork

ReadRules = Callable[[str], RuleSet]
"""TOML text to a rule set; the caller brings it, since reading files is not a service's business."""
FIRST = 0
"""The first version holds for all time before the second."""
PENDING = "rules_pending"
"""Deployment key: members wait to be brought across a change of rules; its value is the instant they are brought to."""
ACTIVATE, ROLL_BACK = "启用规则", "回滚规则"


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule file as it was read: its text, the hash of its meaning, and the rules."""

    content: str
    digest: str
    rules: RuleSet


def ensure(
    uow: UnitOfWork, content: str, digest: str, at: Instant, author: str = "系统", note: str = "启动时载入"
) -> int:
    """The number of the rule set with this content, added and activated if it was never seen.

    A known one that is not active was rolled back or replaced by a person, and stays so.
    """
    known = uow.rule_sets.by_digest(digest)
    if known is not None:
        return known.number
    number = add(uow, content, digest, at, author, note)
    since = at if uow.rule_sets.activations() else FIRST
    uow.rule_sets.activate(number, since, author, note, at)
    uow.rollups.mark_all_late(since)
    uow.rollups.wake_all()
    return number


def add(uow: UnitOfWork, content: str, digest: str, at: Instant, author: str, note: str) -> int:
    return uow.rule_sets.add(digest=digest, author=author, note=note, created_at=at, content=content)


def world(uow: UnitOfWork, zone: ZoneInfo, read: ReadRules, until: Instant) -> World:
    """Surroundings of folds up to `until`."""
    versions = []
    for activation in uow.rule_sets.activations():
        stored = uow.rule_sets.get(activation.number)
        assert stored is not None, "an activation names a stored rule set"
        versions.append(RuleVersion(activation.at, activation.number, read(stored.content), activation.id))
    deaf = tuple(Deaf(*span) for span in uow.events.deaf(until))
    return World(zone, tuple(versions), deaf)


def in_force(uow: UnitOfWork, now: Instant) -> RuleSetRow:
    """The version that holds at the instant lists show."""
    found = uow.rule_sets.active(views.instant_of(uow, now))
    assert found is not None, "a furnished deployment has rules"
    return found


def stored_content(uow: UnitOfWork, now: Instant) -> str | None:
    """The text of the rules in force, also asked of a database that has none or is older than they are."""
    return in_force(uow, now).content if uow.rule_sets.is_there() and uow.rule_sets.activations() else None


def refuse_same(uow: UnitOfWork, draft: Draft, now: Instant) -> None:
    """Raises Refused for rules that hold already."""
    current = in_force(uow, now)
    if current.digest == draft.digest:
        raise Refused(f"与正在生效的第 {current.number} 版相同，没有可启用的改动")


def activate(uow: UnitOfWork, draft: Draft, now: Instant, author: str, note: str) -> int:
    """Let these rules hold from the instant lists show. Returns the version's number; members wait to be brought.

    Raises Refused when they hold already or a sweep is under way.
    """
    refuse_same(uow, draft, now)
    number = add(uow, draft.content, draft.digest, now, author, note)
    _put_in_force(uow, number, now, author, note)
    return number


def activate_number(uow: UnitOfWork, number: int, now: Instant, author: str, note: str) -> None:
    """Let a stored version hold from now on. Raises Refused for one that is unknown or holds already."""
    stored(uow, number)
    if in_force(uow, now).number == number:
        raise Refused(f"第 {number} 版正在生效")
    _put_in_force(uow, number, now, author, note)


def _put_in_force(uow: UnitOfWork, number: int, now: Instant, author: str, note: str) -> None:
    _refuse_during_sweep(uow)
    at = views.instant_of(uow, now)
    uow.rule_sets.activate(number, at, author, note, now)
    uow.rollups.mark_all_late(at)
    _wait(uow, at, at)
    uow.audit.add(AuditRow(now, author, ACTIVATE, None, {"版本": number, "说明": note}))


def roll_back(uow: UnitOfWork, number: int, now: Instant, author: str) -> None:
    """Make a version hold again that held before: what came after it is taken back as if it had never been.

    A version that never led to the present one is activated like a new one. Raises Refused for an unknown one, or the
    one that holds.
    """
    stored(uow, number)
    lived = uow.rule_sets.activations()
    if lived[-1].number == number:
        raise Refused(f"第 {number} 版正在生效")
    place = max((place for place, row in enumerate(lived) if row.number == number), default=None)
    if place is None:
        activate_number(uow, number, now, author, f"换回第 {number} 版")
        return
    _refuse_during_sweep(uow)
    undone = lived[place + 1 :]
    uow.rule_sets.void([row.id for row in undone], now)
    uow.rollups.mark_all_late(undone[0].at - 1)
    _wait(uow, views.instant_of(uow, now), undone[0].at)
    uow.audit.add(AuditRow(now, author, ROLL_BACK, None, {"版本": number, "撤下": [row.number for row in undone]}))


def _wait(uow: UnitOfWork, until: Instant, since: Instant) -> None:
    """Note that everybody must be brought to `until`, and compared again from `since`."""
    uow.rollups.wake_all()
    uow.deployment.put(PENDING, str(until))
    samples.note_disturbed(uow, [since])


def _refuse_during_sweep(uow: UnitOfWork) -> None:
    if uow.deployment.get(sweeps.UNDERWAY) is not None:
        raise Refused("有一次 sweep 还没有做完，先再运行它一次")


def pending(uow: UnitOfWork) -> Instant | None:
    """To which instant members wait to be brought because the rules changed."""
    noted = uow.deployment.get(PENDING)
    return None if noted is None else int(noted)


def settled(uow: UnitOfWork) -> None:
    uow.deployment.delete(PENDING)


def stored(uow: UnitOfWork, number: int) -> RuleSetRow:
    """A version. Raises Refused for an unknown number."""
    found = uow.rule_sets.get(number)
    if found is None:
        raise Refused(f"没有第 {number} 版规则")
    return found


def since_of(uow: UnitOfWork, number: int) -> list[ActivationRow]:
    """When a version came into force, also what was rolled back."""
    return [row for row in uow.rule_sets.all_activations() if row.number == number]


def compared_with(uow: UnitOfWork, number: int) -> RuleSetRow | None:
    """The version that a version took the place of when it first came into force; None for the first."""
    rows = uow.rule_sets.all_activations()
    place = next((place for place, row in enumerate(rows) if row.number == number), None)
    if place is None or place == 0:
        return None if number == 1 else uow.rule_sets.get(number - 1)
    return uow.rule_sets.get(rows[place - 1].number)


def diff(old: RuleSet, new: RuleSet) -> list[dict[str, Any]]:
    """Which bars differ: section.key, before and after, in the order of the file."""
    return list(_differences("", old, new))


def _differences(prefix: str, old: object, new: object) -> Iterator[dict[str, Any]]:
    for one in fields(old):  # type: ignore[arg-type]
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name == "custom":
            yield from _custom_differences(before, after)
        elif hasattr(before, "__dataclass_fields__"):
            yield from _differences(f"{prefix}{one.name}.", before, after)
        elif before != after:
            yield {"key": prefix + one.name, "from": before, "to": after}


def _custom_differences(before: Sequence[CustomTag], after: Sequence[CustomTag]) -> Iterator[dict[str, Any]]:
    """A custom tag is told by its expression; one that is new or gone has none on that side."""
    old, new = ({tag.rule: tag for tag in tags} for tags in (before, after))
    for rule in {**old, **new}:
        if old.get(rule) != new.get(rule):
            yield {"key": rule, "from": _told(old.get(rule)), "to": _told(new.get(rule))}


def _told(tag: CustomTag | None) -> str | None:
    return None if tag is None else f"{tag.when}（{tag.sensitivity}，权重 {tag.weight:g}）"
