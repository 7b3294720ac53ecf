"""Sales talk: what traders of all kinds say alike, whatever they sell.

Single words of it are in everybody's mouth; a call to come, a promise, a bargain, a price and a trade together are in
few. On chat that nothing was fitted to, 0.1 % of harmless texts hold two of these kinds, and none of 8867 three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.text.lexicons import SALES

CALL, MONEY = "招呼", "钱"
MOBILE = "手机号"
"""Stands for the number itself: checks are kept longer than texts."""
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)", re.ASCII)
_PRICE = re.compile(
    r"\d+(?:\.\d+)?(?:元|块|圆|rmb|折)|[¥￥$]\d+|\d+[一每/](?:小时|晚|天|月|个月|次|斤|箱|平|单|人)"
    r"|一(?:小时|晚|天|个月|次|斤|箱|平|单)\d+|[送减奖]\d+",
    re.ASCII,
)


class SalesTalk:
    """Which kinds of sales talk a text holds."""

    def __init__(self, words: Mapping[str, frozenset[str]]) -> None:
        self._words = words

    def kinds(self, found: frozenset[str], low: str, letters: str) -> dict[str, str]:
        """Kind → a word or figure of it. found: the listed words in the text; a figure alone is no sales talk."""
        told: dict[str, str] = {}
        for word in sorted(found & self._words.keys()):
            told |= dict.fromkeys(self._words[word] - told.keys(), word)
        if told and _MOBILE.search(letters):
            told.setdefault(CALL, MOBILE)
        if told and (price := _PRICE.search(low)) is not None:
            told.setdefault(MONEY, price[0])
        return {kind: told[kind] for kind in SALES if kind in told}
