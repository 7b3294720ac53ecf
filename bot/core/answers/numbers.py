"""Whole numbers as people write them, in digits or Chinese numerals, and the number of a shown option."""

from __future__ import annotations

import re

_DIGITS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2", "○": "0"}
_TENS = re.compile(r"([一二两三四五六七八九]?)(十|廿|卅)([一二三四五六七八九]?)")
_CHOICE = re.compile(
    r"(?:我?选择?|选项|第|no\.?|#)*([0-9]{1,2}|[a-z]|[一二两三四五六七八九十]{1,2})(?:个|项|号|种|吧|\.)*"
)

NUMERALS = "0-9零〇○一二两三四五六七八九十廿卅"
"""Characters of a number, for use inside a character class."""


def read_number(text: str) -> int | None:
    """ "28", "二十八", "廿八", "九五", "一九九八" → the number; None for anything else. At most 4 digits."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 4 else None
    tens = _TENS.fullmatch(text)
    if tens:
        return _tens(*tens.groups())
    digits = "".join(_DIGITS.get(char, char) for char in text)
    return int(digits) if 0 < len(digits) <= 4 and digits.isascii() and digits.isdigit() else None


def _tens(count: str, mark: str, ones: str) -> int:
    ten = {"十": int(_DIGITS[count]) if count else 1, "廿": 2, "卅": 3}[mark]
    return ten * 10 + (int(_DIGITS[ones]) if ones else 0)


def read_choice(text: str, count: int) -> int | None:
    """Index (from 0) of the option that compact text names out of `count`: "1", "A", "第二个", "选3"."""
    found = _CHOICE.fullmatch(text)
    if not found:
        return None
    said = found.group(1)
    number = ord(said) - ord("a") + 1 if said.isascii() and said.isalpha() else read_number(said)
    return number - 1 if number is not None and 1 <= number <= count else None
