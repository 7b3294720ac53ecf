"""The only mouth: claim, commit, send, settle. What a crash left in between is unknown and never sent again."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.events import Event
from bot.core.instants import SECOND, Instant, Span
from bot.core.seats import Serving
from bot.log import get_logger
from bot.ports import Address, Chat, SendRefused, SendUnknown
from bot.services import accounts, attaching, delivery, erasure
from bot.services.delivery import Terms
from bot.services.intake import Prepared
from handlers import arrivals
from handlers.echoes import WITHIN, Sent
from handlers.following import follow
from handlers.house import House
from handlers.pauses import LONGEST, none
from handlers.turn import record
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

MOST_AT_ONCE = 200
LONGEST_REASON = 200
WARNING = "warning"
"""The kind whose delivery is a fact of the member's."""
_log = get_logger(__name__)


class Pump:
    """Sends what the outbox holds; `pauses` are the spans between one message and the next."""

    def __init__(self, house: House, pauses: Iterator[Span] | None = None) -> None:
        self._house = house
        self._pauses = pauses if pauses is not None else none()
        self._silent_until: Instant = 0
        self._stamp: tuple[object, ...] | None = None
        self._told: Instant | None = None

    async def recover(self, now: Instant) -> int:
        """At start-up: messages that a crash left half sent become unknown. Returns how many."""
        left = await self._house.database.write(lambda uow: accounts.recover(uow, now, self._house.owner))
        if left:
            _log.warning("messages with an unknown fate", count=left)
        return left

    async def drain(self, now: Instant) -> Instant | None:
        """Send everything that may go at `now`; returns when to look again, None when nothing waits."""
        await self._mind_echoes(now)
        due = await self._due(now)
        self._house.faults.at("claim.due")
        for _ in range(MOST_AT_ONCE):
            if due is None or max(due, self._silence(now)) > now or (row := await self._claim(now)) is None:
                break
            await self._send(row)
            now = max(now, self._house.now())
            self._silent_until = now + next(self._pauses)
        due = await self._due(now)
        return due if due is None else max(due, self._silence(now))

    def _silence(self, now: Instant) -> Instant:
        """Until when nothing is said after the last message; a clock that was set back makes no long silence of it."""
        return self._silent_until if self._silent_until - now <= LONGEST * SECOND else now

    async def _due(self, now: Instant) -> Instant | None:
        """Asked anew where anything was written since, or where the time that was told has come."""

        def look(uow: UnitOfWork) -> Instant | None:
            return delivery.next_due(uow, now, self._serving(uow, now))

        stamp = self._house.database.stamp()
        if stamp is None or stamp != self._stamp or (self._told is not None and self._told <= now):
            self._told, self._stamp = await self._house.database.aread(look), stamp
        return self._told

    def _serving(self, uow: UnitOfWork, now: Instant) -> Serving | None:
        """What is this account's to send; None while it is the only one, whose everything is."""
        house = self._house
        if house.chat is None or house.chat.account is None or not house.siblings.several:
            return None
        return accounts.serving(uow, house.chat.account, house.owner, now)

    async def _claim(self, now: Instant) -> OutboxRow | None:
        house = self._house
        if house.chat is None or house.chat.account is None or house.status.lost:
            return None
        account = house.chat.account

        def claim(uow: UnitOfWork) -> OutboxRow | None:
            follow(uow, house)
            serving = accounts.hand_over(uow, account, house.owner, now)[0] if house.siblings.several else None
            rules = house.rules(uow).outreach
            terms = Terms(rules, house.zone, house.messages.text, account, house.campaigns, serving)
            row = delivery.next_claim(uow, now, terms)
            house.faults.at("claim.unkept")
            return row

        row = await house.database.write(claim)
        house.faults.at("claim.kept")
        return row

    async def _send(self, row: OutboxRow) -> None:
        chat = self._house.chat
        assert chat is not None
        to = Address("group" if row.to_kind == "group" else "direct", row.to_id)
        try:
            self._house.faults.at("send.before")
            platform_id = await self._say(chat, row, to)
            self._house.faults.at("send.after")
        except SendRefused as refusal:
            await self._settle(row, "failed", str(refusal))
        except SendUnknown as doubt:
            await self._settle(row, "unknown", str(doubt))
        except Exception as error:  # noqa: BLE001 - whatever happened, it may have gone out, and is not said again
            await self._settle(row, "unknown", type(error).__name__)
        else:
            await self._settle(row, "sent", "", platform_id)

    async def _say(self, chat: Chat, row: OutboxRow, to: Address) -> str:
        """Raises SendRefused or SendUnknown."""
        if not attaching.is_attachment(row):
            return await chat.send(to, row.text, row.mentions)
        attachment = self._house.campaigns.attachments.get(row.cause[attaching.NAME])
        if attachment is None:
            raise SendRefused("没有这个附件")
        return await chat.show(to, attachment)

    async def _settle(self, row: OutboxRow, status: str, reason: str, platform_id: str | None = None) -> None:
        now, reason = self._house.now(), reason[:LONGEST_REASON]
        by_echo = row.kind == WARNING and self._house.echoes.expected

        def settle(uow: UnitOfWork) -> None:
            uow.outbox.settle(row.id, status, reason, platform_id, now=now)
            if status == "failed":
                uow.coupons.take_back(row.dedupe_key)
            if row.to_kind == "direct":
                erasure.after_farewell(uow, row.to_id)
                self._house.untidy |= uow.forgotten.touched
            if status == "sent" and row.kind == WARNING and not by_echo:
                record(uow, self._house, [Prepared(_delivered(row, now))])
            self._house.faults.at("settle.unkept")

        await self._house.database.write(settle)
        self._house.faults.at("settle.kept")
        self._house.status.sends[row.kind, status] += 1
        if status == "sent" and self._house.chat is not None and self._house.chat.forgetful:
            self._house.echoes.send(Sent(row, platform_id or "", now + WITHIN, by_echo))
        if status != "sent":
            _log.warning("a message was not sent", id=row.id, kind=row.kind, status=status, reason=reason)

    async def _mind_echoes(self, now: Instant) -> None:
        """Settle what was echoed, what was not, and what so many missing echoes say."""
        echoes = self._house.echoes
        for sent in echoes.arrived():
            if sent.counts_by_echo or sent.missing:
                await self._house.database.write(lambda uow, sent=sent: self._confirm(uow, sent, now))  # type: ignore[misc]
        for sent in echoes.overdue():
            await self._house.database.write(lambda uow, sent=sent: self._doubt(uow, sent, now))  # type: ignore[misc]
            self._house.status.sends[sent.row.kind, "unknown"] += 1
            self._house.status.echoes_missing += 1
            _log.warning("a message has no echo", id=sent.row.id, kind=sent.row.kind)
        if echoes.refused():
            await self._house.database.write(lambda uow: arrivals.not_echoed(uow, self._house, now))

    def _confirm(self, uow: UnitOfWork, sent: Sent, now: Instant) -> None:
        """It went out: an echo that came late takes the doubt back, and a warning counts from now on."""
        if sent.missing:
            uow.outbox.settle(sent.row.id, "sent", "", now=now)
        if sent.counts_by_echo:
            record(uow, self._house, [Prepared(_delivered(sent.row, now))])

    def _doubt(self, uow: UnitOfWork, sent: Sent, now: Instant) -> None:
        reason = self._house.messages.text("notice.no_echo", seconds=WITHIN // SECOND)
        uow.outbox.settle(sent.row.id, "unknown", reason, now=now)


def _delivered(row: OutboxRow, now: Instant) -> Event:
    """A warning counts only once it has reached the member; that is a fact like any other."""
    key = row.dedupe_key
    return Event("delivered", f"delivered:{key}", now, row.member, None, {"dedupe_key": key})
