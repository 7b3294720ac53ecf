"""Driving the gateway of `serve.mjs`: started on the loopback, spoken to over its stdin, killed and hung at will."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LINES = ("line0", "line1")
ANSWER_WITHIN = 30.0


def missing(line: str) -> str:
    """Why the gateway of `line` cannot run here, "" when it can."""
    if shutil.which("node") is None:
        return "没有 Node：跳过真实网关的测试"
    if not (FOLDER / line / "node_modules" / "wechaty-puppet-service").is_dir():
        return f"网关 {line} 还没有装（make test-gateway 会装）"
    return ""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class NodeGateway:
    """One gateway at one address; it may be killed and started again, and remembers over that what the bot sent."""

    line: str
    token: str = "puppet_test_3f9a1c77"
    port: int = field(default_factory=free_port)
    sent: list[dict[str, Any]] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)
    """When (microseconds) the bot first had each message's payload; kept while the deed `watch` is in force."""
    _process: asyncio.subprocess.Process | None = None
    _answers: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _number: int = 0
    _reading: asyncio.Task[None] | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _world: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it, with everybody and everything that was there before."""
        self._ready.clear()
        command = ("node", str(FOLDER / "serve.mjs"), self.line, str(self.port), self.token)
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 24)
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(ANSWER_WITHIN):
            await self._ready.wait()
        for (deed, _), what in list(self._world.items()):
            await self.ask(deed, **what)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for text in process.stdout:
            told = json.loads(text)
            if "sent" in told:
                self.sent.append(told["sent"])
            elif "served" in told:
                self.served.setdefault(told["served"], told["at"])
            elif "ready" in told:
                self._ready.set()
            else:
                self._answer(told)

    def _answer(self, told: dict[str, Any]) -> None:
        future = self._answers.pop(told["n"], None)
        if future is None or future.done():
            return
        if "error" in told:
            future.set_exception(RuntimeError(told["error"]))
        else:
            future.set_result(told["ok"])

    async def ask(self, deed: str, within: float = ANSWER_WITHIN, **what: Any) -> Any:
        """Have the gateway do `deed` (a key of DEEDS in serve.mjs) and wait for its answer."""
        future = asyncio.get_running_loop().create_future()
        self._answers[self._number + 1] = future
        self.tell(deed, **what)
        async with asyncio.timeout(within):
            return await future

    def tell(self, deed: str, **what: Any) -> None:
        """Have it do `deed` without waiting for an answer; a gateway that is dead hears nothing."""
        assert self._process is not None and self._process.stdin is not None
        self._number += 1
        if self._process.returncode is None and not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps({"n": self._number, "do": deed, **what}).encode() + b"\n")

    async def settle(self, deed: str, **what: Any) -> None:
        """A deed that holds also after a restart: who and what there is, and who is logged in."""
        self.keep(deed, **what)
        await self.ask(deed, **what)

    def keep(self, deed: str, **what: Any) -> None:
        """What is to hold after the next restart; the latest word on somebody or something counts."""
        self._world[deed, what["id"]] = what

    async def group(self, group: str, topic: str, people: list[str], account: str = "bot") -> None:
        """A group of `people` and the account; everybody is called like their id."""
        for person in (account, *people):
            await self.settle("contact", id=person, name=person, friend=True)
        await self.settle("room", id=group, topic=topic, members=[account, *people])

    async def kill(self) -> None:
        """As a power cut: no good-bye."""
        assert self._process is not None and self._reading is not None
        if self._process.returncode is None:
            self.resume()
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def restart(self) -> None:
        await self.kill()
        await self.start()

    def hang(self) -> None:
        """It stands still with its connections open."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)


@asynccontextmanager
async def node_gateway(line: str) -> AsyncIterator[NodeGateway]:
    """A gateway where 甲 and 乙 talk in 「读书会」 and nobody is logged in; gone at the end."""
    one = NodeGateway(line)
    await one.start()
    try:
        await one.group("读书会@chatroom", "读书会", ["甲", "乙"])
        yield one
    finally:
        await one.kill()
