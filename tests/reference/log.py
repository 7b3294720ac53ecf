"""What a log of event lines says about one member at one instant: RULEBOOK §0, read literally and slowly.

Everything here is a plain scan over the whole log; nothing is kept between two questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
JOINING = {"join", "message", "click", "view", "order", "checkin", "location", "answer"}
ACTS = {"click", "view", "order", "checkin", "location", "answer"}
FLOOD_COUNT, FLOOD_SPAN = 20, timedelta(seconds=60)
REPEATS, REPEAT_SPAN = 5, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Event:
    """One event line; ``line`` keeps the further fields."""

    at: datetime
    type: str
    id: str
    member: str
    group: str | None
    line: dict[str, Any]


def moment(value: object) -> datetime:
    """ISO 8601 with offset, or epoch seconds."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    assert isinstance(value, int | float)
    return datetime.fromtimestamp(value, UTC)


def read(lines: Iterable[dict[str, Any]]) -> list[Event]:
    """The set of events, by time; the same id twice counts once."""
    seen: dict[str, Event] = {}
    for line in lines:
        event = Event(moment(line["at"]), line["type"], line["id"], line.get("member", ""), line.get("group"), line)
        seen.setdefault(event.id, event)
    return sorted(seen.values(), key=lambda e: (e.at, e.id))


class Log:
    """Questions to the log; each answers as of ``t``."""

    def __init__(self, events: list[Event], zone: str = "Asia/Shanghai") -> None:
        self.events, self.zone = events, ZoneInfo(zone)
        self.members = sorted({e.member for e in events if e.member})
        self._own = {m: [e for e in events if e.member == m] for m in self.members}
        self._judged = {e.id: self._verdict(e) for e in events if e.type == "message"}

    def own(self, member: str, t: datetime, *types: str) -> list[Event]:
        return [e for e in self._own[member] if e.at <= t and e.type in types]

    def day(self, at: datetime) -> int:
        return at.astimezone(self.zone).date().toordinal()

    def _verdict(self, message: Event) -> str:
        """Why a message is no valid one, whatever comes later: empty, check-in, repeat, flood; else ``''``."""
        text = message.line["text"].strip()
        if not text:
            return "empty"
        if text == "签到":
            return "checkin"
        own = [e for e in self._own[message.member] if e.type == "message" and e.at <= message.at]
        burst = [e for e in own if message.at - e.at < FLOOD_SPAN]
        alike = [e for e in own if message.at - e.at < REPEAT_SPAN and e.line["text"].strip() == text]
        if len(burst) > FLOOD_COUNT or len(alike) >= REPEATS:
            return "flood"
        recent = (e for e in self.events if e.type == "message" and e.group == message.group and e.at < message.at)
        repeat = any(message.at - e.at < REPEAT_SPAN and e.line["text"].strip() == text for e in recent)
        return "repeat" if repeat else ""

    def withdrawn(self, member: str, t: datetime) -> set[str]:
        return {e.line["message"] for e in self.own(member, t, "withdraw")}

    def valid(self, member: str, t: datetime) -> list[datetime]:
        gone = self.withdrawn(member, t)
        return [e.at for e in self.own(member, t, "message") if not self._judged[e.id] and e.id not in gone]

    def checkins(self, member: str, t: datetime) -> list[datetime]:
        said = [e.at for e in self.own(member, t, "message") if self._judged[e.id] == "checkin"]
        return sorted(said + [e.at for e in self.own(member, t, "checkin")])

    def interactions(self, member: str, t: datetime) -> list[datetime]:
        return sorted(self.valid(member, t) + self.checkins(member, t) + [e.at for e in self.own(member, t, *ACTS)])

    def joined(self, member: str, t: datetime) -> tuple[datetime | None, bool]:
        """``joined_at`` and whether it is inferred."""
        first = next(iter(self.own(member, t, *JOINING)), None)
        return (first.at, first.type != "join") if first else (None, False)

    def orders(self, member: str, t: datetime) -> list[tuple[datetime, float]]:
        """Purchases not refunded: when, yuan."""
        back = {e.line["order"] for e in self.events if e.type == "refund" and e.at <= t}
        return [(e.at, e.line["amount_yuan"]) for e in self.own(member, t, "order") if e.line["order"] not in back]

    def deaf(self, member: str, start: datetime, t: datetime) -> timedelta:
        """The union of the deaf spans within ``(start, t]`` of all groups or the member's own."""
        groups = {e.group for e in self._own[member] if e.at <= t}
        total, reached = timedelta(0), start
        for begin, end in sorted(self._spans(groups)):
            begin, end = max(begin, reached), min(end, t)
            if end > begin:
                total, reached = total + (end - begin), end
        return total

    def _spans(self, groups: set[str | None]) -> Iterator[tuple[datetime, datetime]]:
        for e in self.events:
            if e.type == "deaf" and (e.group is None or e.group in groups):
                yield moment(e.line["from"]), moment(e.line["to"])

    def silence(self, member: str, t: datetime) -> timedelta:
        acts = self.interactions(member, t)
        start = acts[-1] if acts else self.joined(member, t)[0]
        assert start is not None
        return t - start - self.deaf(member, start, t)

    def weekly(self, member: str, t: datetime) -> float:
        """w of RULEBOOK §3."""
        joined, _ = self.joined(member, t)
        assert joined is not None
        count = sum(t - 14 * DAY < at for at in self.valid(member, t))
        age = (t - joined) / DAY
        return count / 2 if age >= 14 else count / max(1.0, age / 7)

    def evaluations(self, member: str, end: datetime) -> Iterator[datetime]:
        """Each local 04:00 after the member's first event, up to ``end``."""
        t = self._own[member][0].at.astimezone(self.zone).replace(hour=4, minute=0, second=0, microsecond=0)
        while t <= end:
            if t >= self._own[member][0].at:
                yield t.astimezone(UTC)  # so that differences count hours, not clock faces
            t += DAY  # zone arithmetic on the wall clock
