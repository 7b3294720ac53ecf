"""Texts to measure with: a file of event lines when given, else Chinese group talk from a seeded generator."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

BEGIN = 1_767_225_600
"""2026-01-01T00:00Z, in seconds."""
_WHO = "我 你 他 大家 群主 老师 同事 朋友 邻居 客服".split()
_DOES = "觉得 发现 推荐 整理 准备 讨论 下载 报名 研究 收藏 分享 购买".split()
_WHAT = (
    "新版的读书笔记 周末的亲子活动 杭州的咖啡馆 这款降噪耳机 上次的纪录片 数据分析课程 社区团购的水果 "
    "羽毛球场地 科幻小说书单 装修报价 自驾路线 早教绘本 基金定投 面试经验 编程作业 健身计划"
).split()
_TAIL = (
    "，真的很不错 ，有人一起吗？ ，价格也合适 ，明天下午两点开始 ，谁有更好的办法？ ，链接我晚点发群里 ，记得带身份证"
).split()


def sentences(count: int, seed: int = 1) -> list[str]:
    """Distinct-looking chat lines of about 15–25 characters."""
    chance = random.Random(seed)
    pick = chance.choice
    return [f"{pick(_WHO)}{pick(_DOES)}了{pick(_WHAT)}{chance.randrange(1000)}{pick(_TAIL)}" for _ in range(count)]


def made_lines(count: int, members: int = 200) -> Iterator[str]:
    """Event lines of a group in which `members` talk, one message every half minute."""
    chance = random.Random(2)
    for number, text in enumerate(sentences(count)):
        who = min(int(chance.expovariate(8 / members)), members - 1)
        record = {"type": "message", "id": f"bench-{number}", "at": BEGIN + 30 * number, "text": text}
        yield json.dumps({**record, "member": f"m{who:04}", "group": "bench@chatroom"}, ensure_ascii=False)


def lines(file: Path | None, count: int) -> list[str]:
    """`count` event lines: the first of `file`, or made ones."""
    if file is None:
        return list(made_lines(count))
    with file.open(encoding="utf-8") as source:
        return [line for line, _ in zip(source, range(count), strict=False)]
