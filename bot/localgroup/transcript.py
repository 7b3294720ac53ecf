"""The conversation as it is printed: what people do, and what the bot says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.instants import Instant, to_datetime
from bot.localgroup.script import KINDS, Action, Befriend, Direct, Join, Leave, Say, Switch, Withdraw
from bot.localgroup.world import ACCOUNT_NAME, MENTION_SPACE
from bot.ports import Address

_SHOWN = {kind: word for word, kind in KINDS.items()}


def said_line(address: Address, text: str) -> str:
    """What the bot said, and where: `群标 → 群「测试群」: …` or `群标 → 小王: …`."""
    where = f"群「{address.id}」" if address.kind == "group" else address.id
    return f"{ACCOUNT_NAME} → {where}: {text.replace(MENTION_SPACE, ' ')}"


def moved_line(to: Instant, zone: ZoneInfo) -> str:
    """The clock's new time, on the group's calendar."""
    return f"（时间来到 {to_datetime(to, zone):%Y-%m-%d %H:%M:%S}）"


def deed_line(action: Action) -> str:
    """What somebody did; "" for a move of the clock, which `moved_line` tells."""
    match action:
        case Say():
            return f"{action.person}: {'@' + ACCOUNT_NAME + ' ' if action.to_bot else ''}{_words(action)}"
        case Direct():
            return f"{action.person} → {ACCOUNT_NAME}: {_words(action)}"
        case Join():
            return f"（{action.person} 加入群聊{'，' + action.channel if action.channel else ''}）"
        case Leave():
            return f"（{action.person} 退出群聊）"
        case Befriend():
            return f"（{action.person} 加{ACCOUNT_NAME}为好友）"
        case Withdraw():
            return f"（{action.person} 撤回了一条消息）"
        case Switch():
            return f"（群「{action.group}」）"
        case _:
            return ""


def _words(action: Say | Direct) -> str:
    if action.kind == "location" and action.text:
        return f"[位置 {action.text}]"
    return action.text if action.kind == "text" else _SHOWN[action.kind]
