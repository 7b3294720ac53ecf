"""A program that hands facts to a running bot over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from bot.core.instants import SECOND
from handlers.web.app import build
from handlers.web.signature import sign
from handlers.web.site import Site
from tests.sim import GroupSim, group_sim

SECRET = "只有两边知道"


@dataclass
class Shop:
    """A program that hands facts to the bot over HTTP."""

    sim: GroupSim
    client: httpx.AsyncClient
    site: Site

    async def post(self, path: str, body: bytes, *, late: int = 0, secret: str = SECRET, **headers: str) -> Any:
        stamp = str((self.sim.clock.at - late) // SECOND)
        signed = {"X-Timestamp": stamp, "X-Signature": sign(secret, stamp, body), **headers}
        return await self.client.post(path, content=body, headers=signed)

    async def events(self, *records: object) -> Any:
        answer = await self.post("/api/events", "\n".join(json.dumps(one) for one in records).encode())
        assert answer.status_code == 200
        return answer.json()


@asynccontextmanager
async def shop_at(url: str) -> AsyncIterator[Shop]:
    async with group_sim(url) as sim:
        sim.house.settings = sim.house.settings.model_copy(update={"secret": SecretStr(SECRET), "http_port": 0})
        site = Site(sim.house, sim.runtime.take, sim.runtime.put_right, lambda: 0)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(build(site)), base_url="http://bot") as client:
            yield Shop(sim, client, site)
