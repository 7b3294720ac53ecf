"""The words of planned messages, by kind of plan. In a group nothing personal is ever said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.core.campaigns import COUPON, UNTIL
from bot.core.instants import HOUR
from bot.core.journal import Plan
from bot.services.audience import Audience

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

REASONS = {"flood": "发言过密或重复", "ad": "疑似广告"}
KEYS = {
    "newcomer_gift": "outreach.newcomer_gift_plain",
    "recall": "outreach.recall_plain",
    "reactivation": "outreach.reactivation",
    "growth": "outreach.growth",
    "level_opening": "outreach.level_opening",
}
NAMELESS = "朋友"


def personal(one: Plan, whom: Audience, speaking: Speaking) -> str:
    """A message for a direct chat; a push ends with the way out of pushes."""
    name = whom.name or NAMELESS
    if one.kind == "warning":
        return _warning(one, whom, speaking)
    if one.kind == "restricted":
        return speaking.text("moderation.restricted", name=name)
    if one.kind == "recall" and speaking.recall_pool is not None:
        said = speaking.text("outreach.recall", name=name, code=COUPON, until=UNTIL)
        return f"{said}\n{speaking.text('outreach.footer')}"
    return plain(one, whom, speaking)


def plain(one: Plan, whom: Audience, speaking: Speaking) -> str:
    """A push without a code."""
    name = whom.name or NAMELESS
    said = str(one.detail["text"]) if one.kind == "campaign" else speaking.text(KEYS[one.kind], name=name)
    return f"{said}\n{speaking.text('outreach.footer')}"


def _warning(one: Plan, whom: Audience, speaking: Speaking) -> str:
    """A newcomer, whose ladder stops at the warning, is told more gently (RULEBOOK §7)."""
    verdict = str(one.detail.get("verdict", "flood"))
    joined, hours = whom.newcomer_since, speaking.rules.identity.newcomer_hours
    is_newcomer = joined is not None and one.at - joined < hours * HOUR
    key = "moderation.warning_newcomer" if is_newcomer else f"moderation.warning_{verdict}"
    return speaking.text(key, name=whom.name or NAMELESS, reason=REASONS.get(verdict, "群规"))


def invitation(whom: Audience, text: Callable[..., str]) -> str:
    """Neutral: it says nothing of why."""
    return text("outreach.friend_invitation", name=whom.name or NAMELESS)


def welcome(names: Sequence[str], text: Callable[..., str]) -> str:
    """Joins close together share one; it carries the notice and the first question of the questionnaire."""
    key = "welcome.one" if len(names) == 1 else "welcome.several"
    lines = [text(key, names=tuple(names)), text("privacy.short"), text("question.profile")]
    return "\n".join([*lines, text("questionnaire.group_hint")])
