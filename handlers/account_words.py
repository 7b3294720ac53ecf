"""How an account is doing, in words for people."""

from __future__ import annotations

from bot.core.instants import HOUR, MINUTE, SECOND, Instant, Span
from bot.services.accounts import Standing

STATES = {"up": "在线", "lost": "没有心跳，进程可能已停", "down": "连接断开", "stopped": "已停止"}


def described(one: Standing, now: Instant) -> str:
    """State, since when there is no sign of life, and where it speaks."""
    reason = " ".join(one.reason.split())
    told = [STATES[one.state] + (f"（{reason}）" if reason else "")]
    if one.state != "up":
        told.append(f"最后在线 {_ago(now - one.alive_at)}前")
    if one.throttled_until is not None:
        told.append(f"停发，还有 {_ago(one.throttled_until - now)}")
    told.append(f"在 {one.groups} 个群，其中 {len(one.speaks_in)} 个由它发言")
    return "，".join(told)


def called(one: Standing) -> str:
    """Its name and id."""
    return f"{one.name}（{one.account}）" if one.name and one.name != one.account else one.account


def _ago(span: Span) -> str:
    span = max(0, span)
    if span < MINUTE:
        return f"{span // SECOND} 秒"
    return f"{span // MINUTE} 分钟" if span < 2 * HOUR else f"{span // HOUR} 小时"
