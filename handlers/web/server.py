"""uvicorn inside the bot's own event loop. Its port being taken must not keep the bot from its group."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.errors import why
from handlers.web.app import build
from handlers.web.site import Site

_GRACE = 2
"""Seconds that open requests get at the end."""
_BACKLOG = 128


class _Quiet(uvicorn.Server):
    """A server that leaves the process's signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves the pages from `start` to `stop`."""

    def __init__(self, site: Site) -> None:
        self._settings = site.house.settings
        config = uvicorn.Config(
            build(site), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE
        )
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None
        self.address: str | None = None
        """Where it can be reached, None when it is not running."""

    async def start(self) -> str | None:
        """Begin to serve. Returns why it cannot, in one line, or None."""
        host, port = self._settings.http_host, self._settings.http_port
        try:
            listening = _bind(host, port)
        except OSError as error:
            return f"网页端没有启动：{host}:{port} 用不了（{why(error)}），其余照常；可改 BOT_HTTP_PORT"
        self.address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
        self._task = asyncio.create_task(self._server.serve([listening]), name="web")
        return None

    async def stop(self) -> None:
        if self._task is None:
            return
        self._server.should_exit = True
        await asyncio.gather(self._task, return_exceptions=True)
        self._task, self.address = None, None


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError, also for a name that means no address of this machine."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # Listening at once: until then another process could bind the same port and fail only later.
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
