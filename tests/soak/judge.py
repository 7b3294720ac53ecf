"""What must hold after the day; each finding is one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.cli.house import open_house
from bot.core.instants import MINUTE, SECOND, Instant
from bot.core.portions import portions
from bot.localgroup.clock import LocalClock
from bot.wechat.sequence import WINDOW
from config.settings import Settings
from storage.database import Database
from storage.repositories.events import EVENTS
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.crash.judge import MAYBE, recount, words
from tests.soak.platform import Platform, Told

FEW = 5
"""How many examples a finding names."""
STUCK_AFTER = 30 * MINUTE
"""Simulated time after which an unsent answer counts as stuck; what nobody asked for has caps to wait for."""


@dataclass(frozen=True)
class Kept:
    """What the bot's database holds at the end."""

    messages: tuple[tuple[str, str | None], ...] = ()
    """Ids and groups, in the order they were dealt with."""
    rows: tuple[OutboxRow, ...] = ()
    members: dict[str, set[str]] = field(default_factory=dict)


def look(url: str, groups: list[str]) -> Kept:
    database = Database(url)
    try:
        return database.read(lambda uow: _kept(uow, groups))
    finally:
        database.close()


def _kept(uow: UnitOfWork, groups: list[str]) -> Kept:
    wanted = select(EVENTS.c.id, EVENTS.c.group_id).where(EVENTS.c.type == "message").order_by(EVENTS.c.seq)
    messages = tuple((id_, group) for id_, group in uow.connection.execute(wanted))
    members = {group: {row.member for row in uow.groups.present_members(group)} for group in groups}
    return Kept(messages, tuple(_rows(uow)), members)


def _rows(uow: UnitOfWork) -> Iterator[OutboxRow]:
    after = 0
    while page := uow.outbox.page(after_id=after, limit=1000):
        yield from page
        after = page[-1].id


def findings(kept: Kept, platform: Platform, ordered_from: Instant, end: Instant) -> Iterator[str]:
    """`ordered_from`: the wall's instant from which on order was to be kept; `end` is in simulated time."""
    yield from _none_lost_or_doubled(kept, platform)
    yield from _in_order(kept, platform, ordered_from)
    yield from _none_said_twice(kept, platform.gateway.sent)
    yield from _nothing_stuck(kept, end)
    for group, members in platform.day.members.items():
        if wrong := kept.members[group] ^ set(members):
            yield f"{group} 的成员名单不符：{_some(wrong)}"


def _none_lost_or_doubled(kept: Kept, platform: Platform) -> Iterator[str]:
    counted = Counter(id_ for id_, _ in kept.messages)
    if lost := [told for told in platform.certain() if told.id not in counted]:
        yield f"丢了 {len({told.id for told in lost})} 条消息：{_some({platform.fate(told) for told in lost})}"
    if doubled := [id_ for id_, times in counted.items() if times > 1]:
        yield f"{len(doubled)} 条消息记了两次：{_some(doubled)}"
    if invented := counted.keys() - {told.id for told in platform.told}:
        yield f"{len(invented)} 条消息没有人说过：{_some(invented)}"


def _in_order(kept: Kept, platform: Platform, ordered_from: Instant) -> Iterator[str]:
    """Within each group by the second of the payload, whatever order they were told in; a gateway that stands still
    between two, and a machine that has no time to tell it, can bring the earlier one later than anybody waits."""
    certain = {told.id: told for told in platform.certain() if told.group and told.on >= ordered_from}
    latest: dict[str, Told] = {}
    wrong: list[str] = []
    for told in (certain[id_] for id_, _ in kept.messages if id_ in certain):
        assert told.group is not None
        before = latest.get(told.group)
        if before is not None and before.at > told.at:
            behind = (told.on - before.on) / SECOND
            if platform.stood_still(told) or behind > WINDOW:
                continue
            wrong.append(f"{platform.fate(told)} 在 {platform.fate(before)} 之后，晚 {behind:.2f} 秒说出")
        else:
            latest[told.group] = told
    if wrong:
        yield f"{len(wrong)} 条消息不按说话的次序：{_some(wrong)}"


def _none_said_twice(kept: Kept, sent: list[dict[str, Any]]) -> Iterator[str]:
    heard = Counter((one["to"], one["text"]) for one in sent)
    may, must = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in kept.rows:
        to, text = words(row)
        said = Counter((to, portion) for portion in portions(text))
        may += said if row.status in MAYBE else Counter()
        must += said if row.status == "sent" else Counter()
    for (to, _), count in (heard - may).items():
        yield f"对 {to} 多说了 {count} 次"
    for (to, _), count in (must - heard).items():
        yield f"记为已发，却没人听到：对 {to} {count} 条"


def _nothing_stuck(kept: Kept, end: Instant) -> Iterator[str]:
    if half := [row.dedupe_key for row in kept.rows if row.status == "sending"]:
        yield f"{len(half)} 条消息停在发送中：{_some(half)}"
    late = [row for row in kept.rows if row.reply and row.status == "queued" and row.not_before < end - STUCK_AFTER]
    if late:
        oldest = min(row.not_before for row in late)
        yield f"{len(late)} 条回答没有发出，最早的已等 {(end - oldest) // SECOND} 秒"


def counts_agree(url: str, end: Instant) -> Iterator[str]:
    """What is counted of each member is what counting the log from the start gives; who is marked as to be counted
    anew, because something late came in, is not there yet."""
    house = open_house(Settings(database_url=url), LocalClock(end, still=True))
    waiting = house.database.read(lambda uow: {member for member, _ in uow.rollups.dirty()})
    if changed := set(recount(house, end)) - waiting:
        yield f"重算后不同的成员 {len(changed)} 名：{_some(changed)}"


def _some(names: Any) -> str:
    return "、".join(sorted(names)[:FEW])
