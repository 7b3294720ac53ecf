"""#推送: a message to those whose tags meet a condition. Looked at first, then confirmed; caps and consent hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.core.attachments import Attachment
from bot.core.campaigns import hangs_on_purse
from bot.core.conditions import BadCondition, Condition, Term, read_condition
from bot.core.instants import MINUTE
from bot.core.journal import Plan
from bot.services import outreach, uses
from bot.services.attaching import NAME
from bot.services.audience import audience_of
from config.messages import Block, names, one_line
from handlers.commands.rights import demand
from handlers.commands.spec import Asked, Command, Misused, shown
from handlers.sweeping import speaking
from storage.rows import ConfirmationRow, MemberRow

PUSH = "push"
KIND = "campaign"
TIME_TO_CONFIRM = 30 * MINUTE
SAMPLE, PAGE = 8, 500
LONGEST_TEXT = 300
_ATTACHED = re.compile(r"\s*附[：:]\s*(\S+)$")


class Push(NamedTuple):
    """Who meets the condition is told the text; then comes the attachment, if any."""

    condition: Condition
    text: str
    attachment: Attachment | None


def _read(asked: Asked, words: str) -> Push:
    """Raises Misused for what cannot be read, may not be seen, or would make an offer depend on a purse."""
    try:
        condition, rest = read_condition(words, asked.house.catalogue.find)
    except BadCondition as problem:
        raise Misused(str(problem)) from None
    text, attachment = _with(asked, rest)
    if not text or len(text) > LONGEST_TEXT:
        raise Misused(asked.text("admin.push_text", most=LONGEST_TEXT))
    for term in condition.terms:
        demand(asked, "view", term.path, term.value)
        _check_value(asked, term)
        if hangs_on_purse(term.path, text):
            raise Misused(asked.text("admin.push_offer", path=Block(term.path)))
    return Push(condition, text, attachment)


def _with(asked: Asked, text: str) -> tuple[str, Attachment | None]:
    """The text, and what it names at its end. Raises Misused for an attachment that nobody knows."""
    named = _ATTACHED.search(text)
    if named is None:
        return text, None
    known = asked.house.campaigns.attachments
    attachment = known.get(named[1])
    if attachment is None:
        listed = "、".join(known.by_name) or "—"
        raise Misused(asked.text("admin.push_no_attachment", name=named[1], known=Block(listed)))
    return text[: named.start()], attachment


def _check_value(asked: Asked, term: Term) -> None:
    """Raises Misused for a value nobody can have: a slip would look as if there were nobody."""
    entry = asked.house.catalogue.get(term.path)
    known = entry.values if entry is not None else {}
    if known and not any(term.matches(term.path, value) for value in known):
        values = Block(one_line("、".join(known), 300))
        raise Misused(asked.text("admin.no_such_value", path=term.path, values=values))


def _found(asked: Asked, condition: Condition) -> Iterator[tuple[MemberRow, bool]]:
    """Everybody who meets the condition, and whether he can be written to."""
    after: str | None = None
    while rows := asked.uow.members.page(after, PAGE):
        after = rows[-1].member
        tags = asked.uow.tags.of_members([row.member for row in rows])
        met = [row for row in rows if condition.test([(tag.path, tag.value) for tag in tags.get(row.member, ())])]
        people = audience_of(asked.uow, [row.member for row in met], asked.now)
        for row in met:
            whom = people[row.member]
            closed = whom.left or whom.exempt or whom.minor or whom.child
            yield row, whom.marketing and whom.friend and not closed


def _preview(asked: Asked) -> None:
    push = _read(asked, asked.args.strip())
    found = list(_found(asked, push.condition))
    going = [row for row, reachable in found if reachable]
    if not going:
        asked.reply_directly(asked.text("admin.push_none", unreachable=len(found)))
        return
    expires = asked.now + TIME_TO_CONFIRM
    payload = {"words": asked.args.strip()}
    number = asked.uow.confirmations.add(ConfirmationRow(PUSH, asked.actor, payload, asked.now, expires))
    told = asked.text(
        "admin.push",
        count=len(going),
        sample=names((shown(row) for row in going), SAMPLE),
        unreachable=len(found) - len(going),
        text=Block(_shown(asked, push)),
        number=number,
        minutes=TIME_TO_CONFIRM // MINUTE,
    )
    asked.reply_directly(told)


def _shown(asked: Asked, push: Push) -> str:
    words = one_line(push.text, LONGEST_TEXT)
    if push.attachment is None:
        return words
    what = asked.text(f"attachment.{push.attachment.kind}", name=push.attachment.name)
    return f"{words}\n{asked.text('admin.push_with', what=what)}"


def go(asked: Asked, number: int) -> None:
    """Carry out a push that was looked at, for those who meet its condition now and could be written to."""
    row = asked.uow.confirmations.get(number)
    mine = row is not None and row.actor == asked.actor and row.kind == PUSH and row.expires_at > asked.now
    if row is None or not mine or not asked.uow.confirmations.settle(number, "done"):
        raise Misused(asked.text("admin.confirm_unknown", number=number))
    push = _read(asked, str(row.payload["words"]))
    uses.note(asked.uow, [term.path for term in push.condition.terms], uses.PUSH, asked.now)
    detail = {"text": push.text, "by": asked.actor, **({NAME: push.attachment.name} if push.attachment else {})}
    plans = [
        Plan(asked.now, KIND, one.member, f"campaign:{number}:{one.member}", None, detail)
        for one, reachable in _found(asked, push.condition)
        if reachable
    ]
    rows = outreach.plan(asked.uow, plans, speaking(asked.uow, asked.house, asked.world(), asked.now, asked.now))
    asked.reply(asked.text("admin.pushed", count=len(rows)))


COMMANDS = (Command("#推送", "push", _preview, needs="管理员"),)
