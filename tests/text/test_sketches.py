"""Sketches made many at once are those that are made one by one, so that both find the same repetitions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.sketch import sketch
from bot.text.normalise import folds
from bot.text.page import Page
from bot.text.sketches import page_sketches

ODD = ["", " \n", "好", "!!", "\x02", "\x02\x02", "我们没有时候", "the other thing", "\ud800", "😀𠮷野家", "你" * 3000]


def together(texts: list[str]) -> tuple[list[bytes], list[bytes]]:
    """All at once, and one by one."""
    folded = folds(texts)
    return page_sketches(Page(folded)), [sketch(text) for text in folded]


@given(st.lists(st.text(), min_size=1, max_size=20))
def test_of_any_texts(texts: list[str]) -> None:
    at_once, one_by_one = together(texts)
    assert at_once == one_by_one


def test_of_odd_texts_side_by_side() -> None:
    at_once, one_by_one = together([one + other for one in ODD for other in ODD])
    assert at_once == one_by_one
