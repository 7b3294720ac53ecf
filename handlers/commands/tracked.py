"""#链接: a tracked link to a page, with what its clicks tell of the item behind it."""

from __future__ import annotations

import re

from bot.core.event_fields import FORMS, MOST_YUAN, TOPICS
from bot.services import tracking
from bot.services.tracking import Item
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command, Misused
from handlers.house import House
from storage.rows import TrackedLinkRow

MOST, SHOWN = 10, 120
"""Links listed at once, and characters of a target told in a reply."""
_PRICE = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)元?")


def _head(house: House) -> str | None:
    """What links begin with. On WeChat it has to be reached by members' phones; a script's are only shown."""
    settings = house.settings
    if settings.on_wechat:
        return settings.public_url
    return house.pages_at or f"http://{settings.http_host}:{settings.http_port}"


def _track(asked: Asked) -> None:
    """网址 [题材] [形式] [价格]; without arguments the latest links and how often each was opened."""
    head = _head(asked.house)
    if head is None:
        asked.reply_directly(asked.text("admin.link_nowhere"))
    elif asked.args.strip():
        _make(asked, head, *asked.args.split())
    else:
        _list(asked, head)


def _make(asked: Asked, head: str, target: str, *words: str) -> None:
    row = tracking.make(asked.uow, target, _item(words), asked.actor, asked.now)
    told = asked.text(
        "admin.link_made",
        address=Block(f"{head}/r/{row.code}"),
        target=Block(one_line(row.target, SHOWN)),
        item=Block(_told(row)),
    )
    asked.reply_directly(told)


def _item(words: tuple[str, ...]) -> Item:
    """Topic, form and price in any order, each at most once. Raises Misused, naming the word."""
    item = Item()
    for word in words:
        found = _PRICE.fullmatch(word)
        if word in TOPICS and item.topic is None:
            item = item._replace(topic=word)
        elif word in FORMS and item.form is None:
            item = item._replace(form=word)
        elif found is not None and item.price is None and float(found[1]) <= MOST_YUAN:
            item = item._replace(price=round(float(found[1]) * 100))
        else:
            raise Misused(f"「{one_line(word)}」读不懂")
    return item


def _list(asked: Asked, head: str) -> None:
    rows = asked.uow.tracked.latest(MOST)
    if not rows:
        asked.reply_directly(asked.text("admin.links_none"))
        return
    lines = [f"· {head}/r/{row.code} → {one_line(row.target, SHOWN)}{_told(row)}：{_count(row)}" for row in rows]
    asked.reply_directly(asked.text("admin.links", lines=Block("\n".join(lines))))


def _count(row: TrackedLinkRow) -> str:
    return f"成员从私聊打开 {row.clicks} 次，群里打开 {row.opened} 次"


def _told(row: TrackedLinkRow) -> str:
    price = None if row.price is None else f"{row.price / 100:g}元"
    parts = [part for part in (row.topic, row.form, price) if part]
    return f"（{' '.join(parts)}）" if parts else ""


COMMANDS = (Command("#链接", "track", _track, needs="管理员"),)
