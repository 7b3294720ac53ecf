"""Welcomes: joins of one group within ten minutes share one message, so does who joins while it waits (RULEBOOK §9).

The grouping is a function of the joins that are not welcomed yet, in whatever order they became known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.core.instants import DAY, MINUTE, Instant, iso
from bot.core.journal import Plan
from bot.services import caps, wording
from bot.services.audience import Audience
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

Join = tuple[Instant, str, str]
"""(when, member, name)"""


def plan_welcomes(
    uow: UnitOfWork, plans: Sequence[Plan], people: Mapping[str, Audience], speaking: Speaking
) -> list[OutboxRow]:
    """Welcome rows for the joins of `plans`, joined with those that still wait in the same groups."""
    rows: list[OutboxRow] = []
    for group in sorted({one.group for one in plans if one.group is not None}):
        mine = [one for one in plans if one.group == group and _welcome(people[one.member], group)]
        known = _known(uow, group, mine)
        joins = {
            one.member: (one.at, one.member, people[one.member].name)
            for one in mine
            if (one.at, one.member) not in known
        }
        rows += _regroup(uow, group, joins, speaking) if joins else []
    return rows


def _welcome(whom: Audience, group: str) -> bool:
    return group in whom.groups and not whom.exempt and not whom.child


def _known(uow: UnitOfWork, group: str, plans: Sequence[Plan]) -> set[tuple[Instant, str]]:
    """Joins that have a place in a message already: each is welcomed once, whoever shares the message."""
    if not plans:
        return set()
    rows = uow.outbox.to_group("welcome", group, min(one.at for one in plans))
    joins = [(at, member) for row in rows for at, member, _ in row.cause["joins"]]
    mains = uow.links.mains(member for _, member in joins)
    return {(at, mains.get(member, member)) for at, member in joins}


def _regroup(uow: UnitOfWork, group: str, joins: dict[str, Join], speaking: Speaking) -> list[OutboxRow]:
    waiting = uow.outbox.take_waiting("welcome", group)
    for row in waiting:
        joins.update({member: (at, member, name) for at, member, name in row.cause["joins"]})
    held = {(row.cause["joins"][0][0], row.cause["joins"][0][1]): row.not_before for row in waiting}
    # What a cap or a stop holds back is not said yet: who joins meanwhile is added to it.
    still_waits = speaking.now + 1 if speaking.as_of == speaking.now else 0
    shared: list[list[Join]] = []
    leaves: Instant = 0
    for join in sorted(joins.values()):
        if shared and join[0] < leaves:
            shared[-1].append(join)
        else:
            shared.append([join])
            leaves = _leaves(join[0], speaking)
            leaves = max(leaves, held[join[:2]], still_waits) if join[:2] in held else leaves
    return [_row(group, together, held, speaking) for together in shared]


def _leaves(first: Instant, speaking: Speaking) -> Instant:
    """When the welcome of a first join goes out: ten minutes later, or when the quiet hours end."""
    rules = speaking.rules.outreach
    return caps.opening(first + int(rules.welcome_gather_minutes * MINUTE), rules, speaking.zone)


def _row(
    group: str, joins: Sequence[Join], held: Mapping[tuple[Instant, str], Instant], speaking: Speaking
) -> OutboxRow:
    first = joins[0]
    cause: dict[str, Any] = {"joins": [list(join) for join in joins]}
    return OutboxRow(
        dedupe_key=f"welcome:{group}:{first[1]}:{(iso(first[0], speaking.zone) or '')[:10]}",
        kind="welcome",
        to_kind="group",
        to_id=group,
        text=wording.welcome([name for _, _, name in joins], speaking.text),
        created_at=speaking.now,
        not_before=max(_leaves(first[0], speaking), held.get(first[:2], 0)),
        member=first[1],
        group_id=group,
        mentions=tuple(member for _, member, _ in joins),
        cause=cause,
        expires_at=first[0] + DAY,
    )


def still_here(row: OutboxRow, here: Iterable[str], text: Callable[..., str]) -> OutboxRow:
    """The welcome without those who have left meanwhile."""
    staying = set(here)
    joins = [join for join in row.cause["joins"] if join[1] in staying]
    if len(joins) == len(row.cause["joins"]):
        return row
    words = wording.welcome([name for _, _, name in joins], text)
    return row._replace(text=words, mentions=tuple(join[1] for join in joins))
