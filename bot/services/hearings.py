"""A message that several accounts heard is taken in once: the later hearings of it are written down, and no more.

Nothing of a later hearing reaches the log, so that replaying the log finds the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from bot.core.hearings import Hearing, pair
from bot.core.instants import DAY, Instant
from bot.services.people import SECRET
from storage.unit_of_work import UnitOfWork

KEPT = 7 * DAY
"""How long it is known which hearings are of one message; platforms tell late, but not later than that."""


class Words(NamedTuple):
    """A message in a group as an account heard it; `words` are its kind and text, the same for every account."""

    id: str
    at: Instant
    group: str
    sender: str
    words: str


def heard_before(uow: UnitOfWork, account: str, said: Sequence[Words]) -> set[str]:
    """Ids of those messages that are in the log by another account's hearing. All are written down.

    A person who has another contact id for each account is known once people have merged his ids.
    """
    if not said:
        return set()
    secret = (uow.deployment.get(SECRET) or "").encode()[:64]
    mains = uow.links.mains({one.sender for one in said})
    said = [one._replace(sender=mains.get(one.sender, one.sender)) for one in said]
    heard = [Hearing(one.id, account, one.id, _digest(secret, one), one.at) for one in said]
    near = uow.hearings.near(heard)
    known = {one.id: one for one in near}
    told = [known[one.id] for one in heard if one.id in known]
    fresh = pair([one for one in heard if one.id not in known], near)
    uow.hearings.add(fresh)
    return {one.id for one in told + fresh if one.id != one.event}


def _digest(secret: bytes, one: Words) -> str:
    """Keyed, so that nothing said can be guessed from it."""
    said = f"{one.group}\0{one.sender}\0{one.words}".encode(errors="surrogatepass")
    return hashlib.blake2b(said, key=secret, digest_size=16).hexdigest()
