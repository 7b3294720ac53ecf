"""Taking facts in: duplicates dropped, consent asked of the log, messages judged in context, everything written down.

`record` is the one door to the log for files, webhooks, chat and the bot's own facts alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import orjson

from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.parts import MessageParts, Reading
from bot.core.repetition import Heard
from bot.core.surroundings import ATTACHMENTS, Joined
from bot.core.talk import Judged
from bot.core.world import Deaf
from bot.services import backups, bindings, coupons, erasure, labelling, linking, people, rejudging, ties, words
from bot.services.consent import gate
from bot.services.context import Context, Told, as_json, is_valid
from storage.rows import EventRow, ReadingRow
from storage.unit_of_work import UnitOfWork

NO_BODY = "{}"
UNDER_14 = "under14"
"""What an answer or a self-introduction says of a child's age."""
MINOR = "14-17"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event with what its text yielded, read before the transaction: `parts` for messages, `role` of speech.
    `reading`: what read the text.

    `drawn` are further facts read out of the same text (a check-in, a self-introduction), each an event of its own.
    permitted: a command of somebody who has the right to it.
    """

    event: Event
    parts: MessageParts | None = None
    role: str = ""
    drawn: tuple[Event, ...] = ()
    reading: Reading | None = None
    permitted: bool = False


@dataclass(slots=True)
class Recorded:
    """What came of a batch. `earliest` and `latest` are the first and last new instant by member, backups of the
    admins who did something included.

    By event id: `held` wait for a consent, `dropped` have none, `blocked` are about somebody of whom nothing is kept.
    """

    new: list[Prepared] = field(default_factory=list)
    duplicates: int = 0
    held: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    earliest: dict[str, Instant] = field(default_factory=dict)
    latest: dict[str, Instant] = field(default_factory=dict)
    verdicts: dict[str, tuple[float, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a batch arrives: when, whether it is history, and the run whose facts wait for a consent (None: live)."""

    now: Instant
    historical: bool = False
    run: str | None = None


def record(uow: UnitOfWork, batch: Sequence[Prepared], context: Context, arrival: Arrival) -> Recorded:
    """Write a batch of facts down. Events already in the log change nothing."""
    recorded = Recorded()
    fresh = _without_blocked(uow, _without_duplicates(uow, batch, recorded), recorded, arrival)
    gated = gate(uow, fresh, arrival)
    recorded.held, recorded.dropped = gated.held, gated.dropped
    bound = bindings.note(uow, [prepared.event for prepared in gated.kept])
    for shadow in bound.shadows:
        erasure.dissolve(uow, shadow)
    kept = gated.kept + [Prepared(event) for event in words.spoken(uow, gated.kept)]
    kept += [Prepared(event) for event in coupons.used(uow, linking.owned(uow, _events(uow, gated.kept)))]
    told = _told(kept)
    judged = _judge(uow, told, context, recorded)
    _note_readings(uow, kept, arrival.now)
    heard = {one.id: one for one in told.messages}
    uow.events.add([_row(prepared, heard, judged, arrival, recorded) for prepared in kept])
    context.settle(uow)
    relinked = linking.note(uow, [prepared.event for prepared in kept], arrival.now)
    concerned = _events(uow, kept) + bound.moved
    people.seen(uow, concerned)
    _mark_minors(uow, fresh, {prepared.event.id for prepared in kept})
    recorded.new = kept
    _note_ties(uow, kept)
    labelling.note(uow, [prepared.event for prepared in kept])
    persons = linking.owned(uow, concerned)
    _note_span(recorded, [(event.member, event.at) for event in persons])
    _note_span(recorded, [(had and uow.links.main(had), at) for had, at in bound.lost])
    _note_span(recorded, relinked)
    _note_span(recorded, backups.note(uow, [prepared.event for prepared in kept]))
    return recorded


def _events(uow: UnitOfWork, kept: Sequence[Prepared]) -> list[Event]:
    """Whom the facts are about: purchases under a bound account are its owner's."""
    return bindings.owned(uow, [prepared.event for prepared in kept])


def _note_ties(uow: UnitOfWork, kept: Sequence[Prepared]) -> None:
    """Whoever was folded past a new tie of his must be folded again."""
    touched = ties.note(uow, kept)
    if touched:
        uow.rollups.mark_late(touched)


def _mark_minors(uow: UnitOfWork, fresh: Sequence[Prepared], kept: Collection[str]) -> None:
    """Who says under a consent that he is 14 to 17 stays protected, also when he withdraws before any fold."""
    young = [one.event for one in fresh if one.event.body.get("minor") == MINOR]
    told = {uow.links.main(event.member or "") for event in young if event.id in kept}
    known = uow.members.get_many(told) if told else {}
    uow.members.save([row._replace(minor=MINOR) for row in known.values() if row.minor is None])


def _without_duplicates(uow: UnitOfWork, batch: Sequence[Prepared], recorded: Recorded) -> list[Prepared]:
    """The first of each id, with the facts drawn from it right behind it."""
    known = uow.events.known([prepared.event.id for prepared in batch])
    fresh: list[Prepared] = []
    for prepared in batch:
        if prepared.event.id in known:
            recorded.duplicates += 1
            continue
        known.add(prepared.event.id)
        fresh.append(prepared)
        fresh.extend(Prepared(event) for event in prepared.drawn)
    return fresh


