"""Reading what WeChat writes itself: notices, quotes, and the XML of rich messages. Pure functions."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

SYSTEM_SENDERS = frozenset({"weixin", "notifymessage", "newsapp", "fmessage", "medianote", "system", "sysmsg"})
"""Contact ids under which WeChat itself speaks; nobody can register them."""
_THROTTLE = re.compile(r"操作过于频繁|操作太频繁|操作频繁，请稍后")
_CHANNELS = (
    (re.compile(r"二维码.{0,40}加入了?群聊"), "扫码"),
    (re.compile(r"链接.{0,40}加入了?群聊"), "链接"),
    (re.compile(r"邀请.{1,200}加入了?群聊", re.DOTALL), "好友邀请"),
)
_QUOTE = re.compile(
    r"\A[「\"](?P<who>[^：:\n]{1,64})[：:]\s?(?P<said>.*?)[」\"]\s*\n(?:- ){5,}-?\s*\n(?P<own>.*)\Z", re.DOTALL
)
_TITLE = re.compile(r"<title>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>", re.DOTALL)
_REFERS_TO = re.compile(r"<refermsg>.*?<svrid>(?:<!\[CDATA\[)?(\d{1,32})", re.DOTALL)
_RECALLED = re.compile(r"<newmsgid>(?:<!\[CDATA\[)?(\d{1,32})", re.DOTALL)
_LOCATION = re.compile(r"<location\b[^>]{0,2000}>")
_DEGREES = r"\b{axis}\s*=\s*[\"'](-?\d{{1,3}}(?:\.\d{{1,20}})?)[\"']"
_LATITUDE, _LONGITUDE = (re.compile(_DEGREES.format(axis=axis)) for axis in "xy")
_MOST_XML = 100_000


@dataclass(frozen=True, slots=True)
class Quote:
    """An answer to an earlier message: the speaker's own words, and what they quote, by id or by wording."""

    own: str
    quoted_id: str | None = None
    quoted_name: str = ""
    quoted_text: str = ""


def is_system(sender: str, room: str | None) -> bool:
    """Whether WeChat itself speaks: no sender at all, the room as sender, or one of its own accounts."""
    return not sender or sender == room or sender in SYSTEM_SENDERS


def is_official(sender: str) -> bool:
    """Whether the sender is an official account (公众号), which is nobody's chat partner."""
    return sender.startswith("gh_")


def is_throttle(text: str) -> bool:
    """Whether a notice says that the account does too much: sending must stop."""
    return bool(_THROTTLE.search(text[:500]))


def channel_of(text: str) -> str | None:
    """By which way somebody joined, from WeChat's join notice: 扫码, 链接, 好友邀请, or None."""
    return next((channel for pattern, channel in _CHANNELS if pattern.search(text[:500])), None)


def quote_of(text: str) -> Quote | None:
    """Split a quoting message; None when it quotes nothing."""
    if text.startswith("<") and (refers := _REFERS_TO.search(text[:_MOST_XML])):
        return Quote(title_of(text), refers.group(1))
    match = _QUOTE.match(text) if text[:1] in '「"' else None
    if match is None:
        return None
    return Quote(match["own"].strip(), None, match["who"].strip(), match["said"].strip())


def recalled_id(text: str) -> str:
    """The id of the message that was taken back: bare, or inside WeChat's XML."""
    match = _RECALLED.search(text[:_MOST_XML])
    return match.group(1) if match else text.strip()


def title_of(text: str) -> str:
    """The title inside a rich message's XML; the text itself when it is no XML."""
    if not text.lstrip().startswith("<"):
        return text.strip()
    match = _TITLE.search(text[:_MOST_XML])
    return html.unescape(match.group(1)).strip() if match else ""


def position_of(text: str) -> tuple[float, float] | None:
    """Latitude and longitude inside a location message's XML, as WeChat writes them (x is the latitude; GCJ-02).

    None where there are none, or none on this globe.
    """
    place = _LOCATION.search(text[:_MOST_XML])
    if place is None:
        return None
    x, y = _LATITUDE.search(place[0]), _LONGITUDE.search(place[0])
    if x is None or y is None:
        return None
    latitude, longitude = float(x[1]), float(y[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
