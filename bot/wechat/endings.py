"""Why a connection to the gateway ended, in words for an operator; an error's own text may hold the token."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wechat.library import GRPCError, Status, StreamTerminatedError

_AUTH_WORDS = ("token", "auth")
_BUSY_WORDS = ("call twice", "set twice", "another event")


@dataclass(frozen=True, slots=True)
class Ending:
    """`told` says what happened and what to do; a `slow` one is tried again at the longest pause only."""

    told: str
    slow: bool = False


ENDED = Ending("网关结束了连接；若总是这样，网关可能被另一个客户端占用，一个网关只能接一个机器人")
ABSENT = Ending("连不上网关：没有启动，或 WECHATY_PUPPET_SERVICE_ENDPOINT 不对")
WRONG_TOKEN = Ending("网关不认 WECHATY_PUPPET_SERVICE_TOKEN：请核对两边的口令", slow=True)
BUSY = Ending("网关已被另一个客户端占用：一个网关只能接一个机器人", slow=True)
SILENT = Ending("网关不再应答")


def ending_of(error: BaseException | None) -> Ending:
    """What the end of a connection means; None when the stream just closed."""
    if error is None:
        return ENDED
    if isinstance(error, GRPCError):
        return _of_status(error)
    if isinstance(error, (TimeoutError, StreamTerminatedError, ConnectionResetError, BrokenPipeError)):
        return SILENT
    if isinstance(error, OSError):
        return ABSENT
    return Ending(f"网关的回答读不懂（{type(error).__name__}）")


def _of_status(error: GRPCError) -> Ending:
    said = (error.message or "").lower()
    if error.status is Status.UNAUTHENTICATED or (
        error.status is Status.PERMISSION_DENIED and any(word in said for word in _AUTH_WORDS)
    ):
        return WRONG_TOKEN
    if error.status is Status.ALREADY_EXISTS or any(word in said for word in _BUSY_WORDS):
        return BUSY
    if error.status is Status.DEADLINE_EXCEEDED:
        return SILENT
    return Ending(f"网关报告 {error.status.name}")
