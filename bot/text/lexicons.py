"""Word lists of config/lexicon: one entry a line, `#` begins a comment line; order does not matter.

In `topic_words.txt` and `sales_words.txt` words stand side by side under the heading of their topic or kind.
A missing file is an empty list, and an empty list matches nothing. A line that cannot be read is refused by file and
line number, so that a list is never loaded in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.event_fields import TOPICS
from bot.core.quality import WordLists

LONGEST_LINE = 100
"""Characters; a longer line is not a word."""
CLEAR, HINT = 1.0, 0.5
"""How much a topic's words speak for it."""
SALES = ("招呼", "保证", "促销", "钱", "行当")
"""Kinds of sales talk: a call to come, a promise, a bargain, money, a trade."""
_HEADING = re.compile(r"\[(\S+?)( 线索)?\]")


class BadLexicon(ValueError):
    """A word list that cannot be used; the message is Chinese and names file and line."""


@dataclass(frozen=True, slots=True)
class UserWord:
    """A word of the user dictionary; `freq` None lets jieba's rule choose one that keeps the word whole."""

    word: str
    freq: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All word lists, as written in the files.

    ad_words: phrase → strength 0–1, found anywhere; ad_whole_words: the same, only as a word by itself;
    offer_words and contact_words count only together. sales_words: word → the kinds of sales talk it belongs to.
    topic_words: word → how much it speaks for which topics.
    disguises: what is written → what is read.
    """

    user_words: tuple[UserWord, ...] = ()
    ad_words: dict[str, float] | None = None
    ad_whole_words: dict[str, float] | None = None
    offer_words: frozenset[str] = frozenset()
    contact_words: frozenset[str] = frozenset()
    sales_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    topic_words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    disguises: Mapping[str, str] = field(default_factory=dict)
    classes: WordLists = field(default_factory=WordLists)


def load_lexicons(directory: Path) -> Lexicons:
    """Read every list of a lexicon directory. Raises BadLexicon."""
    if not directory.is_dir():
        raise BadLexicon(f"词库目录不存在：{directory}")
    file = directory / "disguises.txt"
    return Lexicons(
        user_words=load_user_words(directory / "user_dict.txt"),
        ad_words=_load_strengths(directory / "ad_words.txt"),
        ad_whole_words=_load_strengths(directory / "ad_whole_words.txt"),
        offer_words=_load_words(directory / "offer_words.txt"),
        contact_words=_load_words(directory / "contact_words.txt"),
        sales_words=_load_sales(directory / "sales_words.txt"),
        topic_words=_load_topics(directory / "topic_words.txt"),
        disguises=dict(_disguise(file, number, line) for number, line in _lines(file)),
        classes=WordLists(
            stop=_load_words(directory / "stop_words.txt"),
            filler=_load_words(directory / "filler_words.txt"),
            question=_load_words(directory / "question_words.txt"),
            answer=_load_words(directory / "answer_words.txt"),
        ),
    )


def load_user_words(file: Path) -> tuple[UserWord, ...]:
    """Read `word [freq] [tag]` lines. Raises BadLexicon."""
    return tuple(_user_word(file, number, line) for number, line in _lines(file))


def _user_word(file: Path, number: int, line: str) -> UserWord:
    word, *rest = line.split()
    freq = int(rest.pop(0)) if rest and rest[0].isascii() and rest[0].isdigit() else None
    tag = rest.pop(0) if rest and rest[0].isascii() and rest[0].isalpha() else ""
    if rest or (freq is not None and not 0 < freq < 10**9):
        raise BadLexicon(f"{file.name} 第 {number} 行：应为「词 [词频] [词性]」")
    return UserWord(word, freq, tag)


def _load_words(file: Path) -> frozenset[str]:
    return frozenset(line.lower() for _, line in _lines(file))


def _load_strengths(file: Path) -> dict[str, float]:
    """Lines of `phrase` or `phrase<TAB>strength`; without a strength the phrase weighs 0.5."""
    return dict(_strength(file, number, line) for number, line in _lines(file))


def _strength(file: Path, number: int, line: str) -> tuple[str, float]:
    phrase, tab, strength = line.partition("\t")
    try:
        value = float(strength) if tab else 0.5
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise BadLexicon(f"{file.name} 第 {number} 行：强度应在 0 到 1 之间")
    return phrase.strip().lower(), value


def _disguise(file: Path, number: int, line: str) -> tuple[str, str]:
    written, _, read = (part.strip() for part in line.partition("\t"))
    if not written or not read:
        raise BadLexicon(f"{file.name} 第 {number} 行：应为「变形<TAB>原词」")
    return written, read.lower()


def _load_topics(file: Path) -> dict[str, dict[str, float]]:
    """Words under headings: `[健康]` for those that suffice alone, `[健康 线索]` for hints."""
    topic, weight = "", 0.0
    words: dict[str, dict[str, float]] = {}
    for number, line in _lines(file):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            topic, weight = heading[1], HINT if heading[2] else CLEAR
        if topic not in TOPICS:
            raise BadLexicon(f"{file.name} 第 {number} 行：词要写在「[题材]」或「[题材 线索]」下面，题材见《题材》标签")
        if heading is None:
            for word in line.lower().split():
                words.setdefault(word, {})[topic] = weight
    return words


def _load_sales(file: Path) -> dict[str, frozenset[str]]:
    """Words under the headings of `SALES`."""
    kind = ""
    words: dict[str, frozenset[str]] = {}
    for number, line in _lines(file):
        heading = _HEADING.fullmatch(line)
        kind = heading[1] if heading is not None else kind
        if kind not in SALES or (heading is not None and heading[2]):
            raise BadLexicon(f"{file.name} 第 {number} 行：词要写在「[种类]」下面，种类有 {'、'.join(SALES)}")
        for word in [] if heading is not None else line.lower().split():
            words[word] = words.get(word, frozenset()) | {kind}
    return words


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines with something on them. Raises BadLexicon for bad UTF-8, NUL and overlong lines."""
    if not file.exists():
        return
    for number, raw in enumerate(file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            line = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise BadLexicon(f"{file.name} 第 {number} 行：不是 UTF-8 编码") from None
        if len(line) > LONGEST_LINE or "\0" in line:
            raise BadLexicon(f"{file.name} 第 {number} 行：超过 {LONGEST_LINE} 个字符，或含有空字符")
        if line and not line.startswith("#"):
            yield number, line
