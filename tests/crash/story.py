"""What people do while the bot is killed: two days with newcomers, a flood, commands, answers and two evaluations."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.instants import MINUTE, SECOND, Instant, parse_instant
from bot.localgroup.script import Action, parse

GROUP = "读书会"
DIRECTOR = "店长"
SETTLED = ("老张", "老李", DIRECTOR)
FRIENDS = (*SETTLED, "小李")
BEGIN = parse_instant("2026-03-02T09:00:00+08:00")
_FLOOD = "限时清仓全场一折快来抢购先到先得"
_STORY = f"""
02T09:05 +小李
02T09:06 老张: 这本书的前三章节奏很慢，但是人物写得特别立体
02T09:20 小李@: 同意
02T09:21 小李@: 28
02T09:25 老李: 周末的读书会可以改到下午两点吗？地铁三号线出来走五分钟就到
02T09:26 老李: 签到
02T09:40 老张 > 我的标签
02T10:00 老张: {_FLOOD}
02T10:00 老张: {_FLOOD}
02T10:00 老张: {_FLOOD}
02T10:00 老张: {_FLOOD}
02T10:00 老张: {_FLOOD}
02T11:00 {DIRECTOR} > #看板
02T11:05 {DIRECTOR} > #为什么 老张 特殊身份/身份
02T12:00 小李: 电子书打折只到周五，想买的可以早点下单
02T12:01 小李: 发错了
02T12:02 @withdraw 小李
03T08:30 +小王
03T08:31 老李: 新版译本的注释比旧版多了不少，适合第一次读的人
03T09:30 小王@: 同意
03T09:31 {DIRECTOR} > #打标 小王 兴趣/读书 历史
03T09:40 -小王
03T10:00 小李 > 退订
04T09:00 {DIRECTOR} > #看板
"""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens on the platform at an instant, whether the bot hears of it or not."""

    at: Instant
    action: Action


def deeds() -> list[Deed]:
    """The story in order; deeds of one minute are a second apart."""
    told: list[Deed] = []
    for number, line in enumerate(_STORY.strip().splitlines(), 1):
        minute, _, text = line.partition(" ")
        at = parse_instant(f"2026-03-{minute}:00+08:00")
        action = parse(text, number)
        assert action is not None
        told.append(Deed(max(at, told[-1].at + SECOND) if told else at, action))
    return told


END = deeds()[-1].at + 15 * MINUTE
