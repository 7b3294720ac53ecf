"""#召回 and #确认: look first, then let it go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.instants import MINUTE, iso
from bot.core.journal import Plan
from bot.core.rules.stage import RECALL_PATH
from bot.services import delivery, outreach, removals
from bot.services.audience import audience_of, held_out
from config.messages import Block, names, one_line
from handlers.commands import pushing, removing, rules
from handlers.commands.arguments import read_numbers
from handlers.commands.spec import Asked, Command, Misused, shown
from handlers.sweeping import speaking
from storage.rows import ConfirmationRow, MemberRow, OutboxRow

RECALL = "recall"
TIME_TO_CONFIRM = 30 * MINUTE
SAMPLE, LISTED, PAGE = 8, 10, 500
LONGEST_TEXT = 40
WAITING = {
    RECALL: "admin.confirm_recall",
    pushing.PUSH: "admin.confirm_push",
    rules.RULES: "admin.confirm_rules",
}
"""How each kind of one's own wishes is named in the list."""
_ALL = re.compile(r"全部(?:\s*除\s*(?P<but>.+))?")
_RECALL = re.compile(r"召回\s*(?P<number>\d{1,12})")
_PUSH = re.compile(r"推送\s*(?P<number>\d{1,12})")


def _recallable(asked: Asked) -> Iterator[list[MemberRow]]:
    """Everybody in 衰退期, page by page."""
    after: str | None = None
    while rows := asked.uow.members.page(after, PAGE, path=RECALL_PATH, value="可召回"):
        after = rows[-1].member
        yield rows


def _preview(asked: Asked) -> None:
    """How many would be recalled, who is held out, and who cannot be written to."""
    going, held, unreachable = _sorted_out(asked)
    if not going:
        asked.reply_directly(asked.text("admin.recall_none", held=len(held), unreachable=unreachable))
        return
    expires = asked.now + TIME_TO_CONFIRM
    number = asked.uow.confirmations.add(ConfirmationRow(RECALL, asked.actor, {}, asked.now, expires))
    text = asked.text(
        "admin.recall",
        count=len(going),
        sample=names((shown(row) for row in going), SAMPLE),
        held=len(held),
        held_sample=names((shown(row) for row in held), SAMPLE) if held else "—",
        unreachable=unreachable,
        number=number,
        minutes=TIME_TO_CONFIRM // MINUTE,
    )
    asked.reply_directly(text)


def _sorted_out(asked: Asked) -> tuple[list[MemberRow], list[MemberRow], int]:
    """To be recalled, held out, unreachable: a recall needs a consent for marketing and somebody who is still here."""
    going: list[MemberRow] = []
    held: list[MemberRow] = []
    unreachable = 0
    one_in = asked.house.rules(asked.uow).outreach.holdout_one_in
    for rows in _recallable(asked):
        people = audience_of(asked.uow, [row.member for row in rows], asked.now)
        for row in rows:
            whom = people[row.member]
            if not whom.marketing or whom.left or whom.exempt or whom.minor:
                unreachable += 1
            else:
                (held if held_out(row.member, one_in) else going).append(row)
    return going, held, unreachable


def _confirm(asked: Asked) -> None:
    """Nothing: what waits. 召回N: that recall. Numbers or 全部 [除 …]: messages that wait for a word."""
    args = asked.args.strip()
    if not args:
        _list_waiting(asked)
    elif recall := _RECALL.fullmatch(args):
        _go(asked, int(recall["number"]))
    elif wish := rules.CONFIRMED.fullmatch(args):
        rules.go(asked, int(wish["number"]))
    elif removal := removing.CONFIRMED.fullmatch(args):
        removing.go(asked, int(removal["number"]))
    elif push := _PUSH.fullmatch(args):
        pushing.go(asked, int(push["number"]))
    elif everything := _ALL.fullmatch(args):
        kept = set(read_numbers(everything["but"])) if everything["but"] else set()
        _release(asked, [row.id for row in delivery.list_awaiting(asked.uow) if row.id not in kept], kept)
    else:
        _confirm_numbers(asked, read_numbers(args))


