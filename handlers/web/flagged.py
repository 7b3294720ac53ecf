"""Who was flagged since the evaluation before, and why; each member whose tag is shown is written down as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.lifecycle import DORMANT
from bot.core.rules.identity import IDENTITY_PATH
from bot.core.rules.stage import STAGE_PATH
from bot.core.tags import Held
from bot.services import sweeps, tagging, uses
from bot.services.reports.people import told
from config.messages import one_line
from handlers.house import House
from handlers.reasons import reasons_of
from handlers.web.session import Session
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

READ = "网页看板"
MOST = 20
"""Members of each kind that are named."""
TAGS = {
    "new": (IDENTITY_PATH, frozenset({"新用户"})),
    "dormant": (STAGE_PATH, DORMANT),
    "disruptive": (IDENTITY_PATH, frozenset({"争议用户"})),
}
"""The tags that a flag is about: their path, and values."""


@dataclass(frozen=True, slots=True)
class Named:
    """A flagged member, his id and name as they may be shown: the tag's value and reasons, none once it has ended."""

    member: str
    shown: str
    name: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Those of one kind. count: as it may be told to somebody who may not see who they are."""

    kind: str
    count: int | str
    members: Sequence[Named]
    open: bool


def since(uow: UnitOfWork) -> Instant | None:
    """The evaluation before the last one: whom the last one flagged is new until the next."""
    last = uow.sweeps.last()
    return None if last is None else last.previous


def kinds(uow: UnitOfWork, house: House, session: Session) -> list[Kind]:
    """The three kinds, as far as the session's role may see their tags."""
    found = sweeps.flags_by_kind(uow.flags.between(since(uow), house.now()))
    return [_kind(uow, house, session, kind, found[kind]) for kind in sweeps.KINDS]


def _kind(uow: UnitOfWork, house: House, session: Session, kind: str, members: Sequence[str]) -> Kind:
    path, values = TAGS[kind]
    if not all(house.catalogue.may(session.role, "view", path, value) for value in values):
        return Kind(kind, told(len(members)), (), open=False)
    shown = members[:MOST]
    looked = tagging.look(uow, shown, house.world(uow, house.now()), house.now())
    names = uow.members.get_many(shown)
    listed = [_named(member, names[member].name if member in names else "", looked[member], kind) for member in shown]
    return Kind(kind, len(members), listed, open=True)


def _named(member: str, name: str, facts: Facts, kind: str) -> Named:
    path, values = TAGS[kind]
    held: Held | None = next((facts.tags[path, value] for value in values if (path, value) in facts.tags), None)
    value = "" if held is None else held.tag.value
    because = "" if held is None else reasons_of(held.tag.because)
    return Named(member, one_line(member, 80), one_line(name) or one_line(member), value, because)


def note(uow: UnitOfWork, session: Session, shown: Sequence[Kind], now: Instant) -> None:
    """Whose tags were shown to whom (RULEBOOK §8)."""
    for kind in shown:
        path, _ = TAGS[kind.kind]
        if kind.members:
            uses.note(uow, [path], uses.QUERY, now)
        for one in kind.members:
            uow.audit.add(AuditRow(now, session.actor, READ, one.member, {"参数": path}))
