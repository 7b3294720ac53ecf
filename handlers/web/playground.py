"""`/playground`: the embedded group in a browser. There is none on WeChat, where people speak for themselves.

At this machine it is open, as the terminal is; a server that others can reach asks for a login.
"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.core.instants import iso
from handlers.web.door import body_of
from handlers.web.guard import FOREIGN, Closed, at_machine, demand_host
from handlers.web.letters import Opener
from handlers.web.pages import HEADERS, Pages
from handlers.web.session import Sessions
from handlers.web.site import Site, Stage


def routes(site: Site, pages: Pages, opener: Opener, sessions: Sessions) -> APIRouter:
    router = APIRouter(prefix="/playground")
    house = site.house

    @router.get("")
    async def look(request: Request) -> Response:
        await _admit(request)
        return pages.render("playground", script=True)

    @router.get("/since/{number}")
    async def since(request: Request, number: int) -> Response:
        stage = await _admit(request)
        return JSONResponse(_told(stage, number), headers=HEADERS)

    @router.post("/line")
    async def line(request: Request) -> Response:
        stage = await _admit(request)
        refused = await stage.play(await _line(request))
        return JSONResponse({"refused": refused}, headers=HEADERS)

    async def _admit(request: Request) -> Stage:
        """Raises Closed where there is no local group, and for strangers."""
        demand_host(request, house.settings)
        if site.stage is None:
            raise Closed
        if not at_machine(house.settings) and await sessions.find(request) is None:
            raise Closed
        return site.stage

    def _told(stage: Stage, number: int) -> dict[str, Any]:
        state, entries = stage.state(), stage.since(number)
        told = [{**entry, "at": _clock(entry["at"])} for entry in entries]
        return {**state, "now": _clock(state["now"]), "entries": told}

    def _clock(at: int) -> str:
        return (iso(at, house.zone) or "")[:19].replace("T", " ")

    return router


async def _line(request: Request) -> str:
    """The line to play. Only our own page can send JSON here: other sites' pages may send forms, but not that."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json" or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Closed(FOREIGN)
    try:
        line = orjson.loads(await body_of(request))["line"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Closed(400) from None
    if not isinstance(line, str):
        raise Closed(400)
    return line
