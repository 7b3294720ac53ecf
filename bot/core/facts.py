"""The folded facts of one member: everything the rules look at, kept as one compact value.

`bot.core.absorb` turns events into facts, `bot.core.fold` drives both through time. Facts are plain data so that they
can be stored between two evaluations (`as_record` / `from_record`): a daily evaluation never reads the message table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from bot.core.content import Content
from bot.core.instants import HOUR, Instant
from bot.core.particulars import Attribute, Cover, Influence, Order, Pin, Sample, Term
from bot.core.speech import Speech
from bot.core.standing import Standing
from bot.core.tags import Held, Tag, Tags

KEPT_DAYS = 32
"""Clicks, check-ins and speech older than this before the last interaction are dropped: no window reaches them."""
UNKNOWN: Instant = -1


@dataclass(slots=True)
class Facts:
    """All that is known of one member at `seen_to`.

    groups: whether the member is in each group ever met; group_since: when it was first met. touched: the latest
    interaction that is no message and no check-in. earlier: the latest message among those dropped from `speech`.
    wants: priced views and clicks (instant, fen). floors: facts of a purpose count only from here on, because the
    member once refused it. assessed_at, assessed_by: the last daily evaluation and its rule set. turn: the
    last activation of a rule set that was passed. stirred: something
    came in or fell due since. struck: rule set and activity index at the last interaction, once they were asked for.
    sample: what he last brought into the cohorts. due: when the next tag or reminder falls due, UNKNOWN
    when it must be looked up. device: part → instant and value. places: "province" → instant, name, zone; "gps" and
    "ip" → instant and city. visits: 商圈 → latest visit. ties: member → when the two were last in touch.
    words: adopted word → when the member used it. former: former contact id → the consents given under it, which hold
    for what came under it alone. covers: admin → what the
    member, as his backup, knows of him.
    """

    member: str
    name: str = ""
    groups: dict[str, bool] = field(default_factory=dict)
    group_since: dict[str, Instant] = field(default_factory=dict)
    joined_at: Instant | None = None
    inferred: bool = False
    join_group: str | None = None
    inviter: str | None = None
    channel: str | None = None
    seen_to: Instant = 0
    evaluated_to: Instant | None = None
    assessed_at: Instant | None = None
    assessed_by: int | None = None
    stirred: bool = False
    turn: int | None = None
    speech: Speech = field(default_factory=Speech)
    touched: Instant | None = None
    earlier: Instant | None = None
    first_said: Instant | None = None
    last_fine: Instant | None = None
    clicks: list[tuple[Instant, float]] = field(default_factory=list)
    checkins: list[Instant] = field(default_factory=list)
    wants: list[tuple[Instant, int]] = field(default_factory=list)
    content: Content = field(default_factory=Content)
    gift_planned: bool = False
    orders: dict[str, Order] = field(default_factory=dict)
    refunds: list[str] = field(default_factory=list)
    promotions: list[int] = field(default_factory=lambda: [0, 0])
    attributes: dict[str, Attribute] = field(default_factory=dict)
    minor: bool = False
    consents: dict[str, Instant] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    floors: dict[str, Instant] = field(default_factory=dict)
    friend: bool = False
    exempt: bool = False
    followers: int | None = None
    influence: Influence | None = None
    stage: str | None = None
    stage_since: Instant | None = None
    stage_changed: Instant | None = None
    returned: bool = False
    level: int | None = None
    level_index: float = 0.0
    struck: list[Any] | None = field(default=None, compare=False)
    layer: str | None = None
    layer_score: float | None = None
    standing: Standing = field(default_factory=Standing)
    terms: dict[str, Term] = field(default_factory=dict)
    covers: dict[str, Cover] = field(default_factory=dict)
    pins: dict[str, list[Pin]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    unsaid: list[str] = field(default_factory=list)
    device: dict[str, list[Any]] = field(default_factory=dict)
    places: dict[str, list[Any]] = field(default_factory=dict)
    visits: dict[str, Instant] = field(default_factory=dict)
    ties: dict[str, Instant] = field(default_factory=dict)
    words: dict[str, list[Instant]] = field(default_factory=dict)
    former: dict[str, dict[str, Instant]] = field(default_factory=dict)
    sample: Sample | None = None
    tags: Tags = field(default_factory=dict)
    due: Instant | None = field(default=UNKNOWN, compare=False)

    @property
    def last_interaction(self) -> Instant | None:
        """The latest valid message, click, view, order, check-in, location or questionnaire answer."""
        checkin = self.checkins[-1] if self.checkins else None
        known = [at for at in (self.speech.last_at, self.touched, checkin, self.earlier) if at is not None]
        return max(known, default=None)

    @property
    def paid(self) -> list[Order]:
        """Purchases not refunded, oldest first, as they came in."""
        return [order for order in self.orders.values() if not order.refunded] if self.orders else []

    @property
    def left_all(self) -> bool:
        """Has left every group: is not messaged any more."""
        return bool(self.groups) and not any(self.groups.values())

    def is_newcomer(self, at: Instant, hours: float) -> bool:
        """Within `hours` of a join that was seen (an inferred join makes no newcomer)."""
        return self.joined_at is not None and not self.inferred and at - self.joined_at < hours * HOUR

    def barred(self, purpose: str | None) -> bool:
        """No tag may rest on this purpose: it was refused, or the member is a minor and it is about spending."""
        return purpose is not None and (purpose in self.refused or (self.minor and purpose == "spending"))

    def consents_of(self, origin: str) -> dict[str, Instant]:
        """The consents that hold for what came under a former contact id, or under the present one ("")."""
        return self.former.get(origin, {}) if origin else self.consents

    def agreed(self, purpose: str) -> bool:
        """Whether what is kept for a purpose has a consent: only what came under one was ever taken in."""
        return purpose in self.consents or any(purpose in given for given in self.former.values())

    def holds(self, path: str, value: str) -> bool:
        return (path, value) in self.tags

    def as_record(self) -> dict[str, Any]:
        """Plain JSON-able data without what is as in new facts; `from_record` gives back an equal value.

        Shares its parts with these facts.
        """
        record: dict[str, Any] = {
            name: value for name, value, usual in zip(_PLAIN, _plain_of(self), _USUAL, strict=True) if value != usual
        }
        return record | {name: rows for name, rows in _rows_of(self) if rows}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Facts:
        return cls(**{name: _READ[name](told) if name in _READ else told for name, told in record.items()})


_STRUCTURED = {
    "speech", "content", "standing", "influence", "orders", "attributes", "terms", "pins", "tags", "due", "sample",
    "covers",
}  # fmt: skip
_PLAIN = tuple(own.name for own in fields(Facts) if own.name not in _STRUCTURED)
_plain_of = attrgetter(*_PLAIN)
_USUAL = (None, *_plain_of(Facts(""))[1:])
"""What stands in new facts; the member's own name is never left out."""


