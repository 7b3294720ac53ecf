"""Long texts are cut at pauses and lose nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.portions import portions


def test_a_sentence_is_not_torn() -> None:
    said = "第一句话到这里。第二句话也不长！第三句"
    assert list(portions(said, 10)) == ["第一句话到这里。", "第二句话也不长！", "第三句"]
    assert list(portions("短", 10)) == ["短"]


@given(st.text(alphabet="甲乙。，\n !", max_size=200), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_too_long(text: str, most: int) -> None:
    told = list(portions(text, most))
    assert all(0 < len(part) <= most for part in told)
    assert "".join("".join(told).split()) == "".join(text.split())
