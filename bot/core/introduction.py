"""Free self-introductions: age, gender, region and occupation out of "大家好，我是小王，95后，坐标杭州，做产品经理".

Only clauses that are facts from end to end count: a clause is read from its start as a chain of known pieces (我,
坐标, an age, a place, a gender, an occupation); anything left over drops the whole clause, so that talk about others,
questions and wishes yield nothing. A clause that speaks of its author (我是…, 坐标…, 本人…) counts by itself. Bare
pieces ("95后") count only in an introduction: the message opens as one or some clause speaks of its author, and two
different facts are given (after an opening, an age or an occupation is enough; a place is not).
Decades of birth follow the rule of bot.core.answers.age.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.core.answers.age import read_age
from bot.core.answers.gender import read_gender
from bot.core.answers.numbers import NUMERALS
from bot.core.answers.occupation import known_word, peel_occupation
from bot.core.answers.plain import clauses, plain
from bot.core.answers.tables import Answer, AnswerTables
from bot.core.region import match_place, value_of

_CUE = re.compile(
    r"[坐座]标|我[是叫来在今]|我\s?\d|本人|大家好|各位好|新人|萌新|报[到道]|自我介绍|现居|[bB]ase|后[,，、。/\s]|俺"
)
_OPENING = re.compile(
    r"大家好|各位好|新人|萌新|报到|报道|自我介绍|介绍一?下|我叫|初来乍到|请多关照|多多指教|hello大家|hi大家|[坐座]标(?!系|轴)"
)
_OTHERS = re.compile(
    r"(?:他|她|它|你|您|咱|人家|别人|朋友|同事|同学|老公|老婆|对象|男友|女友|室友|邻居|亲戚|孩子|儿子|女儿|闺女|娃"
    r"|爸|妈|爹|娘|弟|妹|哥|姐|叔|姨|舅|姑|爷|奶|外公|外婆|侄|有个|有人|认识|谁|群主)"
)
_OWN_NAMES = re.compile(r"[宝辣奶][爸妈]|全职[爸妈宝太]+|小[哥姐]+|[萌软]?妹[子纸]|姑娘|御姐|帅哥|墨西哥|芝加哥|带娃")
"""Words for oneself (and places) that only look as if they named somebody else."""
_SELF = re.compile(r"^(?:我|本人|俺|坐标|座标|base|现居|人在|职业|年龄|性别)")
_SPLIT_ASK = re.compile(r"[^,，。;；!！\n?？]*[?？]")

_LINK = re.compile(r"(?:的|一名|一个|一枚|一位|一只|个|名|位|:|-|\+|了|也|今年|目前|现在|性别|年龄|刚|就)")
_IS = re.compile(r"(?:我|本人|俺)?(?:就?是|的?职业:?是?|从事|做|干|当|搞|目前是|现在是|:)?")
_HERE = re.compile(r"(?:坐标|座标|base|现居|定居|常住|人在|来自|住在|住)[:在]?|在")
_WORKING = re.compile(r"(?:这边|那边|本地|市区)?(?:工作|上班|生活|读书|上学|打工|创业|定居|居住|发展|漂)?(?:的|人|了)?")
_AGE = re.compile(
    rf"(?:[{NUMERALS}]{{2,3}}(?:周岁|岁|[后後])|(?:19|20)\d\d年?(?:的|出生|生)?|[{NUMERALS}]{{2}}年(?:的|出生|生|(?=$)))"
)
_BARE_AGE = re.compile(r"[1-7]\d$")
_GENDER = re.compile(
    r"(?:小哥哥|小姐姐|女汉子|男孩子?|女孩子?|男生|女生|男士|女士|男的|女的|妹子|汉子|男|女)(?:一枚|一个|一名)?"
)
_GREETING = re.compile(r"(?:大家好|各位好|哈喽|hello|hi|新人|萌新|报到|报道|自我介绍一?下?)+")
_BEFORE_AGE = re.compile(r"(?:今年|年龄|刚满|刚|:|一名|一个|一枚|是)*")
_BEFORE_GENDER = re.compile(r"(?:性别|一名|一个|一枚|:)*")
_NOWADAYS = re.compile(r"(?:目前|现在)*")
_AT_WORK = re.compile(r"(?:我|本人|俺)?(?:目前|现在)?(?:就?是|做|干|当|搞|从事|职业|一[名个枚位]|在)")
_WORKPLACE = re.compile(r"(?:工作|上班)的?$")


@dataclass(slots=True)
class _Clause:
    """What one clause gave, and whether it speaks of its author."""

    own: bool
    found: dict[str, Answer] = field(default_factory=dict)


def may_introduce(text: str) -> bool:
    """The cheap question before everything else: is there any cue of an introduction near the start?"""
    return _CUE.search(text, 0, 200) is not None


def read_introduction(text: str, words: Sequence[str], tables: AnswerTables, today: date) -> dict[str, Answer]:
    """Facts the author states of himself, by question name (age, gender, region, occupation); empty for other talk.

    `words` is the segmented text: a place is not taken out of a longer word ("中山装"). An age under 14
    is returned like any other fact; the caller then keeps nothing. Never raises.
    """
    if _CUE.search(text, 0, 200) is None:
        return {}
    said = _SPLIT_ASK.sub("\n", plain(text))
    longer = frozenset(word for word in words[:200] if len(word) > 2)
    opened = _OPENING.search(said.replace(" ", "")) is not None
    read = [_Reader(part, longer, tables, today, opened).read() for part in _own_clauses(said)]
    return _joined(read, opened)


def _own_clauses(said: str) -> list[str]:
    """Clauses about the author: a clause about somebody else takes along what follows without a new 我 or 坐标."""
    kept: list[str] = []
    about_other = False
    for part in clauses(said.replace(" ", "\n")) if " " in said else clauses(said):
        other = _OTHERS.search(_OWN_NAMES.sub("", part)) is not None and not _GREETING.match(part)
        about_other = other or (about_other and not _SELF.match(part))
        if not about_other:
            kept.append(part)
    return kept


def _joined(read: list[_Clause], opened: bool) -> dict[str, Answer]:
    """Later clauses never overwrite earlier ones; bare clauses count only in an introduction."""
    kinds = {name for clause in read for name in clause.found}
    several = len(kinds) > 1 and (opened or any(clause.own for clause in read))
    whole = several or (opened and kinds != {"region"})
    found: dict[str, Answer] = {}
    for clause in read:
        if clause.own or whole:
            found = {**clause.found, **found}
    return found


class _Reader:
    """Reads one clause from its start, piece after piece."""

    def __init__(self, text: str, longer: frozenset[str], tables: AnswerTables, today: date, opened: bool) -> None:
        self._text, self._at, self._longer = text, 0, longer
        self._tables, self._today, self._opened = tables, today, opened
        self._clause = _Clause(_SELF.match(text) is not None)
        self._named = False

    def read(self) -> _Clause:
        """The clause's facts; none at all when anything of it stays unread."""
        self._skip(_GREETING)
        for _ in range(12):
            if self._at >= len(self._text):
                return self._clause
            if not (self._age() or self._place() or self._gender() or self._skip(_LINK) or self._occupation()):
                break
        if self._at < len(self._text):
            self._clause.found.clear()
        return self._clause

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        if not found or found.end() == self._at:
            return False
        self._at = found.end()
        return True

    def _after_is(self) -> int:
        """Where a piece would begin after 我是 and the like."""
        found = _IS.match(self._text, self._at)
        return found.end() if found else self._at

    def _keep(self, name: str, answer: Answer | None, end: int) -> bool:
        if answer is None or name in self._clause.found:
            return False
        self._clause.found[name] = answer
        self._at = end
        return True

    def _age(self) -> bool:
        start = self._after_age_words()
        found = _AGE.match(self._text, start) or (_BARE_AGE.match(self._text, start) if self._opened else None)
        if not found:
            return False
        return self._keep("age", read_age(found.group(), self._today), found.end())

    def _after_age_words(self) -> int:
        found = _BEFORE_AGE.match(self._text, self._after_is())
        return found.end() if found else self._at

    def _place(self) -> bool:
        start = self._after_is()
        link = _NOWADAYS.match(self._text, start)
        start = link.end() if link else start
        here = _HERE.match(self._text, start)
        begin = here.end() if here else start
        place, length = match_place(self._text[begin : begin + 40], self._tables.regions)
        if place is None or self._inside_word(begin, length):
            return False
        end = begin + length
        tail = _WORKING.match(self._text, end)
        after = tail.end() if tail else end
        lived = self._text[end:after].strip("了的人") or after < len(self._text)
        if here and here.group() == "在" and not (lived or self._opened):
            return False
        return self._keep("region", Answer(value_of(place, self._tables.regions)), after)

    def _inside_word(self, begin: int, length: int) -> bool:
        """Whether the segmenter sees a longer word here that only begins with the place's name."""
        rest = self._text[begin : begin + 8]
        longer = (word.lower() for word in self._longer if len(word) > length)
        return any(rest.startswith(word) and not _WORKING.fullmatch(word[length:]) for word in longer)

    def _gender(self) -> bool:
        start = self._after_is()
        link = _BEFORE_GENDER.match(self._text, start)
        found = _GENDER.match(self._text, link.end() if link else start)
        asked = self._tables.questions.get("gender")
        if not found or asked is None:
            return False
        return self._keep("gender", read_gender(found.group(), asked.options), found.end())

    def _occupation(self) -> bool:
        """An occupation is the rest of the clause or nothing; 我在医院 alone is a place, not a job."""
        rest = self._text[self._at :]
        core = peel_occupation(rest)
        word = known_word(core, self._tables.occupations)
        cued = _AT_WORK.match(rest)
        if word is None or not (cued or self._at == 0 or self._opened or self._clause.found):
            return False
        at_place = rest.lstrip("我").startswith("在") or core in self._tables.occupations.places
        if at_place and not _WORKPLACE.search(rest):
            return False
        unclear = word in self._tables.occupations.maybe_child
        answer = Answer(self._tables.occupations.words[word], "unclear" if unclear else None)
        return self._keep("occupation", answer, len(self._text))
