"""[[custom]] in a rule-set file: what is taken, and what is refused when the file is read."""

from __future__ import annotations

import pytest

from bot.core.custom_tags import CustomTag
from bot.errors import BadInput
from config.loader import digest, parse_rules


def block(when: str, path: str = "自定义/茶友", more: str = "") -> str:
    return f'[[custom]]\npath = "{path}"\nvalue = "是"\nwhen = """{when}"""\n{more}\n'


def tag(when: str, more: str = "") -> CustomTag:
    return parse_rules(block(when, more=more)).custom[0]


def test_a_tag_knows_what_it_rests_on() -> None:
    read = tag("said_30d >= 3 && stage == '成长期'")
    assert (read.names, read.grounds, read.moves) == (("said_30d", "stage"), (("behaviour",),), True)
    assert tag("orders > 2", 'sensitivity = "核心"').grounds == (("spending",),)
    assert tag("'生命周期/阶段=成长期' in tags").grounds == ()
    assert not tag("stage == '成长期'").moves


def test_a_condition_holds_or_not_and_never_fails() -> None:
    read = tag("topics['美食'] >= 3")
    assert read.holds is not None
    assert read.holds({"topics": {"美食": 3}})
    assert not read.holds({"topics": {"美食": 2}})
    assert not read.holds({"topics": {}})


def test_another_expression_is_another_rule_set() -> None:
    assert digest(block("said_7d > 1")) == digest("# 说明\n" + block("said_7d > 1"))
    assert digest(block("said_7d > 1")) != digest(block("said_7d > 2"))


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("foo > 3", "不认识变量 foo"),
        ("said_30d + 'a' == 2", "类型不对"),
        ("stage == '某阶段' && said_7d + 'a' == 'b'", "类型不对"),
        ("said_30d + 1", "结果须是真或假"),
        ("said_30d >", "不是合法的表达式"),
        ("true", "没有用到任何变量"),
        ("f(said_7d) > 1", "不认识的函数"),
        ("[1, 2].exists(a, [1, 2].exists(b, a + b + said_7d > 3))", "永远算不完"),
        ("['a'].map(x, x + x).map(x, x + x).size() > said_7d", "不能用 map"),
        ("stage.matches('(a+)+$')", "不能用 matches"),
        ("[1].exists(stage, said_7d > 1)", "循环变量不能叫 stage"),
        ("[1].all(a, a > 0) && [1].all(b, b > 0) && [said_7d].all(c, c > 0)", "循环太多"),
        ("(" * 9 + "said_7d > 1" + ")" * 9, "括号套得太深"),
        ("said_7d > 1 || " * 60 + "true", "太长"),
        ("orders > 2", "至少要写 核心"),
        ("occupation == '教育'", "至少要写 敏感"),
        ("tags.exists(t, t.endsWith('高价值'))", "至少要写 核心"),
    ],
)
def test_a_bad_expression_is_refused_by_name(when: str, told: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_rules(block(when), "改.toml")
    assert str(refusal.value).startswith("改.toml：custom 第 1 个（自定义/茶友）")
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (block("said_7d > 1", "行为/活跃度"), "不在标签目录里"),
        (block("said_7d > 1", "不存在/路径"), "不在标签目录里"),
        (block("said_7d > 1", "自定义/糖尿病"), "敏感个人信息"),
        (block("said_7d > 1", more="wieght = 1"), "wieght 是未知的键"),
        (block("said_7d > 1", more="weight = -0.1"), "weight 须为 0–1"),
        (block("said_7d > 1", more='sensitivity = "高"'), "sensitivity 须为"),
        (block("said_7d > 1") * 2, "写了两次"),
        ('[[custom]]\npath = "自定义/茶友"\nvalue = "是"', "缺少 when"),
        ("custom = 3", "须写成若干节"),
        (block("said_7d > 1") * 51, "最多 50 个"),
    ],
)
def test_a_bad_block_is_refused_by_name(content: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_rules(content, "改.toml")
