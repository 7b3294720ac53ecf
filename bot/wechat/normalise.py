"""From wechaty's payload fields to the words of bot.ports: units, kinds, mentions. Pure functions.

Quotes, notices and the XML of rich messages are read in bot.wechat.notices.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.core.coordinates import wgs84
from bot.core.instants import DAY, SECOND, Instant
from bot.wechat.library import MessageType
from bot.wechat.notices import position_of, title_of

KINDS = {
    MessageType.MESSAGE_TYPE_TEXT: "text",
    MessageType.MESSAGE_TYPE_IMAGE: "image",
    MessageType.MESSAGE_TYPE_AUDIO: "voice",
    MessageType.MESSAGE_TYPE_VIDEO: "video",
    MessageType.MESSAGE_TYPE_ATTACHMENT: "file",
    MessageType.MESSAGE_TYPE_EMOTICON: "emoji",
    MessageType.MESSAGE_TYPE_URL: "link",
    MessageType.MESSAGE_TYPE_CHAT_HISTORY: "link",
    MessageType.MESSAGE_TYPE_LOCATION: "location",
    MessageType.MESSAGE_TYPE_CONTACT: "card",
    MessageType.MESSAGE_TYPE_MINI_PROGRAM: "mini_program",
}
_TITLED = ("link", "mini_program", "file")
_CHAIN = "#接龙"
_AFTER_MENTION = r"(?:[\u2005\u2006\u00a0\u3000 \n]+|(?=[，。,.!！?？:：;；、])|$)"
_MILLISECONDS_FROM = 10**11
_MICROSECONDS_FROM = 10**14


def instant_of(timestamp: float | None, now: Instant) -> Instant:
    """The instant of a payload's timestamp: seconds or milliseconds, as the gateway's version has it.

    A missing timestamp, or one more than a day ahead of `now`, is taken as `now`.
    """
    if not timestamp or timestamp < 0:
        return now
    if timestamp < _MILLISECONDS_FROM:
        at = round(timestamp * SECOND)
    elif timestamp < _MICROSECONDS_FROM:
        at = round(timestamp * 1000)
    else:
        at = int(timestamp)
    return at if at <= now + DAY else now


def kind_and_text(message_type: int, text: str) -> tuple[str, str]:
    """The event kind of a message type and the words in it.

    Types nobody knows (16 and above, transfers, red envelopes) are an `emoji` without words: seen, but worth
    nothing. A 接龙 comes as such a type and keeps its text. Rich messages carry XML, of which only the title is text.
    """
    kind = KINDS.get(message_type, "")
    if kind == "text":
        return kind, text
    if not kind:
        return ("text", text) if text.startswith(_CHAIN) else ("emoji", "")
    return kind, title_of(text) if kind in _TITLED else ""


def position(kind: str, text: str) -> tuple[float, float] | None:
    """Where a location message points, in WGS-84; None for other messages and those that do not say."""
    told = position_of(text) if kind == "location" else None
    return None if told is None else wgs84(*told)


def others_mentioned(mention_ids: Sequence[str], accounts: Collection[str]) -> tuple[str, ...]:
    """Who else was mentioned: without the bot's accounts and without 「所有人」 (an id that ends in @all)."""
    return tuple(dict.fromkeys(i for i in mention_ids if i and i not in accounts and not i.endswith("@all")))


def names_me(text: str, names: Collection[str]) -> bool:
    """Whether the text calls the account by one of its names, typed by hand or on a gateway without mention ids."""
    return "@" in text and any(re.search("@" + re.escape(name) + _AFTER_MENTION, text) for name in names if name)


def without_mention(text: str, names: Collection[str], alone: bool) -> str:
    """The text without the mention of the account, so that commands and answers read as if said directly.

    alone: the account is the only one mentioned, so a leading mention is of it, whatever name stands there.
    """
    said = text
    for name in sorted(filter(None, names), key=len, reverse=True):
        said = re.sub("@" + re.escape(name) + _AFTER_MENTION, " ", said)
    if alone and said == text:
        said = re.sub(r"^\s*@[^\u2005\n]{1,64}\u2005", "", said, count=1)
    return plain(said)


def plain(text: str) -> str:
    """The text with WeChat's mention space made an ordinary one, and no space around."""
    return text.replace("\u2005", " ").strip()
