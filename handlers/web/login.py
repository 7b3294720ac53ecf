"""`/login/{letters}`: a one-time address lets somebody in. Looking uses nothing up, since chats fetch previews."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.services.passes import LOGIN
from handlers.web.guard import GONE, Closed, demand_host, form_of, sender
from handlers.web.letters import Opener
from handlers.web.pages import HEADERS, Pages
from handlers.web.session import COOKIE, Sessions
from handlers.web.site import Site


def routes(site: Site, pages: Pages, opener: Opener, sessions: Sessions) -> APIRouter:
    router = APIRouter()
    database, guesses = site.house.database, opener.guesses

    @router.get(f"/{LOGIN}/{{letters}}")
    async def look(request: Request, letters: str) -> Response:
        _admit(request)
        if not await database.aread(lambda uow: sessions.waiting(uow, letters)):
            raise guesses.wrong(sender(request))
        return pages.render("enter")

    @router.post(f"/{LOGIN}/{{letters}}")
    async def enter(request: Request, letters: str) -> Response:
        _admit(request)
        await form_of(request)
        cookie = await sessions.open(letters)
        if cookie is None:
            raise guesses.wrong(sender(request))
        answer = RedirectResponse("../", 303, HEADERS)
        sessions.hand_out(answer, cookie)
        return answer

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        demand_host(request, site.house.settings)
        form, session = await form_of(request), await sessions.find(request)
        if session is not None:
            if not hmac.compare_digest(session.leave_key.encode(), form.get("leave", "").encode()):
                raise Closed(GONE)
            await sessions.close(session)
        answer = RedirectResponse("./", 303, HEADERS)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    def _admit(request: Request) -> None:
        demand_host(request, site.house.settings)
        guesses.demand(sender(request))

    return router
