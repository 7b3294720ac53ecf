"""The advert verdict of one text: independent checks, each with what it saw, weighed into a score.

Checks look at the folded text without blanks and signs, disguises undone (加·薇·信 reads 加微信). A Latin word, or one
with signs in it, is looked for in the lower-cased text instead, and not inside a longer word. Every entry of a list is
a literal. Details quote what was really written.
Strengths s join as 1 − Π(1 − s); the verdict falls at `AdRules.bar`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bot.core.parts import Check
from bot.core.sketch import letters_of
from bot.text.disguises import Disguises
from bot.text.lexicons import Lexicons
from bot.text.phrases import PhraseFinder
from bot.text.written import Written

_NUMBER = r"(?=[a-z]{0,12}\d)[a-z0-9]{5,20}"
_CONTACT = re.compile(
    rf"(?:微信|薇信|威信|v信|加v|加薇|加威|vx|wx|加q|qq|扣扣|企鹅|q群|群号|热线|电话|手机|telegram|tg|电报)(?:号码|号|群)?[是为：]?{_NUMBER}"
    r"|加[我个]?\d{6,12}|\d{7,12}加"
)
_HANDLE = re.compile(r"(?<![\w.])@[a-z][a-z0-9_]{4,31}\b|\bt\.me/|\bwa\.me/", re.ASCII)
_LINK = re.compile(
    r"https?://|\bwww\.|\b[a-z0-9-]{1,40}\.(?:com|cn|net|cc|top|vip|xyz|shop|club|site|me|io)\b", re.ASCII
)
_SHORT_LINK = re.compile(
    r"\b(?:t\.cn|dwz\.cn|url\.cn|suo\.im|bit\.ly|is\.gd|tinyurl\.com|u\.jd\.com|m\.tb\.cn|s\.click\.)",
    re.ASCII,
)
_SOLICIT = re.compile(
    r"(?:需要|想要|有意|有需|感兴趣|要|收|买)(?:者|的)?(?:老板|朋友|亲|兄弟|姐妹|宝子|私|可以|请|赶紧|速度)?"
    r"(?:加我|私聊|私信|私我|密我|联系我|滴滴|dd|找我|扫码|进群|加群|加微|加v|加q)"
)
_PRICE = re.compile(r"\d+(?:\.\d+)?(?:元|块|圆|r|rmb|折|包邮)|[¥￥$]\d+|1[:比]\d+|一比\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class AdRules:
    """Strengths (0–1) of the advert checks."""

    contact_offer: float = 0.6
    """A number or account to reach, beside an offer."""
    solicit_offer: float = 0.55
    """"Who wants it, write to me", beside an offer."""
    link_offer: float = 0.3
    """A link beside an offer."""
    short_link_offer: float = 0.55
    """A shortened link beside an offer."""
    priced_contact: float = 0.3
    """A price and a way to reach the seller, beside an offer."""
    many_offers: float = 0.2
    """At least `many` different offer words."""
    many: int = 4
    """Offer words that are many."""
    bar: float = 0.5
    """Score from which a text is an advert."""


class Verdict(NamedTuple):
    """Whether a text is an advert, its score 0–1, and every check, passes included."""

    ad: bool
    score: float
    checks: tuple[Check, ...]


_NAMES = ("广告短语", "广告整词", "联系方式加推销", "招揽加推销", "链接加推销", "标价加联系", "推销词堆叠")
CLEAN = Verdict(False, 0.0, tuple(Check(name, False) for name in _NAMES))
"""The verdict on a text with nothing in it that any check looks for."""


class AdChecker:
    """The advert checks over given word lists."""

    def __init__(self, lexicons: Lexicons, rules: AdRules | None = None) -> None:
        self._rules = rules or AdRules()
        self._strengths = lexicons.ad_words or {}
        self._whole = lexicons.ad_whole_words or {}
        self._whole_words = frozenset(self._whole)
        self._offers = lexicons.offer_words
        self._contacts = lexicons.contact_words
        self._disguises = Disguises(lexicons.disguises)
        self._finder = PhraseFinder([*self._strengths, *self._offers, *self._contacts], self._contacts, self._disguises)

    def check(self, low: str, letters: str, words: Sequence[str], text: str, skipped: int = 0) -> Verdict:
        """Judge a text by its lower-cased folded form, its letters (`letters_of`), and its words.

        text: as it was written; skipped: characters of its folded form before `low` begins.
        """
        letters = self._disguises.undo(low, letters)
        found = self._finder.find(low, letters)
        if not found and self._whole_words.isdisjoint(words):
            return CLEAN
        return self._weigh(found, low, letters, words, Written(text, skipped, self._disguises))

    def check_text(self, folded: str, words: Sequence[str]) -> Verdict:
        """As `check`, of a folded text."""
        return self.check(folded.lower(), letters_of(folded), words, folded)

    def _weigh(self, found: frozenset[str], low: str, letters: str, words: Sequence[str], written: Written) -> Verdict:
        offers = sorted(found & self._offers)
        phrases = sorted(found & self._strengths.keys())
        whole = sorted(self._whole_words.intersection(words))
        if not (offers or phrases or whole):
            return CLEAN
        sightings = [
            (_joined(self._strengths[phrase] for phrase in phrases), _named(phrases, written)),
            (_joined(self._whole[word] for word in whole), _named(whole, written)),
            *self._beside(offers, phrases, found, low, letters, written),
        ]
        score = round(_joined(strength for strength, _ in sightings), 3)
        checks = (Check(name, strength > 0, seen) for name, (strength, seen) in zip(_NAMES, sightings, strict=True))
        return Verdict(score >= self._rules.bar, score, tuple(checks))

    def _beside(
        self, offers: list[str], phrases: list[str], found: frozenset[str], low: str, letters: str, written: Written
    ) -> list[tuple[float, str]]:
        """The checks that count only beside an offer: strength and what was seen, in the order of their names."""
        if not offers and not phrases:
            return [(0.0, "")] * 5
        rules, goods = self._rules, cache(lambda: _named(offers or phrases, written))
        contact = _CONTACT.search(letters) or _HANDLE.search(low)
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
    short = _SHORT_LINK.search(low)
    if short:
        return rules.short_link_offer, f"短链接 {short[0]}，{goods()}"
    link = _LINK.search(low)
    return (rules.link_offer, f"链接，{goods()}") if link else (0.0, "")


def _joined(strengths: Iterable[float]) -> float:
    """1 − Π(1 − s): independent reasons add up and never pass 1."""
    doubt = 1.0
    for strength in strengths:
        doubt *= 1 - strength
    return 1 - doubt


def _named(phrases: Iterable[str], written: Written) -> str:
    return "、".join(map(written.phrase, phrases))
