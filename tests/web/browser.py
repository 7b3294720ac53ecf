"""A person with a browser beside the chat: finds addresses in what the bot said, opens pages, presses buttons."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from handlers.web.app import build
from handlers.web.site import Site
from tests.fakes import Sent
from tests.sim import GroupSim, group_sim

PUBLIC = "https://bot.example/group"
_ADDRESS = re.compile(re.escape(PUBLIC) + r"(/\S+)")
_PRESS = re.compile(r'name="press" value="([^"]+)"')


@dataclass
class Browser:
    """`client` speaks to the pages as if through the public address."""

    sim: GroupSim
    client: httpx.AsyncClient
    page: httpx.Response | None = None
    path: str = ""

    async def open(self, path: str) -> str:
        """The text of a page; the next press is made on it."""
        self.page, self.path = await self.client.get(path), path
        return self.page.text

    async def press(self, do: str = "", path: str = "", **fields: str) -> str:
        """Send the form of the open page with a button, or to another path."""
        assert self.page is not None
        number = _PRESS.search(self.page.text)
        form = {"press": number[1] if number else "", "do": do, **fields}
        self.page = await self.client.post(path or self.path, data=form)
        return self.page.text

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code


def address(sent: list[Sent]) -> str:
    """The path of the page that the bot's words name."""
    (found,) = [found[1] for one in sent if (found := _ADDRESS.search(one.text))]
    return found


@asynccontextmanager
async def browsing(url: str, public: str | None = PUBLIC) -> AsyncIterator[Browser]:
    async with group_sim(url) as sim:
        sim.house.settings = sim.house.settings.model_copy(update={"public_url": public})
        site = Site(sim.house, sim.runtime.take, sim.runtime.put_right, lambda: 0)
        transport = httpx.ASGITransport(build(site), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://bot.example") as client:
            yield Browser(sim, client)
