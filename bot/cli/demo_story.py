"""Eight weeks of a group of thirty, as lines of the local group and orders from a shop. The same every time.

Everyday talk comes from a seeded generator; what the demo is about is written out day by day in `PLOT`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

WEEKS = 8
GROUP = "读书会一群"
DIRECTOR = "林店长"
OLD_HANDS = tuple("阿健 小满 老周 橙子 大鹏 思思 阿美 小北 文姐 阿树 小鱼 老李 晓晓 阿宁 石头 可可".split())
QUIET_ONES = tuple("路人甲 小透明 潜水员 老陈 阿福 豆豆".split())
BUYER, FLOODER, LEAVER = "老张", "大嗓门", "小雨"
FRIENDS = (DIRECTOR, BUYER, FLOODER, "橙子", "阿健")

_OPENINGS = ("我觉得", "说实话", "刚才看到", "昨天读到", "群里有人知道吗，", "补充一点，", "分享一下，", "其实")
_THINGS = (
    "这本书的前三章节奏很慢，但是人物写得特别立体",
    "周末的读书会可以改到下午两点，地铁三号线出来走五分钟就到",
    "新版译本的注释比旧版多了不少，适合第一次读的人",
    "作者把宋代的饮食写得很细，看完特别想去一趟杭州",
    "这个季度的书单里科幻偏多，能不能加两本历史的",
    "讲量子力学的那本其实不用公式也能看懂大半",
    "上次推荐的纪录片和这本书放在一起看效果很好",
    "电子书打折只到周五，想买的可以早点下单",
    "图书馆新到了一批绘本，带孩子的朋友可以去看看",
    "我整理了一份阅读笔记，需要的话可以发到群文件",
)
_SHORT = ("收到", "好的", "哈哈哈", "赞", "谢谢分享", "同意", "晚上见")
_QUESTIONS = (
    "有没有人读过原版，难度怎么样？",
    "下周的主题定了吗？",
    "请问这本书适合初中生看吗？",
    "大家一般怎么做读书笔记？",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the local group at an hour of a day; `shown`: printed as it happens."""

    day: int
    second: int
    text: str
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that reaches the bot from the shop."""

    day: int
    second: int
    buyer: str
    yuan: float


Moment = Line | Purchase


def at(hour: int, minute: int = 0) -> int:
    return hour * 3600 + minute * 60


def _flood(day: int, hour: int) -> Iterator[Moment]:
    """Twenty-one messages in forty seconds: one more than is allowed."""
    for number in range(21):
        text = f"{FLOODER}: 快来看我的新直播间第{number}场{'！' * (number % 3)}"
        yield Line(day, at(hour) + 2 * number, text, number in (0, 20))


def _onboarding(day: int) -> Iterator[Moment]:
    """小雨 comes in, is welcomed, agrees and answers."""
    yield Line(day, at(10), f"+{LEAVER}", True)
    answers = ("同意", "九五后，98年的", "女生", "坐标杭州", "产品经理", "同意")
    yield Line(day, at(10, 15), f"@friend {LEAVER}", True)
    for number, answer in enumerate(answers):
        yield Line(day, at(10, 20) + 30 * number, f"{LEAVER} > {answer}", True)


def _plot() -> Iterator[Moment]:
    yield from _onboarding(1)
    yield Line(2, at(11), "+陈默 扫码", True)
    yield Line(2, at(11, 3), "+阿杰 扫码", True)
    yield Purchase(3, at(15), BUYER, 268.0)
    yield Line(7, at(20), f"{DIRECTOR}: #看板", True)
    yield Purchase(12, at(16), BUYER, 399.0)
    yield from _flood(15, 14)
    yield from _flood(17, 15)
    yield Line(17, at(16), f"{DIRECTOR}: #名单 争议", True)
    yield Line(17, at(16, 1), f"{DIRECTOR}: #为什么 {FLOODER} 特殊身份/身份", True)
    yield Line(18, at(10), f"{FLOODER} > 申诉", True)
    yield Line(18, at(11), f"{DIRECTOR}: #解除 {FLOODER}", True)
    yield Purchase(20, at(12), BUYER, 512.0)
    yield Line(21, at(20), f"{DIRECTOR}: #成员 {BUYER}", True)
    yield Line(30, at(9), "阿健: 签到", True)
    yield Line(45, at(19), f"{DIRECTOR}: #名单 沉默", True)
    yield Line(47, at(20), f"{LEAVER}: 最近搬家太忙了，刚回来，这个月的书单还来得及跟上吗？", True)
    yield Line(47, at(20, 5), f"{DIRECTOR}: #为什么 {LEAVER} 生命周期/阶段", True)
    yield Line(54, at(20), f"{DIRECTOR}: #看板", True)


def _talkers(day: int) -> list[str]:
    """Who speaks on a day: 小雨 until day 9, quiet ones early on only."""
    people = [*OLD_HANDS, BUYER, *(("陈默", "阿杰") if day > 2 else ())]
    if 1 < day < 10:
        people.append(LEAVER)
    if day < 5:
        people.extend(QUIET_ONES)
    return people


def _everyday(chance: random.Random) -> Iterator[Moment]:
    for day in range(WEEKS * 7):
        for person in _talkers(day):
            if chance.random() < 0.45:
                yield Line(day, chance.randrange(at(8, 30), at(21, 30)), f"{person}: {_sentence(chance)}")


def _sentence(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.2:
        return chance.choice(_SHORT)
    if kind < 0.35:
        return chance.choice(_QUESTIONS)
    return chance.choice(_OPENINGS) + chance.choice(_THINGS)


def story(seed: int = 20260302) -> list[Moment]:
    """All moments in order."""
    moments = [*_plot(), *_everyday(random.Random(seed))]
    return sorted(moments, key=lambda moment: (moment.day, moment.second))
