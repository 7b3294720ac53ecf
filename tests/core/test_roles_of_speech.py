"""What is a command to the bot, and what is only speech."""

from __future__ import annotations

import pytest

from bot.core.roles_of_speech import member_word, role_of


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("退订", "command"),
        (" 退订！", "command"),
        ("「退订」", "command"),
        ("“忘记我”。", "command"),
        ("我要退订", ""),
        ("签到", "checkin"),
        (" 签到 ", "checkin"),
        ("签到！", ""),
        ("＃看板", "command"),
        ("#接龙 周六聚餐", ""),
        ("！" * 3000, ""),
    ],
)
def test_roles(text: str, role: str) -> None:
    assert role_of(text) == role


def test_the_word_is_found_inside_its_marks() -> None:
    assert (member_word("「退订」"), member_word("退订吗"), member_word("签到。")) == ("退订", None, None)
