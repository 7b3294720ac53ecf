"""Adverts as the command line shows them: judged by the rules of their time, among what stands around them."""

from __future__ import annotations

from pathlib import Path

from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, line, write

ADVERT = "招聘兼职，日结工资，手机就能做，加微信abc12345"


def disputed(cli: Cli) -> set[str]:
    held = cli("members", "--tag", "特殊身份/身份=争议用户", "--json")
    return {one["member"] for one in held.lines}


def test_the_rules_at_a_message_s_time_decide_also_when_it_comes_late(each_cli: Cli, tmp_path: Path) -> None:
    turn = START + 2 * DAY
    each_cli("events", write(tmp_path / "a.jsonl", [line("join", "j", START, "m1")]))
    each_cli("sweep", "--as-of", iso(turn))
    (tmp_path / "lax.toml").write_text("[advert]\nbar = 1\n", encoding="utf-8")
    each_cli("rules", "activate", tmp_path / "lax.toml", "--note", "放宽")
    said = [
        line("message", "late", turn - HOUR, "early", text=ADVERT),
        line("message", "after", turn + HOUR, "later", text=ADVERT),
    ]
    each_cli("events", write(tmp_path / "b.jsonl", said))
    each_cli("sweep", "--as-of", iso(turn + DAY))
    assert disputed(each_cli) == {"early"}
