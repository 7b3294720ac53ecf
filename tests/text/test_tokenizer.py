"""The segmenter says what jieba says, faster, and with words of its own."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports import Tokenizer
from bot.text.dictionary import KeywordValues, base_words
from bot.text.extent import MOST_CHARACTERS
from bot.text.lexicons import UserWord
from bot.text.rjieba_tokenizer import EngineMissing, RJiebaTokenizer
from bot.text.segmenter import Segmenter
from bot.text.tokenizer import JiebaTokenizer

TEXTS = [
    "",
    " \r\n\t ",
    "我来到北京清华大学",
    "他来到了网易杭研大厦",
    "小明硕士毕业于中国科学院计算所，后在日本京都大学深造",
    "Perl 6: sub infix:<oof> is assoc('list') { join ',', @_ }",
    "iPhone15pro-max 只要3.5%利息，C++和c#、AT&T、T恤、IP卡都有",
    "十十十十十十十十十十十十十十十十十十十十十",
    "今天😀天气\u3000真好！！！a1b2c3.d4",
    "乒乓球拍卖完了，研究生命的起源，南京市长江大桥",
    "啊哦呃嘤咕噜噜噜，魑魅魍魉饕餮",
    "韩国어 日本ご ไทย русский",
]


@pytest.fixture(scope="module")
def own() -> JiebaTokenizer:
    return JiebaTokenizer()


@pytest.fixture(scope="module")
def plain() -> jieba.Tokenizer:
    """jieba itself, on the same dictionary."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, _ = base_words(None)
    tokenizer.initialized = True
    return tokenizer


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_are_jiebas(own: JiebaTokenizer, plain: jieba.Tokenizer, text: str) -> None:
    assert own.words(text) == plain.lcut(text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from("我你他的了在是有不人大中上国学生命研究吗呢啊哈鑫淼垚十百A1 .%-+\n，。"), st.characters()
        ),
        max_size=60,
    ).map("".join)
)
def test_the_words_of_any_text_are_jiebas(own: JiebaTokenizer, plain: jieba.Tokenizer, text: str) -> None:
    words = own.words(text)
    assert words == plain.lcut(text)
    assert "".join(words) == text


def test_the_dictionary_is_jiebas() -> None:
    theirs, theirs_total = jieba.Tokenizer().gen_pfdict(jieba.Tokenizer().get_dict_file())
    words, total, _ = base_words(None)
    assert (words, total) == (theirs, theirs_total)


def test_words_are_added_and_taken_back_live_and_are_not_shared() -> None:
    one, other = JiebaTokenizer(), JiebaTokenizer()
    before = one.words("群标机器人真好用"), one.digest
    one.teach({"群标机器人": True})
    assert "群标机器人" in one.words("群标机器人真好用")
    assert one.user_words() == ["群标机器人"]
    assert other.words("群标机器人真好用") == before[0] == jieba.lcut("群标机器人真好用")
    assert one.digest != other.digest
    one.teach({"群标机器人": None})
    assert (one.words("群标机器人真好用"), one.digest) == before


def test_a_word_of_jiebas_own_can_be_split_without_touching_jieba() -> None:
    one = JiebaTokenizer()
    before = one.digest
    one.teach({"机器人": False})
    assert "机器人" not in one.words("这个机器人不错")
    assert not one.knows("机器人")
    assert "机器人" in jieba.lcut("这个机器人不错")
    one.teach({"机器人": None})
    assert "机器人" in one.words("这个机器人不错")
    assert one.digest == before


def test_a_configured_word_can_be_split_and_comes_back() -> None:
    one = JiebaTokenizer([UserWord("云吸猫", 30)])
    before = one.digest
    one.teach({"云吸猫": False})
    assert "云吸猫" not in one.words("我们云吸猫")
    one.teach({"云吸猫": None})
    assert "云吸猫" in one.words("我们云吸猫")
    assert one.digest == before


@pytest.mark.parametrize("engine", [JiebaTokenizer, RJiebaTokenizer])
def test_signs_in_words_are_literals(engine: type[JiebaTokenizer] | type[RJiebaTokenizer]) -> None:
    if engine is RJiebaTokenizer:
        pytest.importorskip("rjieba", reason="rjieba belongs to the optional extra fast")
    one = engine([UserWord("(.*)"), UserWord("C♯"), UserWord("加[群]")])
    assert one.words("学C♯要加[群](.*)吗") == ["学", "C♯", "要", "加[群]", "(.*)", "吗"]
    assert "".join(one.words("任意文字\ud800(x)")).startswith("任意文字")


def test_the_digest_does_not_depend_on_the_order_of_adding() -> None:
    words = "云吸猫 拼团 拼团长 机器人总动员会".split()
    one, other = JiebaTokenizer(map(UserWord, words)), JiebaTokenizer()
    for word in reversed(words):
        other.teach({word: True})
    assert one.digest == other.digest
    assert one.words("拼团长爱云吸猫") == other.words("拼团长爱云吸猫") == ["拼团长", "爱", "云吸猫"]


@pytest.mark.parametrize(
    "monster", ["啊" * 1_000_000, "😀" * 100_000, "a" * 1_000_000, "一二" * 500_000, "\ud800" * 9999]
)
def test_a_monster_is_read_to_its_limit_and_at_once(own: JiebaTokenizer, monster: str) -> None:
    assert "".join(own.words(monster)) == monster[:MOST_CHARACTERS]


def test_the_cache_is_kept_where_told_and_may_be_damaged(tmp_path: Path) -> None:
    first, _, _ = base_words(tmp_path)
    (cached,) = tmp_path.iterdir()
    assert base_words(tmp_path)[0] == first
    cached.write_bytes(cached.read_bytes()[:1000])
    assert base_words(tmp_path)[0] == first


def test_an_unwritable_cache_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert base_words(blocked)[0]["北京"] > 0


def test_keyword_values_are_jiebas() -> None:
    values = KeywordValues(None)
    assert values("电脑") == pytest.approx(7.42217, abs=1e-4)
    assert values("沒有這個詞") is None


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        JiebaTokenizer().words("安静的一天")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_rjieba_without_its_package_is_refused_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(EngineMissing, match="BOT_TOKENIZER=jieba"):
        RJiebaTokenizer()


def test_rjieba_agrees_with_jieba_on_plain_text_and_keeps_its_own_words() -> None:
    pytest.importorskip("rjieba", reason="rjieba belongs to the optional extra fast")
    one: Tokenizer = RJiebaTokenizer()
    assert one.words("我来到北京清华大学") == jieba.lcut("我来到北京清华大学")
    one.teach({"群标机器人": True})
    assert "群标机器人" in one.words("群标机器人真好用")
    assert "群标机器人" not in RJiebaTokenizer().words("群标机器人真好用")
    one.teach({"群标机器人": None, "机器人": False})
    assert "群标机器人" not in one.words("群标机器人真好用")
    assert not one.knows("机器人")
    assert "机器人" not in one.words("这个机器人不错")
    assert one.words("\ud800好") == ["?", "好"]


def test_remembered_runs_follow_the_dictionary() -> None:
    words, total, _ = base_words(None)
    segmenter = Segmenter(words, total)
    before = segmenter.lcut("北京大学")
    words["北京大学"] = 0
    segmenter.refresh()
    assert segmenter.lcut("北京大学") != before
