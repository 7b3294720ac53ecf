"""The words of planned messages, by kind of plan. In a group nothing personal is ever said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core.journal import Plan
from bot.services.audience import Audience

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

REASONS = {"flood": "发言过密或重复", "ad": "疑似广告"}
KEYS = {
    "newcomer_gift": "outreach.newcomer_gift_plain",
    "recall": "outreach.recall_plain",
    "reactivation": "outreach.reactivation",
}


def personal(one: Plan, whom: Audience, speaking: Speaking) -> str:
    """A message for a direct chat; a push ends with the way out of pushes."""
    if one.kind == "warning":
        reason = REASONS.get(str(one.detail.get("verdict")), "群规")
        return speaking.text(f"moderation.warning_{one.detail.get('verdict', 'flood')}", name=whom.name, reason=reason)
    said = speaking.text(KEYS[one.kind], name=whom.name)
    return f"{said}\n{speaking.text('outreach.footer')}"


def invitation(whom: Audience, text: Callable[..., str]) -> str:
    """Neutral: it says nothing of why."""
    return text("outreach.friend_invitation", name=whom.name)


def welcome(names: list[str], text: Callable[..., str]) -> str:
    """Joins close together share one; it carries the notice and the first question of the questionnaire."""
    shown = "、".join(name[:24] for name in names[:5]) + (f" 等 {len(names)} 位" if len(names) > 5 else "")
    key = "welcome.one" if len(names) == 1 else "welcome.several"
    lines = [text(key, names=shown), text("privacy.short"), text("question.profile")]
    return "\n".join([*lines, text("questionnaire.group_hint")])
