"""Where the two engines differ: in runs of Latin letters and digits with signs in them, and nowhere in Chinese."""

from __future__ import annotations

import re

import pytest

from bot.text.lexicons import Lexicons
from bot.text.rjieba_tokenizer import RJiebaTokenizer
from bot.text.tokenizer import JiebaTokenizer

ALIKE = """
今天天气真好，我们去爬山吧
南京市长江大桥
他来到了网易杭研大厦
小明硕士毕业于中国科学院计算所
乒乓球拍卖完了
魑魅魍魉饕餮龘
啊哦呃嘤咕噜噜噜
一二三四五六七八九十
哈哈哈哈哈哈
C++和c#、AT&T、T恤、IP卡都有
中文English混排test123
维生素C和B12，卡拉OK去不去
2026年11月25日下午3点半
早上8:30集合，晚上10点散
打车花了¥35.5元，涨了3.5%
Q&A环节之后Ctrl+C复制
韩국어 日本ご ไทย русский
我❤️你们，👍👍
#接龙 周末聚餐 @小李 快来看
——这是什么……好吧
""".strip().splitlines()

DIFFERENT = {
    "版本号是v2.3.1吧": ("v2.3 . 1", "v2.3.1"),
    "微信abc_12345，备注小王": ("abc _ 12345", "abc_12345"),
    "邮箱wang.xiao@example.com收到了": ("wang . xiao @ example . com", "wang.xiao @ example.com"),
    "密码是88-66-99": ("88 - 66 - 99", "88-66-99"),
    "T-shirt多少钱": ("T - shirt", "T-shirt"),
    "买了iPhone15pro-max": ("iPhone15pro - max", "iPhone15pro-max"),
    "显卡RTX-4090降到12,999元": ("RTX - 4090", "RTX-4090"),
}
"""jieba cuts such a run at its signs, jieba-rs keeps it whole; what stands around it is the same."""


@pytest.fixture(scope="module")
def engines(lexicons: Lexicons, tokenizer: JiebaTokenizer) -> tuple[JiebaTokenizer, RJiebaTokenizer]:
    pytest.importorskip("rjieba", reason="rjieba belongs to the optional extra fast")
    return tokenizer, RJiebaTokenizer(lexicons.user_words)


def test_the_engines_agree(engines: tuple[JiebaTokenizer, RJiebaTokenizer]) -> None:
    one, other = engines
    assert {text: (one.words(text), other.words(text)) for text in ALIKE if one.words(text) != other.words(text)} == {}


def test_they_differ_only_inside_runs_of_latin_letters_and_digits(
    engines: tuple[JiebaTokenizer, RJiebaTokenizer],
) -> None:
    one, other = engines
    for text, (cut, whole) in DIFFERENT.items():
        assert cut in " ".join(one.words(text))
        assert whole in " ".join(other.words(text))
        assert re.sub(re.escape(cut), whole, " ".join(one.words(text))) == " ".join(other.words(text))


def test_each_says_what_it_is(engines: tuple[JiebaTokenizer, RJiebaTokenizer]) -> None:
    one, other = engines
    assert (one.engine.split()[0], other.engine.split()[0]) == ("jieba", "rjieba")
    assert one.digest != other.digest
