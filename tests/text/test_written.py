"""What an admin is shown of an advert: the words as they were written, contacts mostly hidden."""

from __future__ import annotations

import pytest

from bot.text.reader import TextReader


def details(reader: TextReader, text: str) -> str:
    parts = reader.read(text)
    assert parts.ad
    return "；".join(check.detail for check in parts.checks if check.hit)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("代开发票，联系 13712345678", "代开发票"),
        ("代。开 发-票，联系 13712345678", "代。开 发-票（代开发票）"),
        ("高價回收，加微信 abc12345", "高價回收（高价回收）"),
        ("招聘兼职，日结，佳。V：1 3 8 0 0 1 3", "佳。V：1 3 * * * * *"),
        ("招聘兼职，日结，➕薇❤ ａｂ１②３45", "薇❤ ａｂ１****"),
        ("招聘兼职，日结，扣扣①②③④⑤⑥", "扣扣①②③***"),
        ("招聘兼职，日结，🐧1234567", "🐧123****"),
        ("招聘兼职，日结，企鹅：1234567", "企鹅：123****"),
        ("兼耳只日结，力口微 信abc123", "兼耳只日结（兼职日结）"),
        ("招聘兼职，日结，加微\u202e信\u200babc12345", "微□信□abc*****"),
        ("招聘兼职，日结，加微" + "\u0336。" * 99 + "信abc12345", "…"),
    ],
)
def test_details_quote_what_was_written(reader: TextReader, text: str, quoted: str) -> None:
    assert quoted in details(reader, text)


def test_a_contact_is_never_shown_whole(reader: TextReader) -> None:
    for contact in (
        "13800138000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "１３８００１３８０００",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "❶❸❽⓿⓿❶❸❽⓿⓿⓿",
        "一三八零零一三八零零零",
    ):
        for way in ("加微信", "师傅 "):
            seen = details(reader, f"高价回收，招聘兼职，日结，{way}{contact}")
            assert "*******" in seen.replace(" ", "") or way == "师傅 "
            assert contact[-5:] not in seen


def test_the_words_of_a_reply_are_quoted_not_those_it_answers(reader: TextReader) -> None:
    said = "「小王：今天吃什么？①②③」\n- - - - - - - - - - - - - - -\n招聘兼職，日結，加微信abc12345"
    assert "兼職，日結（兼职日结）" in details(reader, said)
