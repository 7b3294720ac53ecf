"""Every place of a folded text leads back to what was written there."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.sketch import letters_of
from bot.text import origins
from bot.text.disguises import Disguises
from bot.text.extent import MOST_CHARACTERS
from bot.text.lexicons import Lexicons
from bot.text.normalise import fold

TRICKY = (
    "eo\u1112\u1161\u11ab가\u0327\u0316\u0301\u0345\u037a\u0f73\uff76\uff9e\u09c7\u09be"
    "\u200b㎏㈱ﷺ①２➕❤薇佳Vİσ 　\n\u202e\ud800"
)
DISGUISES = Disguises({"薇❤": "微信", "佳v": "加v", "➕": "加", "力口": "加"})
texts = st.lists(st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts)
@example("aΣ")
def test_every_form_is_the_same_text_with_spans_in_order(text: str) -> None:
    folded = origins.folded(text)
    low = origins.lower(folded)
    letters = origins.letters(low)
    read = DISGUISES.trace(folded)
    assert folded.text == fold(text)
    assert low.text == fold(text).lower()
    assert letters.text == letters_of(fold(text))
    assert read.text == DISGUISES.undo(low.text, letters.text)
    for form in (folded, low, letters, read):
        assert len(form.spans) == len(form.text)
        assert all(0 <= start < end <= len(text) for start, end in form.spans)
        assert list(form.spans) == sorted(form.spans)
        assert [end for _, end in form.spans] == sorted(end for _, end in form.spans)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(" \u3000啊e\u0301a㎏"), min_size=1, max_size=20).map("".join), st.integers(1900, 25_000)
)
def test_a_long_text_is_traced_as_far_as_it_is_read(some: str, length: int) -> None:
    text = (some * length)[:length]
    folded = origins.folded(text)
    assert folded.text == fold(text)
    assert len(folded.spans) == len(folded.text) <= MOST_CHARACTERS
    assert list(folded.spans) == sorted(folded.spans)


@given(st.text(st.sampled_from("今天去吃饭abc123，。！ "), max_size=60))
def test_plain_text_is_its_own_origin(text: str) -> None:
    assert list(origins.folded(text).spans) == [(at, at + 1) for at in range(len(text))]


@pytest.mark.parametrize(
    ("text", "read", "written"),
    [
        ("共５㎏装", "kg", "㎏"),
        ("本㈱出品", "(株)", "㈱"),
        ("请加\u200b微\u2060信号", "微信", "微\u2060信"),
        ("请加\u0336微\u0336信\u0336号", "微信", "微\u0336信\u0336"),
        ("這個機會", "机会", "機會"),
        ("群号①②③④", "群号1234", "群号①②③④"),
        ("e\u0301tude", "é", "e\u0301"),
    ],
)
def test_a_folded_span_and_what_was_written(text: str, read: str, written: str) -> None:
    folded = origins.folded(text)
    at = folded.text.index(read)
    start, end = folded.origin(at, at + len(read))
    assert text[start:end] == written


@pytest.mark.parametrize(
    ("text", "read", "written"),
    [
        ("有意加薇❤：abc", "加微信abc", "加薇❤：abc"),
        ("佳。V 一下", "加v", "佳。V"),
        ("力 口 我", "加我", "力 口 我"),
        ("微。。信 1 3 8", "微信138", "微。。信 1 3 8"),
        ("➕我", "加我", "➕我"),
    ],
)
def test_a_disguise_and_what_was_written(text: str, read: str, written: str) -> None:
    form = DISGUISES.trace(origins.folded(text))
    at = form.text.index(read)
    start, end = form.origin(at, at + len(read))
    assert text[start:end] == written


def test_the_shipped_disguises_are_read_as_what_they_stand_for(lexicons: Lexicons) -> None:
    disguises = Disguises(lexicons.disguises)
    for written, read in lexicons.disguises.items():
        low = fold(written).lower()
        assert disguises.undo(low, letters_of(low)) == read
