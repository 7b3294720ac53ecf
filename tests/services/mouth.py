"""Plans in, messages out: outreach and delivery on a real database, without the rest of the house."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import config
from bot.core.attachments import Attachments
from bot.core.campaigns import Campaigns
from bot.core.instants import MINUTE, Instant, parse_instant
from bot.core.journal import Plan
from bot.core.ruleset import OutreachRules, RuleSet
from bot.services import delivery, outreach
from bot.services.delivery import Terms
from bot.services.outreach import Speaking
from config.messages import Messages, load_messages
from config.onboarding import load_onboarding
from storage.database import Database
from storage.rows import ConsentRow, EventRow, MemberRow, OutboxRow, RoleRow, Sighting
from storage.unit_of_work import UnitOfWork

NOON = parse_instant("2026-03-02T12:00:00+08:00")
ZONE = ZoneInfo("Asia/Shanghai")
GROUP = "g"


@cache
def texts() -> Messages:
    folder = Path(config.__file__).parent
    return load_messages(folder, load_onboarding(folder).texts)


class Mouth:
    """A deployment that has been live for a long time."""

    def __init__(self, database: Database, rules: OutreachRules | None = None, mode: str = "auto") -> None:
        self.database = database
        self.rules = RuleSet(outreach=rules or OutreachRules())
        self.live_from: Instant | None = 0
        self.attachments = Attachments()
        self.mode(mode)

    def mode(self, mode: str) -> None:
        self.write(lambda uow: uow.deployment.put(delivery.MODE, mode))

    def write(self, unit: object) -> object:
        return self.database.write_sync(unit)  # type: ignore[arg-type]

    def person(
        self,
        member: str,
        *,
        friend: bool = True,
        marketing: bool = True,
        stage: str = "衰退期",
        groups: tuple[str, ...] = (GROUP,),
        role: str | None = None,
        **more: object,
    ) -> str:
        """Somebody known; called like his id unless `name` is given."""

        def unit(uow: UnitOfWork) -> None:
            row = MemberRow(member, name=str(more.pop("name", member)), stage=stage, is_friend=friend)
            uow.members.save([row._replace(**more)])  # type: ignore[arg-type]
            uow.groups.seen([Sighting(group, member, 1) for group in groups])
            uow.consents.add([ConsentRow(member, "marketing", marketing, 1, None, f"c:{member}:{marketing}")])
            if role is not None:
                uow.roles.grant(RoleRow(member, role, 0))

        self.write(unit)
        return member

    def leave(self, member: str, at: Instant, group: str = GROUP) -> None:
        self.write(lambda uow: uow.groups.seen([Sighting(group, member, at, present=False)]))

    def unsubscribe(self, member: str, at: Instant) -> None:
        self.write(lambda uow: uow.consents.add([ConsentRow(member, "marketing", False, at, None, f"w:{member}")]))

    def history(self, member: str, at: Instant) -> None:
        """Something imported that the member did at `at`."""
        row = EventRow(f"h:{member}:{at}", "join", at, member, GROUP, "{}", historical=True)
        self.write(lambda uow: uow.events.add([row]))

    def plan(self, *plans: Plan, as_of: Instant | None = None, now: Instant | None = None) -> list[OutboxRow]:
        """Plan at `as_of`, by default the instant of the latest plan."""
        at = as_of if as_of is not None else max(one.at for one in plans)
        speaking = Speaking(now or at, at, self.rules, ZONE, texts().text, self.live_from, None, self.attachments)
        rows = self.write(lambda uow: outreach.plan(uow, plans, speaking))
        assert isinstance(rows, list)
        return rows

    def claim(self, now: Instant) -> OutboxRow | None:
        campaigns = Campaigns(attachments=self.attachments)
        terms = Terms(self.rules.outreach, ZONE, texts().text, "bot", campaigns)
        row = self.write(lambda uow: delivery.next_claim(uow, now, terms))
        assert row is None or isinstance(row, OutboxRow)
        return row

    def send(self, now: Instant) -> list[OutboxRow]:
        """Everything that may go at `now` goes."""
        gone: list[OutboxRow] = []
        while (row := self.claim(now)) is not None:
            self.write(lambda uow, id_=row.id: uow.outbox.settle(id_, "sent", "", "wx", now=now))
            gone.append(row)
        return gone

    def next_due(self, now: Instant) -> Instant | None:
        return self.database.read(lambda uow: delivery.next_due(uow, now))

    def rows(self, kind: str | None = None) -> list[OutboxRow]:
        found = self.database.read(lambda uow: uow.outbox.page(limit=10_000))
        return [row for row in found if kind in (None, row.kind)]

    def one(self, kind: str) -> OutboxRow:
        (row,) = self.rows(kind)
        return row


def joined(member: str, minutes: float, group: str = GROUP, base: Instant = NOON) -> Plan:
    at = base + int(minutes * MINUTE)
    return Plan(at, "welcome", member, f"welcome:{member}@{group}", group)


def recall(member: str, at: Instant = NOON, kind: str = "recall") -> Plan:
    return Plan(at, kind, member, f"{kind}:{member}:{at}", detail={"stage": "衰退期"})


def warning(member: str, at: Instant = NOON, kind: str = "warning", verdict: str = "flood") -> Plan:
    return Plan(at, kind, member, f"{kind}:{member}:{at}", GROUP, {"verdict": verdict})
