"""Consents one by one, as a member's own page offers them: agree to a purpose, end one. In chat 问卷 and the words of
privacy.py do the same for several at once."""

from __future__ import annotations

from bot.core.conversation import MARKETING, PROFILE
from bot.errors import Refused
from bot.services import consent, onboarding
from handlers.commands.copies import PURPOSES
from handlers.commands.privacy import ALWAYS, stop_pushes, withdraw
from handlers.commands.spec import Asked, Command

NOT_FOR_MINORS = frozenset({MARKETING, "spending"})
"""Purposes for which nothing of a member of 14–17 is used (RULEBOOK §1)."""


def closed(asked: Asked, purpose: str) -> bool:
    """Whether the asker is too young to agree to a purpose."""
    known = asked.uow.members.get(asked.actor)
    return purpose in NOT_FOR_MINORS and known is not None and known.minor == onboarding.MINOR


def _agree(asked: Asked) -> None:
    """The page shows the notice, whose version the ledger keeps with the consent. Raises Refused for a minor."""
    purpose = asked.args
    if closed(asked, purpose):
        raise Refused(asked.text("command.consent_not_for_minors", purpose=PURPOSES[purpose]))
    asked.fact("consent", asked.actor, {"purposes": [purpose], "granted": True})
    consent.enter(asked.uow, asked.facts[-1], asked.house.messages.privacy_version)
    asked.subject = asked.actor
    asked.reply(asked.text("command.consented", purpose=PURPOSES[purpose]))


def _end(asked: Asked) -> None:
    purpose = asked.args
    withdraw(asked, (purpose,))
    if purpose == MARKETING:
        stop_pushes(asked)
    if purpose == PROFILE:
        onboarding.close(asked.uow, asked.actor, asked.now)
    asked.reply(asked.text("command.consent_ended", purpose=PURPOSES[purpose]))


AGREE = Command("同意用途", "agree", _agree, kind=ALWAYS)
END = Command("停止用途", "end", _end, kind=ALWAYS)
