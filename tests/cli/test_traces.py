"""Devices, places and relations through the command line: any order, live or rebuilt, under consent only."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

END = iso(START + 60 * DAY) or ""
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.49(0x18003137) NetType/5G Language/zh_CN"
)


def click(id_: str, at: int, member: str, **fields: Any) -> Line:
    return line("click", id_, at, member, link="l", **fields)


def agree(id_: str, at: int, member: str, *purposes: str, granted: bool = True) -> Line:
    return line("consent", id_, at, member, purposes=[*purposes], granted=granted)


def place(id_: str, at: int, member: str, lat: float, lon: float) -> Line:
    return line("location", id_, at, member, lat=lat, lon=lon)


def traces() -> list[Line]:
    """t1 agrees to all, t2 to the city, t3 to nothing, t4 agrees too late, t5 withdraws."""
    lines = [
        agree("c1", START, "t1", "device", "precise_location"),
        click("k1", START + HOUR, "t1", user_agent=PHONE, ip="127.0.0.1"),
        place("l1", START + 2 * HOUR, "t1", 31.2397, 121.4998),
        line("checkin", "i1", START + 40 * DAY, "t1", lat=30.2741, lon=120.1637),
        agree("c2", START, "t2", "city"),
        place("l2", START + HOUR, "t2", 40.7128, -74.006),
        click("k3", START + HOUR, "t3", user_agent=PHONE, ip="::1"),
        place("l3", START + HOUR, "t3", 39.9087, 116.4605),
        click("k4", START + HOUR, "t4", user_agent="M" * 10_000),
        click("k4b", START + HOUR, "t4", user_agent=PHONE),
        agree("c4", START + 2 * HOUR, "t4", "device"),
        agree("c5", START, "t5", "device", "precise_location"),
        click("k5", START + HOUR, "t5", user_agent=PHONE),
        place("l5", START + HOUR, "t5", 39.9087, 116.4605),
        agree("c6", START + DAY, "t5", "device", "province", granted=False),
    ]
    return sorted(lines, key=lambda one: one["at"])


def crowd() -> list[Line]:
    """Two circles of fifteen who mention and answer one another, invited by their first; x0 speaks to both."""
    lines: list[Line] = []
    for circle in "xy":
        for number in range(15):
            member = f"{circle}{number}"
            joined = START + number * HOUR
            lines.append(line("join", f"{member}-j", joined, member, name=f"昵称{member}", inviter=f"{circle}0"))
            for turn in range(1, 1 + number % 5):
                said = f"{member}-{turn}"
                other = f"{circle}{(number + turn) % 15}"
                told = {"mentions": [other]} if turn % 2 else {"reply_to": f"{other}-1"}
                text = f"第{turn}个想法：{member}觉得这样安装更方便"
                lines.append(line("message", said, joined + turn * DAY, member, text=text, **told))
    lines.append(line("message", "bridge", START + 9 * DAY, "x0", text="两边的朋友认识一下吧", mentions=["y1", "y2"]))
    lines.append(line("leave", "y3-l", START + 20 * DAY, "y3"))
    lines.append(agree("x7-no", START + 30 * DAY, "x7", "behaviour", granted=False))
    return sorted(lines, key=lambda one: one["at"])


def take(cli: Cli, lines: list[Line], folder: Path) -> None:
    assert cli("events", write(folder / "lines.jsonl", lines), "--json").code == 0
    assert cli("sweep", "--as-of", END).code == 0


def held(cli: Cli) -> dict[str, set[str]]:
    kept = ("设备特征", "地域分布")
    return {
        one["member"]: {f"{tag['path']}={tag['value']}" for tag in one["tags"] if tag["path"].startswith(kept)}
        for one in cli("members", "--json").lines
    }


def test_each_trace_counts_under_its_own_consent(each_cli: Cli, tmp_path: Path) -> None:
    take(each_cli, traces(), tmp_path)
    found = held(each_cli)
    devices = {"设备特征/手机型号=iPhone", "设备特征/系统版本=iOS 17", "设备特征/网络类型=5G"}
    home = {"地域分布/省份=浙江", "地域分布/城市=杭州", "地域分布/商圈=杭州武林", "地域分布/时区差异=0"}
    away = {"地域分布/省份=海外-美国", "地域分布/城市=海外-美国", "地域分布/时区差异=-13"}
    assert found["t1"] == devices | home
    assert set(found["t2"]) == away
    assert not found.get("t3") and not found["t4"] and not found["t5"]


@pytest.mark.parametrize("make", [traces, crowd])
def test_any_order_gives_the_same(make: Any, each_cli: Cli, run: Cli, tmp_path: Path) -> None:
    lines = make()
    take(lambda *told: run("--db", f"sqlite:///{tmp_path}/order.db", *told), lines, tmp_path)
    in_order = run("--db", f"sqlite:///{tmp_path}/order.db", "members", "--json").out
    random.Random(2).shuffle(lines)
    take(each_cli, lines, tmp_path)
    assert each_cli("members", "--json").out == in_order
    assert each_cli("rebuild", "--json").document["changed"] == 0
    assert each_cli("members", "--json").out == in_order


def test_late_replies_re_rank_both_sides(each_cli: Cli, tmp_path: Path) -> None:
    lines = crowd()
    take(each_cli, lines, tmp_path)
    in_time = each_cli("members", "--json").out
    assert "社交关系/好友关联度" in in_time
    assert each_cli("erase", "x7").code == 0
    assert each_cli("rebuild", "--json").document["changed"] == 0
    assert '"x7"' not in each_cli("report", "social", "--json").out


def test_late_lines_give_the_same_ranks(cli: Cli, run: Cli, tmp_path: Path) -> None:
    lines = crowd()
    take(lambda *told: run("--db", f"sqlite:///{tmp_path}/order.db", *told), lines, tmp_path)
    in_order = run("--db", f"sqlite:///{tmp_path}/order.db", "members", "--json").out
    take(cli, [one for number, one in enumerate(lines) if number % 3], tmp_path)
    assert cli("events", write(tmp_path / "late.jsonl", lines[::3])).code == 0
    assert cli("members", "--json").out == in_order


def test_no_raw_trace_is_kept(cli: Cli, tmp_path: Path, sqlite_url: str) -> None:
    take(cli, traces(), tmp_path)
    kept = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    for raw in (b"31.2397", b"121.4998", b"127.0.0.1", b"-74.006"):
        assert raw not in kept


def test_invites_and_relations_are_reported(each_cli: Cli, tmp_path: Path) -> None:
    take(each_cli, crowd(), tmp_path)
    board = each_cli("report", "invites", "--json").document
    first = {row["member"]: (row["invited"], row["stayed"], row["left"]) for row in board["inviters"]}
    assert first == {"y0": (14, 13, 1), "x0": (13, 13, 0)}
    found = each_cli("report", "social", "--json").document
    assert found["members"] == 29
    assert "x0" in {row["member"] for row in found["bridges"]}
    assert "x7" not in str(found)
    assert each_cli("report", "social").code == each_cli("report", "invites").code == 0


def test_strangers_with_common_ground_should_meet(cli: Cli, tmp_path: Path) -> None:
    lines = []
    for number, (city, trade) in enumerate(
        [("杭州", "程序员"), ("杭州", "程序员"), ("杭州", "程序员"), ("北京", "老师")]
    ):
        member = f"s{number}"
        lines += [
            line("join", f"{member}-j", START, member, name=f"昵称{number}"),
            agree(f"{member}-c", START + 1, member, "profile"),
            line("answer", f"{member}-r", START + HOUR, member, question="region", value=city),
            line("answer", f"{member}-o", START + HOUR, member, question="occupation", value=trade),
        ]
    lines.append(line("message", "hi", START + DAY, "s0", text="你好，很高兴认识你", mentions=["s1"]))
    take(cli, lines, tmp_path)
    meet = cli("report", "social", "--json").document["meet"]
    assert [(row["a"], row["b"]) for row in meet] == [("s0", "s2"), ("s1", "s2")]
    assert meet[0]["shared"] == ["地区 杭州", "行业 互联网/IT"]


def test_an_unknown_report_is_refused(cli: Cli) -> None:
    told = cli("report", "天气")
    assert told.code == 1 and "social" in told.err
