"""Checks of single event fields: each takes the field's name and raw value and returns the value to keep.

Raises EventRefused with a reason that names the field. Money leaves here as whole fen.
"""

from __future__ import annotations

import math
from typing import Any

from bot.core.instants import BadInstant, Instant, parse_instant

MESSAGE_KINDS = frozenset("text image voice video file emoji link location mini_program card".split())
CHANNELS = frozenset({"好友邀请", "扫码", "链接"})
FORMS = frozenset({"图文", "视频", "直播"})
TOPICS = frozenset("科技 娱乐 体育 财经 汽车 教育 健康 美食 旅游 房产 游戏 军事 国际 时尚 亲子 农业 社会 文化".split())
PURPOSES = frozenset(
    "profile device province city precise_location marketing behaviour spending share sensitive".split()
)
QUESTIONS = frozenset({"age", "gender", "region", "occupation"})
ROLES = frozenset({"观察员", "管理员", "运营总监"})

IDENT_LENGTH = 200
NAME_LENGTH = 200
TEXT_LENGTH = 20_000
"""WeChat itself allows 16,384 characters; what is longer was not typed by a member."""
MOST_YUAN = 100_000_000
MOST_FOLLOWERS = 2_000_000_000
LONGEST_DEAF_DAYS = 3660


class EventRefused(ValueError):
    """An event line that is not taken; str() is the reason, in Chinese."""


def shown(value: object) -> str:
    """A value as it may be repeated in a refusal: short, on one line."""
    return repr(value)[:40]


def _string(key: str, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise EventRefused(f"{key} 应为字符串")
    if len(value) > limit:
        raise EventRefused(f"{key} 超过 {limit} 个字符")
    return clean(value)


def clean(value: str) -> str:
    """Without NUL and lone surrogates, which no database keeps."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-8", "replace").decode()
    return value


def ident(key: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    kept = _string(key, value, IDENT_LENGTH).strip()
    if not kept or not kept.isprintable():
        raise EventRefused(f"{key} 为空或含控制字符")
    return kept


def idents(key: str, value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > 500:
        raise EventRefused(f"{key} 应为字符串列表（至多 500 个）")
    return [ident(key, item) for item in value]


def name(key: str, value: object) -> str:
    return _string(key, value, NAME_LENGTH)


def short_text(key: str, value: object) -> str:
    kept = _string(key, value, 2_000)
    if not kept:
        raise EventRefused(f"{key} 为空")
    return kept


def long_text(key: str, value: object) -> str:
    """Cut, not refused: a User-Agent of 10 KB is odd but its click is real."""
    if not isinstance(value, str):
        raise EventRefused(f"{key} 应为字符串")
    return clean(value[:2_000])


def text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise EventRefused(f"{key} 应为字符串")
    if len(value) > TEXT_LENGTH:
        raise EventRefused(f"{key} 超过 {TEXT_LENGTH} 个字符")
    return clean(value)


def boolean(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise EventRefused(f"{key} 应为 true 或 false")
    return value


def _number(key: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise EventRefused(f"{key} 应为数字")
    if not low <= value <= high:
        raise EventRefused(f"{key} 超出范围 {low:.15g}–{high:.15g}")
    return float(value)


def yuan(key: str, value: object) -> int:
    """Yuan to whole fen, half up."""
    return math.floor(_number(key, value, 0, MOST_YUAN) * 100 + 0.5)


def seconds(key: str, value: object) -> float:
    return _number(key, value, 0, 7 * 86_400)


def depth(key: str, value: object) -> float:
    return _number(key, value, 0, 10_000)


def weight(key: str, value: object) -> float:
    return _number(key, value, 0, 1)


def latitude(key: str, value: object) -> float:
    return _number(key, value, -90, 90)


def longitude(key: str, value: object) -> float:
    return _number(key, value, -180, 180)


def count(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise EventRefused(f"{key} 应为整数")
    return int(_number(key, value, 0, MOST_FOLLOWERS))


def months(key: str, value: object) -> int:
    """Terms of office are given in whole months; how long 管理员 may serve is checked with the role."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 120:
        raise EventRefused(f"{key} 应为 1–120 的整数")
    return value


def backup(key: str, value: object) -> Any:
    """The backup's member id, or a flag."""
    return value if isinstance(value, bool) else ident(key, value)


def _one_of(key: str, value: object, known: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise EventRefused(f"{key}={shown(value)} 不是 {' '.join(sorted(known))} 之一")
    return value


def message_kind(key: str, value: object) -> str:
    return _one_of(key, value, MESSAGE_KINDS)


def channel(key: str, value: object) -> str:
    """An unknown channel is said to be unknown; the join itself is real."""
    if not isinstance(value, str):
        raise EventRefused(f"{key} 应为字符串")
    return value if value in CHANNELS else "未知"


def topic(key: str, value: object) -> str:
    return _one_of(key, value, TOPICS)


def form(key: str, value: object) -> str:
    return _one_of(key, value, FORMS)


def question(key: str, value: object) -> str:
    return _one_of(key, value, QUESTIONS)


def answer_value(key: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    kept = _string(key, value, NAME_LENGTH).strip()
    if not kept:
        raise EventRefused(f"{key} 为空")
    return kept


def role(key: str, value: object) -> str:
    return _one_of(key, value, ROLES)


def purposes(key: str, value: object) -> list[str]:
    if not isinstance(value, list) or not value:
        raise EventRefused(f"{key} 应为非空列表")
    return sorted({_one_of(key, item, PURPOSES) for item in value})


def instant(key: str, value: object) -> Instant:
    try:
        return parse_instant(value)
    except BadInstant as reason:
        raise EventRefused(f"{key}：{reason}") from None


def names(key: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise EventRefused(f"{key} 应为列表")
    return [name(key, item) for item in value]


def tag_path(key: str, value: object) -> str:
    kept = _string(key, value, 60).strip()
    names = kept.split("/")
    if len(names) != 2 or not all(part.strip() for part in names):
        raise EventRefused(f"{key} 应为「一级/二级」")
    return kept


def check_whole(type_: str, at: Instant, body: dict[str, Any]) -> None:
    """Checks that need more than one field. Raises EventRefused."""
    if type_ == "deaf" and not 0 <= body["to"] - body["from"] <= LONGEST_DEAF_DAYS * 86_400_000_000:
        raise EventRefused("to 早于 from，或跨度超过十年")
    if type_ == "grant" and body["role"] == "管理员" and not 3 <= body.get("months", 6) <= 6:
        raise EventRefused("months：管理员任期为 3–6 个月")
    if type_ == "checkin" and ("lat" in body) != ("lon" in body):
        raise EventRefused("lat 与 lon 须同时给出")
