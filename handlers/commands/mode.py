"""#模式: observe, assist or auto."""

from __future__ import annotations

from bot.services import delivery, onboarding
from handlers.commands.spec import Asked, Command, Misused

WORDS = {"观察": "observe", "协助": "assist", "自动": "auto"}
OBSERVE = "observe"


def shown_mode(mode: str) -> str:
    return next((word for word, name in WORDS.items() if name == mode), mode)


def _mode(asked: Asked) -> None:
    """Choose a mode. Groups whose privacy notice was withheld hear it once the bot may speak."""
    asked.kind = delivery.MODE_ANSWER
    wanted = asked.args.strip()
    chosen = WORDS.get(wanted, wanted)
    if chosen not in WORDS.values():
        now = asked.text("admin.mode_now", mode=shown_mode(delivery.mode(asked.uow)))
        raise Misused(now)
    asked.uow.deployment.put(delivery.MODE, chosen)
    if chosen != OBSERVE:
        for group in asked.uow.groups.all():
            if group.present:
                onboarding.post_notice(asked.uow, asked.house, group.id, asked.now)
    silent = chosen == OBSERVE
    asked.reply(asked.text("admin.mode_silent") if silent else asked.text("admin.mode_set", mode=shown_mode(chosen)))


COMMANDS = (Command("#模式", "mode", _mode, needs="运营总监"),)
