"""#标签, #打标, #去标: who holds a tag; giving and taking one by hand."""

from __future__ import annotations

from bot.core.rules.catalogue import OFFICES, purposes
from bot.services import pinning, protected, tagging, uses
from config.messages import Block, names, one_line
from config.sensitive import category_of
from handlers.commands.arguments import read_pin, read_tag
from handlers.commands.members import until_words
from handlers.commands.rights import demand, known_path, sees
from handlers.commands.spec import Asked, Command, Misused, shown
from storage.rows import MemberRow

SAMPLE = 10


def _tag(asked: Asked) -> None:
    """Without a path: the known ones. With a path: how many hold each value. With a value: who."""
    if not asked.args.strip():
        known = [entry.path for entry in asked.house.catalogue if sees(asked, entry.path)]
        gone = uses.retired(asked.uow, known, asked.house.rules(asked.uow), asked.now)
        paths = [path for path in known if path not in gone]
        asked.reply_directly(asked.text("admin.tag_paths", paths=Block("、".join(paths))))
        return
    words = read_tag(asked.args)
    if words.rest:
        raise Misused
    path = known_path(asked, words.path)
    demand(asked, "view", path, words.value)
    uses.note(asked.uow, [path], uses.QUERY, asked.now)
    counts = {value: count for value, count in asked.uow.tags.count_by(path).items() if sees(asked, path, value)}
    if words.value is None:
        _say_counts(asked, path, counts)
    else:
        _say_holders(asked, path, words.value, counts.get(words.value, 0))


def _say_counts(asked: Asked, path: str, counts: dict[str, int]) -> None:
    lines = "\n".join(f"· {one_line(value, 60)}：{count}" for value, count in counts.items())
    text = asked.text("admin.tag_counts", path=Block(path), count=sum(counts.values()), lines=Block(lines))
    asked.reply_directly(text if counts else asked.text("admin.tag_nobody", path=Block(path)))


def _say_holders(asked: Asked, path: str, value: str, count: int) -> None:
    tag = Block(f"{path}={one_line(value, 60)}")
    if not count:
        asked.reply_directly(asked.text("admin.tag_nobody", path=tag))
        return
    holders = asked.uow.members.page(limit=SAMPLE, path=path, value=value)
    sample = names((shown(row) for row in holders), SAMPLE)
    asked.reply_directly(asked.text("admin.tag_holders", path=tag, count=count, members=sample))


def _pin(asked: Asked) -> None:
    words = read_pin(asked.args)
    row = asked.member(words.rest)
    path = known_path(asked, words.path)
    demand(asked, "edit", path, words.value)
    _check_value(asked, path, words.value)
    category = _check_protected(asked, row, path, words.value)
    _check_ground(asked, row, path)
    until = None if words.lasting is None else asked.event.at + words.lasting
    told = (path, words.value, words.weight, until, category)
    asked.facts.append(pinning.pin(asked.event, row.member, asked.actor, *told))
    tag = Block(f"{path}={one_line(words.value, 60)}")
    asked.confirm(asked.text("admin.pinned", name=shown(row), path=tag, until=until_words(asked, until)))


def _check_value(asked: Asked, path: str, value: str) -> None:
    """Raises Misused for a value the path does not have, and for an office."""
    entry = asked.house.catalogue.get(path)
    if entry is not None and entry.values and value not in entry.values:
        values = Block(one_line("、".join(entry.values), 300))
        raise Misused(asked.text("admin.no_such_value", path=path, values=values))
    if (path, value) in OFFICES:
        raise Misused(asked.text("admin.by_appointment"))


def _check_protected(asked: Asked, row: MemberRow, path: str, value: str) -> str | None:
    """The category of sensitive personal information that a tag is about (PIPL Art. 28), None for none.

    Raises Misused unless a director has recorded a purpose for it and the member agreed to it separately.
    """
    touched = asked.house.catalogue.screened(path, value)
    if touched is None:
        return None
    category = category_of(touched)
    if not protected.permitted(asked.uow, category, row.member, asked.event.at):
        raise Misused(asked.text("admin.protected", what=Block(touched)))
    return category


def _check_ground(asked: Asked, row: MemberRow, path: str) -> None:
    """A tag by hand rests on the same consent as one by rule. Raises Misused without it."""
    facts = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member]
    needed = purposes(path)
    if needed in (("behaviour",), ("spending",)):
        permitted = not facts.barred(needed[0])
    else:
        permitted = not needed or any(purpose in facts.consents for purpose in needed)
    if not permitted:
        raise Misused(asked.text("admin.no_consent", name=shown(row), path=path))


def _unpin(asked: Asked) -> None:
    words = read_tag(asked.args)
    row = asked.member(words.rest)
    path = known_path(asked, words.path)
    demand(asked, "delete", path, words.value)
    held = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member].tags
    if words.value is None and path not in {at for at, _ in held}:
        asked.confirm(asked.text("admin.not_tagged", name=shown(row), path=Block(path)))
        return
    asked.facts.append(pinning.unpin(asked.event, row.member, asked.actor, path, words.value))
    asked.confirm(asked.text("admin.unpinned", name=shown(row), path=Block(path)))


COMMANDS = (
    Command("#标签", "tag", _tag, needs="观察员"),
    Command("#打标", "pin", _pin, needs="管理员"),
    Command("#去标", "unpin", _unpin, needs="管理员"),
)
