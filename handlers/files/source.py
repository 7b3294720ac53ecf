"""An input read once from its beginning: a file or standard input, plain or gzip, line by line or whole.

What cannot be read is told by number and reason; what stands before it is kept.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

from bot.errors import BadInput, why

LONGEST_LINE = 1 << 20
"""Bytes. A longer line is skipped without being read into memory whole."""
BUFFER = 1 << 18
CUT = (EOFError, zlib.error, gzip.BadGzipFile)
"""What gzip says of a file that is cut or damaged."""
CUT_SHORT = "压缩文件不完整或已损坏，从这里起读不出"
_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not taken: which line (or which message of a document), and why."""

    line: int
    reason: str


class Source:
    """Opened for reading; `position` of `size` bytes are behind it (`size` None: not known)."""

    def __init__(self, name: str, raw: BinaryIO, size: int | None) -> None:
        self.name, self.size, self._raw, self._read = name, size, raw, 0
        plain: io.BufferedReader[Any] = io.BufferedReader(_Counted(raw, self), BUFFER)
        head = plain.peek(4)[:4]
        if head.startswith(_WIDE):
            raise BadInput(f"{name}：是 UTF-16 编码，请另存为 UTF-8")
        packed = head.startswith(b"\x1f\x8b")
        self.stream: io.BufferedReader[Any] = io.BufferedReader(_Unpacked(plain), BUFFER) if packed else plain

    @classmethod
    def open(cls, path: str) -> Self:
        """Open a path, or standard input for "-". Raises BadInput."""
        if path == "-":
            return cls("标准输入", io.FileIO(0, closefd=False), None)
        try:
            return cls(path, io.FileIO(path), Path(path).stat().st_size)
        except IsADirectoryError:
            raise BadInput(f"{path}：是目录，不是文件") from None
        except FileNotFoundError:
            raise BadInput(f"{path}：没有这个文件") from None
        except OSError as error:
            raise BadInput(f"{path}：打不开（{why(error)}）") from None

    @property
    def position(self) -> int:
        return self._read

    def advance(self, count: int) -> None:
        self._read += count

    def close(self) -> None:
        self._raw.close()

    def lines(self) -> Iterator[tuple[int, bytes] | Refusal]:
        """Numbered lines as they stand, without a byte order mark."""
        number = 0
        while True:
            number += 1
            try:
                line = self.stream.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    self._skip(line)
                    yield Refusal(number, f"这一行超过 {LONGEST_LINE} 字节")
                    continue
            except CUT:
                yield Refusal(number, CUT_SHORT)
                return
            yield number, line.removeprefix(_BOM) if number == 1 else line

    def _skip(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self.stream.readline(LONGEST_LINE)


class _Unpacked(io.RawIOBase):
    """What gzip yields piece by piece, so that nothing before a cut is lost with it."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._packed.readinto1(buffer)


class _Counted(io.RawIOBase):
    """The raw file, telling the source how much has been read."""

    def __init__(self, raw: BinaryIO, source: Source) -> None:
        self._inner, self._source = raw, source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count: int = self._inner.readinto(buffer) or 0  # type: ignore[attr-defined]
        self._source.advance(count)
        return count
