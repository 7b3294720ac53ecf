"""Within a minute of its time a decided removal is carried out; that it was is a fact, and ends the dispute."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import MINUTE, Instant
from bot.ports import Chat, SendRefused, SendUnknown
from bot.services import accounts, delivery, removals
from bot.services.intake import Prepared
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from handlers.turn import record
from storage.rows import AuditRow, ConfirmationRow
from storage.unit_of_work import UnitOfWork

REMOVED, REFUSED, DOUBTFUL = "removed", "refused", "doubtful"
WORDS = {REMOVED: "已移出", REFUSED: "平台拒绝，须由群主移出", DOUBTFUL: "不确定是否已移出"}


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    waiting = removals.next_due(uow)
    return None if waiting is None else multiple_from(waiting, after, MINUTE)


async def _run(house: House, due_at: Instant) -> None:
    """Nothing is done while the account is away or only observes; what was decided waits for a day."""
    chat = house.chat
    if chat is None or chat.account is None or house.database.read(delivery.mode) == "observe":
        return
    for row, groups in await house.database.write(lambda uow: _take(uow, house)):
        await _carry_out(house, chat, row, groups)


def _take(uow: UnitOfWork, house: House) -> list[tuple[ConfirmationRow, list[str]]]:
    """What this account is to do; each of several puts people out of the groups where it speaks."""
    now, account = house.now(), house.status.account
    theirs: set[str] = set()
    if house.siblings.several and account is not None:
        serving = accounts.serving(uow, account, house.owner, now)
        theirs = set(serving.seated - serving.groups)
    return removals.take_due(uow, house.world(uow, now), now, theirs)


async def _carry_out(house: House, chat: Chat, row: ConfirmationRow, groups: list[str]) -> None:
    outcomes = {await _remove(chat, group, str(row.payload["member"])) for group in groups}
    outcome = next((one for one in (REFUSED, DOUBTFUL) if one in outcomes), REMOVED)
    await house.database.write(lambda uow: _note(uow, house, row, outcome))


async def _remove(chat: Chat, group: str, member: str) -> str:
    try:
        await chat.remove(group, member)
    except SendRefused:
        return REFUSED
    except SendUnknown:
        return DOUBTFUL
    return REMOVED


def _note(uow: UnitOfWork, house: House, row: ConfirmationRow, outcome: str) -> None:
    """Only a removal that certainly happened ends the dispute; else those who decided are told who must act."""
    member, by, now = str(row.payload["member"]), row.payload["by"], house.now()
    known = uow.members.get(member)
    if known is None:
        return  # he asked to be forgotten meanwhile
    detail = {"结果": WORDS[outcome], "同意": by}
    uow.audit.add(AuditRow(now, row.actor, "移出", member, detail))
    removals.tell(uow, row, house.messages.text(f"notice.removal_{outcome}", name=known.name or member), now)
    if outcome == REMOVED:
        record(uow, house, [Prepared(Event("remove", f"remove:{row.id}", now, member, None, {"by": row.actor}))])


JOB = Job("removals", _next_due, _run, own=True)
