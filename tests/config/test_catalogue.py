"""The catalogue knows every tag that a rule can give, and nothing that no rule gives."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.core import activity, influence, lifecycle, score
from bot.core.answers.age import BRACKETS
from bot.core.event_fields import CHANNELS, ROLES, TOPICS
from bot.core.rules import RULE_BY_NAME, RULES
from bot.core.rules.cohort import RFM
from bot.core.rules.content import FORMS, PERIODS
from bot.core.ruleset import ActivityRules, RuleSet
from bot.errors import BadInput
from bot.traces.devices import NETWORKS
from config.catalogue import Catalogue, load_catalogue
from config.onboarding import load_occupations
from config.settings import PACKAGED_CONFIG
from config.tag_file import STRICTNESS, TagEntry

CATALOGUE = load_catalogue(PACKAGED_CONFIG)
TEXT = (PACKAGED_CONFIG / "tags.toml").read_text(encoding="utf-8")
ALL, STAFF, DIRECTOR = ROLES, {"管理员", "运营总监"}, {"运营总监"}
GENDERS = ("男", "女")


def _told(values: Any) -> list[dict[str, Any]]:
    return [{"_value": value, "_source": "survey"} for value in values]


def _counted(names: Any) -> list[dict[str, Any]]:
    """Each name alone, a little and a lot of it, and all of them alike."""
    alone = [{"件数": number, "分布": {name: number}} for name in names for number in (1, 5, 10)]
    return [*alone, {"件数": 10 * len(names), "分布": dict.fromkeys(names, 10)}]


def _spent() -> list[dict[str, Any]]:
    return [{"_levels": (n, n, n, n), "消费能力": ability} for n, ability in product((1, 2, 3), (0.0, 45.0, 100.0))]


# What each rule may have measured, wide enough that every branch of its decision is taken.
MEASURED: dict[str, list[dict[str, Any]]] = {
    "attribute_age": _told(BRACKETS),
    "attribute_gender": _told(GENDERS),
    "attribute_region": _told(["新一线城市-杭州"]),
    "attribute_occupation": _told(sorted({*load_occupations(PACKAGED_CONFIG).words.values()})),
    "inviter": [{"邀请人": "wxid_a", "渠道": "未知"}],
    "join_channel": [{"邀请人": by, "渠道": how} for by, how in product((None, "a"), (*sorted(CHANNELS), "未知"))],
    "activity_level": [{"_level": level, "_weight": 1.0} for level in range(len(activity.LEVELS))],
    "layer": [{"_layer": score.layer(float(points), ActivityRules())} for points in range(101)],
    "checkin": [{"_until": 1}],
    "stage": [{"阶段": stage} for stage in lifecycle.STAGES],
    "recall": [{"阶段": stage} for stage in lifecycle.STAGES],
    "content_topic": _counted(sorted(TOPICS)),
    "content_form": _counted(FORMS),
    "content_period": _counted(PERIODS),
    "spending": _spent(),
    "click_rank": [{"_value": value} for value in ("高", "中", "低")],
    "conversion_rank": [{"_value": value} for value in ("高", "中", "低")],
    "tie_rank": [{"_value": value} for value in ("高", "中", "低")],
    "device_phone": [{"_value": "iPhone"}],
    "device_system": [{"_value": "iOS 17"}],
    "device_network": [{"_value": value} for value in NETWORKS.values()],
    "province": [{"_value": "浙江"}],
    "city": [{"定位": "杭州", "网络地址": "杭州"}, {"网络地址": "杭州"}, {"定位": "杭州"}],
    "fence": [{"_visits": {"西湖": 0}}],
    "zone_difference": [{"相差小时": -13.0, "_until": 1}],
    "rfm": [{"_value": value} for value in RFM],
    "potential": [{"_until": 1}],
    "newcomer": [{"_until": 2, "_now": 1}],
    "admin_term": [{"_until": 2, "_now": 1}],
    "backup": [{"_until": 1}],
    "disputed": [{"_open": True}],
    "influence": [{"_rank": rank, "_until": 1} for rank in (influence.KOL, influence.KOC)],
}


def given() -> dict[str, set[str]]:
    """Path → values that the rules give when they are shown everything in MEASURED."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, measured in MEASURED.items():
        for one in measured:
            for tag in RULE_BY_NAME[name].decide(one, RuleSet()):
                found[tag.path].add(tag.value)
    return found


