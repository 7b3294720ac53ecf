"""Event lines (UTF-8 JSONL): each line an event, or a refusal with its number and reason."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.events import Event, EventRefused
from handlers.files.outside import Outside, decode
from handlers.files.source import Refusal, Source

Item = tuple[int, Event] | Refusal


def read_events(source: Source, outside: Outside) -> Iterator[Item]:
    """The events of a source. Blank lines are passed over."""
    for line in source.lines():
        if isinstance(line, Refusal):
            yield line
        elif not line[1].isspace():
            yield _item(*line, outside)


def _item(number: int, line: bytes, outside: Outside) -> Item:
    try:
        return number, outside.event(decode(line))
    except EventRefused as reason:
        return Refusal(number, str(reason))
