"""The folded facts of one member: everything the rules look at, kept as one compact value.

`bot.core.absorb` turns events into facts, `bot.core.fold` drives both through time. Facts are plain data so that they can
be stored between two evaluations (`as_record` / `from_record`) and a daily evaluation never reads the message table.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.core.instants import DAY, Instant
from bot.core.speech import Speech, SpeechDay
from bot.core.standing import Standing
from bot.core.tags import Held, Tag, Tags

KEPT_DAYS = 32
"""Interactions older than this before the last one are summed up in `earlier`."""


@dataclass(slots=True)
class Order:
    """A purchase; `fen` is its amount, `refunded` whether it was taken back."""

    at: Instant
    fen: int
    refunded: bool = False


@dataclass(slots=True)
class Attribute:
    """A base attribute: canonical value by question, from a questionnaire (survey) or a self-introduction (model)."""

    value: str
    source: str
    at: Instant


@dataclass(slots=True)
class Term:
    """An appointment to a role; `until` is None for roles without a term."""

    at: Instant
    until: Instant | None
    by: str | None = None


@dataclass(slots=True)
class Pin:
    """A person's word on a tag (打标) or a tag from another system; it beats a rule until it expires."""

    value: str
    weight: float
    at: Instant
    by: str
    expires_at: Instant | None = None
    source: str = "manual"


@dataclass(slots=True)
class Facts:
    """All that is known of one member at `seen_to`."""

    member: str
    name: str = ""
    groups: dict[str, bool] = field(default_factory=dict)
    joined_at: Instant | None = None
    inferred: bool = False
    join_group: str | None = None
    inviter: str | None = None
    channel: str | None = None
    seen_to: Instant = 0
    evaluated_to: Instant | None = None
    speech: Speech = field(default_factory=Speech)
    other: list[Instant] = field(default_factory=list)
    clicks: list[tuple[Instant, float]] = field(default_factory=list)
    checkins: list[Instant] = field(default_factory=list)
    earlier: Instant | None = None
    spoke: bool = False
    gift_planned: bool = False
    orders: dict[str, Order] = field(default_factory=dict)
    refunds: list[str] = field(default_factory=list)
    promotions: list[int] = field(default_factory=lambda: [0, 0])
    attributes: dict[str, Attribute] = field(default_factory=dict)
    consents: dict[str, Instant] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    friend: bool = False
    exempt: bool = False
    followers: int | None = None
    stage: str | None = None
    stage_since: Instant | None = None
    stage_changed: Instant | None = None
    returned: bool = False
    level: int | None = None
    level_index: float = 0.0
    layer: str | None = None
    layer_score: float = 0.0
    standing: Standing = field(default_factory=Standing)
    terms: dict[str, Term] = field(default_factory=dict)
    pins: dict[str, list[Pin]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    unsaid: list[str] = field(default_factory=list)
    tags: Tags = field(default_factory=dict)

    @property
    def last_interaction(self) -> Instant | None:
        """The latest valid message, click, view, order, check-in, location or questionnaire answer."""
        known = [at for at in (self.speech.last_at, self.other[-1] if self.other else None, self.earlier) if at]
        return max(known, default=None)

    @property
    def paid(self) -> list[Order]:
        """Purchases not refunded, oldest first."""
        return sorted((order for order in self.orders.values() if not order.refunded), key=lambda order: order.at)

    def purchases_to(self, at: Instant) -> list[Instant]:
        return [order.at for order in self.paid if order.at <= at]

    def is_newcomer(self, at: Instant, hours: float) -> bool:
        """Within `hours` of a join that was seen (an inferred join makes no newcomer)."""
        return self.joined_at is not None and not self.inferred and at - self.joined_at < hours * DAY / 24

    def holds(self, path: str, value: str) -> bool:
        return (path, value) in self.tags

    def as_record(self) -> dict[str, Any]:
        """Plain JSON-able data; `from_record` gives back an equal value."""
        record = {name: getattr(self, name) for name in _PLAIN}
        record["speech"] = [[day, kept.ats, kept.qualities] for day, kept in self.speech.days.items()]
        record["orders"] = {key: asdict(order) for key, order in self.orders.items()}
        record["attributes"] = {key: asdict(value) for key, value in self.attributes.items()}
        record["terms"] = {key: asdict(term) for key, term in self.terms.items()}
        record["pins"] = {key: [asdict(pin) for pin in pins] for key, pins in self.pins.items()}
        record["standing"] = asdict(self.standing)
        record["tags"] = [_held_record(held) for held in self.tags.values()]
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Facts:
        facts = cls(**{name: record[name] for name in _PLAIN})
        facts.clicks = [(at, weight) for at, weight in facts.clicks]
        facts.speech = Speech({day: SpeechDay(ats, qualities) for day, ats, qualities in record["speech"]})
        facts.orders = {key: Order(**order) for key, order in record["orders"].items()}
        facts.attributes = {key: Attribute(**value) for key, value in record["attributes"].items()}
        facts.terms = {key: Term(**term) for key, term in record["terms"].items()}
        facts.pins = {key: [Pin(**pin) for pin in pins] for key, pins in record["pins"].items()}
        facts.standing = Standing(**record["standing"])
        facts.tags = {(held.tag.path, held.tag.value): held for held in map(_held, record["tags"])}
        return facts


_STRUCTURED = {"speech", "orders", "attributes", "terms", "pins", "standing", "tags"}
_PLAIN = tuple(name for name in Facts.__dataclass_fields__ if name not in _STRUCTURED)


def _held_record(held: Held) -> list[Any]:
    tag = held.tag
    facts = [tag.path, tag.value, tag.weight, tag.source, tag.expires_at, dict(tag.because)]
    return [*facts, held.since, held.rule, held.rule_set]


def _held(record: list[Any]) -> Held:
    path, value, weight, source, expires_at, because, since, rule, rule_set = record
    return Held(Tag(path, value, weight, source, expires_at, because), since, rule, rule_set)
