"""Writes README.md of this folder out of the rules and the catalogue: `python -m config.describe`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import get_args

from bot.core.custom_facts import VARIABLES
from bot.core.rules import RULE_BY_NAME
from bot.core.rules.catalogue import MANY_VALUES
from config.catalogue import Action, Catalogue, load_catalogue
from config.settings import PACKAGED_CONFIG
from config.tag_file import Role, TagEntry

PAGE = PACKAGED_CONFIG / "README.md"

LAYOUT = {
    "rulesets/default.toml": "规则集：判断标签、决定何时说话的全部门槛，每一项都有说明",
    "tags.toml": "标签目录：标签的名称、对本人的说法、敏感度、查看修改删除权、身份的权益",
    "questionnaires/": "新人问卷：问题、选项、提醒与过期",
    "messages/": "机器人说的每一句话，和隐私说明的版本",
    "lexicon/": "词表：分词、停用、口水话、广告、变形、题材、敏感信息、职业、行政区划等词；每个文件开头写着格式",
    "city_tiers.toml": "城市分级，每年更新一次",
    "geofences.toml": "商圈的范围（圆或多边形，WGS-84 坐标）",
    "campaigns.toml": "常设推送：对谁、说什么、隔多久，和优惠码池",
    "attachments.toml": "附件：欢迎与推送可以带上的图片、链接卡片、名片",
    "assessment.toml": "敏感与核心标签的必要性、影响与措施，季度审计逐条列出",
    "pages/": "网页（成员自己的数据、问卷、看板、练习场）的模板与样式；自己的目录里只放要改的那几个，其余用自带的",
    "README.md": "本页",
    "models/": "训练好的文本模型与它的模型卡；删去或损坏时只用词表判断",
}
"""What an operator may look for in this folder; a name that ends in a stroke covers all that lies in it."""

GROUNDS = {
    None: "群务管理",
    "profile": "本人同意基础画像（profile）；撤回授权即删除",
    "device": "本人同意设备信息（device）；撤回授权即删除",
    "province": "本人同意到省（province）；撤回授权即删除",
    "city": "本人同意到市（city）；撤回授权即删除",
    "precise_location": "本人同意精确位置（precise_location）；撤回授权即删除",
    "behaviour": "已告知、可以反对（behaviour）；「拒绝画像」即删除",
    "spending": "已告知、可以反对（spending）；「拒绝画像」即删除",
}
ACTIONS = {"view": "查看", "edit": "修改", "delete": "删除"}

HEAD = """\
# 配置

本页由 `python -m config.describe` 生成，请勿手改：标签取自 `tags.toml` 与规则代码，改了它们就重新生成。

## 文件
"""

CHANGING = """
## 怎样改规则

1. 复制整个目录，例如 `cp -r config my-config`，改 `my-config/rulesets/default.toml`。
   每一项上面写着它管什么、单位、调大会怎样；没写的项用自带的值，写错会被指名拒绝。
2. 检查：`python -m bot --config my-config check`。
3. 启用：设 `BOT_CONFIG_DIR=my-config`（环境变量或 `.env`），重新启动。内容与以往各版都不同的规则会成为新的一版，
   从这次启动（或第一次带着它运行任何命令，`check` 除外）起生效；
   此前的日子仍按当时的规则算。只改注释不算改规则；改回以前用过的内容，不会自动换回那一版。

`tags.toml`、`messages/`、`pages/`、`questionnaires/`、`lexicon/` 也这样改，重新启动后生效，不分版本。

## 标签

不在下面的标签由人（打标）或外部系统（导入）给出，归标签管理；敏感度按 `tags.toml` 的 `[prefixes]` 定。
"""


CUSTOM = """\
## 自己写标签

在规则集文件末尾加 `[[custom]]`，用 CEL（Common Expression Language）写条件，不用改代码：

```toml
[[custom]]
path = "自定义/茶友"      # 一级固定为「自定义」
value = "常聊美食"
when = "'美食' in topics && topics['美食'] >= 5 && said_30d >= 3"
sensitivity = "普通"      # 普通、敏感、核心；用到消费须为核心，用到人口属性至少敏感
weight = 1.0
```

