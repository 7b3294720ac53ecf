"""What the repositories take and give: named tuples in the words of the tables; times are Instants.

JSON columns are Python values here, except in EventRow, whose `body` and `checks` are ready-made JSON text: the hot
path passes them through untouched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.core.instants import Instant

EMPTY: Mapping[str, Any] = MappingProxyType({})


class EventRow(NamedTuple):
    """One event as kept; the meaning of the columns is told in storage.models.log."""

    id: str
    type: str
    at: Instant
    member: str | None
    group_id: str | None
    body: str
    text: str | None = None
    base: float | None = None
    quality: float | None = None
    verdict: str = ""
    valid: bool = False
    role: str = ""
    sketch: bytes | None = None
    chain: bool = False
    historical: bool = False
    recorded_at: Instant = 0
    checks: str | None = None
    reading: str | None = None
    score: float | None = None


class RollupRow(NamedTuple):
    """Folded facts; `facts` is b"" for a member who was never folded."""

    member: str
    folded_to: Instant
    dirty_from: Instant | None
    facts: bytes
    revision: int = 0
    wakes_at: Instant = 0


class MemberRow(NamedTuple):
    member: str
    name: str = ""
    joined_at: Instant | None = None
    inferred: bool = False
    stage: str | None = None
    score: float | None = None
    last_interaction: Instant | None = None
    exempt: bool = False
    is_friend: bool = False
    minor: str | None = None


class GroupRow(NamedTuple):
    id: str
    name: str = ""
    entered_at: Instant | None = None
    account: str | None = None
    present: bool = True


class MembershipRow(NamedTuple):
    group_id: str
    member: str
    first_at: Instant
    last_at: Instant
    present: bool
    name: str


class Sighting(NamedTuple):
    """A member was seen in a group at a time: entering, speaking, or leaving (`present` False)."""

    group_id: str
    member: str
    at: Instant
    present: bool = True
    name: str = ""


class TagRow(NamedTuple):
    member: str
    path: str
    value: str
    weight: float
    source: str
    since: Instant
    expires_at: Instant | None
    because: Mapping[str, Any]
    rule: str
    rule_set: int


class TagChangeRow(NamedTuple):
    member: str
    path: str
    value: str
    action: str
    at: Instant
    because: Mapping[str, Any]
    rule: str
    rule_set: int
    recorded_at: Instant


class SampleRow(NamedTuple):
    """What a member brings into the cohorts from `at` to before `until`; see bot.core.particulars.Sample.

    `until` equals `at` where nothing follows.
    """

    member: str
    at: Instant
    until: Instant
    clicks: int
    conversion: int
    last_order: int
    orders: int
    total: int
    hidden: int
    ties: int


class StageChangeRow(NamedTuple):
    member: str
    at: Instant
    from_stage: str | None
    to_stage: str
    because: Mapping[str, Any] = EMPTY


class FlagRow(NamedTuple):
    member: str
    kind: str
    at: Instant
    detail: Mapping[str, Any] = EMPTY


class SweepRow(NamedTuple):
    as_of: Instant
    previous: Instant | None
    flagged: Mapping[str, Any]
    recorded_at: Instant


class OutboxRow(NamedTuple):
    """An outgoing message; `id` is given by the database and ignored when adding."""

    dedupe_key: str
    kind: str
    to_kind: str
    to_id: str
    text: str
    created_at: Instant
    not_before: Instant
    member: str | None = None
    group_id: str | None = None
    mentions: Sequence[str] = ()
    cause: Mapping[str, Any] = EMPTY
    reply: bool = False
    status: str = "queued"
    reason: str = ""
    expires_at: Instant | None = None
    claimed_at: Instant | None = None
    settled_at: Instant | None = None
    platform_id: str | None = None
    batch: str | None = None
    account: str | None = None
    id: int = 0


class AuditRow(NamedTuple):
    at: Instant
    actor: str
    action: str
    subject: str | None = None
    detail: Mapping[str, Any] = EMPTY
    allowed: bool = True
    id: int = 0


class RoleRow(NamedTuple):
    member: str
    role: str
    granted_at: Instant
    until: Instant | None = None
    granted_by: str | None = None
    backup: str | None = None


class ConsentRow(NamedTuple):
    member: str
    purpose: str
    granted: bool
    at: Instant
    notice_version: str | None
    source: str


class RuleSetRow(NamedTuple):
    number: int
    digest: str
    author: str
    note: str
    created_at: Instant
    content: str


class ActivationRow(NamedTuple):
    """`id` is given by the database and ignored when adding."""

    at: Instant
    number: int
    actor: str
    note: str = ""
    recorded_at: Instant = 0
    voided_at: Instant | None = None
    id: int = 0


class ConversationRow(NamedTuple):
    member: str
    group_id: str | None
    channel: str
    state: Mapping[str, Any]
    asked_at: Instant
    due_at: Instant | None
    status: str


class HeldFactRow(NamedTuple):
    run: str
    event_id: str
    at: Instant
    member: str
    record: Mapping[str, Any]


class WordRow(NamedTuple):
    """A word of the deployment's dictionary: kept in one piece, or (`whole` False) split."""

    word: str
    whole: bool
    at: Instant
    actor: str


class ReadingRow(NamedTuple):
    """An engine with a dictionary; `id` is a hash of both."""

    id: str
    engine: str
    dictionary: str
    first_at: Instant


class ConfirmationRow(NamedTuple):
    kind: str
    actor: str
    payload: Mapping[str, Any]
    created_at: Instant
    expires_at: Instant
    status: str = "pending"
    id: int = 0


class TrackedLinkRow(NamedTuple):
    """A link somebody in charge made (see storage.models.tracked)."""

    code: str
    target: str
    topic: str | None
    form: str | None
    price: int | None
    created_by: str
    created_at: Instant
    clicks: int = 0
    opened: int = 0


class PersonalLinkRow(NamedTuple):
    """An address written to one member."""

    code: str
    link: str
    member: str
    made_at: Instant
