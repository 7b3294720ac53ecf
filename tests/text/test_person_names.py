"""Names are told from words as jieba's tagger tells them, without its whole dictionary in memory."""

from __future__ import annotations

from bot.text.person_names import names_among

NAMES = {"张三丰", "李小龙", "刘德华", "司马懿", "王小明"}
WORDS = {"读书", "羽毛球", "咖啡馆", "自驾游", "基金定投", "面试经验", "abc"}


def test_names_are_told_from_words() -> None:
    assert names_among(NAMES | WORDS) == NAMES
    assert names_among([]) == set()
