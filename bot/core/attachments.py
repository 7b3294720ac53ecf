"""What a message can bring along besides words: a picture, a card that links somewhere, somebody's contact card.

Each is a message of its own behind the one it belongs to (RULEBOOK §9): it goes only where that one has gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 4_000_000
"""Of a picture."""
_SIGNATURES = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
}
SIGNATURE_BYTES = 8
"""How much of a file tells its type."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a file; `path` is looked at again when it is sent."""

    name: str
    path: str
    kind = "image"


@dataclass(frozen=True, slots=True)
class Link:
    """A card that opens `url`; `picture` is the address of its thumbnail, "" for none."""

    name: str
    url: str
    title: str
    description: str = ""
    picture: str = ""
    kind = "link"


@dataclass(frozen=True, slots=True)
class Card:
    """The contact card of the person with the id `contact`."""

    name: str
    contact: str
    kind = "card"


Attachment = Image | Link | Card
KINDS = ("image", "link", "card")
"""Kinds of outgoing messages that are attachments."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """All of one deployment, by name. welcome: which goes with a welcome, None for none."""

    by_name: Mapping[str, Attachment] = field(default_factory=dict)
    welcome: str | None = None

    def get(self, name: str) -> Attachment | None:
        return self.by_name.get(name)


def picture_type(opening: bytes) -> str | None:
    """File ending that fits the first bytes of a picture, None for what is none that WeChat shows."""
    return next((ending for ending, marks in _SIGNATURES.items() if opening.startswith(marks)), None)


def fault_of(opening: bytes, size: int) -> str | None:
    """Why a file cannot be sent as a picture, None when it can."""
    if size == 0:
        return "是空的"
    if size > MOST_BYTES:
        return f"有 {size / 1e6:.1f} MB，最多 {MOST_BYTES // 1_000_000} MB"
    return None if picture_type(opening) else "不是 PNG、JPEG 或 GIF 图片"
