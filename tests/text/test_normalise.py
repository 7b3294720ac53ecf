"""One form for what reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.extent import MOST_CHARACTERS
from bot.text.normalise import fold


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("ＷｅＣｈａｔ１２３", "WeChat123"),
        ("微\u200b信\u2060号\ufeff", "微信号"),
        ("加\u0336微\u0336信\u0336", "加微信"),
        ("①②⑩", "1210"),
        ("𝐕𝐗", "VX"),
        ("這個機會體驗", "这个机会体验"),
        ("a\x00b\ud800c", "a b c"),
        ("\u202eabc\u202c", "abc"),
        ("一\n二\t三\u3000四", "一\n二\t三 四"),
        ("❤️👨\u200d👩", "❤👨👩"),
        ("café", "café"),
    ],
)
def test_forms(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@given(st.text(max_size=80))
def test_folding_twice_changes_little_and_leaves_nothing_unencodable(text: str) -> None:
    folded = fold(text)
    folded.encode("utf-8")
    assert "\0" not in folded


@pytest.mark.parametrize("monster", ["\u0301\u0327" * 500_000, "ﷺ" * 100_000, "啊" * 1_000_000, "a" * 1_000_000])
def test_a_monster_is_cut_first(monster: str) -> None:
    assert len(fold(monster)) <= MOST_CHARACTERS


def test_blanks_do_not_push_a_text_over_the_limit() -> None:
    assert fold(" " * 15_000 + "兼职日结").strip() == "兼职日结"
