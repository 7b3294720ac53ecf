"""#合并 and #拆分: a director says that two contact ids are one person, or takes it back. Roles never move by that."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.links import MERGE, SPLIT
from bot.services import relinking, roles
from config.messages import Block, one_line
from handlers.commands.arguments import read_numbers
from handlers.commands.spec import Asked, Command, Misused
from storage.link_rows import ProposalRow
from storage.rows import AuditRow, MemberRow

ALL, NO = "全部", "否"
LISTED = 20
LONGEST_ID = 80


def _merge(asked: Asked) -> None:
    """Nothing (a list), 编号… [否], 全部, or 旧 新 by contact id."""
    words = asked.args.split()
    if not words:
        _list(asked)
    elif words == [ALL]:
        _merge_proposed(asked, asked.uow.relinks.open())
    elif words[-1] == NO:
        _refuse(asked, _proposed(asked, " ".join(words[:-1])))
    elif len(words) == 2 and not all(word.isdecimal() for word in words):
        _merge_ids(asked, *words)
    else:
        _merge_proposed(asked, _proposed(asked, " ".join(words)))


def _list(asked: Asked) -> None:
    rows = asked.uow.relinks.open()
    known = asked.uow.members.get_many(id_ for row in rows for id_ in (row.old, row.new))
    lines = [_line(row, known) for row in rows[:LISTED]]
    if len(rows) > LISTED:
        lines.append(f"…共 {len(rows)} 项")
    key = "admin.merges" if rows else "admin.merges_none"
    asked.reply_directly(asked.text(key, lines=Block("\n".join(lines))) if rows else asked.text(key))


def _line(row: ProposalRow, known: dict[str, MemberRow]) -> str:
    names = [one_line(known[id_].name) if id_ in known and known[id_].name else "—" for id_ in (row.old, row.new)]
    ids = [one_line(id_, LONGEST_ID) for id_ in (row.old, row.new)]
    return f"{row.number}. {names[0]}（{ids[0]}）→ {names[1]}（{ids[1]}）：{'、'.join(row.grounds)}"


def _proposed(asked: Asked, words: str) -> list[ProposalRow]:
    """The open proposals of these numbers. Raises Misused for one there is not."""
    waiting = {row.number: row for row in asked.uow.relinks.open()}
    numbers = list(dict.fromkeys(read_numbers(words)))
    for number in numbers:
        if number not in waiting:
            raise Misused(asked.text("admin.merge_unknown", number=number))
    return [waiting[number] for number in numbers]


def _refuse(asked: Asked, rows: list[ProposalRow]) -> None:
    for row in rows:
        asked.uow.relinks.settle(row.number, relinking.REFUSED)
    asked.confirm(asked.text("admin.merge_refused", count=len(rows)))


def _merge_proposed(asked: Asked, rows: list[ProposalRow]) -> None:
    """Each pair has an audit row of its own, beside that of the command."""
    if not rows:
        asked.reply_directly(asked.text("admin.merges_none"))
        return
    for row in rows:
        _check(asked, row.old, row.new)
    for row in rows:
        asked.uow.relinks.settle(row.number, relinking.MERGED)
        asked.uow.audit.add(AuditRow(asked.now, asked.actor, asked.word, row.new, {"旧": row.old}))
        _put(asked, row.old, row.new, row.since)
    asked.confirm(asked.text("admin.merged_many", count=len(rows)) + _offices(asked, [row.old for row in rows]))


def _merge_ids(asked: Asked, old: str, new: str) -> None:
    _check(asked, old, new)
    asked.subject = new
    _put(asked, old, new, relinking.first_seen(asked.uow, old, new, asked.now))
    text = asked.text("admin.merged", old=Block(one_line(old, LONGEST_ID)), new=Block(one_line(new, LONGEST_ID)))
    asked.confirm(text + _offices(asked, [old]))


def _check(asked: Asked, old: str, new: str) -> None:
    """Two members, neither of them a former id already. Raises Misused."""
    if old == new:
        raise Misused(asked.text("admin.merge_same"))
    known = asked.uow.members.get_many([old, new])
    for id_ in (old, new):
        main = asked.uow.links.main(id_)
        shown = Block(one_line(id_, LONGEST_ID))
        if main != id_:
            raise Misused(asked.text("admin.merged_already", old=shown, new=Block(one_line(main, LONGEST_ID))))
        if id_ not in known:
            raise Misused(asked.text("admin.merge_nobody", member=shown))


def _put(asked: Asked, old: str, new: str, since: Instant) -> None:
    body = {"old": old, "since": since, "by": asked.actor}
    asked.facts.append(Event(MERGE, f"{asked.event.id}#{MERGE}:{old}", asked.event.at, new, None, body))
    asked.uow.relinks.close_about([old, new])


def _offices(asked: Asked, olds: list[str]) -> str:
    """What the former ids hold and keep; "" when they hold nothing."""
    held = [(old, roles.held(asked.uow, old, asked.now)) for old in olds]
    lines = [f"{one_line(old, LONGEST_ID)}：{'、'.join(names)}" for old, names in held if names]
    return "\n" + asked.text("admin.merge_offices", lines=Block("\n".join(lines))) if lines else ""


def _split(asked: Asked) -> None:
    old = asked.args.strip()
    if not old or len(old.split()) != 1:
        raise Misused
    link = asked.uow.links.get(old)
    if link is None:
        raise Misused(asked.text("admin.not_merged", member=Block(one_line(old, LONGEST_ID))))
    asked.subject = old
    asked.facts.append(Event(SPLIT, f"{asked.event.id}#{SPLIT}", asked.event.at, old, None, {"by": asked.actor}))
    new = Block(one_line(link.member, LONGEST_ID))
    asked.confirm(asked.text("admin.split", old=Block(one_line(old, LONGEST_ID)), new=new))


COMMANDS = (
    Command("#合并", "merge", _merge, needs="运营总监"),
    Command("#拆分", "split", _split, needs="运营总监"),
)
