"""The web side: one file a topic, each with `routes(site)`; here they are joined by name."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.log import get_logger
from handlers.web import dashboard, health, intake, links, login, metrics, own, playground, questions
from handlers.web.door import Declined, refusal
from handlers.web.guard import Closed, Guesses
from handlers.web.letters import Opener
from handlers.web.pages import Pages
from handlers.web.session import Sessions
from handlers.web.site import Site

ROUTES: tuple[Callable[[Site], APIRouter], ...] = (
    health.routes,
    metrics.routes,
    intake.routes,
    links.routes,
)
PAGES: tuple[Callable[[Site, Pages, Opener], APIRouter], ...] = (
    own.routes,
    questions.routes,
)
"""Pages for members."""
OPERATORS: tuple[Callable[[Site, Pages, Opener, Sessions], APIRouter], ...] = (
    login.routes,
    dashboard.routes,
    playground.routes,
)
"""Pages for people with a role."""
_SAID = {404: "没有这个地址", 405: "这个地址不支持这种请求方法"}
_log = get_logger(__name__)


def build(site: Site) -> FastAPI:
    """All pages. No page of the framework's own: it would load scripts from elsewhere."""
    app = FastAPI(title="群标", docs_url=None, redoc_url=None, openapi_url=None)
    for routes in ROUTES:
        app.include_router(routes(site))
    pages = Pages(site.house.settings.config_dir)
    opener = Opener(site.house, Guesses(site.house.now))
    for people in PAGES:
        app.include_router(people(site, pages, opener))
    sessions = Sessions(site.house)
    for operators in OPERATORS:
        app.include_router(operators(site, pages, opener, sessions))
    app.add_exception_handler(Closed, _closed(pages))
    app.add_exception_handler(Declined, _declined)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)
    return app


def _closed(pages: Pages) -> Callable[[Request, Exception], Response]:
    def closed(request: Request, error: Exception) -> Response:
        """The same page for whatever reason, so that it tells nobody what he has guessed right."""
        assert isinstance(error, Closed)
        return pages.render("closed", error.status)

    return closed


async def _declined(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Declined)
    return error.answer()


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, _SAID.get(error.status_code, str(error.detail)))


async def _failed(request: Request, error: Exception) -> JSONResponse:
    """The sender learns that it failed; the log learns where, without what was sent: an address may hold letters that
    open a page, so that its pattern is written instead."""
    pattern = getattr(request.scope.get("route"), "path", "?")
    _log.error("a request failed", path=pattern, error=type(error).__name__)
    return refusal(500, "处理失败，请稍后再试")
