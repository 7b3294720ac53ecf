"""Saying something, with certainty about whether it left.

wechaty's `say` reads the message back after sending; when only that fails, a message that did leave would look failed
and be sent twice. So the puppet is called directly, with the mention text that `Room.say` would make.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from bot.core.portions import portions
from bot.ports import Address, Person, SendRefused, SendUnknown
from bot.wechat import notices
from bot.wechat.bot import Bot
from bot.wechat.library import GRPCError, Status, StreamTerminatedError, WechatyPuppetOperationError

TIME_LIMIT = 20.0
"""Seconds after which a call to the gateway counts as unanswered."""
_MENTION_SPACE = "\u2005"
_REFUSING = frozenset(
    {
        Status.INVALID_ARGUMENT,
        Status.NOT_FOUND,
        Status.PERMISSION_DENIED,
        Status.UNAUTHENTICATED,
        Status.FAILED_PRECONDITION,
        Status.RESOURCE_EXHAUSTED,
        Status.UNIMPLEMENTED,
    }
)
_STATUSES = {
    Status.NOT_FOUND: "没有这个会话",
    Status.PERMISSION_DENIED: "没有权限",
    Status.FAILED_PRECONDITION: "现在不能这样做",
    Status.UNAUTHENTICATED: "未登录",
    Status.RESOURCE_EXHAUSTED: "超出限额",
    Status.UNIMPLEMENTED: "网关不支持",
    Status.UNAVAILABLE: "连接断开",
    Status.DEADLINE_EXCEEDED: "网关超时",
}


def with_mentions(text: str, people: Sequence[Person]) -> str:
    """The text as it appears in the group: `@甲\\u2005@乙 text`."""
    if not people:
        return text
    return _MENTION_SPACE.join(f"@{person.name or person.id}" for person in people) + " " + text


async def send(bot: Bot, to: Address, text: str, people: Sequence[Person]) -> str:
    """Send `text`, mentioning `people` in a group; returns the platform's message id ("" where it gives none).

    A long text goes out in several messages; the id is that of the first.

    Raises SendRefused when the message certainly did not leave, SendUnknown when that cannot be known.
    """
    if not text.strip():
        raise SendRefused("消息为空")
    mentioned = people if to.kind == "group" else ()
    said = with_mentions(text, mentioned)
    ids = [person.id for person in mentioned]
    first, *more = portions(said)
    sent = str(await certainly(bot.puppet.message_send_text(to.id, first, ids)) or "")
    for portion in more:
        await _go_on(bot, to, portion)
    return sent


async def _go_on(bot: Bot, to: Address, portion: str) -> None:
    """A further portion; when it is refused the message as a whole is neither sent nor unsent: SendUnknown."""
    try:
        await certainly(bot.puppet.message_send_text(to.id, portion, []))
    except SendRefused as refusal:
        raise SendUnknown(f"只送达一部分：{refusal}") from refusal.__cause__


async def certainly(call: Awaitable[Any]) -> Any:
    """Await a call that changes something. Raises SendRefused or SendUnknown, never anything else."""
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await call
    except Exception as error:
        if is_refusal(error):
            raise SendRefused(f"平台拒绝：{_kind_of(error)}") from error
        raise SendUnknown(f"不知是否送达：{_kind_of(error)}") from error


def _kind_of(error: BaseException) -> str:
    """Why a call failed, as one of a few kinds that can be counted; a gateway's own words may hold anything."""
    if notices.is_throttle(str(error)):
        return "操作过于频繁"
    if isinstance(error, TimeoutError):
        return f"{TIME_LIMIT:g} 秒内没有回答"
    if _UNSUPPORTED in str(error):
        return _STATUSES[Status.UNIMPLEMENTED]
    if isinstance(error, GRPCError):
        return _STATUSES.get(error.status, f"网关错误 {error.status.name}")
    if isinstance(error, (StreamTerminatedError, ConnectionError)):
        return "连接断开"
    return f"网关错误 {type(error).__name__}"


def says_throttle(failure: BaseException) -> bool:
    """Whether a send failed for too many operations: some gateways say so in the error instead of a notice."""
    return failure.__cause__ is not None and notices.is_throttle(str(failure.__cause__))


_UNSUPPORTED = "Unsupported API"
"""What every puppet's error says that cannot do at all what was asked of it."""


def is_refusal(error: BaseException) -> bool:
    """Whether the error proves that nothing left: refused by name, unknown method, or never connected."""
    if isinstance(error, GRPCError):
        return error.status in _REFUSING or _UNSUPPORTED in str(error)
    return isinstance(error, (WechatyPuppetOperationError, NotImplementedError, ConnectionRefusedError))
