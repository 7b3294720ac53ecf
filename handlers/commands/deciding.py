"""What an admin decides about a person: #解除 ends a dispute, #免打扰 leaves somebody alone."""

from __future__ import annotations

from bot.services import tagging
from handlers.commands.spec import Asked, Command, Misused, shown
from storage.rows import OutboxRow

BACK = "取消"


def _clear(asked: Asked) -> None:
    if not asked.args.strip() and not asked.heard.mentions:
        raise Misused
    row = asked.member(asked.args)
    facts = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member]
    if not facts.standing.open:
        asked.confirm(asked.text("admin.not_disputed", name=shown(row)))
        return
    asked.fact("clear", row.member, {"by": asked.actor})
    asked.confirm(asked.text("admin.cleared", name=shown(row)))
    if row.is_friend and (facts.standing.restricted or facts.standing.state == "appealed"):
        _tell(asked, row.member, asked.text("moderation.lifted", name=shown(row)))


def _tell(asked: Asked, member: str, text: str) -> None:
    """A word to the person concerned, in his direct chat; it keeps quiet hours and caps."""
    key = f"lifted:{member}:{asked.event.id}"
    row = OutboxRow(key, "lifted", "direct", member, text, asked.now, asked.now, member=member)
    asked.uow.outbox.add([row])


def _exempt(asked: Asked) -> None:
    """#免打扰 成员: never flagged, never messaged; with 取消 as everybody else again."""
    words = asked.args.strip()
    exempt = not words.endswith(BACK)
    whom = words if exempt else words.removesuffix(BACK).strip()
    if not whom and not asked.heard.mentions:
        raise Misused
    row = asked.member(whom)
    asked.fact("exempt", row.member, {"exempt": exempt, "by": asked.actor})
    if exempt:
        asked.uow.outbox.cancel(now=asked.now, reason="已设为免打扰", member=row.member)
    asked.confirm(asked.text("admin.exempt" if exempt else "admin.exempt_over", name=shown(row)))


COMMANDS = (
    Command("#解除", "clear", _clear, needs="管理员"),
    Command("#免打扰", "exempt", _exempt, needs="管理员"),
)
