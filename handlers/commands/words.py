"""#词典: the deployment's own words, added and taken away live."""

from __future__ import annotations

from bot.services import dictionary
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command, Misused

ADD, REMOVE, LIST = "加", "删", "列"
EDITOR = "管理员"
LISTED = 50


def _words(asked: Asked) -> None:
    """加 词…, 删 词…, or 列."""
    verb, *words = asked.args.split()[:21] or [LIST]
    if verb == LIST and not words:
        _list(asked)
    elif verb in (ADD, REMOVE) and 0 < len(words) <= 20:
        _demand_editor(asked)
        changed = [word for word in words if (_add if verb == ADD else _remove)(asked, word)]
        _answer(asked, verb, changed)
    else:
        raise Misused


def _demand_editor(asked: Asked) -> None:
    """An observer may look, but not change how everybody is read."""
    if not asked.may(EDITOR):
        raise Misused(asked.text("admin.not_allowed", role=EDITOR))


def _add(asked: Asked, word: str) -> bool:
    return dictionary.add(asked.uow, word, asked.actor, asked.now)


def _remove(asked: Asked, word: str) -> bool:
    known = asked.house.reader.knows(word)
    return dictionary.remove(asked.uow, word, asked.actor, asked.now, known=known)


def _answer(asked: Asked, verb: str, changed: list[str]) -> None:
    """What is read from the next message on is read with the new words."""
    if not changed:
        asked.reply(asked.text("admin.words_same" if verb == ADD else "admin.words_unknown"))
        return
    key = "admin.words_added" if verb == ADD else "admin.words_removed"
    asked.reply(asked.text(key, words=_shown(changed)))


def _list(asked: Asked) -> None:
    stored = dictionary.overrides(asked.uow)
    added = [word for word, whole in stored.items() if whole]
    split = [word for word, whole in stored.items() if not whole]
    reading = asked.house.reader.reading
    text = asked.text(
        "admin.words",
        count=len(added),
        added=_shown(added),
        split=_shown(split),
        engine=Block(reading.engine),
        digest=Block(reading.dictionary),
    )
    asked.reply_directly(text)


def _shown(words: list[str]) -> Block:
    more = f" …共 {len(words)} 个" if len(words) > LISTED else ""
    return Block("、".join(one_line(word, dictionary.LONGEST) for word in words[:LISTED]) + more or "—")


COMMANDS = (Command("#词典", "words", _words, needs="观察员"),)
