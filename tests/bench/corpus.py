"""Texts to measure with: a file of event lines when given, else Chinese group talk from a seeded generator.

No two made texts are alike, nor are their clauses: words are drawn from jieba's own dictionary, so that whoever
remembers what he has read gains no more by it than he would in a group.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.text.dictionary import jieba_file

BEGIN = 1_767_225_600
"""2026-01-01T00:00Z, in seconds."""
COMMON = 300
"""Least count, in jieba's dictionary, of a word that people use in talk."""
_WHO = "我 你 他 大家 群主 老师 同事 朋友 邻居 客服".split()
_TAIL = "吗？ 吧 了 呢，谢谢 ，有人一起吗？ ，真的很不错 。 ！ ～".split()


@cache
def _words() -> dict[str, list[str]]:
    """Common words by part of speech: n, v, a, d."""
    found: dict[str, list[str]] = {"n": [], "v": [], "a": [], "d": []}
    for line in jieba_file("dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, kind = line.split()
        if kind in found and int(count) >= COMMON and len(word) > 1:
            found[kind].append(word)
    return found


def sentences(count: int, seed: int = 1) -> list[str]:
    """Distinct chat lines of about 15–25 characters."""
    pick, words = random.Random(seed).choice, _words()
    nouns, verbs = words["n"], words["v"]
    made: dict[str, None] = {}
    while len(made) < count:
        first = f"{pick(_WHO)}{pick(words['d'])}{pick(verbs)}了{pick(words['a'])}的{pick(nouns)}"
        made[f"{first}，{pick(nouns)}也{pick(verbs)}{pick(nouns)}{pick(_TAIL)}"] = None
    return list(made)


def made_lines(count: int, members: int = 200) -> Iterator[str]:
    """Event lines of a group in which `members` talk, one message every half minute."""
    chance = random.Random(2)
    for number, text in enumerate(sentences(count)):
        who = min(int(chance.expovariate(8 / members)), members - 1)
        record = {"type": "message", "id": f"bench-{number}", "at": BEGIN + 30 * number, "text": text}
        yield json.dumps({**record, "member": f"m{who:04}", "group": "bench@chatroom"}, ensure_ascii=False)


def lines(file: Path | None, count: int) -> list[str]:
    """`count` event lines: the first of `file`, or made ones."""
    if file is None:
        return list(made_lines(count))
    with file.open(encoding="utf-8") as source:
        return [line for line, _ in zip(source, range(count), strict=False)]
