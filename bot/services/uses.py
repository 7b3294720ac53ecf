"""Use of tags (RULEBOOK §8): the last time each path served a query, a push, an export; what nobody uses is retired.

Use is known from the first note on. Before 90 days have passed since then nothing is retired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.instants import DAY, Instant
from bot.core.ruleset import RuleSet
from storage.care_rows import TagUseRow
from storage.unit_of_work import UnitOfWork

QUERY, PUSH, EXPORT = "查询", "推送", "导出"
RETIRED_AFTER = 90 * DAY
SINCE = "tag_uses_since"
"""Deployment key: from when on uses are noted."""
IN_HOUSE = frozenset({"生命周期/阶段", "生命周期/召回", "特殊身份/身份"})
"""The program itself works by these: recalls, rights, moderation. They are always in use."""


def note(uow: UnitOfWork, paths: Iterable[str], way: str, now: Instant) -> None:
    """Write down that these tag paths were used."""
    began(uow, now)
    uow.tag_uses.note(TagUseRow(path, way, now) for path in sorted(set(paths)))


def began(uow: UnitOfWork, now: Instant) -> None:
    """Uses are watched from now on, if they were not before."""
    if uow.deployment.get(SINCE) is None:
        uow.deployment.put(SINCE, str(now))


def last_uses(uow: UnitOfWork, paths: Iterable[str]) -> Mapping[str, Instant | None]:
    """The last use of each path, None for one that was never used."""
    known = uow.tag_uses.last()
    return {path: known.get(path) for path in paths}


def retired(uow: UnitOfWork, paths: Iterable[str], rules: RuleSet, now: Instant) -> dict[str, Instant | None]:
    """The paths out of these that nothing has used for 90 days, with their last use; a query by name revives one."""
    since = uow.deployment.get(SINCE)
    if since is None or int(since) > now - RETIRED_AFTER:
        return {}
    return {
        path: used
        for path, used in last_uses(uow, paths).items()
        if not _serves(path, rules) and (used is None or used <= now - RETIRED_AFTER)
    }


def _serves(path: str, rules: RuleSet) -> bool:
    """Whether the program itself or one of the operators' own tags looks at a path."""
    return path in IN_HOUSE or any(path in tag.when for tag in rules.custom)
