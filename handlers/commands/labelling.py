"""#标注: an admin says what a message or a link is about."""

from __future__ import annotations

from bot.core.event_fields import TOPICS
from bot.services import labelling
from handlers.commands.spec import Asked, Command, Misused


def _label(asked: Asked) -> None:
    """消息编号或链接 题材; in answer to a message the topic alone."""
    *items, topic = asked.args.split() or [""]
    quoted = asked.heard.reply_to
    if not items and quoted is not None:
        items = [quoted]
    if len(items) != 1 or topic not in TOPICS:
        raise Misused
    fact = labelling.label(asked.uow, asked.event, asked.actor, items[0], topic)
    asked.facts.append(fact)
    asked.subject = fact.member
    asked.reply(asked.text("admin.labelled", topic=topic))


COMMANDS = (Command("#标注", "label", _label, needs="管理员"),)
