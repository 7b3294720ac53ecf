"""The common door of pages that take something in: the size and kind of a body, and refusals as one JSON line."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse

MOST_BYTES = 4 << 20
MOST_HEARD = 64 << 20
"""A body too long is heard out up to here and dropped: who is refused while sending sees a broken line instead."""
KINDS = frozenset({"", "application/json", "application/x-ndjson", "application/jsonl", "text/plain"}) | {
    # What curl and many a library say of a body when they are told nothing; the signature tells what it is.
    "application/x-www-form-urlencoded",
    "application/octet-stream",
}


class Declined(Exception):
    """A request that is not carried out: HTTP status, and one Chinese line for whoever sent it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    def answer(self) -> JSONResponse:
        return refusal(self.status, str(self))


def refusal(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status)


async def body_of(request: Request) -> bytes:
    """The whole body. Raises Declined when it is too long or of a kind nobody reads here."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise Declined(415, f"Content-Type 应为 application/json 或 application/x-ndjson，不能是 {kind[:60]}")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Declined(415, "不收压缩的内容，请去掉 Content-Encoding")
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length <= MOST_BYTES:
            parts.append(part)
        elif length > MOST_HEARD:
            break
    if length > MOST_BYTES:
        raise Declined(413, f"内容超过 {MOST_BYTES >> 20} MB，请分几次发送")
    return b"".join(parts)
