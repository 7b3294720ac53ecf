"""The webhooks another system gets (RULEBOOK §8): all tags of a member that are open to it, or that he withdrew.

They name a member by a keyed hash alone. Of several that wait about one member only the last is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.core.instants import Instant, iso
from storage.crm_rows import CrmNoticeRow, CrmSubjectRow
from storage.unit_of_work import UnitOfWork

TAGS, WITHDRAWN = "tags", "withdrawn"


def tell_tags(uow: UnitOfWork, key: str, tags: Sequence[Mapping[str, Any]], now: Instant, zone: ZoneInfo) -> None:
    _tell(uow, TAGS, key, now, {"at": iso(now, zone), "tags": tags})


def withdraw(uow: UnitOfWork, subject: CrmSubjectRow, now: Instant) -> None:
    """The other system has to forget whom it knows under this key; here it is not known any more either."""
    uow.crm.unknow(subject.member)
    _tell(uow, WITHDRAWN, subject.key, now, {"at": iso(now)})


def leave(uow: UnitOfWork, member: str, at: Instant) -> None:
    """A member is forgotten: so that the other system forgets him too."""
    for subject in uow.crm.subjects([member]).values():
        withdraw(uow, subject, at)


def _tell(uow: UnitOfWork, event: str, key: str, now: Instant, told: Mapping[str, Any]) -> None:
    id_ = f"{event}:{key}:{now}"
    body = orjson.dumps({"event": event, "id": id_, "key": key, **told}).decode()
    uow.crm.add(CrmNoticeRow(id_, key, body, now, now))
