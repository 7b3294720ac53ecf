"""#建议 and #采纳: words that could become tags, and taking one up."""

from __future__ import annotations

from bot.services import rulesets, suggesting
from bot.services.rulesets import Draft
from config.loader import digest, parse_rules
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command, Misused

LONGEST_NUMBER = 9


def _suggestions(asked: Asked) -> None:
    rows = asked.uow.suggestions.open()
    if not rows:
        asked.reply_directly(asked.text("admin.suggestions_none"))
        return
    lines = [
        f"{row.number}. {one_line(row.word)}：{row.members} 人，{row.messages} 条，得分 {row.score:.3f}" for row in rows
    ]
    asked.reply_directly(asked.text("admin.suggestions", lines=Block("\n".join(lines))))


def _adopt(asked: Asked) -> None:
    """A number as #建议 lists it. The job of a change of rules does the rest."""
    said = asked.args.strip()
    if not (said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER):
        raise Misused
    row = asked.uow.suggestions.get(int(said))
    if row is None or row.adopted_at is not None:
        raise Misused(asked.text("admin.suggestion_unknown", number=int(said)))
    content = rulesets.in_force(asked.uow, asked.now).content + suggesting.block_of(row.word)
    draft = Draft(content, digest(content), parse_rules(content))
    number = suggesting.adopt(asked.uow, row, draft, asked.now, asked.actor)
    asked.house.refresh()
    tag = f"{suggesting.PATH}={row.word}"
    asked.reply(asked.text("admin.adopted", tag=Block(tag), uses=suggesting.USES, number=number))


COMMANDS = (
    Command("#建议", "suggestions", _suggestions, needs="管理员"),
    Command("#采纳", "adopt", _adopt, needs="管理员"),
)
