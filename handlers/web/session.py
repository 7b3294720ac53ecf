"""Who is logged in on the dashboard: a cookie of random letters, signed; what it opens stands in the database.

A session lasts while it is used, ends with a word, and has the rights that its person has at that moment.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from bot.core.instants import MINUTE
from bot.services import passes, people, roles
from bot.services.passes import AT_MACHINE, CONSOLE, LOGIN, SESSION
from bot.services.people import keyed_hash
from config.messages import one_line
from handlers.house import House
from storage.page_rows import PassRow
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

COOKIE = "qunbiao"
LOGGED_IN = "网页登录"
MACHINE = "本机"
"""Who acts, in the audit, when somebody at the machine itself is logged in."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. actor: for the audit; role: the highest he holds now."""

    row: PassRow
    actor: str
    role: str
    name: str

    @property
    def leave_key(self) -> str:
        """What the form that ends the session must hold: nobody else's page can know it."""
        return keyed_hash(self.row.keyed_hash, "leave")


class Sessions:
    """Opens, finds and ends sessions. The cookie's signature is made with BOT_SECRET, else with one of this process."""

    def __init__(self, house: House) -> None:
        self._house = house
        secret = house.settings.secret
        self._key = secret.get_secret_value().encode() if secret is not None else secrets.token_bytes(32)

    async def open(self, letters: str) -> str | None:
        """Log in with letters, which are used up. Returns the cookie, None when they open nothing."""
        found = await self._house.database.write(lambda uow: self._open(uow, letters))
        return None if found is None else f"{found}.{self._sign(found)}"

    def _open(self, uow: UnitOfWork, letters: str) -> str | None:
        now = self._house.now()
        row = passes.spend(uow, LOGIN, letters, now) or passes.spend(uow, CONSOLE, letters, now)
        session = None if row is None else self._of(uow, row)
        if session is None:
            return None
        uow.audit.add(AuditRow(now, session.actor, LOGGED_IN, session.actor))
        return passes.issue(uow, session.row.member, SESSION, now, self._idle)

    def waiting(self, uow: UnitOfWork, letters: str) -> bool:
        """Whether these letters would let somebody in."""
        now = self._house.now()
        row = passes.find(uow, LOGIN, letters, now) or passes.find(uow, CONSOLE, letters, now)
        return row is not None and self._of(uow, row) is not None

    async def find(self, request: Request) -> Session | None:
        """Whose request this is; looking keeps the session alive."""
        letters, _, signature = request.cookies.get(COOKIE, "").partition(".")
        if not letters or not hmac.compare_digest(self._sign(letters).encode(), signature.encode()):
            return None
        return await self._house.database.write(lambda uow: self._find(uow, letters))

    def _find(self, uow: UnitOfWork, letters: str) -> Session | None:
        now = self._house.now()
        row = passes.find(uow, SESSION, letters, now)
        session = None if row is None else self._of(uow, row)
        if session is not None:
            uow.passes.extend(session.row.keyed_hash, now + self._idle)
        return session

    def _of(self, uow: UnitOfWork, row: PassRow) -> Session | None:
        """The person of a pass, as long as he holds a role; at the machine, while the bot lives in the local group."""
        if row.member == AT_MACHINE:
            return None if self._house.settings.on_wechat else Session(row, MACHINE, roles.DIRECTOR, MACHINE)
        member = uow.links.main(row.member)
        held, known = roles.held(uow, member, self._house.now()), uow.members.get(member)
        if not held:
            return None
        name = one_line(known.name) if known is not None else ""
        return Session(row, people.nameless(uow, member), held[-1], name or one_line(member))

    async def close(self, session: Session) -> None:
        now = self._house.now()
        await self._house.database.write(lambda uow: uow.passes.use(session.row.keyed_hash, now))

    def hand_out(self, answer: Response, cookie: str) -> None:
        """Give the cookie to the browser; it is sent back to us alone, and no script reads it."""
        public = self._house.settings.public_url or ""
        secure = public.startswith("https://")
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/")

    @property
    def _idle(self) -> int:
        return self._house.settings.session_minutes * MINUTE

    def _sign(self, letters: str) -> str:
        return hmac.new(self._key, b"session:" + letters.encode(), hashlib.sha256).hexdigest()
