"""#帮助: the commands one may use."""

from __future__ import annotations

from config.messages import Block
from handlers.commands.spec import Asked, Command


def _help(asked: Asked) -> None:
    """Every command the asker's role reaches, a line each."""
    from handlers.commands import COMMANDS

    wanted = asked.args.strip().lstrip("#＃")
    mine = [one for one in COMMANDS if one.needs is not None and asked.may(one.needs)]
    chosen = [one for one in mine if one.word == f"#{wanted}"] or mine
    lines = "\n".join(asked.text(f"usage.{one.name}") for one in chosen)
    asked.reply_directly(asked.text("admin.help", lines=Block(lines)))


COMMANDS = (Command("#帮助", "help", _help, needs="观察员"),)
