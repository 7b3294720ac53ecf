"""The bot under soak as its surroundings see it: a process, its memory, and what its health page says."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.core.instants import Instant, parse_instant
from tests.soak.day import DIRECTOR
from tests.soak.life import FastClock
from tests.wechat.gateway.node import NodeGateway, free_port

LOOK = 0.1
WITHIN = 60.0


@dataclass
class Bot:
    """One process from `start` to `stop`; what it says on stderr is kept in `folder`."""

    folder: Path
    clock: FastClock
    gateway: NodeGateway
    database: str = ""
    """Its address; a file in `folder` unless told."""
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.database or f"sqlite:///{self.folder / 'soak.db'}"

    @property
    def _log(self) -> Path:
        return self.folder / f"bot-{self.port}.log"

    @property
    def said(self) -> str:
        """Everything it wrote on stdout and stderr."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        settings = {
            "BOT_DATABASE_URL": self.url,
            "BOT_DIRECTORS": DIRECTOR,
            "BOT_HTTP_PORT": str(self.port),
            "WECHATY_PUPPET_SERVICE_TOKEN": self.gateway.token,
            "WECHATY_PUPPET_SERVICE_ENDPOINT": self.gateway.endpoint,
        }
        command = [sys.executable, "-m", "tests.soak.life", *self.clock.arguments()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)

    def memory(self) -> float:
        """Resident megabytes."""
        assert self._process is not None
        return float(psutil.Process(self._process.pid).memory_info().rss) / 1e6

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def health(self) -> dict[str, Any]:
        """What `/healthz` says; {} when it does not answer."""
        try:
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10)
                found: dict[str, Any] = answer.json()
                return found
        except httpx.HTTPError:
            return {}

    async def until(self, holds: Callable[[dict[str, Any]], bool], within: float = WITHIN) -> bool:
        """Wait until its health is so; False when that takes too long, or it died."""
        end = time.monotonic() + within
        while self.alive() and time.monotonic() < end:
            if (told := await self.health()) and holds(told):
                return True
            await asyncio.sleep(LOOK)
        return False

    async def up(self, since: Instant = 0) -> bool:
        """Wait until the account can hear, by a login later than `since`."""

        def holds(told: dict[str, Any]) -> bool:
            connection = told["connection"]
            return connection["state"] == "up" and parse_instant(connection["since"]) > since

        return await self.until(holds)

    def stop(self) -> tuple[float, int]:
        """Ask it to end; returns how long that took in seconds, and its exit code."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            return WITHIN, -signal.SIGKILL
        return time.monotonic() - began, code

    def kill(self) -> None:
        """From one moment to the next, as by a power cut."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
