"""The web side: one file a topic, each with `routes(site)`; here they are joined by name."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.log import get_logger
from handlers.web import health, intake, links, metrics
from handlers.web.door import Declined, refusal
from handlers.web.site import Site

ROUTES: tuple[Callable[[Site], APIRouter], ...] = (
    health.routes,
    metrics.routes,
    intake.routes,
    links.routes,
)
_SAID = {404: "没有这个地址", 405: "这个地址不支持这种请求方法"}
_log = get_logger(__name__)


def build(site: Site) -> FastAPI:
    """All pages. No page of the framework's own: it would load scripts from elsewhere."""
    app = FastAPI(title="群标", docs_url=None, redoc_url=None, openapi_url=None)
    for routes in ROUTES:
        app.include_router(routes(site))
    app.add_exception_handler(Declined, _declined)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)
    return app


async def _declined(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Declined)
    return error.answer()


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, _SAID.get(error.status_code, str(error.detail)))


async def _failed(request: Request, error: Exception) -> JSONResponse:
    """The sender learns that it failed; the log learns where, without what was sent."""
    _log.error("a request failed", path=request.url.path, error=type(error).__name__)
    return refusal(500, "处理失败，请稍后再试")
