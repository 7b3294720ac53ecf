"""Occupation: from what people call their work to the ten categories of RULEBOOK §1.

Strict reading wants a known word, with nothing but known modifiers before it. Lenient reading, for a person who was
asked, also takes unknown words before a known one and names with a job's ending, which become 其他.
"""

from __future__ import annotations

import re

from bot.core.answers.tables import Answer, OccupationTable

OTHER = "其他"
_LONGEST_ANSWER = 18
_BEFORE = re.compile(
    r"^(?:我|本人|俺|目前|现在|是|做|干|搞|从事|当|在|一名|一个|一枚|一位|一只|名|个|位|职业|工作|行业|主要|就|:|的)+"
)
_AFTER = re.compile(
    r"(?:工作|上班|行业|相关|方面|领域|民工|的|了|啦|呢|啊|哦|哈|呀|吧|~|一枚|一名|一个|一只|狗|汪|滴)+$"
)
_OTHERS = re.compile(
    r"老公|老婆|朋友|男友|女友|家人|亲戚|以前|以后|打算|准备|同事|[妈爸爹娘弟妹哥姐叔姨舅姑他她你您吗不没想曾谁]"
)
_DOING = re.compile(r"[做当干搞]")


def read_occupation(text: str, table: OccupationTable, strict: bool = False) -> Answer | None:
    """The occupation compact text names, None when it names none (or somebody else's)."""
    if text in table.words:
        return _answer(text, table)
    core = peel_occupation(text) if len(text) <= _LONGEST_ANSWER * 2 else ""
    if not core or len(core) > _LONGEST_ANSWER:
        return None
    word = known_word(core, table) if strict else _lenient(core, table)
    return _answer(word, table) if word else None


def peel_occupation(text: str) -> str:
    """Compact text without "我是一名…", "…工作的" around the occupation; the text itself if nothing would be left."""
    without = _BEFORE.sub("", text)
    return _AFTER.sub("", without) or without


def known_word(core: str, table: OccupationTable) -> str | None:
    """The known word that ends `core`, if everything before it is made of known words; else None."""
    for start in range(max(0, len(core) - table.longest), len(core)):
        if core[start:] in table.words and _is_modifier(core[:start], table):
            return core[start:]
    return None


def _is_modifier(text: str, table: OccupationTable) -> bool:
    """Whether `text` falls apart into modifiers and occupation words (empty text does)."""
    ends = {0}
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - table.longest), end)
        if any(start in ends and _may_modify(text[start:end], table) for start in starts):
            ends.add(end)
    return len(text) in ends


def _may_modify(word: str, table: OccupationTable) -> bool:
    return word in table.modifiers or word in table.words


def _lenient(core: str, table: OccupationTable) -> str | None:
    """A known word; else the known word at the end or before a job's ending; else the category 其他 itself."""
    if _OTHERS.search(core):
        return known_word(core, table)
    ending = _ending_word(core, table)
    if ending:
        return ending
    doing = _DOING.split(core)
    if len(doing) > 1 and len(doing[-1]) > 1:
        return _lenient(peel_occupation(doing[-1]), table) or _ending_word(doing[0], table)
    return _by_suffix(core, table)


def _ending_word(core: str, table: OccupationTable) -> str | None:
    for start in range(max(0, len(core) - table.longest), len(core) - 1):
        if core[start:] in table.words:
            return core[start:]
    return core if core in table.words else None


def _by_suffix(core: str, table: OccupationTable) -> str | None:
    if any(core.endswith(word) for word in table.not_jobs):
        return None
    suffix = next((end for end in table.suffixes if core.endswith(end) and len(core) > len(end)), None)
    if suffix is None:
        return None
    rest = core[: -len(suffix)]
    return next((word for word in _words_inside(rest, table)), OTHER)


def _words_inside(text: str, table: OccupationTable) -> list[str]:
    """Known words of two characters and more inside `text`, the rightmost first."""
    spans = ((start, end) for end in range(len(text), 1, -1) for start in range(max(0, end - table.longest), end - 1))
    return [text[start:end] for start, end in spans if text[start:end] in table.words]


def _answer(word: str, table: OccupationTable) -> Answer:
    return Answer(table.words.get(word, OTHER), "unclear" if word in table.maybe_child else None)
