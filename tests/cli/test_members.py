"""`members`, `why`, `segment`, `outbox`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.instants import DAY, MINUTE, iso
from bot.services.views import ALIVE
from storage.database import Database
from tests.cli.conftest import Cli
from tests.cli.lines import GROUP, START, life, line, write

TOP = Path(__file__).parents[2]
END = iso(START + 49 * DAY)


@pytest.fixture
def grown(each_cli: Cli, tmp_path: Path) -> Cli:
    """A command line on a group that has lived for seven weeks."""
    each_cli("events", write(tmp_path / "life.jsonl", life()))
    each_cli("sweep", "--as-of", END)
    return each_cli


def test_a_member_is_shown_as_the_contract_says(grown: Cli) -> None:
    found = {one["member"]: one for one in grown("members", "--json").lines}
    assert list(found) == sorted(found)
    one = found["m05"]
    assert (one["name"], one["groups"]) == ("昵称m05", [GROUP])
    assert 0 <= one["score"] <= 100
    assert one["joined_at"].endswith("+08:00")
    for tag in one["tags"]:
        assert {"path", "value", "weight", "source", "since", "expires_at", "because"} <= tag.keys()
        assert isinstance(tag["value"], str)
        assert 0 <= tag["weight"] <= 1
    assert [(tag["path"], tag["value"]) for tag in one["tags"]] == sorted(
        (tag["path"], tag["value"]) for tag in one["tags"]
    )


def test_members_may_be_asked_for_by_tag_and_group(grown: Cli) -> None:
    declining = grown("members", "--tag", "生命周期/阶段=衰退期", "--json").lines
    assert declining
    assert all(("衰退期" in {tag["value"] for tag in one["tags"]}) for one in declining)
    assert len(grown("members", "--tag", "生命周期/阶段", "--json").lines) == 12
    assert len(grown("members", "--group", GROUP, "--json").lines) == 12
    assert grown("members", "--group", "elsewhere", "--json").lines == []
    assert grown("members", "--tag", "生命周期/阶段=没有的", "--json").lines == []
    assert grown("members", "--tag", "消费能力/潜在消费力", "--json").lines == [], "known, and held by nobody"
    refused = grown("members", "--tag", "乱/写", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "没有这个标签：乱/写" in refused.err


def test_members_may_be_asked_for_by_a_tag_that_came_from_elsewhere(each_cli: Cli, tmp_path: Path) -> None:
    given = line("tag", "t", START, "m", path="自定义/会员", value="金卡", system="crm", expires=iso(START + DAY))
    each_cli("events", write(tmp_path / "x.jsonl", [line("join", "j", START, "m"), given]))
    for at, holders in ((START, 1), (START + DAY, 0)):
        each_cli("sweep", "--as-of", iso(at))
        asked = each_cli("members", "--tag", "自定义/会员", "--json")
        assert (asked.code, len(asked.lines)) == (0, holders)


def test_who_only_left_is_known_and_has_not_joined(cli: Cli, tmp_path: Path) -> None:
    lines = [line("leave", "l", START, "gone"), line("join", "j", START + 9 * DAY, "later")]
    cli("events", write(tmp_path / "x.jsonl", lines))
    cli("sweep", "--as-of", iso(START + DAY))
    found = cli("members", "--json").lines
    assert [(one["member"], one["joined_at"], one["score"], one["groups"]) for one in found] == [
        ("gone", None, None, [])
    ], "whose first fact lies after the sweep is not there yet"


def test_a_running_bot_shows_now(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    cli("events", write(tmp_path / "x.jsonl", [line("join", "j", START, "m")]))
    cli("sweep", "--as-of", iso(START + 5 * MINUTE))
    before = cli("members", "--json").lines[0]["tags"]
    assert "引入期" in {tag["value"] for tag in before}
    database = Database(sqlite_url)
    far = START + 4000 * DAY
    database.write_sync(lambda uow: uow.deployment.put(ALIVE, str(far)))
    database.close()
    after = cli("members", "--json").lines[0]["tags"]
    assert "流失" in {tag["value"] for tag in after}


def test_why_speaks_of_tags_held_and_absent(grown: Cli) -> None:
    stage = grown("why", "m05", "生命周期/阶段", "--json").document
    assert stage["held"]
    assert stage["rule"] == "stage"
    assert stage["rule_set"] == 1
    assert stage["facts"]["阶段"] == stage["tags"][0]["value"]
    assert stage["bars"]
    assert stage["ends"]
    absent = grown("why", "m03", "消费能力/等级", "--json").document
    assert not absent["held"]
    assert absent["tags"] == []
    assert absent["rule"]
    assert absent["bars"]
    assert "门槛" in grown("why", "m03", "消费能力/等级").out
    disputed = grown("why", "m03", "特殊身份/身份", "--json").document
    told = grown("why", "m03", "特殊身份/身份").out
    assert "没有命中" in told and told.index("disputed") < told.index("newcomer")
    assert not {"True", "'hit'", "None"} & set(told.replace("│", " ").replace("：", " ").split())
    assert disputed["rule"] == "disputed"
    assert {check["name"] for check in disputed["tags"][0]["because"]["检查"]} >= {"重复内容", "发言频率", "重复刷屏"}


@pytest.mark.parametrize("asked", [("nobody", "生命周期/阶段"), ("m05", "阶段"), ("m05", "没有/这个")])
def test_why_of_nobody_or_nothing_is_refused(asked: tuple[str, str], grown: Cli) -> None:
    done = grown("why", *asked, "--json")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


def test_lists_for_a_person(grown: Cli) -> None:
    assert "昵称m05" in grown("members").out
    assert grown("outbox").code == 0
    assert grown("outbox", "--json").code == 0


def test_segment_gives_the_words_of_each_line() -> None:
    command = [sys.executable, "-m", "bot", "segment", "--json"]
    done = subprocess.run(
        command, input="我来到北京清华大学\n\n".encode(), capture_output=True, check=True, timeout=60, cwd=TOP
    )
    assert [json.loads(one) for one in done.stdout.splitlines()] == [["我", "来到", "北京", "清华大学"], []]
    bad = subprocess.run(command, input="清华".encode("gbk"), capture_output=True, check=False, timeout=60, cwd=TOP)
    assert (bad.returncode, bad.stderr.decode()) == (1, "标准输入第 1 行：不是 UTF-8 编码\n")


def test_why_after_an_objection_says_that_it_was_withdrawn(each_cli: Cli, tmp_path: Path) -> None:
    lines = [
        line("join", "j", START, "wang"),
        *(line("order", f"o{n}", START + n * DAY, "wang", order=f"n{n}", amount_yuan=300) for n in range(1, 4)),
        line("message", "m1", START + DAY, "wang", text="请问这个怎么安装呀？"),
        line("consent", "no", START + 6 * DAY, "wang", purposes=["spending", "behaviour"], granted=False),
    ]
    each_cli("events", write(tmp_path / "e.jsonl", lines))
    each_cli("sweep", "--as-of", iso(START + 5 * DAY))
    before = each_cli("why", "wang", "消费能力/等级", "--json").document
    assert (before["held"], before["facts"]["未退订单"]) == (True, 3)
    each_cli("sweep", "--as-of", iso(START + 8 * DAY))
    for path in ("消费能力/等级", "消费能力/潜在消费力", "行为/活跃度"):
        after = each_cli("why", "wang", path, "--json").document
        assert not after["held"]
        assert "已撤回" in after["facts"]["说明"]
        assert set(after["facts"]) == {"说明"}, "nothing is measured for a purpose that was refused"
