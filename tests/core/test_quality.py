"""The quality coefficient: its order, its limits, and parts that add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quality import QualityRules, Utterance, WordLists, grader, quality
from bot.text.glossary import Glossary

RULES = QualityRules()
LISTS = WordLists(
    stop=frozenset({"我们", "一个"}),
    filler=frozenset({"收到", "哈哈哈", "好的"}),
    question=frozenset({"怎么", "吗"}),
    answer=frozenset({"因为", "建议"}),
)
GLOSSARY = Glossary(
    grader(LISTS, RULES, lambda word: 8.0 if any("\u4e00" <= char <= "\u9fff" for char in word) else None)
)


def rate(text: str, **about: object) -> tuple[float, dict[str, float], int]:
    """Words are given apart by blanks."""
    words = text.split()
    letters = sum(char.isalnum() for word in words for char in word)
    size = sum(len(word.encode()) for word in words if word.isalnum()) / 3
    (tally,) = GLOSSARY.tally([words])
    return quality(Utterance(letters, size, **about), tally, RULES)  # type: ignore[arg-type]


def test_a_substantive_question_is_worth_one_and_a_half() -> None:
    assert rate("请教 大家 后台 订单 报表 怎么 导出 需要 权限 开通 吗 ？", asks=True)[0] >= 1.5


def test_an_answer_word_or_a_reply_earns_as_a_question_does() -> None:
    plain = rate("设置 页面 打开 导出")
    assert rate("建议 设置 页面 打开 导出")[1]["问答"] == RULES.exchange
    assert rate("设置 页面 打开 导出", replies=True)[0] == pytest.approx(plain[0] + RULES.exchange + RULES.addressed)


@pytest.mark.parametrize(
    "text", ["哈哈哈", "收到", "好的 好的", "啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊", "嗯 吗", "12345"]
)
def test_filler_is_small_and_not_nothing(text: str) -> None:
    assert 0.05 <= rate(text)[0] <= 0.3


def test_an_ordinary_short_sentence_lies_between_filler_and_substance() -> None:
    assert 0.6 <= rate("今天 晚上 去 吃饭 吧")[0] <= 1.2


def test_stickers_and_texts_without_letters_are_low_whatever_else() -> None:
    assert rate("😀 😀", mentions=True)[0] <= RULES.wordless_cap
    assert rate("设置 页面 打开 导出 报表", kind="emoji")[0] == RULES.wordless_cap


def test_saying_one_word_often_does_not_add_information() -> None:
    assert rate("报表 报表 报表")[1]["信息"] == rate("报表")[1]["信息"]


@given(
    st.lists(st.sampled_from(["收到", "报表", "导出", "怎么", "因为", "hello", "😀", "我们", "1", "，"]), min_size=1),
    st.booleans(),
    st.booleans(),
)
def test_parts_add_up_and_stay_in_range(words: list[str], replies: bool, mentions: bool) -> None:
    base, parts, content = rate(" ".join(words), replies=replies, mentions=mentions)
    assert base == pytest.approx(sum(parts.values()), abs=1e-6)
    assert 0.05 <= base <= 2
    assert content <= len(set(words))