每日评定时判断，平时不变；`#为什么` 和 `why` 会列出用到的事实。条件里的变量缺少授权时不给标签。
表达式在读文件时就编译并在假想的事实上试算：不认识的变量、类型不对、结果不是真假、循环里套循环、太长或太慢都会被指名拒绝。
可以用 `&& || ! == != < <= > >= + - * / % in ?:`、`size contains startsWith endsWith`、`all exists exists_one filter`；
整数与小数不能直接相加，小数要写成 `2.0`。`tags` 不含点击偏好、消费转化、RFM 和其他自定义标签。
先看人数：`python -m bot preview "said_30d >= 3"`。
"""


def page(catalogue: Catalogue) -> str:
    """README.md for the packaged configuration."""
    layout = [f"- `{name}`：{what}" for name, what in LAYOUT.items()]
    told = [*_rights(catalogue), *_dimensions(catalogue), *_entitlements(catalogue), *_custom()]
    return "\n".join([HEAD, *layout, CHANGING, *told])


def _custom() -> Iterator[str]:
    """How to write tags of one's own, and the facts they may name."""
    yield CUSTOM
    yield "| 变量 | 是什么 | 依据的授权 |"
    yield "|---|---|---|"
    for name, variable in VARIABLES.items():
        yield f"| `{name}` | {variable.words} | {variable.purpose or '—'} |"
    yield ""


def _rights(catalogue: Catalogue) -> Iterator[str]:
    yield "| 敏感度 | 查看 | 修改 | 删除 |"
    yield "|---|---|---|---|"
    for sensitivity, rights in catalogue.rights.items():
        yield f"| {sensitivity} | {'、'.join(rights.view)} | {'、'.join(rights.edit)} | {'、'.join(rights.delete)} |"
    yield ""


def _dimensions(catalogue: Catalogue) -> Iterator[str]:
    for dimension, paths in catalogue.dimensions.items():
        if paths:
            yield f"### {dimension}\n"
        for entry in filter(None, map(catalogue.get, paths)):
            yield from _tag(entry, catalogue)


def _tag(entry: TagEntry, catalogue: Catalogue) -> Iterator[str]:
    yield f"#### {entry.path}\n"
    several = "（可同时有几个）" if entry.path in MANY_VALUES else ""
    yield f"- 取值{several}：{_values(entry)}"
    yield f"- 对本人叫「{entry.title}」" + (f"：{_worded(entry.public)}" if entry.open else _renamed(entry))
    yield f"- 敏感度：{_sensitivity(entry)}"
    yield f"- 权限：{_allowed(entry, catalogue)}"
    for name in entry.rules:
        rule = RULE_BY_NAME[name]
        yield f"- 规则 `{name}`：依据：{GROUNDS[rule.purpose]}。何时结束：{rule.ends}"
    yield ""


def _values(entry: TagEntry) -> str:
    return entry.open or "、".join(f"`{value}`" for value in entry.values)


def _renamed(entry: TagEntry) -> str:
    """The values that are worded otherwise towards the member."""
    told = [f"`{value}` 说成「{words}」" for value, words in entry.values.items() if words != value]
    return "：" + "，".join(told) if told else ""


def _worded(public: str) -> str:
    return public.replace("{value}", "原值").replace("{tail}", "短横之后的部分")


def _sensitivity(entry: TagEntry) -> str:
    stricter = "、".join(f"`{value}` {kept}" for value, kept in entry.stricter.items())
    return entry.sensitivity + (f"（{stricter}）" if stricter else "")


def _allowed(entry: TagEntry, catalogue: Catalogue) -> str:
    """Who may do what with the path's ordinary values, then with those kept more closely."""
    usual = next((value for value in entry.values if value not in entry.stricter), "")
    told = [_rights_of(entry.path, usual, catalogue)]
    told += [f"`{value}` {_rights_of(entry.path, value, catalogue)}" for value in entry.stricter]
    return "；".join(told)


def _rights_of(path: str, value: str, catalogue: Catalogue) -> str:
    return "，".join(
        f"{ACTIONS[action]} {'、'.join(role for role in get_args(Role) if catalogue.may(role, action, path, value))}"
        for action in get_args(Action)
    )


def _entitlements(catalogue: Catalogue) -> Iterator[str]:
    yield "## 身份的权益\n"
    for entry in catalogue:
        for value in entry.values:
            if granted := catalogue.entitlements(value):
                yield f"- {value}：{'、'.join(granted)}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(load_catalogue(PACKAGED_CONFIG)), encoding="utf-8")
    sys.stdout.write(f"已写好 {PAGE.name}\n")
