"""A member's say over his data: 撤回授权, 拒绝画像, 关闭个性化, 退订, 忘记我. Obeyed at once."""

from __future__ import annotations

from collections.abc import Collection

from bot.core.conversation import MARKETING
from bot.core.instants import MINUTE
from bot.services import consent, erasure, onboarding, outreach
from handlers.commands.spec import Asked, Command
from storage.rows import ConfirmationRow

CONSENTED = ("profile", "device", "province", "city", "precise_location", "marketing", "share", "sensitive")
"""Purposes that hold only where a member agreed."""
OBJECTED = ("behaviour", "spending")
"""Purposes that hold after notice, until a member objects."""
PROFILING = ("profile", "device", "province", "city", "precise_location", *OBJECTED)
FORGET = "forget"
ALWAYS = "privacy"
"""Kind of answers that no cap holds back: who asks about his data is told."""
MINUTES_TO_CONFIRM = 10


def withdraw(asked: Asked, purposes: Collection[str]) -> None:
    """The asker takes these consents back."""
    asked.fact("consent", asked.actor, {"purposes": sorted(purposes), "granted": False})
    asked.subject = asked.actor


def _withdraw_all(asked: Asked) -> None:
    """Every consent; and what was agreed to although notice would do."""
    agreed = [one for one in (*CONSENTED, *OBJECTED) if consent.holds(asked.uow, asked.actor, one, asked.event.at)]
    onboarding.close(asked.uow, asked.actor, asked.now)
    if not agreed:
        asked.reply(asked.text("command.consent_nothing"))
        return
    withdraw(asked, {*CONSENTED, *agreed})
    stop_pushes(asked)
    asked.reply(asked.text("command.consent_withdrawn"))


def _refuse_profiling(asked: Asked) -> None:
    withdraw(asked, PROFILING)
    onboarding.close(asked.uow, asked.actor, asked.now)
    asked.reply(asked.text("command.profiling_refused"))


def _unsubscribe(asked: Asked) -> None:
    withdraw(asked, (MARKETING,))
    stop_pushes(asked)
    asked.reply(asked.text("command.unsubscribed"))


def _depersonalise(asked: Asked) -> None:
    """Every push of ours is chosen by what is known of a person, so without that there is none; of places the city
    is all that is still kept (RULEBOOK §6)."""
    withdraw(asked, (MARKETING, "precise_location"))
    stop_pushes(asked)
    asked.reply(asked.text("command.depersonalised"))


def stop_pushes(asked: Asked) -> None:
    """What was planned for the member and has not gone out yet does not go out."""
    asked.uow.outbox.cancel(now=asked.now, reason="本人已退订", member=asked.actor, kinds=outreach.PUSHES)


def is_sure(asked: Asked) -> bool:
    """Whether the asker said so some minutes ago already."""
    return any(row.kind == FORGET for row in asked.uow.confirmations.pending(asked.actor, asked.now))


def _forget(asked: Asked) -> None:
    """Asked once more within some minutes, everything of the member goes, the question included."""
    if not is_sure(asked):
        expires = asked.now + MINUTES_TO_CONFIRM * MINUTE
        asked.uow.confirmations.add(ConfirmationRow(FORGET, asked.actor, {}, asked.now, expires))
        asked.reply(asked.text("command.forget_confirm", minutes=MINUTES_TO_CONFIRM))
        return
    asked.subject = asked.actor
    erasure.forget(asked.uow, asked.actor, asked.event.at)
    asked.reply(asked.text("command.forgotten"), named=False)


COMMANDS = (
    Command("撤回授权", "withdraw", _withdraw_all, kind=ALWAYS),
    Command("拒绝画像", "refuse_profiling", _refuse_profiling, kind=ALWAYS),
    Command("关闭个性化", "depersonalise", _depersonalise, kind=ALWAYS),
    Command("退订", "unsubscribe", _unsubscribe, kind=ALWAYS),
    Command("忘记我", "forget", _forget, audited=False, kind=ALWAYS),
)