def entry(path: str) -> TagEntry:
    found = CATALOGUE.get(path)
    assert found is not None
    return found


def test_every_path_of_a_rule_is_listed_with_its_rules_and_no_other() -> None:
    owned: dict[str, set[str]] = defaultdict(set)
    for rule in RULES:
        for path in rule.paths:
            owned[path].add(rule.name)
    assert {one.path: {*one.rules} for one in CATALOGUE} == owned


def test_every_rule_is_shown_what_it_decides_on() -> None:
    assert {*MEASURED} == {rule.name for rule in RULES}


@pytest.mark.parametrize("path", sorted({path for rule in RULES for path in rule.paths}))
def test_the_values_listed_are_those_that_rules_give(path: str) -> None:
    listed = entry(path)
    assert listed.open or {*listed.values} == given()[path]


def test_all_eight_tag_systems_are_named() -> None:
    assert [*CATALOGUE.dimensions] == "基础属性 行为 生命周期 内容偏好 消费能力 地域分布 特殊身份 标签管理".split()
    assert "社交关系/邀请人" in CATALOGUE.dimensions["基础属性"]
    assert CATALOGUE.dimensions["标签管理"] == ()
    assert sum(map(len, CATALOGUE.dimensions.values())) == len([*CATALOGUE])


@pytest.mark.parametrize("blunt", ["低价值", "流失", "争议", "衰退", "召回"])
def test_no_member_reads_a_blunt_word(blunt: str) -> None:
    for one in CATALOGUE:
        assert blunt not in CATALOGUE.title(one.path)
        assert all(blunt not in CATALOGUE.public_name(one.path, value) for value in one.values)
    assert CATALOGUE.public_name("生命周期/阶段", f"{blunt}客户") == "已记录"
    assert CATALOGUE.public_name("自定/来历", f"{blunt[0]} {blunt[1:]}") == "已记录"
    assert CATALOGUE.title(f"自定/{blunt}") == "其他记录"


def test_words_for_the_member() -> None:
    assert CATALOGUE.public_name("特殊身份/身份", "争议用户") == "群规沟通中"
    assert CATALOGUE.public_name("人口属性/地域", "新一线城市-杭州") == "杭州"
    assert CATALOGUE.public_name("人口属性/地域", "海外-美国") == "美国"
    assert CATALOGUE.public_name("社交关系/邀请人", "wxid_secret") == "由群友邀请"
    assert CATALOGUE.public_name("自定/爱好", "羽毛球") == "羽毛球"
    assert CATALOGUE.title("生命周期/阶段") == "相处阶段"
    assert CATALOGUE.title("自定/爱好") == "爱好"


@pytest.mark.parametrize(
    ("path", "value", "seen_by", "changed_by"),
    [
        ("生命周期/阶段", "流失", ALL, STAFF),
        ("行为/活跃度", "高活跃", ALL, STAFF),
        ("人口属性/职业", "教育", ALL, STAFF),
        ("人口属性/年龄", "25-34岁", STAFF, STAFF),
        ("人口属性/血型", "A", STAFF, STAFF),
        ("地域分布/商圈", "西湖", STAFF, STAFF),
        ("内容偏好/题材", "科技", ALL, STAFF),
        ("内容偏好/题材", "健康", STAFF, STAFF),
        ("消费能力/等级", "高价值", DIRECTOR, DIRECTOR),
        ("消费能力/RFM", "重要价值", DIRECTOR, DIRECTOR),
        ("消费能力", "x", DIRECTOR, DIRECTOR),
        ("行为/消费转化", "高", DIRECTOR, DIRECTOR),
        ("特殊身份/身份", "KOL", DIRECTOR, DIRECTOR),
        ("特殊身份/身份", "KOC", DIRECTOR, DIRECTOR),
        ("特殊身份/KOL", "是", DIRECTOR, DIRECTOR),
        ("特殊身份/身份", "争议用户", STAFF, STAFF),
        ("特殊身份/身份", "新用户", ALL, STAFF),
        ("特殊身份/身份", None, DIRECTOR, DIRECTOR),
        ("自定/爱好", "羽毛球", ALL, STAFF),
        ("消费能力强/备注", "x", ALL, STAFF),
    ],
)
def test_rights(path: str, value: str | None, seen_by: set[str], changed_by: set[str]) -> None:
    may = CATALOGUE.may
    assert {role for role in ROLES if may(role, "view", path, value)} == seen_by
    assert {role for role in ROLES if may(role, "edit", path, value)} == changed_by
    assert {role for role in ROLES if may(role, "delete", path, value)} == changed_by


