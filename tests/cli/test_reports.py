"""`report`: what is known of the deployment as a whole, on both databases."""

from __future__ import annotations

from pathlib import Path

from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write


def test_an_export_is_a_reading(each_cli: Cli) -> None:
    each_cli("export", "--format", "jsonl")
    found = each_cli("report", "access", "--json").document
    assert [(one["actor"], one["reads"]) for one in found["actors"]] == [("命令行", 1)]
    assert "谁看过" in each_cli("report", "access").out


def test_looking_on_the_command_line_is_a_reading_too(each_cli: Cli, tmp_path: Path) -> None:
    each_cli("events", write(tmp_path / "e.jsonl", [line("join", "j", START, "wang", name="小王")]))
    each_cli("members", "--group", "g@chatroom", "--tag", "生命周期/阶段=新手引导期")
    each_cli("why", "wang", "生命周期/阶段", "--json")
    assert each_cli("why", "nobody", "生命周期/阶段").code == 1, "nothing was read, nothing is noted"
    found = each_cli("report", "access", "--json").document
    assert [(one["action"], one["subject"], one["detail"]) for one in found["latest"]] == [
        ("为什么", "wang", "生命周期/阶段"),
        ("成员", None, "生命周期/阶段=新手引导期"),
    ]
    assert [(one["subject"], one["reads"]) for one in found["subjects"]] == [("wang", 1)]


def tagged(number: int, path: str, value: str, member: str = "a") -> Line:
    return line("tag", f"t{number}", START + number * HOUR, member, path=path, value=value, system="crm")


def test_the_audit_counts_grounds_and_hides_the_few(each_cli: Cli, tmp_path: Path) -> None:
    people = [f"p{number}" for number in range(6)]
    orders = [line("order", f"o{one}", START, one, order=f"n{one}", amount_yuan=88) for one in people]
    said = [
        line("consent", "c", START, "p0", purposes=["profile"], granted=True),
        line("answer", "x", START + HOUR, "p0", question="gender", value="女"),
    ]
    each_cli("events", write(tmp_path / "e.jsonl", [*orders, *said]))
    each_cli("sweep", "--as-of", iso(START + 2 * DAY))
    each_cli("members", "--tag", "消费能力/客单价", "--json")
    document = each_cli("report", "audit", "--json").document
    assert document["quarter"] == f"{document['as_of'][:4]}Q{(int(document['as_of'][5:7]) + 2) // 3}"
    found = {one["path"]: one for one in document["tags"]}
    price, gender = found["消费能力/客单价"], found["人口属性/性别"]
    assert (price["sensitivity"], price["holders"], price["uncovered"]) == ("核心", 6, 0)
    assert (gender["holders"], gender["ground"], gender["last_use"]) == ("不足5", "单独同意（profile）", None)
    assert price["last_use"] is not None
    assert all("未写明" not in (one["necessity"], one["impact"], one["measures"]) for one in found.values())
    assert "生命周期/阶段" not in found


def test_tags_about_protected_matters_are_refused_by_line(each_cli: Cli, tmp_path: Path) -> None:
    lines = [
        tagged(1, "会员/等级", "金卡"),
        tagged(2, "会员/宗教", "无"),
        tagged(3, "会员/备注", "糖尿病患者"),
        tagged(4, "内容偏好/题材", "健康"),
        line("consent", "c", START, "b", purposes=["sensitive"], granted=True),
        tagged(5, "会员/人脸", "已采集", "b"),
    ]
    told = each_cli("events", write(tmp_path / "e.jsonl", lines), "--json").document
    assert (told["new"], told["rejected"]) == (3, 3)
    assert [one["line"] for one in told["errors"]] == [2, 3, 6]
    assert all("敏感个人信息" in one["reason"] for one in told["errors"])


def test_no_tag_from_outside_has_a_value_of_its_own_or_is_an_office(cli: Cli, tmp_path: Path) -> None:
    lines = [
        tagged(1, "消费能力/等级", "高价值"),
        tagged(2, "消费能力/等级", "最高价值"),
        tagged(3, "特殊身份/身份", "管理员"),
    ]
    told = cli("events", write(tmp_path / "e.jsonl", lines), "--json").document
    assert (told["new"], [one["line"] for one in told["errors"]]) == (1, [2, 3])


def test_maturity_is_the_weighted_sum_of_what_is_known(each_cli: Cli, tmp_path: Path) -> None:
    lines = [line("join", f"j{n}", START + n * HOUR, f"p{n}") for n in range(4)]
    lines += [line("order", "o", START + DAY, "p0", order="n", amount_yuan=88)]
    each_cli("events", write(tmp_path / "e.jsonl", lines))
    each_cli("sweep", "--as-of", iso(START + 2 * DAY))
    found = each_cli("report", "maturity", "--json").document
    rows = {one["category"]: one for one in found["categories"]}
    assert list(rows) == [
        "基础属性", "行为", "生命周期", "内容偏好", "消费能力", "地域分布", "特殊身份", "标签管理",
    ]  # fmt: skip
    stage, spending, places = rows["生命周期"], rows["消费能力"], rows["地域分布"]
    assert (stage["score"], stage["coverage"], stage["accuracy"]) == (100.0, 1.0, None)
    assert "准确未知" in stage["note"]
    assert (spending["coverage"], spending["timeliness"], spending["score"]) == (0.25, 1.0, 62.5)
    assert (places["coverage"], places["timeliness"], places["score"]) == (0.0, None, 0.0)
    assert {one["category"]: one["weakest"] for one in found["improvements"]}["地域分布"] == "覆盖"


def test_quality_says_when_there_is_too_little(each_cli: Cli) -> None:
    found = each_cli("report", "quality", "--json").document
    assert (found["key"]["judged"], found["key"]["verdict"], found["paths"]) == (0, "样本不足", [])


def test_queries_and_exports_are_uses(each_cli: Cli, tmp_path: Path) -> None:
    each_cli("events", write(tmp_path / "e.jsonl", [line("join", "j", START, "p0")]))
    each_cli("sweep", "--as-of", iso(START + DAY))
    each_cli("members", "--tag", "生命周期/阶段=引入期", "--json")
    each_cli("export", "--format", "jsonl")
    found = each_cli("report", "retired", "--json").document
    used = {(one["path"], one["way"]) for one in found["uses"]}
    assert {("生命周期/阶段", "查询"), ("生命周期/阶段", "导出"), ("社交关系/入群渠道", "导出")} <= used
    assert (found["retired"], found["days"]) == ([], 90)


def test_each_report_names_its_own_figures_and_cuts_no_cell(cli: Cli) -> None:
    heads = {name: cli("report", name).out for name in ("social", "suggested", "quality", "audit")}
    told = {name: [word for word in ("看最近几天", "合并的天数") if word in out] for name, out in heads.items()}
    assert told == {"social": ["看最近几天"], "suggested": ["看最近几天"], "quality": ["合并的天数"], "audit": []}
    assert "…" not in heads["audit"], "a necessity that is cut says nothing"
    assert "1970" not in "".join(heads.values()), "before any fact it is now"
