"""`/r/{code}`: a tracked link. It leads to the target stored with its code and nowhere else."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.services import tracking
from handlers.web.door import Declined
from handlers.web.guard import sender
from handlers.web.site import Site

NOWHERE = "没有这个链接，或者它已经失效"
KEEP_OUT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""Every opening is to reach us, and the target is not to learn whose address it was."""
AHEAD = ("purpose", "sec-purpose", "x-moz", "x-purpose")
"""Headers of programs that fetch a page before anybody asked for it."""
MACHINES = ("bot", "spider", "crawler", "preview", "fetch", "curl", "wget", "python")


def routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/r/{code}")
    async def lead(code: str, request: Request) -> Response:
        if len(code) > tracking.OWN_LENGTH or not code.isascii() or not code.isalnum():
            raise Declined(404, NOWHERE)
        traces = None if _is_machine(request) else _traces(request)
        opened = await site.house.database.write(lambda uow: tracking.open_(uow, code, traces, site.house.now()))
        if opened is None:
            raise Declined(404, NOWHERE)
        if opened.click is not None:
            await site.take([opened.click])
        return RedirectResponse(opened.target, 302, KEEP_OUT)

    return router


def _is_machine(request: Request) -> bool:
    """Previews and search engines open addresses too; they are nobody's interest in a topic."""
    agent = request.headers.get("user-agent", "").lower()
    ahead = any("fetch" in request.headers.get(name, "").lower() for name in AHEAD)
    return ahead or not agent or any(word in agent for word in MACHINES)


def _traces(request: Request) -> dict[str, str]:
    """Address and browser of the visitor; the intake keeps of them what he agreed to."""
    found = {"ip": sender(request), "user_agent": request.headers.get("user-agent", "")}
    return {key: value[:2_000] for key, value in found.items() if value}
