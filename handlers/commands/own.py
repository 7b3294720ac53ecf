"""What members do for themselves: 签到, 我的标签, 问卷, 跳过, 申诉."""

from __future__ import annotations

from bot.core.facts import Facts
from bot.core.rules import RULE_BY_NAME
from bot.core.standing import Standing
from bot.services import admins, onboarding, passes, tagging
from config.messages import Block, one_line
from handlers.commands.addresses import own_page
from handlers.commands.spec import Asked, Command, shown


def _facts(asked: Asked) -> Facts:
    """What is known of the asker now."""
    return tagging.look(asked.uow, [asked.actor], asked.world(), asked.now)[asked.actor]


def _check_in(asked: Asked) -> None:
    """In a group one summary answers everybody; who writes directly is told his own days."""
    if not asked.direct:
        return
    measured = RULE_BY_NAME["checkin"].measure(_facts(asked), asked.world(), asked.now)
    days, month_days = measured["近7天签到天数"], measured["近30天签到天数"]
    asked.reply(asked.text("command.checkin_own", days=days, month_days=month_days))


def _my_tags(asked: Asked) -> None:
    """Public names only: neutral words, whatever a tag is called inside."""
    tags = public_tags(asked)
    if not tags:
        asked.reply_directly(asked.text("command.my_tags_none"), own_page(asked, passes.OWN))
        return
    lines = "\n".join(f"· {title}：{name}" for title, name in tags)
    asked.reply_directly(asked.text("command.my_tags", tags=Block(lines)), own_page(asked, passes.OWN))


def public_tags(asked: Asked) -> list[tuple[str, str]]:
    """Title and value of each of the asker's tags, in words fit for him."""
    catalogue = asked.house.catalogue
    names = [(catalogue.title(path), catalogue.public_name(path, value)) for path, value in sorted(_facts(asked).tags)]
    return [(one_line(title, 30), one_line(name, 30)) for title, name in dict.fromkeys(names)]


def _questionnaire(asked: Asked) -> None:
    page = own_page(asked, passes.QUESTIONS) if asked.direct else None
    asked.facts += onboarding.start(asked.uow, asked.house, asked.said, page)


def _skip(asked: Asked) -> None:
    """Skips the present question; without one the word is only a word."""
    addressed = asked.direct or asked.heard.mentions_me
    if onboarding.is_answer(asked.uow, asked.house, asked.said, addressed):
        asked.facts += onboarding.hear(asked.uow, asked.house, asked.said)


def _appeal(asked: Asked) -> None:
    """Lifts a restriction until a person decides; the admins are told."""
    standing = _facts(asked).standing
    if not standing.open:
        asked.reply_directly(asked.text("moderation.appeal_nothing"))
        return
    asked.fact("appeal", asked.actor, {})
    asked.subject = asked.actor
    key = "moderation.appeal_received" if standing.restricted else "command.appeal_noted"
    asked.reply_directly(asked.text(key))
    _tell_admins(asked, standing)


def _tell_admins(asked: Asked, standing: Standing) -> None:
    """Once for each thing that can be appealed against, however often it is."""
    known = asked.uow.members.get(asked.actor)
    name = shown(known) if known is not None else one_line(asked.actor)
    lifted = asked.text("admin.appeal_lifted" if standing.restricted else "admin.appeal_warned")
    text = asked.text("admin.appeal", name=name, member=Block(one_line(asked.actor, 80)), lifted=Block(lifted))
    case = f"appeal:{asked.actor}:{standing.opened_at}:{standing.restricted_at}"
    told = admins.in_charge(asked.uow, asked.now)
    asked.uow.outbox.add(admins.notice(f"{case}:{one}", "appeal", one, text, asked.now, asked.actor) for one in told)


COMMANDS = (
    Command("签到", "check_in", _check_in, audited=False),
    Command("我的标签", "my_tags", _my_tags, audited=False),
    Command("问卷", "questionnaire", _questionnaire, audited=False),
    Command("跳过", "skip", _skip, audited=False),
    Command("申诉", "appeal", _appeal),
)