def test_who_is_nobody_may_nothing() -> None:
    assert not CATALOGUE.may("成员", "view", "生命周期/阶段", "流失")
    assert not CATALOGUE.may("", "view", "生命周期/阶段", "流失")
    assert not CATALOGUE.may("运营总监", "export", "生命周期/阶段", "流失")
    assert not CATALOGUE.may("运营总监", "model_dump", "生命周期/阶段", "流失")


def test_no_listed_tag_is_kept_less_closely_than_its_prefix() -> None:
    for one in CATALOGUE:
        own = STRICTNESS.index(one.sensitivity)
        assert all(STRICTNESS.index(CATALOGUE.sensitivity(one.path, value)) >= own for value in one.values)
        assert one.sensitivity == CATALOGUE.sensitivity(one.path, "没有这个值")


def test_entitlements() -> None:
    assert CATALOGUE.entitlements("KOL") == ("优先曝光", "商业合作分成")
    assert CATALOGUE.entitlements("管理员") == ("群规执行", "数据看板")
    assert CATALOGUE.entitlements("新用户") == ("新人教程", "首单优惠")
    assert CATALOGUE.entitlements("争议用户") == ("限制发言", "人工审核")
    assert CATALOGUE.entitlements("KOC") == CATALOGUE.entitlements("高价值") == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("阶段", "生命周期/阶段"),
        (" 生命周期 / 阶段 ", "生命周期/阶段"),
        ("生命周期／阶段", "生命周期/阶段"),
        ("地域", "人口属性/地域"),
        ("活跃度", "行为/活跃度"),
        ("活跃", "行为/活跃度"),
        ("题材", "内容偏好/题材"),
        ("层级", "行为/用户层级"),
        ("等级", "消费能力/等级"),
        ("身份", "特殊身份/身份"),
        ("血型", None),
        ("", None),
        ("/", None),
    ],
)
def test_find(text: str, path: str | None) -> None:
    assert CATALOGUE.find(text) == path


def changed(folder: Path, old: str, new: str) -> Catalogue:
    """The catalogue out of the file with its first `old` replaced by `new`."""
    assert old in TEXT
    (folder / "tags.toml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return load_catalogue(folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "年龄段"', 'title = "年龄段"\ntilte = "x"', "tilte 是未知的键"),
        ('title = "年龄段"\n', "", "title"),
        ('dimension = "基础属性"', 'dimension = "属性"', "dimension"),
        ('path = "人口属性/年龄"', 'path = "年龄"', "path"),
        ('path = "人口属性/性别"', 'path = "人口属性/年龄"', "人口属性/年龄 出现了两次"),
        ('title = "性别"', 'title = "年龄段"', "「年龄段」同时指 人口属性/年龄 和 人口属性/性别"),
        ('names = ["渠道"]', 'names = ["阶段"]', "「阶段」同时指"),
        ('public = "{tail}"', "", "open 与 public 须一起写"),
        ('"好久不见"', '"已经流失"', "生命周期/阶段 对本人的说法「已经流失」"),
        ('"好久不见"', '""', "没写对本人的说法"),
        ('"好久不见"', "3", "tag"),
        ('{ "健康" = "敏感" }', '{ "保健" = "敏感" }', "未列出的取值 保健"),
        ('{ "健康" = "敏感" }', '{ "健康" = "绝密" }', "stricter"),
        ('[rights."核心"]\nview = ["运营总监"]', '[rights."核心"]\nview = ["管理员", "运营总监"]', "只能给 运营总监"),
        ('[rights."敏感"]\nview = ["管理员", "运营总监"]', '[rights."敏感"]\nview = ["管理员"]', "能改、能删的须能看"),
        ('[entitlements]\n"KOL"', '[entitlements]\n"KOX"', "entitlements.KOX"),
    ],
)
def test_a_bad_catalogue_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(BadInput, match=r"tags\.toml：.*" + re.escape(told)):
        changed(tmp_path, old, new)


def test_the_words_for_the_member_are_the_operators_to_change(tmp_path: Path) -> None:
    assert changed(tmp_path, '"好久不见"', '"想你了"').public_name("生命周期/阶段", "流失") == "想你了"
