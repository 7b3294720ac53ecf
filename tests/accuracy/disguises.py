"""The tricks by which adverts hide: each turns a text into one that a person still reads as the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from opencc import OpenCC

Trick = Callable[[str, random.Random], str]
_SOUNDS = dict(zip("微信加群红包费免福利私聊号约资联系", "薇芯伽裙虹苞废勉幅莉思撩耗曰咨莲细", strict=True))
_PARTS = {
    "好": "女子",
    "加": "力口",
    "明": "日月",
    "钱": "钅戋",
    "的": "白勺",
    "她": "女也",
    "找": "扌戈",
    "群": "君羊",
}
_SIGNS = "。.·-_ *"
_HIDDEN = "\u200b\u200d\u2060\ufeff"


_TRADITIONAL = OpenCC("s2t")


def traditional(text: str, chance: random.Random) -> str:
    return str(_TRADITIONAL.convert(text))


def full_width(text: str, chance: random.Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def zero_width(text: str, chance: random.Random) -> str:
    return "".join(char + (chance.choice(_HIDDEN) if chance.random() < 0.5 else "") for char in text)


def signs_between(text: str, chance: random.Random) -> str:
    return "".join(char + (chance.choice(_SIGNS) if chance.random() < 0.35 else "") for char in text)


def homophones(text: str, chance: random.Random) -> str:
    return "".join(_SOUNDS.get(char, char) if chance.random() < 0.8 else char for char in text)


def split_characters(text: str, chance: random.Random) -> str:
    return "".join(_PARTS.get(char, char) for char in text)


def circled_digits(text: str, chance: random.Random) -> str:
    return "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(char)] if char in "0123456789" else char for char in text)


def spaced_digits(text: str, chance: random.Random) -> str:
    return re.sub(r"\d(?=\d)", r"\g<0> ", text)


TRICKS: dict[str, Trick] = {
    "繁体": traditional,
    "全角": full_width,
    "零宽字符": zero_width,
    "夹标点": signs_between,
    "谐音": homophones,
    "拆字": split_characters,
    "圈码数字": circled_digits,
    "数字加空格": spaced_digits,
}