def _without_blocked(uow: UnitOfWork, fresh: list[Prepared], recorded: Recorded, arrival: Arrival) -> list[Prepared]:
    """Nothing of a child under 14, and nothing of who asked to be forgotten until he consents anew."""
    for prepared in fresh:
        if prepared.event.body.get("minor") == UNDER_14:
            erasure.forget(uow, prepared.event.member or "", arrival.now, people.CHILD)
    barred = people.forgotten(uow, [prepared.event for prepared in fresh])
    recorded.blocked = [prepared.event.id for prepared in fresh if prepared.event.member in barred]
    left = [prepared for prepared in fresh if prepared.event.member not in barred]
    events = erasure.without_forgotten(uow, [prepared.event for prepared in left])
    return [
        prepared if event is prepared.event else replace(prepared, event=event)
        for prepared, event in zip(left, events, strict=True)
    ]


def _judge(uow: UnitOfWork, told: Told, context: Context, recorded: Recorded) -> dict[str, Judged]:
    # Facts of other kinds too: whoever writes anything says with `settle` that the talk before it is known.
    answer = context.judge(uow, told)
    rejudging.note(uow, answer.disturbed)
    _note_span(recorded, rejudging.turn_to_adverts(uow, answer.turned))
    return answer.verdicts


def _told(kept: Sequence[Prepared]) -> Told:
    told = Told()
    for prepared in kept:
        event = prepared.event
        if prepared.parts is not None:
            told.messages.append(_heard(prepared, prepared.parts))
        elif event.type == "join" and event.group is not None:
            told.joins.append(Joined(event.at, event.id, event.member or "", event.group))
        elif event.type == "deaf":
            told.deaf.append(Deaf(event.body["from"], event.body["to"], event.group))
    return told


def _heard(prepared: Prepared, parts: MessageParts) -> Heard:
    event, ad, exempt = prepared.event, _is_ad(prepared, parts), _is_exempt(prepared, parts)
    said = (parts.sketch, parts.base, ad, exempt, _score(prepared, parts), parts.contact)
    return Heard(event.at, event.id, event.member or "", event.group, *said)


def _score(prepared: Prepared, parts: MessageParts) -> float | None:
    """Of a suspicious text; 0 for what may come with one; None for all else."""
    if parts.suspect and not _to_the_bot(prepared):
        return parts.ad_score
    return 0.0 if prepared.event.body.get("kind") in ATTACHMENTS else None


def _is_ad(prepared: Prepared, parts: MessageParts) -> bool:
    """The text of a #推送 may well read like an advert."""
    return parts.ad and not _to_the_bot(prepared)


def _is_exempt(prepared: Prepared, parts: MessageParts) -> bool:
    """A 接龙 is no flood, nor is 跳过 to five of the bot's own questions, in the group too."""
    return parts.chain or prepared.role == "answer" or _to_the_bot(prepared)


def _to_the_bot(prepared: Prepared) -> bool:
    """What somebody asks of the bot in their direct chat, or by right in a group, or answers it, disturbs nobody."""
    return prepared.permitted or (prepared.event.group is None and prepared.role in ("command", "answer"))


def _row(
    prepared: Prepared, heard: dict[str, Heard], judged: dict[str, Judged], arrival: Arrival, recorded: Recorded
) -> EventRow:
    event, parts = prepared.event, prepared.parts
    body = orjson.dumps(event.body).decode() if event.body else NO_BODY
    head = (event.id, event.type, event.at, event.member, event.group, body)
    if parts is None:
        return EventRow(*head, historical=arrival.historical, recorded_at=arrival.now)
    own = heard[event.id]
    found = judged.get(event.id) or Judged(own.ad)
    quality = found.judgement.q if found.judgement is not None else (0.0 if own.ad else parts.base)
    verdict = found.verdict
    recorded.verdicts[event.id] = (quality, verdict)
    checks = found.checks([check.as_dict() for check in parts.checks]) if parts.suspect else found.checks(())
    return EventRow(
        *head,
        event.text,
        parts.base,
        quality,
        verdict,
        is_valid(prepared.role, verdict, quality),
        prepared.role,
        parts.sketch or None,
        own.chain,
        arrival.historical,
        arrival.now,
        as_json(checks),
        prepared.reading.id if prepared.reading is not None else None,
        own.score,
    )


def _note_readings(uow: UnitOfWork, kept: Sequence[Prepared], now: Instant) -> None:
    readings = {prepared.reading for prepared in kept if prepared.reading is not None}
    uow.readings.note(ReadingRow(one.id, one.engine, one.dictionary, now) for one in readings)


def _note_span(recorded: Recorded, told: Iterable[tuple[str | None, Instant]]) -> None:
    for member, at in told:
        if member is not None:
            recorded.earliest[member] = min(at, recorded.earliest.get(member, at))
            recorded.latest[member] = max(at, recorded.latest.get(member, at))
