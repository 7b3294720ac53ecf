"""Lines of standard input, as they come: whoever writes one and waits gets his answer, whoever writes many is fast."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BufferedReader
from typing import cast

from bot.errors import BadInput

AT_ONCE = 1 << 18
"""Bytes read at a time, at most."""


def input_lines() -> Iterator[str]:
    """One by one. Raises BadInput with the line's number for what is not UTF-8."""
    for batch in input_batches():
        yield from batch


def input_batches() -> Iterator[list[str]]:
    """The complete lines that are there already, each time. Raises BadInput, after the lines before the bad one."""
    number, rest = 0, b""
    source = cast(BufferedReader, sys.stdin.buffer)
    while block := source.read1(AT_ONCE):
        *whole, rest = (rest + block).split(b"\n")
        yield from _decoded(whole, number)
        number += len(whole)
    if rest:
        yield from _decoded([rest], number)


def _decoded(raw: list[bytes], before: int) -> Iterator[list[str]]:
    lines: list[str] = []
    for number, line in enumerate(raw, before + 1):
        try:
            lines.append(line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r"))
        except UnicodeDecodeError:
            yield lines
            raise BadInput(f"标准输入第 {number} 行：不是 UTF-8 编码") from None
    if lines:
        yield lines
