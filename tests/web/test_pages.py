"""Templates: a deployment replaces those it wants, and a broken one is named before anybody opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from config.settings import PACKAGED_CONFIG
from handlers.web.pages import Pages


def test_all_that_come_with_the_program_can_be_read() -> None:
    Pages(PACKAGED_CONFIG).check()


def test_ones_own_pages_go_first_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "closed.html").write_text('{% extends "base.html" %}{% block main %}本店打烊{% endblock %}')
    pages = Pages(tmp_path)
    pages.check()
    assert "本店打烊" in bytes(pages.render("closed", 404).body).decode()
    assert "登录群标看板" in bytes(pages.render("enter").body).decode()


@pytest.mark.parametrize(("content", "told"), [(b"a\n{% if %}", "第 2 行"), (b"\xff\xfe", "UTF-8")])
def test_a_broken_one_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "me.html").write_bytes(content)
    with pytest.raises(BadInput, match=rf"pages/me\.html.*{told}"):
        Pages(tmp_path).check()
