"""#看板: the numbers of today."""

from __future__ import annotations

from bot.core.instants import Instant, day_at, local_day
from bot.core.lifecycle import STAGES
from bot.core.rules.stage import STAGE_PATH
from bot.errors import Refused
from bot.services import accounts, delivery
from bot.services.reports import uplift
from config.messages import Block, one_line
from handlers.account_words import called, described
from handlers.commands.addresses import login_page
from handlers.commands.mode import shown_mode
from handlers.commands.spec import Asked, Command
from handlers.outbox_words import kind, state

PAGE = "网页"


def _board(asked: Asked) -> None:
    """In the chat, or as an address under which the asker is let in once."""
    if asked.args.strip() == PAGE:
        _page(asked)
    else:
        _tell(asked)


def _page(asked: Asked) -> None:
    """Raises Refused where the web side does not run."""
    line = login_page(asked)
    if line is None:
        raise Refused(asked.text("admin.board_page_none"))
    asked.reply_directly(asked.text("admin.board_page_once"), line)


def _tell(asked: Asked) -> None:
    uow, zone = asked.uow, asked.house.zone
    midnight = day_at(local_day(asked.now, zone), 0, zone)
    messages, speakers = uow.events.said_between(midnight - 1, asked.now)
    stages = uow.tags.count_by(STAGE_PATH)
    outbox = uow.outbox.count_by_status()
    text = asked.text(
        "admin.board",
        mode=shown_mode(delivery.mode(uow)),
        messages=messages,
        speakers=speakers,
        members=uow.members.count(),
        stages=Block("、".join(f"{stage} {stages[stage]}" for stage in STAGES if stage in stages) or "—"),
        outbox=Block("、".join(f"{state(code)} {count}" for code, count in outbox.items()) or "—"),
    )
    more = [*_accounts(asked), *_behind(asked), *_crm(asked)]
    asked.reply_directly("\n".join([text, _sending(asked, midnight - 1), _uplift(asked), *more]))


def _sending(asked: Asked, since: Instant) -> str:
    """What went out today, kind by kind, and what did not and why."""
    sent = asked.uow.outbox.count_sent_by_kind(since)
    unsent = asked.uow.outbox.count_unsent_by_reason(since)
    return asked.text(
        "admin.board_sending",
        total=sum(sent.values()),
        kinds=Block("、".join(f"{kind(code)} {count}" for code, count in sent.items()) or "—"),
        unsent=Block("、".join(f"{one_line(reason)} {count}" for reason, count in unsent.items()) or "—"),
    )


def _accounts(asked: Asked) -> list[str]:
    """Which accounts there are and how they are doing, where there are several."""
    found = accounts.standings(asked.uow, asked.now)
    if len(found) < 2:
        return []
    lines = [f"{one_line(called(one))}：{described(one, asked.now)}" for one in found]
    return [asked.text("admin.board_accounts", accounts=Block("\n".join(lines)))]


def _behind(asked: Asked) -> list[str]:
    """How far the bot is behind, where it is."""
    status = asked.house.status
    if not status.behind:
        return []
    return [asked.text("admin.board_behind", count=status.behind, seconds=f"{status.lag_last:.0f}")]


def _crm(asked: Asked) -> list[str]:
    """What the CRM was told, where there is one."""
    if asked.house.settings.crm_url is None:
        return []
    counts = asked.uow.crm.count_by_status()
    told = {state: counts.get(state, 0) for state in ("sent", "queued", "failed")}
    return [asked.text("admin.board_crm", **told)]


def _uplift(asked: Asked) -> str:
    """What recalls bring, in one line."""
    found = uplift.report(asked.uow, asked.now)
    recalled, held_out = found["recalled"], found["held_out"]
    interval = found["interval"] or (0.0, 0.0)
    difference = (
        "" if found["difference"] is None else f"{found['difference']:+.1%}（{interval[0]:+.1%}～{interval[1]:+.1%}）"
    )
    return asked.text(
        "admin.board_uplift",
        verdict=found["verdict"],
        difference=Block(difference),
        recalled=Block(f"{recalled['returned']}/{recalled['candidates']}"),
        held_out=Block(f"{held_out['returned']}/{held_out['candidates']}"),
    )


COMMANDS = (Command("#看板", "board", _board, needs="观察员"),)
