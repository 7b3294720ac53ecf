"""One-time addresses: what opens a page is random, goes out once, and is kept as a keyed hash alone.

It opens pages of one purpose for one member, until it expires, is used up, is followed by a newer one, or its member
is forgotten. An outgoing message holds a mark in its place until the very moment it is sent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.core.instants import Instant, Span
from bot.services.people import SECRET, keyed_hash
from storage.page_rows import PassRow
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

OWN, QUESTIONS = "me", "q"
"""Purposes of the pages for members: their own data, the questionnaire."""
LOGIN, CONSOLE = "login", "console"
"""Purposes of logging in: a person with a role, or whoever sits at the machine."""
SESSION = "session"
AT_MACHINE = ""
"""The member of a pass that belongs to nobody in particular, but to whoever sits at the machine."""
MARK = "{pass}"
"""Stands in the text of an outgoing message where the letters go."""
_BYTES = 32
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an outgoing message that names a page: MARK stands in `text`; the page opens for `purpose`, and for so
    long after the message has gone."""

    text: str
    purpose: str
    lasting: Span

    def below(self, text: str) -> str:
        """The whole message: the line below other words."""
        return f"{text}\n{self.text}"

    @property
    def cause(self) -> dict[str, object]:
        return {"pass": self.purpose, "lasting": self.lasting}


def fill_in(uow: UnitOfWork, row: OutboxRow, now: Instant) -> OutboxRow:
    """The message with letters made for its receiver now; what is kept of the message goes on without them."""
    letters = issue(uow, row.to_id, row.cause["pass"], now, row.cause["lasting"])
    return row._replace(text=row.text.replace(MARK, letters))


def issue(uow: UnitOfWork, member: str, purpose: str, now: Instant, lasting: Span) -> str:
    """New letters for a member; older ones of the same purpose die, except that several sessions may be open."""
    uow.passes.drop_expired(now)
    if purpose != SESSION:
        uow.passes.revoke(member, purpose)
    letters = secrets.token_urlsafe(_BYTES)
    uow.passes.add(PassRow(_hash(uow, purpose, letters), purpose, member, now, now + lasting))
    return letters


def find(uow: UnitOfWork, purpose: str, letters: str, now: Instant) -> PassRow | None:
    """The pass these letters are, while it opens anything.

    What is compared is a keyed hash, so that the time it takes says nothing about letters that are nearly right.
    """
    row = uow.passes.get(_hash(uow, purpose, letters[:_LONGEST]))
    return row if row is not None and row.used_at is None and now < row.expires_at else None


def spend(uow: UnitOfWork, purpose: str, letters: str, now: Instant) -> PassRow | None:
    """Use the letters up: the pass for exactly one caller, None for all others."""
    row = find(uow, purpose, letters, now)
    return row if row is not None and uow.passes.use(row.keyed_hash, now) else None


def _hash(uow: UnitOfWork, purpose: str, letters: str) -> str:
    return keyed_hash(uow.deployment.get(SECRET) or "", f"pass:{purpose}:{letters}")
