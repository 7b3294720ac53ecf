"""Many texts at once are seen as each by itself: the batches that come together must not change a verdict."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.dictionary import KeywordValues
from bot.text.lexicons import Lexicons
from bot.text.models import load
from bot.text.normalise import fold, folds
from bot.text.reader import TextReader
from bot.text.rjieba_tokenizer import RJiebaTokenizer
from bot.text.tokenizer import JiebaTokenizer
from config.settings import PACKAGED_CONFIG

ODD = [
    "",
    " \n",
    "\x01",
    "加\x01微信",
    "\x02",
    "\ud800",
    "😀" * 5000,
    "你" * 3000,
    "啊" * 1_000_000,
    "ﷺ" * 800,
    "…" * 1500,
    " " * 15_000 + "兼职日结加微信abc12345",
    "e\u0301각\u11a8ｶﾞΑΣ İstanbul",
    "「小王：在吗」\n- - - - - - - - -\n在的，报表怎么导出？",
    "#接龙\n1. 小王\n2. 小李",
    "C♯怎么学",
    "❤️👨\u200d👩\u202eabc\u202c",
]
TEXTS = st.text(
    st.sampled_from("你好加我微信Ｖx12３元…\u0301\ud800😀️\n \x00\x01ΣİⅫ，!?「」：-_話體ｶﾞ각\u11a8"), max_size=40
)


@pytest.fixture(scope="module", params=["jieba", "rjieba"])
def judging(request: pytest.FixtureRequest, lexicons: Lexicons) -> TextReader:
    """With the shipped models, by each engine."""
    models = load(PACKAGED_CONFIG / "models" / "text.model")
    if request.param == "rjieba":
        pytest.importorskip("rjieba", reason="rjieba belongs to the optional extra fast")
    engine = JiebaTokenizer if request.param == "jieba" else RJiebaTokenizer
    return TextReader(engine(lexicons.user_words), lexicons, keyword=KeywordValues(None), models=models)


@given(st.lists(st.text() | TEXTS, max_size=12))
def test_folding(texts: list[str]) -> None:
    assert folds(texts) == [fold(text) for text in texts]


@settings(max_examples=30)
@given(st.lists(st.text() | TEXTS | st.sampled_from(ODD), max_size=12))
def test_what_is_foreseen_is_what_is_read(judging: TextReader, texts: list[str]) -> None:
    judging.foresee([])
    apart = [judging.read(text) for text in texts]
    judging.foresee(texts)
    assert [judging.read(text) for text in texts] == apart


def test_odd_texts_among_a_thousand_others(judging: TextReader) -> None:
    texts = [f"{number}号晚上七点在老地方开会，{text}" for number in range(60) for text in ODD if len(text) < 100] + ODD
    judging.foresee([])
    apart = [judging.read(text) for text in texts]
    judging.foresee(texts)
    assert [judging.read(text) for text in texts] == apart
