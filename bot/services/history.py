"""The log as the fold reads it: a member's entries in order, each completed with what another entry knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from heapq import merge
from itertools import groupby
from typing import Any

import orjson

from bot.core.entry import Entry
from bot.core.instants import Instant
from bot.core.links import WORDS
from bot.services import backups, bindings, linking
from bot.services.backups import Watched
from bot.services.labelling import Labels, labels, relabelled
from bot.services.linking import Former
from storage.rows import EventRow
from storage.tie_rows import TieRow
from storage.unit_of_work import UnitOfWork

EMPTY: Mapping[str, Any] = {}
Logged = EventRow | TieRow | Watched | Former


def entries_of(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[tuple[str, Iterator[Entry]]]:
    """(member, entries in fold order) for each member with events in his own (after, until]."""
    told: tuple[Iterator[Logged], ...] = (
        bindings.logged(uow, spans),
        uow.ties.since(spans),
        backups.watched(uow, spans),
        linking.formers(uow, spans),
    )
    both = merge(*told, key=lambda row: (row.member or "", row.at))
    said = labels(uow)
    for member, own in groupby(both, key=lambda row: row.member or ""):
        yield member, _in_order(uow, own, said)


def heard_next(uow: UnitOfWork, positions: Mapping[str, Instant]) -> dict[str, Instant]:
    """When the log next knows something of each member after his own instant, for those of whom it does.

    Mostly it knows nothing that is later than what is folded: a look at its end is enough. An account or an admin whose
    deeds are read by somebody else may be told of too early, never too late.
    """
    last = uow.events.last_at()
    behind = {member: at for member, at in positions.items() if last is not None and at < last}
    if not behind:
        return {}
    found = uow.events.next_after(behind)
    formers = {link.old: link.member for link in uow.links.formers(behind)}
    owners = uow.bindings.accounts({*behind, *formers})
    others = [*formers.items(), *((account, formers.get(owner, owner)) for account, owner in owners.items())]
    others += [(admin, one) for one, admins in uow.backups.of_backups(behind).items() for admin in admins]
    theirs = uow.events.next_after(_earliest((other, behind[member]) for other, member in others))
    told = [(member, theirs[other]) for other, member in others if other in theirs]
    ties = uow.ties.next_after(behind | {old: behind[member] for old, member in formers.items()})
    met = [(formers.get(id_, id_), at) for id_, at in ties.items()]
    return _earliest([*found.items(), *met, *told])


def _earliest(told: Iterable[tuple[str, Instant]]) -> dict[str, Instant]:
    first: dict[str, Instant] = {}
    for member, at in told:
        first[member] = min(at, first.get(member, at))
    return first


def _in_order(uow: UnitOfWork, rows: Iterable[Logged], said: Labels) -> Iterator[Entry]:
    """Rows come by (at, id); events of one instant are put into the order of their kinds."""
    for _, same in groupby(rows, key=lambda row: row.at):
        entries = [entry for row in same if (entry := _entry(uow, row, said)) is not None]
        yield from sorted(entries, key=lambda entry: entry.order) if len(entries) > 1 else entries


def _entry(uow: UnitOfWork, row: Logged, said: Labels) -> Entry | None:
    """None for what tells nothing of the member: who has which contact id, or a tie between two ids of his own."""
    if isinstance(row, Watched):
        return row.entry
    if isinstance(row, Former):
        entry = _entry(uow, row.row, said)
        return None if entry is None else replace(entry, member=row.member, origin=row.row.member or "")
    if isinstance(row, TieRow):
        return _tie(uow, row)
    return None if row.type in WORDS else entry_of(uow, row, said)


def _tie(uow: UnitOfWork, row: TieRow) -> Entry | None:
    other = uow.links.main(row.other)
    if other == uow.links.main(row.member):
        return None
    return Entry(f"{row.event}~{row.kind}~{row.other}", "tie", row.at, row.member, None, {"with": other})


def entry_of(uow: UnitOfWork, row: EventRow, said: Labels) -> Entry:
    """One log row for the fold; what a person said it is about stands in place of any other topic."""
    member = row.member or ""
    if row.type != "message":
        body = orjson.loads(row.body) if row.body != "{}" else {}
        if row.type == "withdraw":
            body.update(_taken_back(uow, body["message"], said))
        elif not body and row.type in ("answer", "introduction"):
            body = _erased(uow, member)
        elif row.type == "join" and "inviter" in body:
            body["inviter"] = uow.links.main(body["inviter"])
        elif (topic := said.of(row.id, row.type, body)) is not None:
            body = relabelled(body, topic)
        return Entry(row.id, row.type, row.at, member, row.group_id, body)
    if row.role == "checkin":
        return Entry(row.id, "checkin", row.at, member, row.group_id)
    return Entry(
        row.id,
        "message",
        row.at,
        member,
        row.group_id,
        _message_body(row, said),
        row.quality or 0.0,
        row.verdict,
        row.valid,
    )


def _erased(uow: UnitOfWork, member: str) -> dict[str, Any]:
    """What an erased answer is to the fold: that it happened; of what it said, only that a youth stays protected."""
    known = uow.members.get(uow.links.main(member))
    if known is not None and known.minor is not None:
        return {"question": "age", "value": "", "minor": known.minor}
    return {"question": "", "value": ""}


def _message_body(row: EventRow, said: Labels) -> Mapping[str, Any]:
    topic = said.messages.get(row.id)
    if not row.verdict and row.body == "{}" and topic is None:
        return EMPTY
    body = relabelled(orjson.loads(row.body), topic)
    if row.verdict:
        body["checks"] = orjson.loads(row.checks) if row.checks else []
        body["historical"] = row.historical
    return body


def _taken_back(uow: UnitOfWork, message: str, said: Labels) -> dict[str, Any]:
    row = uow.events.get(message)
    if row is None or row.type != "message":
        return {}
    return {
        "message_at": row.at,
        "message_by": row.member and uow.links.main(row.member),
        "message_body": relabelled(orjson.loads(row.body), said.messages.get(message)),
        "message_quality": row.quality or 0.0,
        "message_valid": row.valid,
        "message_verdict": row.verdict,
    }
