"""One reading of a message gives everything that follows from its text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.core.parts import MessageParts
from bot.core.repetition import RepetitionRules
from bot.core.sketch import similarity
from bot.text.lexicons import Lexicons
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer


class CountingTokenizer:
    engine = "test"
    digest = "0"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def words(self, text: str) -> list[str]:
        self.asked.append(text)
        return text.split()

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        return list(map(self.words, texts))


def test_a_message_is_segmented_once() -> None:
    counting = CountingTokenizer()
    TextReader(counting, Lexicons()).read("今天 开会")
    assert counting.asked == ["今天 开会"]


@pytest.mark.parametrize("kind", ["text", "image", "emoji", "voice"])
@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d", "\x00"])
def test_an_empty_text_has_no_parts_whatever_its_kind(reader: TextReader, text: str, kind: str) -> None:
    assert reader.read(text, kind) == MessageParts(0.0, {})


SUBSTANTIVE = [
    "请问小程序后台怎么导出会员订单数据，需要先开通管理员权限吗？",
    "建议先在设置里绑定邮箱，然后选择日期范围导出报表，五分钟左右就能收到文件",
    "因为物流系统周末升级，所以仓库发货顺延到下周一，急用的可以联系客服改成自提",
]
SHORT = ["今天晚上一起吃饭吧", "刚到家，路上堵车", "明天几点开会", "周末去爬山", "快递放门口了"]
FILLER = [
    "哈哈哈",
    "收到",
    "好的好的",
    "嗯嗯",
    "谢谢",
    "在吗？",
    "ok",
    "666",
    "👍👍👍",
    "。。。",
    "1",
    "啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊",
]


def test_substance_is_above_short_talk_and_short_talk_above_filler(reader: TextReader) -> None:
    grades = [[reader.read(text).base for text in texts] for texts in (SUBSTANTIVE, SHORT, FILLER)]
    assert min(grades[0]) >= 1.5
    assert min(grades[1]) >= 0.5
    assert max(grades[1]) <= 1.3
    assert max(grades[2]) <= 0.3
    assert min(grades[2]) >= 0.05


def test_a_reply_or_a_mention_is_worth_more(reader: TextReader) -> None:
    plain = reader.read("快递放门口了")
    assert reader.read("快递放门口了", mentions=("wxid_a",)).base > plain.base
    assert reader.read("快递放门口了", is_reply=True).base > plain.base


def test_a_quoted_message_is_not_said_again(reader: TextReader) -> None:
    said = reader.read("「小王：兼职日结，需要的加我」\n- - - - - - - - - - - - - - -\n群主快看这条")
    assert not said.ad
    assert said.sketch == reader.read("群主快看这条").sketch
    assert said.base == reader.read("群主快看这条", is_reply=True).base


def test_disguised_copies_are_near_duplicates(reader: TextReader) -> None:
    text = "周六下午两点图书馆三楼有读书分享会欢迎大家参加"
    copies = [
        "周六下午两点，图书馆三楼，有读书分享会！欢迎大家参加～",
        "週六下午兩點圖書館三樓有讀書分享會歡迎大家參加",
        "\u200b".join(text),
    ]
    for copy in copies:
        assert similarity(reader.read(text).sketch, reader.read(copy).sketch) >= RepetitionRules().similarity


def test_a_chain_is_marked(reader: TextReader) -> None:
    assert reader.read("#接龙\n聚餐\n\n1. 小王\n2. 小李").chain


@pytest.mark.parametrize(
    "monster", ["啊" * 350_000, "😀" * 100_000, "\u202e" * 300_000, "，" * 300_000, "加微信" * 300_000, "1" * 1_000_000]
)
def test_a_monster_is_read_at_once_and_says_so(reader: TextReader, monster: str) -> None:
    parts = reader.read(monster)
    assert ("截断" in parts.parts) == bool(parts.parts)


def test_only_the_first_characters_are_read(reader: TextReader) -> None:
    assert "截断" not in reader.read("报" * 2000).parts
    assert reader.read("报" * 2001).sketch == reader.read("报" * 2000).sketch


def test_the_deployments_words_are_keywords(tokenizer: JiebaTokenizer, lexicons: Lexicons) -> None:
    without = TextReader(tokenizer, Lexicons()).read("看看客单价")
    assert TextReader(tokenizer, lexicons).read("看看客单价").base > without.base
