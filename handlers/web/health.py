"""`/healthz`: is the bot alive, does it hear, how far is it behind. For people and for what restarts services."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.core.instants import SECOND, iso
from bot.services import accounts, delivery
from bot.services.accounts import Standing
from handlers.web.site import Site
from storage.unit_of_work import UnitOfWork


def routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        """200 while the account can hear, 503 while it cannot."""
        told = await site.house.database.aread(lambda uow: _kept(site, uow))
        connected = site.house.status.connected
        return JSONResponse({"ok": connected, **_living(site), **told}, 200 if connected else 503)

    return router


def _living(site: Site) -> dict[str, Any]:
    status, zone = site.house.status, site.house.zone
    return {
        "connection": {
            "state": "up" if status.connected else "down",
            "where": "wechat" if site.house.settings.on_wechat else "local",
            "account": status.account,
            "since": iso(status.since, zone),
            "reason": status.reason,
        },
        "behind": {
            "heard": site.behind(),
            "writing": site.house.database.queue_depth(),
            "lag_seconds": round(status.lag_last, 3),
        },
        "last_message": iso(status.last_message_at, zone),
    }


def _kept(site: Site, uow: UnitOfWork) -> dict[str, Any]:
    zone, now = site.house.zone, site.house.now()
    last = uow.sweeps.last()
    due = delivery.next_due(uow, now)
    return {
        "last_sweep": None if last is None else iso(last.as_of, zone),
        "mode": delivery.mode(uow),
        "throttled_until": iso(delivery.throttled(uow, now, site.house.status.account), zone),
        "accounts": [_account(one, zone) for one in accounts.standings(uow, now)],
        "outbox": uow.outbox.count_by_status(),
        "outbox_late_seconds": 0 if due is None else max(0, now - due) // SECOND,
    }


def _account(one: Standing, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "account": one.account,
        "name": one.name,
        "state": one.state,
        "reason": one.reason,
        "alive_at": iso(one.alive_at, zone),
        "groups": one.groups,
        "speaks_in": list(one.speaks_in),
        "throttled_until": iso(one.throttled_until, zone),
    }
