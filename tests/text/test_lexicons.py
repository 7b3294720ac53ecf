"""Word lists: what is read, and what is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.text.lexicons import BadLexicon, Lexicons, UserWord, load_lexicons, load_user_words
from tests.text.conftest import SHIPPED


def test_the_shipped_lists_load() -> None:
    lexicons = load_lexicons(SHIPPED)
    assert lexicons.ad_words
    assert UserWord("接龙") in lexicons.user_words
    assert all((lexicons.classes.filler, lexicons.classes.question, lexicons.classes.answer, lexicons.classes.stop))


def test_an_empty_directory_is_empty_lists_and_none_is_refused(tmp_path: Path) -> None:
    assert load_lexicons(tmp_path) == Lexicons(ad_words={}, ad_whole_words={})
    with pytest.raises(BadLexicon, match="目录不存在"):
        load_lexicons(tmp_path / "none")


def test_user_words_have_a_frequency_and_a_tag_if_written(tmp_path: Path) -> None:
    file = tmp_path / "user_dict.txt"
    file.write_bytes("\ufeff# 说明\r\n云吸猫 30 n\r\n\r\n拼团长 nr\r\n盲盒\r\n".encode())
    assert load_user_words(file) == (UserWord("云吸猫", 30, "n"), UserWord("拼团长", None, "nr"), UserWord("盲盒"))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("user_dict.txt", "盲盒 n 多余 词".encode()),
        ("user_dict.txt", "盲盒 0".encode()),
        ("user_dict.txt", "盲盒 99999999999999".encode()),
        ("ad_words.txt", "刷单".encode("gbk")),
        ("ad_words.txt", "长".encode() * 101),
        ("ad_words.txt", b"a\0b"),
        ("ad_words.txt", "刷单\t很强".encode()),
        ("ad_words.txt", "刷单\t1.5".encode()),
        ("ad_words.txt", "刷单\tnan".encode()),
        ("disguises.txt", "薇信 微信".encode()),
        ("topic_words.txt", "[宠物]".encode()),
        ("topic_words.txt", "血压 尿酸".encode()),
        ("topic_words.txt", b"[\xe5\x81]"),
        ("sales_words.txt", "包退 包换".encode()),
        ("sales_words.txt", "[促销 线索]".encode()),
    ],
)
def test_a_bad_line_is_refused_by_file_and_number(tmp_path: Path, name: str, line: bytes) -> None:
    before = "# 说明" if name in ("topic_words.txt", "sales_words.txt", "disguises.txt") else "好词"
    (tmp_path / name).write_bytes(before.encode() + b"\n\n" + line + b"\n")
    with pytest.raises(BadLexicon, match=rf"{name} 第 3 行"):
        load_lexicons(tmp_path)


def test_topic_words_stand_under_headings_and_are_literals(tmp_path: Path) -> None:
    (tmp_path / "topic_words.txt").write_text("[健康]\n血压 .* [尿酸]\n[亲子 线索]\n血压\n", encoding="utf-8")
    assert load_lexicons(tmp_path).topic_words == {
        "血压": {"健康": 1.0, "亲子": 0.5},
        ".*": {"健康": 1.0},
        "[尿酸]": {"健康": 1.0},
    }
