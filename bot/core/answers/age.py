"""Age: a stated age, a year or decade of birth, or a bracket, turned into RULEBOOK §1's six brackets.

Rules for what is not exact: a decade ("90后": ten years of birth; "95后": five; other two digits: that year) takes the
bracket that holds most of its years of birth, the younger one on a tie. A year of birth counts `today.year - year`
years, except that near 14 and 18 the birthday is taken as still to come, unless the date of birth was said.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from bot.core.answers.numbers import NUMERALS, read_number
from bot.core.answers.tables import Answer

BRACKETS = ("18岁以下", "18-24岁", "25-34岁", "35-44岁", "45-54岁", "55岁以上")
_STARTS = (18, 25, 35, 45, 55)
OLDEST = 110

_N = f"([{NUMERALS}]{{1,5}})"
_BEFORE = re.compile(
    r"^(?:我|本人|俺|今年|年龄|年纪|芳龄|是|才|只有|还|已经|刚满|刚|满|现在|目前|大概|差不多|应该|:|一名|一个|一枚|生于|出生于)+"
)
_AFTER = re.compile(r"(?:了|啦|呢|哦|噢|哈|啊|呀|吧|咯|喽|滴|哒|而已|左右|~|一枚)+$")
_STATED = re.compile(_N + r"(?:周岁|岁半|岁|歲|yearsold|yo)的?")
_NOMINAL = re.compile(r"虚岁" + _N + r"岁?|" + _N + r"虚岁")
_DECADE = re.compile(_N + r"(?:年代|年)?[后後](?:的|生)?")
_YEAR = re.compile(_N + r"(?:年(?:份)?(?:(\d{1,2})月(?:(\d{1,2})[日号]?)?)?)(?:出生|生人|生|产)?的?")
_DATE = re.compile(r"((?:19|20)\d\d)[-/.]?(\d{1,2})[-/.]?(\d{1,2})?")
_BORN_BARE = re.compile(_N + r"(?:出生|生人|的)的?")
_RANGE = re.compile(_N + r"岁?(?:-|~|到|至)+" + _N + r"岁?(?:之间|的)?")
_ABOUT = re.compile(r"([二三四五六七八九]?)十([一二三四五六七八])([二三四五六七八九])岁?")
_BELOW = re.compile(
    r"(?:未满|不满|不到|还没到?|没到|没满|小于)" + _N + r"(?:周岁|岁)?|" + _N + r"(?:周岁|岁)?(?:以下|以内)"
)
_ABOVE = re.compile(_N + r"(?:周岁|岁)?(?:以上|\+|往上)")
_CHILDISH = frozenset("未成年 未成年人 还未成年 还没成年 没成年 小孩 小孩子 小朋友 儿童 孩子".split())


def read_age(text: str, today: date, bare: bool = True) -> Answer | None:
    """The age said by compact text; None when it says none. `bare`: a number alone (7–79) is an age as well."""
    core = _AFTER.sub("", _BEFORE.sub("", text[:40]))
    if core in _CHILDISH:
        return Answer(None, "unclear")
    for read in (_stated, _range, _limit, _decade, _born):
        answer = read(core, today)
        if answer:
            return answer
    return _bare(core, today) if bare else None


def _of_years(age: int) -> Answer | None:
    """The answer for exactly `age` years; None when nobody is that old."""
    if not 1 <= age <= OLDEST:
        return None
    if age < 14:
        return Answer(None, "under14", age)
    return Answer(BRACKETS[_bracket(age)], "14-17" if age < 18 else None, age)


def _bracket(age: int) -> int:
    return sum(age >= start for start in _STARTS)


def _stated(core: str, today: date) -> Answer | None:
    found = _STATED.fullmatch(core)
    number = read_number(found.group(1)) if found else None
    if number is not None:
        return _of_years(number)
    nominal = _NOMINAL.fullmatch(core)
    number = read_number(nominal.group(1) or nominal.group(2)) if nominal else None
    return None if number is None else _of_years(number - 1)


def _range(core: str, today: date) -> Answer | None:
    """A span of ages ("25-34", "二十五六"): an answer only when both ends are in one bracket."""
    about = _ABOUT.fullmatch(core)
    if about and int(read_number(about[3]) or 0) == int(read_number(about[2]) or 0) + 1:
        ten = (read_number(about[1]) or 1) * 10
        return _span(ten + (read_number(about[2]) or 0), ten + (read_number(about[3]) or 0))
    found = _RANGE.fullmatch(core)
    if not found:
        return None
    low, high = read_number(found.group(1)), read_number(found.group(2))
    return _span(low, high) if low is not None and high is not None and low < high else None


def _span(low: int, high: int) -> Answer | None:
    if high > OLDEST:
        return None
    if low < 14:
        return Answer(None, "under14" if high < 14 else "unclear")
    if _bracket(low) != _bracket(high):
        return None
    return Answer(BRACKETS[_bracket(low)], "14-17" if high < 18 else None)


def _limit(core: str, today: date) -> Answer | None:
    """ "未满14" → under 14, "18岁以下" → unclear, "60以上" → the last bracket."""
    below = _BELOW.fullmatch(core)
    if below:
        bar = read_number(below.group(1) or below.group(2)) or 0
        return None if not 1 <= bar <= 18 else Answer(None, "under14" if bar <= 14 else "unclear")
    above = _ABOVE.fullmatch(core)
    bar = read_number(above.group(1)) or 0 if above else 0
    return Answer(BRACKETS[-1]) if 55 <= bar <= OLDEST else None


def _decade(core: str, today: date) -> Answer | None:
    found = _DECADE.fullmatch(core)
    first = _full_year(found.group(1), today) if found else None
    if first is None:
        return None
    years = range(first, first + {0: 10, 5: 5}.get(first % 5 + first % 10, 1))
    youngest, oldest = today.year - years[-1] - 1, today.year - first
    if youngest < 14:
        return Answer(None, "under14" if oldest < 14 else "unclear")
    if oldest > OLDEST:
        return None
    counts = Counter(_bracket(today.year - year) for year in years)
    best = min(counts, key=lambda bracket: (-counts[bracket], bracket))
    return Answer(BRACKETS[best], "14-17" if best == 0 else None)


def _full_year(said: str, today: date) -> int | None:
    """A year of birth from two or four digits; two digits lie in the last hundred years."""
    number = read_number(said)
    if number is None or len(said) not in (2, 4) or "十" in said:
        return None
    if number >= 100:
        return number if today.year - OLDEST <= number <= today.year else None
    century = today.year - today.year % 100
    return century + number if number <= today.year % 100 else century - 100 + number


def _born(core: str, today: date) -> Answer | None:
    found = _YEAR.fullmatch(core)
    if found:
        return _of_birth(_full_year(found[1], today), found[2], found[3], today)
    found = _DATE.fullmatch(core)
    if found:
        return _of_birth(_full_year(found[1], today), found[2], found[3], today)
    found = _BORN_BARE.fullmatch(core)
    if found and (len(found[1]) == 4 or found[1] >= "5" or found[1].startswith("0")):
        return _of_birth(_full_year(found[1], today), None, None, today)
    return None


def _of_birth(year: int | None, month: str | None, day: str | None, today: date) -> Answer | None:
    if year is None:
        return None
    if not (1 <= int(month or 1) <= 12 and 1 <= int(day or 1) <= 31):
        return None
    age = today.year - year
    if month is None:
        return _of_years(age - 1 if age in (14, 18) else age)
    birthday_passed = (int(month), int(day or 31)) <= (today.month, today.day)
    return _of_years(age if birthday_passed else age - 1)


def _bare(core: str, today: date) -> Answer | None:
    """A number alone: 7–79 is an age, a four-digit year a year of birth; 80–99 may be either, so ask again."""
    number = read_number(core) if not core.startswith("0") else None
    if number is None:
        return None
    if number >= 1000:
        return _of_birth(_full_year(core, today), None, None, today)
    return _of_years(number) if 7 <= number <= 79 else None
