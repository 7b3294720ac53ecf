"""The quality coefficient of one message, before repetition (RULEBOOK §2): 0–2, as a sum of named parts.

The formula is ours: 基础 + 长度 + 信息 + 问答 + 互动, lowered by 口水话 when nothing in the text carries content, and
by 封顶 above the ceiling. Properties kept: 0 only for a text with nothing in it; any other text has at least
`QualityRules.start`; substantive > short > filler. Adverts and near-duplicates are applied in bot.core.repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

STICKER_KINDS = frozenset({"emoji"})


@dataclass(frozen=True, slots=True)
class QualityRules:
    """Weights and bars of the coefficient; all in points of q unless said."""

    start: float = 0.1
    """What any non-empty text earns."""
    length: float = 0.5
    """Most that length earns."""
    length_full: float = 20.0
    """Han characters at which length earns all of it; three Latin letters or digits count as one."""
    information: float = 0.9
    """Most that distinct content words earn."""
    information_full: float = 4.0
    """Sum of keyword weights (0–`keyword_most` each) of distinct content words that earns all of it."""
    keyword_scale: float = 8.0
    """TF-IDF keyword value (jieba's IDF, natural logarithm) that makes a content word weigh 1."""
    keyword_most: float = 1.5
    """Most that one content word weighs."""
    unknown_word: float = 0.8
    """Weight of a content word that the IDF list does not know."""
    question_word: float = 0.5
    """Weight of a question word of two or more characters, so that 怎么办 is short and not filler."""
    exchange: float = 0.3
    """What a question, or an answer, earns when it has content."""
    addressed: float = 0.2
    """What a reply or a mention earns when it has content."""
    filler_cap: float = 0.3
    """Ceiling of a text without any content word (哈哈哈, 收到)."""
    wordless_cap: float = 0.15
    """Ceiling of a sticker, or of a text of emoji and punctuation only."""
    most: float = 2.0
    """Ceiling of the coefficient."""


class WordGrade(NamedTuple):
    """What one word adds: its keyword weight (0 for filler and stop words), and whether it asks or answers."""

    weight: float
    asks: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class WordLists:
    """Closed word classes, lower case. They come from config/lexicon."""

    stop: frozenset[str] = frozenset()
    filler: frozenset[str] = frozenset()
    question: frozenset[str] = frozenset()
    answer: frozenset[str] = frozenset()


class Utterance(NamedTuple):
    """One message as the coefficient sees it, its words aside.

    letters: number of letters, digits and Han; size: the same in Han characters; asks: the text holds a question mark;
    replies, mentions: it answers or names somebody.
    """

    letters: int
    size: float
    asks: bool = False
    replies: bool = False
    mentions: bool = False
    kind: str = "text"


class Tally(NamedTuple):
    """What the different words of a message come to: keyword weights, how many carry content, ask, answer."""

    weight: float
    content: int
    asks: int
    answers: int


Grader = Callable[[str], WordGrade | None]
"""The grade of a word; None for a word that adds nothing."""


def grader(lists: WordLists, rules: QualityRules, keyword: Callable[[str], float | None]) -> Grader:
    """A function from word to grade. `keyword` gives jieba's IDF of a word, None when unknown."""

    def grade(word: str) -> WordGrade | None:
        low = word.lower()
        asks, answers = low in lists.question, low in lists.answer
        weight = _weight(low, asks, lists, rules, keyword)
        return WordGrade(weight, asks, answers) if weight or asks or answers else None

    return grade


def _weight(
    low: str, asks: bool, lists: WordLists, rules: QualityRules, keyword: Callable[[str], float | None]
) -> float:
    if len(low) < 2 or low.isdigit() or not (low.isalpha() or any(map(str.isalpha, low))):
        return 0.0
    if asks:
        return rules.question_word
    if low in lists.filler or low in lists.stop or low == low[0] * len(low):
        return 0.0
    value = keyword(low)
    return rules.unknown_word if value is None else min(rules.keyword_most, value / rules.keyword_scale)


def tally(words: Iterable[str], grade: Grader) -> Tally:
    """What the different words of one message come to."""
    weight, content, asking, answering = 0.0, 0, 0, 0
    for worth, asks, answers in filter(None, map(grade, dict.fromkeys(words))):
        # One by one: `sum` rounds otherwise from Python 3.12 on, and whoever adds up many texts at once does not.
        weight += worth
        content += worth > 0
        asking += asks
        answering += answers
    return Tally(weight, content, asking, answering)


class Quality(NamedTuple):
    """The coefficient, its summands by Chinese name (they add up to it), and the number of distinct content words."""

    base: float
    parts: dict[str, float]
    content_words: int


def quality(said: Utterance, words: Tally, rules: QualityRules) -> Quality:
    """The coefficient of a non-empty message; an empty one is 0 and need not be asked."""
    parts = {"基础": rules.start, "长度": _share(rules.length, said.size / rules.length_full)}
    if words.content:
        parts["信息"] = _share(rules.information, words.weight / rules.information_full)
        if said.asks or words.asks or words.answers or said.replies:
            parts["问答"] = rules.exchange
        if said.replies or said.mentions:
            parts["互动"] = rules.addressed
    return Quality(_capped(parts, said, words.content, rules), parts, words.content)


def _share(most: float, share: float) -> float:
    """That share of `most`, at most all of it, to three places (`round` costs three times as much)."""
    return int(1000 * most * share + 0.5) / 1000 if share < 1 else most


def _capped(parts: dict[str, float], said: Utterance, content: int, rules: QualityRules) -> float:
    """The sum of the parts under its ceiling; what the ceiling takes away becomes a part of its own."""
    total = sum(parts.values())
    name, cap = "封顶", rules.most
    if not said.letters or said.kind in STICKER_KINDS:
        name, cap = "表情", rules.wordless_cap
    elif not content:
        name, cap = "口水话", rules.filler_cap
    if total > cap:
        parts[name] = round(cap - total, 3)
        return cap
    return round(total, 3)
