"""Finding the member an admin means: by mention, by contact id, by name; a name may be several people's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.rows import MemberRow
from storage.unit_of_work import UnitOfWork

MOST = 10
"""Candidates that are listed."""

_SPACES = re.compile(r"\s+")


def find(uow: UnitOfWork, words: str, mentions: Sequence[str] = ()) -> list[MemberRow]:
    """Everyone the words may mean, in id order; somebody mentioned is meant, whatever he is called. A former contact
    id means its member."""
    mentioned = [row for _, row in sorted(uow.members.get_many(map(uow.links.main, mentions[:1])).items())]
    if mentioned:
        return mentioned
    said = words.strip()
    by_id = uow.members.get(uow.links.main(said)) if said else None
    if by_id is not None:
        return [by_id]
    return _named(uow, said)


def _named(uow: UnitOfWork, said: str) -> list[MemberRow]:
    """The name as typed; failing that without the @ before it, and with its white space made plain."""
    bare = said.removeprefix("@").removeprefix("＠").strip()
    for name in dict.fromkeys((said, bare, _SPACES.sub(" ", bare))):
        if name and (found := uow.members.by_name(name)):
            return found
    by_id = uow.members.get(bare) if bare else None
    return [] if by_id is None else [by_id]
