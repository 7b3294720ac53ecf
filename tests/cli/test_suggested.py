"""`report suggested`: words of a group of members, counted, never quoted."""

from __future__ import annotations

from pathlib import Path

from bot.core.instants import HOUR
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write


def talk(members: str, about: str) -> list[Line]:
    texts = (f"周末去{about}要带的东西", f"又想{about}了，天气正好", f"{about}的地方找好了")
    return [
        line("message", f"{member}{n}", START + n * HOUR, member, group="g", text=text, name=f"第{member}位")
        for member in members
        for n, text in enumerate(texts)
    ]


def test_words_with_members_and_score(each_cli: Cli, tmp_path: Path) -> None:
    each_cli("events", write(tmp_path / "e.jsonl", talk("abcdef", "露营") + talk("pqrs", "飞盘")))
    told = each_cli("report", "suggested", "--json")
    rows = {row["word"]: row for row in told.document["suggestions"]}
    assert rows["露营"]["members"] == 6
    assert rows["露营"]["messages"] == 18
    assert rows["露营"]["score"] > 0
    assert rows["露营"]["number"] is None
    assert "飞盘" not in rows, "four members are no group"
    assert "找好了" not in told.out
    assert "露营" in each_cli("report", "suggested").out


def test_nobody_has_spoken(cli: Cli) -> None:
    assert cli("report", "suggested", "--json").document["suggestions"] == []


def test_no_file_brings_uses_in(cli: Cli, tmp_path: Path) -> None:
    told = cli("events", write(tmp_path / "e.jsonl", [line("word", "w", START, "a", group="g", word="露营")]), "--json")
    assert told.document["rejected"] == 1
