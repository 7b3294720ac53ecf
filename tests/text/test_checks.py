"""The advert verdict: what is one, what is none, and each check by itself."""

from __future__ import annotations

import pytest

from bot.core.adverts import CONTACT, AdRules
from bot.core.parts import Check
from bot.core.sketch import letters_of
from bot.text.checks import CLEAN, AdChecker, Verdict
from bot.text.lexicons import Lexicons
from bot.text.reader import AS_SHIPPED, TextReader
from tests.text.phrases import ADVERTS, HARMLESS


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_talk_is_no_advert(reader: TextReader, text: str) -> None:
    parts = reader.read(text)
    assert not parts.ad, parts.checks


@pytest.mark.parametrize("text", ADVERTS)
def test_adverts_are_adverts(reader: TextReader, text: str) -> None:
    parts = reader.read(text)
    assert parts.ad, parts.checks
    assert any(check.hit and check.detail for check in parts.checks)


def test_there_are_enough_phrases() -> None:
    assert len(set(HARMLESS)) >= 60
    assert len(set(ADVERTS)) >= 40


def judged(checker: AdChecker, text: str, words: list[str], rules: AdRules = AS_SHIPPED) -> Verdict:
    return checker.check(text.lower(), letters_of(text), words, text, 0, rules)


def hits(lexicons: Lexicons, text: str, words: list[str] | None = None) -> dict[str, str]:
    verdict = judged(AdChecker(lexicons), text, words or [])
    return {check.name: check.detail for check in verdict.checks if check.hit}


@pytest.mark.parametrize("text", ["兼职日结加微信abc123", "出售元宝加微信abc123"])
def test_empty_lists_match_nothing(text: str) -> None:
    assert judged(AdChecker(Lexicons()), text, ["兼职", "日结"]) == CLEAN


def test_every_check_is_listed_also_when_all_pass() -> None:
    assert len(CLEAN.checks) == 8
    assert not any(check.hit for check in CLEAN.checks)


def test_signs_of_regular_expressions_are_literals() -> None:
    lexicons = Lexicons(ad_words={"c++(课程)": 0.9, ".*": 0.9, "[特价]": 0.9})
    assert not hits(lexicons, "abc 课程 特价")
    assert set(hits(lexicons, "学c++(课程)")) == {"广告短语"}
    assert set(hits(lexicons, "全场[特价]")) == {"广告短语"}


def test_a_phrase_is_found_through_blanks_and_signs() -> None:
    assert hits(Lexicons(ad_words={"代开发票": 0.9}), "代。开 发-票")


def test_a_word_of_letters_is_not_found_inside_another() -> None:
    lexicons = Lexicons(ad_words={"spa": 0.9})
    assert not hits(lexicons, "space and wespa")
    assert hits(lexicons, "泰式SPA 体验")


def test_a_whole_word_counts_only_as_a_word_by_itself() -> None:
    lexicons = Lexicons(ad_whole_words={"套现": 0.6})
    assert not hits(lexicons, "外套现货", ["外套", "现货"])
    assert hits(lexicons, "帮忙套现", ["帮忙", "套现"]) == {"广告整词": "套现"}


def test_a_contact_counts_only_beside_an_offer_and_is_not_shown_whole() -> None:
    lexicons = Lexicons(offer_words=frozenset({"批发"}), contact_words=frozenset({"vx"}))
    assert not hits(lexicons, "加我vx:abc12345")
    seen = hits(lexicons, "批发水果，加我vx:abc12345")["联系方式加推销"]
    assert "批发" in seen
    assert "abc12345" not in seen


@pytest.mark.parametrize(
    ("link", "ad"), [("https://t.cn/A6xyz", True), ("戳t.cn/A6xyz", True), ("https://news.example.com/1", False)]
)
def test_a_shortened_link_beside_an_offer_is_an_advert_and_a_plain_one_is_not(link: str, ad: bool) -> None:
    lexicons = Lexicons(offer_words=frozenset({"优惠券"}))
    verdict = judged(AdChecker(lexicons), f"优惠券 {link}", [])
    assert verdict.ad is ad
    assert "链接加推销" in {check.name for check in verdict.checks if check.hit}


def test_strengths_join_and_the_bar_decides() -> None:
    lexicons = Lexicons(ad_words={"甲乙": 0.3, "丙丁": 0.3})
    both = judged(AdChecker(lexicons), "甲乙丙丁", [])
    assert both.score == pytest.approx(0.51)
    assert both.ad
    assert not judged(AdChecker(lexicons), "甲乙丙丁", [], AdRules(bar=0.6)).ad
    assert not judged(AdChecker(lexicons), "甲乙甲乙", []).ad


def test_one_kind_of_sales_talk_is_nothing_two_are_a_hint_and_three_an_advert() -> None:
    lexicons = Lexicons(
        sales_words={"只剩": frozenset({"促销"}), "包退": frozenset({"保证"}), "后付": frozenset({"保证"})}
    )
    assert judged(AdChecker(lexicons), "包。退，先看后付", []) == CLEAN
    two = judged(AdChecker(lexicons), "包。退，只剩两套", [])
    assert two.score == AS_SHIPPED.sales_two and not two.ad
    assert hits(lexicons, "包。退，只剩两套") == {"推销句式": "保证 包。退（包退），促销 只剩"}
    assert judged(AdChecker(lexicons), "包退，只剩两套，59元", []).ad
    assert judged(AdChecker(lexicons), "59元，13900001111", []) == CLEAN
    assert hits(lexicons, "只剩两套，13900001111") == {"推销句式": "招呼 手机号，促销 只剩"}


def test_talk_about_adverts_is_none_unless_it_tells_whom_to_reach(reader: TextReader) -> None:
    rule = "群规：禁止发广告，如代开发票、刷单返现"
    quoted = reader.read(rule)
    assert not quoted.ad and quoted.suspect
    assert Check("另有缘由", True, "在说广告：群规") in quoted.checks
    assert reader.read(f"{rule}，加微信abc12345").ad
    assert reader.read("代开发票，各类都有，谨防骗子").ad


def test_neighbours_who_buy_together_in_a_chain_advertise_nothing(reader: TextReader) -> None:
    offer = "#接龙 阳光玫瑰39.9元一箱，五斤包邮，要的报名"
    joined = reader.read(f"{offer}\n1. 张三 2箱\n2. 李四 1箱")
    assert not joined.ad and Check("另有缘由", True, "接龙") in joined.checks
    assert reader.read(offer).ad, "nobody has joined it"
    assert reader.read("#接龙 兼职日结，加微信abc12345\n1. 一天三百\n2. 当天结").ad


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("低价出账号，佳 V 一三八六六六八八八八八", "号码或账号"),
        ("代开发票，Ⓥ❶❸❽❻❻❻❻❽❽❽❽", "号码或账号"),
        ("代开发票，丝聊", "请人私聊"),
        ("刷单返现，V：laoli_car", "号码或账号"),
    ],
)
def test_how_to_reach_the_author_is_seen_through_disguises(reader: TextReader, text: str, way: str) -> None:
    parts = reader.read(text)
    assert parts.contact
    assert any(check.name == CONTACT and way in check.detail for check in parts.checks), parts.checks
