"""The line language of the local group: one line, one deed. Parsing only; bot.localgroup.player carries it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.instants import DAY, HOUR, MINUTE, SECOND, BadInstant, Instant, Span, parse_instant
from bot.errors import BadInput
from bot.localgroup.group import CHANNELS
from bot.localgroup.world import ACCOUNT_NAME

HELP = """\
在本地群里说话（每行一件事）：
  小王: 大家好            以小王的身份在群里说话
  小王@: 28               说话时 @群标（写 @群标 也一样）
  小王 > 你好             私聊群标（先加为好友；写 小王 → 群标: 你好 也一样）
  +小李 [扫码|链接|好友邀请]   小李入群，由刚才说话的人邀请
  -小李                   小李退群
  @time +8d               时间前进（s 秒 m 分 h 时 d 天 w 周），也可写 2026-01-02T08:00+08:00
  @group 名字             换到另一个群        @friend 小王   加好友
  @withdraw 小王          撤回小王的上一条    /quit          结束
入群欢迎与问卷会等十分钟（一起入群的人合用一条），签到每半小时汇总一次：输入 @time +10m 立刻看到。
  小王: [图片]            也可写 [语音] [视频] [文件] [表情] [链接] [小程序] [名片] [位置] [位置 31.23,121.47]
"""
KINDS = {
    "[图片]": "image",
    "[语音]": "voice",
    "[视频]": "video",
    "[文件]": "file",
    "[表情]": "emoji",
    "[链接]": "link",
    "[位置]": "location",
    "[小程序]": "mini_program",
    "[名片]": "card",
}
_UNITS: dict[str, Span] = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_SPEECH = re.compile(r"(?P<name>[^:：>》]*?)\s*(?P<at>@?)\s*(?P<sep>[:：>》])\s?(?P<text>.*)", re.DOTALL)
_DIRECT = re.compile(rf"(?P<name>[^:：>》→]*?)\s*(?:→|->)\s*{ACCOUNT_NAME}\s*[:：]\s?(?P<text>.*)", re.DOTALL)
"""A direct message as the transcript prints it, so that a printed conversation can be played again."""
_POSITION = re.compile(r"\[位置\s+(?P<x>-?\d{1,3}(?:\.\d{1,12})?)\s*[,，]\s*(?P<y>-?\d{1,3}(?:\.\d{1,12})?)\]")
"""Latitude and longitude as WeChat's map gives them (GCJ-02)."""
_RELATIVE = re.compile(r"\+(\d{1,6})([smhdw])")
_NAME = re.compile(r"[^\s@+\-#>》:：/][^\s@>》:：]{0,31}(?: [^\s@>》:：]{1,31}){0,3}")


@dataclass(frozen=True, slots=True)
class Say:
    """Speak in the group, mentioning the bot when `to_bot`."""

    person: str
    text: str
    kind: str = "text"
    to_bot: bool = False


@dataclass(frozen=True, slots=True)
class Direct:
    person: str
    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Join:
    person: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    person: str


@dataclass(frozen=True, slots=True)
class Befriend:
    person: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    person: str


@dataclass(frozen=True, slots=True)
class Switch:
    group: str


@dataclass(frozen=True, slots=True)
class Move:
    """Move the clock: by a span, or to an instant."""

    span: Span | None = None
    to: Instant | None = None


Action = Say | Direct | Join | Leave | Befriend | Withdraw | Switch | Move


def parse(line: str, number: int) -> Action | None:
    """The deed of one line; None for a blank line or a comment (`# …`). Raises BadInput naming line `number`."""
    text = line.lstrip("\ufeff").rstrip("\r\n")
    if not text.strip() or text.startswith("# ") or text.rstrip() == "#":
        return None
    try:
        return _parse(text.strip())
    except BadInput as refusal:
        raise BadInput(f"第 {number} 行：{refusal}") from None


def _parse(text: str) -> Action:
    if text.startswith("@"):
        return _order(text)
    if text.startswith("+"):
        return _join(text[1:].strip())
    if text.startswith("-"):
        return Leave(_name(text[1:]))
    return _speech(text)


def _order(text: str) -> Action:
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word == "@time":
        return _move(rest)
    if word == "@group":
        if not 0 < len(rest) <= 32:
            raise BadInput("群名应为 1–32 个字，例如 @group 读书会")
        return Switch(rest)
    if word == "@friend":
        return Befriend(_name(rest))
    if word == "@withdraw":
        return Withdraw(_name(rest))
    raise BadInput(f"没有 {word} 这个指令，可用 @time @group @friend @withdraw")


def _move(rest: str) -> Move:
    if match := _RELATIVE.fullmatch(rest):
        return Move(span=int(match[1]) * _UNITS[match[2]])
    try:
        return Move(to=parse_instant(rest))
    except BadInstant:
        raise BadInput("时间应写成 +8d（s m h d w）或 2026-01-02T08:00+08:00") from None


def _join(rest: str) -> Join:
    name, _, channel = rest.rpartition(" ")
    if channel in CHANNELS and name:
        return Join(_name(name), channel)
    if name:
        raise BadInput(f"入群渠道应为 {'、'.join(CHANNELS)}")
    return Join(_name(rest))


def _speech(text: str) -> Action:
    if match := _DIRECT.fullmatch(text):
        return Direct(_name(match["name"]), *_said(match["text"]))
    match = _SPEECH.fullmatch(text)
    if match is None:
        raise BadInput("看不懂，应写成「小王: 大家好」，或以 + - @ 开头的指令")
    person, (said, kind) = _name(match["name"]), _said(match["text"])
    if match["sep"] in ">》":
        return Direct(person, said, kind)
    return Say(person, said, kind, to_bot=bool(match["at"]))


def _said(text: str) -> tuple[str, str]:
    """The text and its kind; `[图片]` and the like are kinds without text, a position keeps its degrees."""
    said = text.strip().replace("\\n", "\n")
    if not said:
        raise BadInput("说话内容为空")
    if match := _POSITION.fullmatch(said):
        return _degrees(match["x"], match["y"]), "location"
    kind = KINDS.get(said, "text")
    return said if kind == "text" else "", kind


def _degrees(latitude: str, longitude: str) -> str:
    if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
        raise BadInput("位置应写成 [位置 纬度,经度]，纬度 -90–90，经度 -180–180")
    return f"{latitude},{longitude}"


def _name(text: str) -> str:
    name = text.strip()
    if not _NAME.fullmatch(name):
        raise BadInput("名字应为 1–32 个字，不含冒号、@ 和 >" if name else "缺少名字")
    return name
