"""How a suspicious text tells to reach its author: a number or account, a handle, a link, a QR code."""

from __future__ import annotations

import re

from bot.core.adverts import CONTACT
from bot.core.parts import Check

CHINESE = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
"""Numerals in which numbers are told where digits would be noticed."""
_NUMERALS = f"0-9{CHINESE}"
_DIGITS = rf"(?=[a-z]{{0,12}}[{_NUMERALS}])[a-z{_NUMERALS}]{{5,20}}"
_CHANNELS = "微信|薇信|威信|v信|加v|加薇|加威|vx|wx|加q|qq|扣扣|企鹅|q群|群号|热线|电话|电联|手机|telegram|tg|电报|飞机"
NUMBER = re.compile(
    rf"(?:{_CHANNELS})(?:号码|号|群|咨询|预约|同号)?[是为：]?{_DIGITS}"
    rf"|加[我个]?[{_NUMERALS}]{{6,12}}|[{_NUMERALS}]{{7,12}}加"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)|(?<![a-z])[vx]一[三四五六七八九幺][零〇一二三四五六七八九幺]{9}"
)
"""In the letters of a text: an account behind the name of its channel, a mobile number, in Chinese numerals too."""
HANDLE = re.compile(
    r"(?<![\w.])@[a-z][a-z0-9_]{4,31}\b|\bt\.me/|\bwa\.me/|(?<![a-z0-9])v[xq]?[ :]{1,2}[a-z][a-z0-9_-]{5,19}\b",
    re.ASCII,
)
"""In the lower-cased text: @name, a chat link, `v: name`."""
LINK = re.compile(
    r"https?://|\bwww\.|\b[a-z0-9-]{1,40}\.(?:com|cn|net|cc|top|vip|xyz|shop|club|site|me|io)\b", re.ASCII
)
SHORT_LINK = re.compile(
    r"\b(?:t\.cn|dwz\.cn|url\.cn|suo\.im|bit\.ly|is\.gd|tinyurl\.com|u\.jd\.com|m\.tb\.cn|s\.click\.)",
    re.ASCII,
)
_CODE = re.compile(r"二维码|扫码|识别图中|长按识别|[扫加]一?[扫下]")
_WRITE = re.compile(r"(?:加|私|密|联系|滴滴|找)我|私聊|私信|加微|加v|加q")
NOT_ASKED = Check(CONTACT, False)
"""Of a text that is not suspicious: there is nothing to be reached for."""


def told(low: str, letters: str, kind: str) -> Check:
    """The check of a text by its lower-cased folded form and its letters."""
    seen = [name for name, found in _ways(low, letters, kind) if found]
    return Check(CONTACT, bool(seen), "、".join(seen))


def _ways(low: str, letters: str, kind: str) -> tuple[tuple[str, bool], ...]:
    return (
        ("号码或账号", bool(NUMBER.search(letters) or HANDLE.search(low))),
        ("链接", kind == "link" or bool(SHORT_LINK.search(low) or LINK.search(low))),
        ("小程序", kind == "mini_program"),
        ("二维码", bool(_CODE.search(letters))),
        ("请人私聊", bool(_WRITE.search(letters))),
    )
