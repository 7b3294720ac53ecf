"""The advert verdict of one text: independent checks, each with what it saw, weighed into a score.

Checks look at the folded text without blanks and signs, disguises undone (加·薇·信 reads 加微信). A Latin word, or one
with signs in it, is looked for in the lower-cased text instead, and not inside a longer word. Every entry of a list is
a literal. Details quote what was really written.
Strengths s join as 1 − Π(1 − s); the verdict falls at `AdRules.bar`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from bot.core.adverts import AdRules, joined
from bot.core.parts import Check
from bot.text.contact import HANDLE, LINK, NUMBER, SHORT_LINK
from bot.text.disguises import Disguises
from bot.text.lexicons import Lexicons
from bot.text.page import FEW, Page
from bot.text.phrases import PhraseFinder
from bot.text.sales import SalesTalk
from bot.text.written import Written

_WHO = "(?:老板|老铁|朋友|亲|兄弟|姐妹|宝子|宝妈|同学|邻居|家人)?(?:们)?"
_COME = "(?:加我|私聊|私信|私我|密我|联系我|滴滴|滴我|dd|找我|扫码|进群|加群|加微|加v|加q|扣1|说一声我?拉)"
_SOLICIT = re.compile(
    rf"(?:需要|想要|有意|有需|感兴趣|要|收|买)(?:者|的)?(?:{_WHO}|私|可以|请|赶紧|速度)?{_COME}"
    rf"|(?:有兴趣|感兴趣|有意向|缺钱|想[^想的\d]{{1,4}}|要[^要的\d]{{1,3}})的{_WHO}{_COME}"
    rf"|(?:详情|价格|报价|咨询|详询|预[定约订]|[订下代]单|[订选]购|报名|办理|了解|看[货款图]|案例)(?:请|可)?{_COME}"
    r"|(?:详情|咨询|详询|[订选]购|看[货款])(?:请|可)?(?:加|微信|客服)"
    r"|加(?:客服|老师|大师|红娘|店长|导师|总部)(?:微信|v|q|领|$)?|[点看]我?的?(?:主[页叶]|头像|签名|朋友圈)|扣[16一六]了解"
)
_PRICE = re.compile(r"\d+(?:\.\d+)?(?:元|块|圆|r|rmb|折|包邮)|[¥￥$]\d+|1[:比]\d+|一比\d+", re.ASCII)


class Verdict(NamedTuple):
    """Whether a text is an advert, its score 0–1, and every check, passes included."""

    ad: bool
    score: float
    checks: tuple[Check, ...]


_NAMES = ("广告短语", "广告整词", "联系方式加推销", "招揽加推销", "链接加推销", "标价加联系", "推销词堆叠", "推销句式")
CLEAN = Verdict(False, 0.0, tuple(Check(name, False) for name in _NAMES))
"""The verdict on a text with nothing in it that any check looks for."""


class AdChecker:
    """The advert checks over given word lists."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._strengths = lexicons.ad_words or {}
        self._whole = lexicons.ad_whole_words or {}
        self._whole_words = frozenset(self._whole)
        self._offers = lexicons.offer_words
        self._contacts = lexicons.contact_words
        self._sales = SalesTalk(lexicons.sales_words)
        self._disguises = Disguises(lexicons.disguises)
        phrases = [*self._strengths, *self._offers, *self._contacts, *lexicons.sales_words]
        self._finder = PhraseFinder(phrases, self._contacts, self._disguises)

    def undisguised(self, low: str, letters: str) -> str:
        """The letters of a text as they are read."""
        return self._disguises.undo(low, letters)

    def doubtful(self, page: Page, words: Sequence[Sequence[str]]) -> set[int]:
        """Which texts of a page, with their words, are to be checked; the verdict on all others would be CLEAN."""
        if len(words) < FEW:
            return set(range(len(words)))
        found = self._finder.holding(page).union(self._disguises.hiding(page))
        if not self._whole_words.isdisjoint(chain.from_iterable(words)):
            found.update(at for at, own in enumerate(words) if not self._whole_words.isdisjoint(own))
        return found

    def check(self, low: str, letters: str, words: Sequence[str], text: str, skipped: int, rules: AdRules) -> Verdict:
        """Judge a text by its lower-cased folded form, its letters (`letters_of`), and its words.

        text: as it was written; skipped: characters of its folded form before `low` begins.
        """
        letters = self._disguises.undo(low, letters)
        found = self._finder.find(low, letters)
        if not found and self._whole_words.isdisjoint(words):
            return CLEAN
        written = Written(text, skipped, self._disguises)
        return self._weigh(found, low, letters, words, written, rules)

    def _weigh(
        self,
        found: frozenset[str],
        low: str,
        letters: str,
        words: Sequence[str],
        written: Written,
        rules: AdRules,
    ) -> Verdict:
        offers = sorted(found & self._offers)
        phrases = sorted(found & self._strengths.keys())
        whole = sorted(self._whole_words.intersection(words))
        sales = self._sales.kinds(found, low, letters)
        if not (offers or phrases or whole or len(sales) > 1):
            return CLEAN
        sightings = [
            (joined(self._strengths[phrase] for phrase in phrases), _named(phrases, written)),
            (joined(self._whole[word] for word in whole), _named(whole, written)),
            *self._beside(offers, phrases, found, low, letters, written, rules),
            (rules.sales(len(sales)), _told(sales, written) if len(sales) > 1 else ""),
        ]
        score = round(joined(strength for strength, _ in sightings), 3)
        checks = (Check(name, strength > 0, seen) for name, (strength, seen) in zip(_NAMES, sightings, strict=True))
        return Verdict(score >= rules.bar, score, tuple(checks))

    def _beside(
        self,
        offers: list[str],
        phrases: list[str],
        found: frozenset[str],
        low: str,
        letters: str,
        written: Written,
        rules: AdRules,
    ) -> list[tuple[float, str]]:
        """The checks that count only beside an offer: strength and what was seen, in the order of their names."""
        if not offers and not phrases:
            return [(0.0, "")] * 5
        goods = cache(lambda: _named(offers or phrases, written))
        contact = NUMBER.search(letters) or HANDLE.search(low)
        solicit, price = _SOLICIT.search(letters), _PRICE.search(low)
        reach = contact or solicit or (found & self._contacts)
        return [
            (rules.contact_offer, f"{written.contact(contact)}，{goods()}") if contact else (0.0, ""),
            (rules.solicit_offer, f"{written.phrase(solicit[0])}，{goods()}") if solicit else (0.0, ""),
            _link(low, goods, rules),
            (rules.priced_contact, f"{price[0]}，{goods()}") if price and reach else (0.0, ""),
            (rules.many_offers, goods()) if len(offers) >= rules.many else (0.0, ""),
        ]


def _link(low: str, goods: Callable[[], str], rules: AdRules) -> tuple[float, str]:
    short = SHORT_LINK.search(low)
    if short:
        return rules.short_link_offer, f"短链接 {short[0]}，{goods()}"
    link = LINK.search(low)
    return (rules.link_offer, f"链接，{goods()}") if link else (0.0, "")


def _named(phrases: Iterable[str], written: Written) -> str:
    return "、".join(map(written.phrase, phrases))


def _told(sales: Mapping[str, str], written: Written) -> str:
    return "，".join(f"{kind} {written.phrase(word)}" for kind, word in sales.items())
