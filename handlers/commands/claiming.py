"""The first director: whoever sends the one-time code directly to the bot."""

from __future__ import annotations

from bot.core.events import Event
from bot.services import roles
from handlers.commands.spec import ADMIN, Asked


def claim(asked: Asked, letters: str) -> list[Event]:
    """Judge a code. In a group it is burnt, since others read it; where none is waiting there is nothing to say."""
    if not asked.direct:
        roles.leak(asked.uow, asked.actor, letters, asked.now)
        return []
    if not roles.is_waiting(asked.uow):
        return []
    outcome = roles.claim(asked.uow, asked.actor, letters, asked.now)
    asked.kind = ADMIN
    asked.reply(asked.text(f"admin.claim_{outcome}"))
    if outcome == "claimed":
        asked.fact("grant", asked.actor, {"role": roles.DIRECTOR, "by": roles.BY_CODE})
    return asked.facts
