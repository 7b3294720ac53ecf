"""Reading arguments: whom a command is about, which tag, how strongly, how long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.instants import DAY, Span
from handlers.commands.spec import Misused

_WIDE = str.maketrans({"／": "/", "＝": "=", "，": ",", "％": "%"})
_TAG = re.compile(r"(?P<path>[^\s/=]+(?:/[^\s/=]+)?)(?:\s*=\s*(?P<value>\S.*))?\s*$")
_DAYS = re.compile(r"(\d{1,4})\s*天")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
_WEIGHT = re.compile(r"(?:权重)?(0|1|0?\.\d{1,3}|1\.0{1,3})")
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class TagWords:
    """`rest` is what stands before the tag; `value` is None where only a path was given."""

    rest: str
    path: str
    value: str | None


def read_tag(args: str) -> TagWords:
    """The tag at the end of the arguments: 路径 or 路径=值. Raises Misused."""
    found = _TAG.search(args.translate(_WIDE))
    if found is None:
        raise Misused
    value = found["value"]
    return TagWords(args[: found.start()].strip(), found["path"], value.strip() if value else None)


@dataclass(frozen=True, slots=True)
class PinWords:
    """A tag to pin: `weight` 0–1, `lasting` None for ever."""

    rest: str
    path: str
    value: str
    weight: float
    lasting: Span | None


def read_pin(args: str) -> PinWords:
    """成员 路径=值 [权重] [30天]: weight and days, in either order, at the end. Raises Misused."""
    words, weight, lasting = args.split(), None, None
    while words:
        if lasting is None and (days := _DAYS.fullmatch(words[-1])):
            lasting = _days(int(days[1]))
        elif weight is None and "=" not in words[-1] and (found := _WEIGHT.fullmatch(words[-1])):
            weight = float(found[1])
        else:
            break
        words.pop()
    if words and "=" not in words[-1] and _NUMBER.fullmatch(words[-1]):
        raise Misused(f"「{words[-1]}」读不懂：权重应为 0–1，天数写作 30天")
    tag = read_tag(" ".join(words))
    if tag.value is None:
        raise Misused
    return PinWords(tag.rest, tag.path, tag.value, 1.0 if weight is None else weight, lasting)


def _days(number: int) -> Span:
    if not 1 <= number <= LONGEST_DAYS:
        raise Misused(f"天数应为 1–{LONGEST_DAYS}")
    return number * DAY


def read_numbers(words: str) -> list[int]:
    """Numbers separated by commas or blanks. Raises Misused."""
    parts = words.translate(_WIDE).replace("、", ",").replace(",", " ").split()
    if not parts or not all(part.isdecimal() and len(part) <= 12 for part in parts):
        raise Misused
    return [int(part) for part in parts]
