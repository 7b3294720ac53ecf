"""Talking in the local group at a terminal: the script's lines, typed one by one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

from bot.errors import BadInput
from bot.localgroup.player import Player
from bot.localgroup.script import HELP

_QUIT = ("/quit", "/exit", "/退出")


class Terminal(Protocol):
    """sys.stdin, or whatever stands for it."""

    def fileno(self) -> int: ...

    def isatty(self) -> bool: ...


async def typed_lines(descriptor: int) -> AsyncGenerator[str]:
    """Lines from a terminal as they are typed, until end of file.

    No thread reads: a blocked thread would keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        try:
            chunks.put_nowait(os.read(descriptor, 65_536))
        except OSError:
            chunks.put_nowait(b"")

    loop.add_reader(descriptor, read)
    try:
        rest = b""
        while chunk := await chunks.get():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.decode("utf-8", "replace")
    finally:
        loop.remove_reader(descriptor)


async def converse(player: Player, stdin: Terminal, write: Callable[[str], None]) -> bool:
    """Read and play lines until /quit or end of file, then True; False at once where there is no terminal.

    write: shows a text without adding a line end. Refusals are shown there and end nothing.
    """
    if not stdin.isatty():
        return False
    write(HELP)
    await player.begin()
    number = 0
    async with aclosing(typed_lines(stdin.fileno())) as lines:
        async for text in lines:
            number += 1
            if text.strip() in _QUIT:
                break
            try:
                await player.line(text, number)
            except BadInput as refusal:
                write(f"{refusal}\n")
    return True
