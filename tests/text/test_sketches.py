"""Sketches made many at once are those that are made one by one, so that both find the same repetitions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.sketch import letters_of, sketch
from bot.text.reader import MANY, TextReader
from bot.text.sketches import sketches

ODD = ["", " \n", "好", "!!", "\x02", "\x02\x02", "我们没有时候", "the other thing", "\ud800", "😀𠮷野家", "你" * 3000]


def together(texts: list[str]) -> list[bytes]:
    return sketches([letters_of(text) for text in texts], texts)


@given(st.lists(st.text(), max_size=20))
def test_of_any_texts(texts: list[str]) -> None:
    assert together(texts) == [sketch(text) for text in texts]


def test_of_odd_texts_side_by_side() -> None:
    texts = [one + other for one in ODD for other in ODD]
    assert together(texts) == [sketch(text) for text in texts]


def test_what_is_foreseen_is_what_is_read(reader: TextReader) -> None:
    texts = [f"{number}号晚上七点在老地方开会，{text}" for number in range(MANY) for text in ODD]
    apart = [reader.read(text) for text in texts]
    reader.foresee(texts)
    assert [reader.read(text) for text in texts] == apart
