"""attachments.toml: pictures, link cards and contact cards that messages bring along. A block that cannot be used is
refused by its name and field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from bot.core.attachments import SIGNATURE_BYTES, Attachment, Attachments, Card, Image, Link, fault_of
from bot.errors import BadInput, why
from config.strict import Strict, read_strict

FILE = "attachments.toml"
LONGEST_TITLE, LONGEST_ADDRESS = 100, 2000


class _Named(Strict):
    name: str = Field(min_length=1, max_length=20, pattern=r"^[^\s：:]+$")


class _Image(_Named):
    file: str = Field(min_length=1)


class _Link(_Named):
    url: str = Field(min_length=1, max_length=LONGEST_ADDRESS)
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    description: str = Field(default="", max_length=LONGEST_TITLE)
    picture: str = Field(default="", max_length=LONGEST_ADDRESS)


class _Card(_Named):
    contact: str = Field(min_length=1, max_length=100)


class _File(Strict):
    welcome: str = ""
    image: list[_Image] = Field(default_factory=list)
    link: list[_Link] = Field(default_factory=list)
    card: list[_Card] = Field(default_factory=list)


def load_attachments(folder: Path) -> Attachments:
    """The attachments of a configuration folder, none without the file. Raises BadInput naming block and field."""
    path = folder / FILE
    if not path.exists():
        return Attachments()
    data = read_strict(path, _File)
    by_name: dict[str, Attachment] = {}
    try:
        for one in _read(data, folder):
            if one.name in by_name:
                raise ValueError(f"name：“{one.name}”写了两次")
            by_name[one.name] = one
        if data.welcome and data.welcome not in by_name:
            raise ValueError(f"welcome：没有“{data.welcome}”这个附件")
    except ValueError as problem:
        raise BadInput(f"{FILE}：{problem}") from None
    return Attachments(by_name, data.welcome or None)


def _read(data: _File, folder: Path) -> Iterator[Attachment]:
    yield from (_image(one, folder) for one in data.image)
    yield from (_link(one) for one in data.link)
    yield from (Card(one.name, one.contact) for one in data.card)


def _image(one: _Image, folder: Path) -> Image:
    path, place = (folder / one.file).resolve(), f"image “{one.name}”的 file“{one.file}”"
    try:
        with path.open("rb") as file:
            fault = fault_of(file.read(SIGNATURE_BYTES), path.stat().st_size)
    except OSError as error:
        raise ValueError(f"{place}读不了：{why(error)}") from None
    if fault is not None:
        raise ValueError(f"{place}{fault}")
    return Image(one.name, str(path))


def _link(one: _Link) -> Link:
    for field, address in (("url", one.url), ("picture", one.picture)):
        if address and not _is_address(address):
            raise ValueError(f"link “{one.name}”的 {field} 不是 http(s) 地址")
    return Link(one.name, one.url, one.title, one.description, one.picture)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        return False