def _confirm_numbers(asked: Asked, numbers: list[int]) -> None:
    """A single number may be a recall of one's own or a waiting message; who means which must say so when both are."""
    awaiting = {row.id for row in delivery.list_awaiting(asked.uow)}
    own = {row.id for row in asked.uow.confirmations.pending(asked.actor, asked.now) if row.kind == RECALL}
    if len(numbers) == 1 and numbers[0] in own:
        if numbers[0] in awaiting:
            raise Misused(asked.text("admin.confirm_which", number=numbers[0]))
        _go(asked, numbers[0])
        return
    unknown = [number for number in numbers if number not in awaiting]
    if unknown:
        raise Misused(asked.text("admin.confirm_unknown", number=unknown[0]))
    _release(asked, numbers, set())


def _list_waiting(asked: Asked) -> None:
    rows = delivery.list_awaiting(asked.uow)
    lines = [f"{row.id}. {_where(asked, row)}：{one_line(row.text, LONGEST_TEXT)}" for row in rows[:LISTED]]
    wishes = [row for row in asked.uow.confirmations.pending(asked.actor, asked.now) if row.kind in WAITING]
    lines += [asked.text(WAITING[row.kind], number=row.id) for row in wishes]
    removed = removals.awaiting(asked.uow, asked.actor, asked.now)
    lines += [_removal(asked, row) for row in removed]
    if not lines:
        asked.reply(asked.text("admin.confirm_nothing"))
        return
    count = len(rows) + len(wishes) + len(removed)
    asked.reply_directly(asked.text("admin.confirm_list", count=count, lines=Block("\n".join(lines))))


def _removal(asked: Asked, row: ConfirmationRow) -> str:
    return asked.text("admin.confirm_removal", number=row.id, name=_name(asked, str(row.payload["member"])))


def _name(asked: Asked, member: str) -> str:
    known = asked.uow.members.get(member)
    return shown(known) if known is not None else one_line(member)


def _where(asked: Asked, row: OutboxRow) -> str:
    if row.to_kind == "group":
        return one_line(asked.uow.groups.names([row.to_id]).get(row.to_id, "") or row.to_id)
    return _name(asked, row.to_id)


def _release(asked: Asked, numbers: list[int], refused: set[int]) -> None:
    """Let the named messages go; those excepted from 全部 are cancelled, so that they do not ask again."""
    if not (numbers or refused):
        asked.reply(asked.text("admin.confirm_nothing"))
        return
    gone = delivery.release(asked.uow, numbers, asked.now)
    dropped = delivery.cancel(asked.uow, sorted(refused), asked.now, "管理员未同意")
    asked.reply(asked.text("admin.released", count=gone, dropped=dropped))


def _go(asked: Asked, number: int) -> None:
    """Carry out a recall that was looked at; who is recallable now is recalled, caps and hours hold."""
    row = asked.uow.confirmations.get(number)
    mine = row is not None and row.actor == asked.actor and row.kind == RECALL and row.expires_at > asked.now
    if not mine or not asked.uow.confirmations.settle(number, "done"):
        raise Misused(asked.text("admin.confirm_unknown", number=number))
    going, held, _ = _sorted_out(asked)
    date = (iso(asked.now, asked.house.zone) or "")[:10]
    detail = {"stage": "衰退期", "by": asked.actor}
    plans = [Plan(asked.now, RECALL, one.member, f"recall:{one.member}:{date}", None, detail) for one in going + held]
    rows = outreach.plan(asked.uow, plans, speaking(asked.uow, asked.house, asked.world(), asked.now, asked.now))
    asked.reply(asked.text("admin.recalled", count=sum(row.status != "withheld" for row in rows)))


COMMANDS = (
    Command("#召回", "recall", _preview, needs="管理员"),
    Command("#确认", "confirm", _confirm, needs="管理员"),
)
