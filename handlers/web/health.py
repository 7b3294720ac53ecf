"""`/healthz`: is the bot alive, does it hear, how far is it behind. For people and for what restarts services."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.core.instants import SECOND, iso
from bot.services import delivery
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
        "throttled_until": iso(delivery.throttled(uow, now), zone),
        "outbox": uow.outbox.count_by_status(),
        "outbox_late_seconds": 0 if due is None else max(0, now - due) // SECOND,
    }
