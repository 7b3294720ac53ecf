"""The small values a member's facts consist of. Each turns into a plain list for storage and back."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.instants import Instant
from bot.core.tags import Source


@dataclass(slots=True)
class Order:
    """A purchase; `fen` is its amount, `refunded` whether it was taken back."""

    at: Instant
    fen: int
    refunded: bool = False


@dataclass(slots=True)
class Attribute:
    """A base attribute: canonical value, from a questionnaire (survey) or a self-introduction (model)."""

    value: str
    source: Source
    at: Instant


@dataclass(slots=True)
class Term:
    """An appointment to a role; `until` is None for roles without a term, `remind_at` once its end was announced."""

    at: Instant
    until: Instant | None
    by: str | None = None
    remind_at: Instant | None = None


@dataclass(slots=True)
class Cover:
    """An admin whom the member backs up: his latest appointment that says so, its end, and when he was last heard.

    `since` is None while no appointment names the member. active: the admin is being stood in for. groups: since when
    the admin has been met in each.
    """

    since: Instant | None = None
    until: Instant = 0
    heard: Instant = 0
    active: bool = False
    groups: dict[str, Instant] = field(default_factory=dict)


@dataclass(slots=True)
class Influence:
    """The holding of KOL or KOC (`rank`): since when, the yearly review, and the demotion if no quality message comes.

    `remind_at` is None once the review was announced.
    """

    rank: str
    since: Instant
    until: Instant
    demoted_at: Instant
    remind_at: Instant | None

    @property
    def ends_at(self) -> Instant:
        return min(self.until, self.demoted_at)


@dataclass(slots=True)
class Pin:
    """A person's word on a tag (打标) or a tag from another system (source import).

    protected: it is sensitive personal information (PIPL Art. 28), which rests on a separate consent. origin: the
    former contact id it was said of, "" for the present one.
    """

    value: str
    weight: float
    at: Instant
    by: str
    expires_at: Instant | None = None
    source: Source = "manual"
    protected: bool = False
    origin: str = ""

    def holds(self, at: Instant) -> bool:
        return self.expires_at is None or self.expires_at > at


NO_DATA = -1


@dataclass(frozen=True, slots=True)
class Sample:
    """What a member brings into the cohorts from `at` on; NO_DATA where he belongs to none.

    clicks: click weight of the window, in millionths. conversion: conversion weight in thousandths of a fen.
    ties: people he was in touch with in the window.
    last_order, orders, total: purchases not refunded, `total` in fen. hidden: one bit for each value of each rank
    (bot.core.rules.cohort) that a person or another system keeps him from holding.
    """

    at: Instant
    clicks: int = NO_DATA
    conversion: int = NO_DATA
    last_order: int = NO_DATA
    orders: int = NO_DATA
    total: int = NO_DATA
    hidden: int = 0
    ties: int = NO_DATA

    @property
    def empty(self) -> bool:
        return self.clicks == self.conversion == self.orders == self.ties == NO_DATA
