"""Standing campaigns and their coupon pools (RULEBOOK §9), as the operator's file states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.attachments import Attachments
from bot.core.conditions import Condition

NOT_FOR_OFFERS = ("消费能力", "设备特征", "行为/消费转化")
"""Prices and terms never depend on price sensitivity, spending or device (RULEBOOK §9)."""
COUPON, UNTIL = "{coupon}", "{until}"
"""Where a message shows its code, and the last day on which it is good; filled in when the message goes."""
_OFFER = re.compile(r"券|折|优惠|特价|立减|满减|降价|秒杀|低价|[\d.]+\s*元|[¥￥]")


@dataclass(frozen=True, slots=True)
class Pool:
    """Codes, each given once, and for how many days a given one is good."""

    name: str
    codes: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who meets the condition is told the text, and again after `repeat_days` while he still does.

    attachment: the name of what goes with it.
    """

    name: str
    condition: Condition
    text: str
    repeat_days: int
    pool: str | None = None
    attachment: str | None = None


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All of one deployment. recall_pool: the codes that recalls carry, None for recalls without.

    attachments: what these messages and others bring along.
    """

    standing: tuple[Campaign, ...] = ()
    pools: Mapping[str, Pool] = field(default_factory=dict)
    recall_pool: str | None = None
    attachments: Attachments = field(default_factory=Attachments)


def hangs_on_purse(path: str, text: str) -> bool:
    """Whether an offer would be made by what somebody spends or which phone he has."""
    return path.startswith(NOT_FOR_OFFERS) and (COUPON in text or _OFFER.search(text) is not None)
