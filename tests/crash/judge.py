"""What must hold after every death, and at the end of the story; each finding is one line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.core.instants import Instant
from bot.core.world import World
from bot.localgroup.clock import LocalClock
from bot.services import rebuilding, rulesets, views
from handlers.house import House
from handlers.outbox_words import state
from handlers.sweeping import Pages
from storage.database import Database
from storage.repositories.events import EVENTS
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.crash.life import Record
from tests.crash.story import DIRECTOR, END
from tests.handlers.room import house_on

MAYBE = ("sending", "sent", "unknown")
"""States of a message that may have been heard."""
_INSTANT = re.compile(r":\d{15,}")


@dataclass(frozen=True)
class Outcome:
    """How the story ended: which events are in the log, which messages were planned."""

    events: Counter[str]
    rows: tuple[OutboxRow, ...]

    def unknown(self) -> int:
        return sum(row.status == "unknown" for row in self.rows)


def look(url: str) -> Outcome:
    database = Database(url)
    try:
        return database.read(lambda uow: Outcome(_events(uow), tuple(uow.outbox.page(limit=10_000))))
    finally:
        database.close()


def _events(uow: UnitOfWork) -> Counter[str]:
    """Events by id; the bot's own gaps are its own affair, each of its lives has others."""
    wanted = select(EVENTS.c.id).where(EVENTS.c.type != "deaf")
    return Counter(map(plain, uow.connection.scalars(wanted)))


def plain(key: str) -> str:
    """A key without instants: a coming or going found in a member list after a death has another one."""
    return _INSTANT.sub(":*", key)


def after_death(found: Outcome, record: Record) -> Iterator[str]:
    """Nothing that was acknowledged is lost, nothing was heard that was not claimed first, or oftener."""
    for missing in sorted(record.acknowledged() - set(found.events)):
        yield f"已确认的消息丢了：{missing}"
    may = Counter(words(row) for row in found.rows if row.status in MAYBE)
    for (to, _), count in (record.heard() - may).items():
        yield f"对 {to} 多说了 {count} 次"


def _left_again(id_: str, found: Outcome) -> bool:
    """A member list that is newer than the leave and does not know of it yet: the next list tells it once more. A leave
    changes no tag, so that nothing is counted twice."""
    return id_.startswith("leave:") and found.events[id_] > 0


def at_the_end(found: Outcome, record: Record, reference: Outcome, url: str) -> Iterator[str]:
    """The same facts as without any death, each once; the same messages, each at most once; every doubt reported."""
    yield from after_death(found, record)
    doubtful = {plain(row.dedupe_key) for row in found.rows if row.status == "unknown"}
    for id_ in sorted((reference.events - found.events).keys() | (found.events - reference.events).keys()):
        # A warning of which nobody knows whether it arrived was not delivered, as far as the log knows.
        if id_.removeprefix("delivered:") not in doubtful and not _left_again(id_, found):
            yield f"事件 {id_}：应有 {reference.events[id_]} 条，实有 {found.events[id_]} 条"
    planned, due = (Counter(plain(row.dedupe_key) for row in one.rows) for one in (found, reference))
    for key in sorted((planned - due).keys() | (due - planned).keys()):
        yield f"发件箱多了或少了 {key}：应有 {due[key]} 条，实有 {planned[key]} 条"
    yield from _settled(found, record)
    yield from _told_of_doubts(found)
    house = house_on(Database(url), LocalClock(END, still=True))  # type: ignore[arg-type]
    if changed := recount(house, END):
        yield f"重算后不同的成员：{'、'.join(changed)}"


def _settled(found: Outcome, record: Record) -> Iterator[str]:
    heard = record.heard()
    for row in found.rows:
        if row.status not in ("sent", "unknown"):
            yield f"{row.dedupe_key} 停在 {row.status}"
        elif row.status == "sent" and not heard[words(row)]:
            yield f"{row.dedupe_key} 记为已发，却没人听到"


def _told_of_doubts(found: Outcome) -> Iterator[str]:
    """The director's last look at the board names each doubt there was by then."""
    board = next(row for row in reversed(found.rows) if row.to_id == DIRECTOR)
    before = sum(row.status == "unknown" and row.id < board.id for row in found.rows)
    if before and f"{state('unknown')} {before}" not in board.text:
        yield f"看板没有报告 {before} 条不明"


def words(row: OutboxRow) -> tuple[str, str]:
    """As it is heard: mentions stand before the text."""
    names = "\u2005".join(f"@{name}" for name in row.mentions)
    return row.to_id, f"{names} {row.text}" if names and row.to_kind == "group" else row.text


def recount(house: House, end: Instant) -> list[str]:
    """Members whose tags and counts come out otherwise when the log is folded from the start; closes the database."""
    database = house.database
    until: Instant = database.read(lambda uow: views.instant_of(uow, end))
    world = database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, until))
    try:
        kept = database.read(_counted)
        Pages(house).each(lambda uow, members: _fold(uow, members, world, end), lambda behind: None)
        return sorted(member for member, facts in database.read(_counted).items() if facts != kept[member])
    finally:
        database.close()


def _fold(uow: UnitOfWork, members: list[str], world: World, end: Instant) -> None:
    rebuilding.rebuild(uow, members, world, end)


def _counted(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    """What is counted of each member; `turn`, the rules last compared with, is book-keeping of the fold itself."""
    members = [row.member for row in uow.members.page(limit=1000)]
    found = {member: json.loads(row.facts) for member, row in uow.rollups.get(members).items()}
    return {member: {key: value for key, value in facts.items() if key != "turn"} for member, facts in found.items()}
