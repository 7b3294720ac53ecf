"""Webhooks to a CRM or CDP: signed like those that come in, tried again with a growing delay, never two at once.

`X-Timestamp` and `X-Signature` are those of handlers.web.signature; `X-Delivery` is the same for each attempt at one
webhook, so that the other side can drop a repeat.
"""

from __future__ import annotations

import hashlib

import httpx

from bot.core.instants import SECOND
from bot.log import get_logger
from bot.services import crm, sharing
from bot.services.crm import Terms
from config.settings import Settings
from handlers.house import House
from handlers.web.signature import SIGNATURE, TIMESTAMP, sign
from storage.crm_rows import CrmNoticeRow
from storage.unit_of_work import UnitOfWork

DELIVERY = "x-delivery"
TIMEOUT = 10.0
"""Seconds to wait for the other side."""
MOST_AT_ONCE = 200
PASSING = frozenset({408, 425, 429})
"""Refusals that may be none the next time; so is everything from 500 on."""
_log = get_logger(__name__)


def wanted(house: House) -> bool:
    """Whether there is another system to tell, and a key to sign with."""
    return house.settings.crm_url is not None and house.settings.secret is not None


def mark(settings: Settings) -> str:
    """Another one for another address, range of tags or key."""
    secret = settings.secret.get_secret_value() if settings.secret is not None else ""
    told = "\n".join((settings.crm_url or "", settings.crm_role, settings.crm_system or "", secret))
    return hashlib.sha256(told.encode()).hexdigest()


def terms(uow: UnitOfWork, house: House) -> Terms:
    """What may go out, under which keys."""
    settings, now, catalogue = house.settings, house.now(), house.catalogue
    assert settings.secret is not None
    secret = settings.secret.get_secret_value()
    house.world(uow, now)  # from now on the catalogue knows the operators' own tags

    def sees(path: str, value: str) -> bool:
        return catalogue.may(settings.crm_role, "view", path, value) and catalogue.screened(path, value) is None

    return Terms(mark(settings), sees, sharing.keys(uow, secret, settings.crm_system, now), house.zone, now)


async def deliver(house: House) -> None:
    """Plan what has changed, then send what is due; one attempt that finds nobody there is enough for this time."""
    await house.database.write(lambda uow: crm.plan(uow, terms(uow, house)))
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
        for _ in range(MOST_AT_ONCE):
            row = await house.database.write(lambda uow: crm.claim(uow, house.now()))
            if row is None or not await _send(client, house, row):
                return


async def _send(client: httpx.AsyncClient, house: House, row: CrmNoticeRow) -> bool:
    """One attempt; whether the other side is there."""
    fault, status = await _post(client, house, row)
    final = status is not None and status < 500 and status not in PASSING
    await house.database.write(lambda uow: crm.settle(uow, row, house.now(), fault, final=final))
    if fault:
        _log.warning("a webhook was not taken", id=row.id, attempts=row.attempts, reason=fault)
    return not fault or final


async def _post(client: httpx.AsyncClient, house: House, row: CrmNoticeRow) -> tuple[str, int | None]:
    """What was wrong, empty for nothing, and the status that was answered, if any was."""
    settings, body = house.settings, row.body.encode()
    assert settings.crm_url is not None
    assert settings.secret is not None
    timestamp = str(house.now() // SECOND)
    headers = {
        "content-type": "application/json",
        TIMESTAMP: timestamp,
        SIGNATURE: sign(settings.secret.get_secret_value(), timestamp, body),
        DELIVERY: row.dedupe_key,
    }
    try:
        answer = await client.post(settings.crm_url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__, None
    return ("" if answer.is_success else f"HTTP {answer.status_code}"), answer.status_code
