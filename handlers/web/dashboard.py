"""`/`: the deployment at a glance for people with a role. It only shows; whatever is to be done is said in chat."""

from __future__ import annotations

from heapq import merge
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.core.instants import DAY, Instant, day_at, iso, local_day
from bot.core.lifecycle import STAGES
from bot.core.rules.stage import STAGE_PATH
from bot.services import accounts, delivery, roles
from bot.services.reports import maturity, uplift
from bot.services.reports.people import told
from config.messages import one_line
from handlers.account_words import called, described
from handlers.commands.mode import shown_mode
from handlers.house import House
from handlers.outbox_words import kind, state
from handlers.reasons import date
from handlers.web import flagged, stage_chart
from handlers.web.flagged import Kind
from handlers.web.guard import demand_host
from handlers.web.letters import Opener
from handlers.web.pages import Pages
from handlers.web.session import Session, Sessions
from handlers.web.site import Site
from storage.page_rows import JobRunRow
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

WEEK = 7 * DAY
DOUBTS = 20
"""Messages of unknown fate that are listed."""
SEES_MATURITY = roles.ADMIN
"""The role that #成熟度 needs in chat."""


def routes(site: Site, pages: Pages, opener: Opener, sessions: Sessions) -> APIRouter:
    router = APIRouter()
    house = site.house

    @router.get("/")
    async def look(request: Request) -> Response:
        demand_host(request, house.settings)
        session = await sessions.find(request)
        if session is None:
            return pages.render("login", 401, local=not house.settings.on_wechat)
        kinds, values = await house.database.aread(lambda uow: _gathered(uow, house, session))
        await house.database.write(lambda uow: flagged.note(uow, session, kinds, house.now()))
        return pages.render("dashboard", session=session, flagged=kinds, living=_living(site), **values)

    return router


def _living(site: Site) -> dict[str, Any]:
    """What only the running process knows."""
    status = site.house.status
    return {
        "connected": status.connected,
        "account": status.account or "—",
        "since": _when(site.house, status.since),
        "reason": one_line(status.reason, 120),
        "heard": site.behind(),
        "writing": site.house.database.queue_depth(),
        "lag": round(status.lag_last, 1),
        "last_message": _when(site.house, status.last_message_at),
        "now": _when(site.house, site.house.now()),
    }


def _gathered(uow: UnitOfWork, house: House, session: Session) -> tuple[list[Kind], dict[str, Any]]:
    now = house.now()
    midnight = day_at(local_day(now, house.zone), 0, house.zone)
    messages, speakers = uow.events.said_between(midnight - 1, now)
    last = uow.sweeps.last()
    values = {
        "mode": shown_mode(delivery.mode(uow)),
        "today": {"messages": messages, "speakers": speakers, "members": uow.members.count()},
        "last_sweep": _when(house, None if last is None else last.as_of),
        "flagged_since": _when(house, flagged.since(uow)),
        "stages": _stages(uow, house, session, now),
        "outbox": _outbox(uow, house, midnight - 1, now),
        "jobs": [_job(house, row) for row in uow.jobs.latest()],
        "accounts": [
            {"name": one_line(called(one), 80), "told": described(one, now)} for one in accounts.standings(uow, now)
        ],
        "uplift": uplift.report(uow, now),
        "maturity": _maturity(uow, house, session, now),
    }
    return flagged.kinds(uow, house, session), values


def _stages(uow: UnitOfWork, house: House, session: Session, now: Instant) -> dict[str, Any]:
    """A stage that the role may not see is counted only where five or more stand in it, and not drawn."""
    counts = uow.tags.count_by(STAGE_PATH)
    shown = [stage for stage in STAGES if house.catalogue.may(session.role, "view", STAGE_PATH, stage)]
    ends = stage_chart.day_ends(now, house.zone)
    joins = stage_chart.joined(uow.members.staged_since(ends[0]))
    moves = merge(uow.stages.moves(ends[0]), joins, key=lambda move: move[0], reverse=True)
    days = stage_chart.history(counts, moves, ends)
    return {
        "counts": [(number, stage, _count(counts, stage, shown)) for number, stage in enumerate(STAGES)],
        "columns": stage_chart.columns(days, ends, house.zone, shown),
        "width": stage_chart.WIDTH,
        "height": stage_chart.HEIGHT,
    }


def _count(counts: dict[str, int], stage: str, shown: list[str]) -> int | str:
    count = counts.get(stage, 0)
    return count if stage in shown else told(count)


def _outbox(uow: UnitOfWork, house: House, since: Instant, now: Instant) -> dict[str, Any]:
    sent = uow.outbox.count_sent_by_kind(since)
    return {
        "states": [(state(code), count) for code, count in uow.outbox.count_by_status().items()],
        "sent": [(kind(code), count) for code, count in sent.items()],
        "ended": [
            (state(code), one_line(why, 60) or "—", count) for code, why, count in uow.outbox.count_settled(now - WEEK)
        ],
        "doubts": [_doubt(house, row) for row in uow.outbox.latest("unknown", DOUBTS)],
    }


def _doubt(house: House, row: OutboxRow) -> dict[str, Any]:
    """A message of unknown fate: to whom and why, never what it said."""
    at = _when(house, row.settled_at or row.claimed_at)
    return {"number": row.id, "kind": kind(row.kind), "to": one_line(row.to_id, 60), "at": at, "reason": row.reason}


def _job(house: House, row: JobRunRow) -> dict[str, Any]:
    name, _, account = row.name.partition(":")
    return {"name": name, "account": account, "due": _when(house, row.due_at), "outcome": row.outcome}


def _maturity(uow: UnitOfWork, house: House, session: Session, now: Instant) -> list[dict[str, Any]] | None:
    if roles.ROLES.index(session.role) < roles.ROLES.index(SEES_MATURITY):
        return None
    found = maturity.report(uow, now, now, house.zone, house.catalogue.dimensions)
    rows: list[dict[str, Any]] = found["categories"]
    return rows


def _when(house: House, at: Instant | None) -> str:
    return "—" if at is None else date(iso(at, house.zone) or "")
