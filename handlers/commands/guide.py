"""#帮助: the commands one may use; and a hint for who talks to the bot and asks for nothing it knows."""

from __future__ import annotations

from bot.core.instants import iso
from bot.ports import Address
from bot.services import onboarding, outreach, people, roles
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


def hint(asked: Asked) -> None:
    """What may be asked, at most once a day; nothing to who is to get no messages, or is being asked something."""
    actor, today = asked.actor, (iso(asked.now, asked.house.zone) or "")[:10]
    known = asked.uow.members.get(actor)
    if people.barred(asked.uow, {actor}) or (known is not None and known.exempt):
        return
    if onboarding.talking(asked.uow, {actor}):
        return
    text = asked.text("command.hint_admin" if roles.held(asked.uow, actor, asked.now) else "command.hint")
    to, account = Address("direct", actor), asked.house.status.account
    outreach.reply(
        asked.uow,
        key=f"hint:{actor}:{today}",
        kind=asked.kind,
        to=to,
        text=text,
        now=asked.now,
        member=actor,
        account=account,
    )


COMMANDS = (Command("#帮助", "help", _help, needs="观察员"),)
