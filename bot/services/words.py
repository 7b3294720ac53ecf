"""The uses of adopted words (RULEBOOK §8), each a fact of its own in the log: it outlives the text it was read from.

They are drawn at the intake, and once from the texts still there when a word is adopted. Both give the same facts with
the same ids, so it makes no difference which comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from bot.core.acts import WORD_DAYS
from bot.core.events import Event
from bot.core.instants import DAY, Instant
from bot.core.suggested import says
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.intake import Prepared


def spoken(uow: UnitOfWork, kept: Sequence[Prepared]) -> list[Event]:
    """The uses of adopted words in newly recorded messages; adverts, commands and direct messages have none."""
    said = [one.event for one in kept if one.parts is not None and not one.role and not one.parts.ad]
    said = [event for event in said if event.group is not None and event.text]
    if not said:
        return []
    adopted = uow.suggestions.adopted()
    return [
        Event("word", _id(event.id, word), event.at, event.member, event.group, {"word": word})
        for event in said
        for word in adopted
        if says(event.text or "", word)
    ]


def read_back(uow: UnitOfWork, word: str, now: Instant) -> int:
    """Draw the uses of a word that is adopted now from the texts still there. Returns how many; members fold late."""
    texts = uow.events.texts_between(now - WORD_DAYS * DAY, now, word)
    rows = [_use(row, word, now) for row in texts if says(row.text or "", word)]
    known = uow.events.known([row.id for row in rows])
    new = [row for row in rows if row.id not in known]
    uow.events.add(new)
    earliest: dict[str, Instant] = {}
    for row in new:
        earliest.setdefault(row.member or "", row.at)
    uow.rollups.mark_late(earliest)
    return len(new)


def _use(row: EventRow, word: str, now: Instant) -> EventRow:
    body = orjson.dumps({"word": word}).decode()
    head = (_id(row.id, word), "word", row.at, row.member, row.group_id, body)
    return EventRow(*head, historical=row.historical, recorded_at=now)


def _id(message: str, word: str) -> str:
    return f"{message}#word:{word}"