def _rows_of(facts: Facts) -> Iterator[tuple[str, Any]]:
    """The parts that are more than plain data, by field; empty where there is nothing to keep."""
    yield "speech", facts.speech.as_record() if facts.speech.ats else None
    yield "content", facts.content.as_record() if facts.content != _EMPTY else None
    yield "standing", _row(facts.standing) if facts.standing != _CLEAR else None
    yield "influence", None if facts.influence is None else _row(facts.influence)
    yield "sample", None if facts.sample is None else _row(facts.sample)
    for name in ("orders", "attributes", "terms", "covers"):
        yield name, {key: _row(value) for key, value in getattr(facts, name).items()}
    yield "pins", {path: [_row(pin) for pin in pins] for path, pins in facts.pins.items()}
    yield "tags", [_held_record(held) for held in facts.tags.values()]


_CLEAR, _EMPTY = Standing(), Content()


def _valued(kind: Callable[..., Any]) -> Callable[[dict[str, list[Any]]], dict[str, Any]]:
    return lambda rows: {key: kind(*row) for key, row in rows.items()}


def _pairs(rows: list[list[Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


def _tags(rows: list[list[Any]]) -> Tags:
    return {(held.tag.path, held.tag.value): held for held in map(_held, rows)}


_READ: dict[str, Callable[[Any], Any]] = {
    "clicks": _pairs,
    "wants": _pairs,
    "speech": Speech.from_record,
    "content": Content.from_record,
    "standing": lambda row: Standing(*row),
    "influence": lambda row: Influence(*row),
    "sample": lambda row: Sample(*row),
    "orders": _valued(Order),
    "attributes": _valued(Attribute),
    "terms": _valued(Term),
    "covers": _valued(Cover),
    "pins": lambda rows: {path: [Pin(*row) for row in pins] for path, pins in rows.items()},
    "tags": _tags,
}
"""How the parts that are more than plain data are read back, by field."""


def _row(value: Any) -> list[Any]:
    """The fields of a small value, in their order."""
    return [getattr(value, name) for name in value.__slots__]


def _held_record(held: Held) -> list[Any]:
    tag = held.tag
    facts = [tag.path, tag.value, tag.weight, tag.source, tag.expires_at, tag.because]
    return [*facts, held.since, held.rule, held.rule_set]


def _held(record: list[Any]) -> Held:
    path, value, weight, source, expires_at, because, since, rule, rule_set = record
    return Held(Tag(path, value, weight, source, expires_at, because), since, rule, rule_set)
