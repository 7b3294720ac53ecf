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
TIME_TO_CONFIRM = 10 * MINUTE


def _withdraw(asked: Asked, purposes: Collection[str]) -> None:
    asked.fact("consent", asked.actor, {"purposes": sorted(purposes), "granted": False})
    asked.subject = asked.actor


def _withdraw_all(asked: Asked) -> None:
    """Every consent; and what was agreed to although notice would do."""
    agreed = [one for one in (*CONSENTED, *OBJECTED) if consent.holds(asked.uow, asked.actor, one, asked.event.at)]
    onboarding.close(asked.uow, asked.actor, asked.now)
    if not agreed:
        asked.reply(asked.text("command.consent_nothing"))
        return
    _withdraw(asked, {*CONSENTED, *agreed})
    _stop_pushes(asked)
    asked.reply(asked.text("command.consent_withdrawn"))


def _refuse_profiling(asked: Asked) -> None:
    _withdraw(asked, PROFILING)
    onboarding.close(asked.uow, asked.actor, asked.now)
    asked.reply(asked.text("command.profiling_refused"))


def _unsubscribe(asked: Asked) -> None:
    _withdraw(asked, (MARKETING,))
    _stop_pushes(asked)
    asked.reply(asked.text("command.unsubscribed"))


def _depersonalise(asked: Asked) -> None:
    """Every push of ours is chosen by what is known of a person, so without that there is none; of places the city
    is all that is still kept (RULEBOOK §6)."""
    _withdraw(asked, (MARKETING, "precise_location"))
    _stop_pushes(asked)
    asked.reply(asked.text("command.depersonalised"))


def _stop_pushes(asked: Asked) -> None:
    """What was planned for the member and has not gone out yet does not go out."""
    asked.uow.outbox.cancel(now=asked.now, reason="本人已退订", member=asked.actor, kinds=outreach.PUSHES)


def _forget(asked: Asked) -> None:
    """Asked once more within some minutes, everything of the member goes, the question included."""
    waiting = [row for row in asked.uow.confirmations.pending(asked.actor, asked.now) if row.kind == FORGET]
    if not waiting:
        expires = asked.now + TIME_TO_CONFIRM
        asked.uow.confirmations.add(ConfirmationRow(FORGET, asked.actor, {}, asked.now, expires))
        asked.reply(asked.text("command.forget_confirm", minutes=TIME_TO_CONFIRM // MINUTE))
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
