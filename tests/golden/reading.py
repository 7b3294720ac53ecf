"""Golden cases: members' events and what is known of the member at some times, written as TOML.

A file holds `[[case]]` tables: `name`, `events` (event lines, CONTRACT "Event lines"), optional `rules` (overrides such
as `lifecycle.growth_weekly`), and `[[case.at]]` tables: a `time` with what is expected then. Times are ISO 8601, or
"d3 10:00" for 10:00 Shanghai time three days after Monday 2024-01-01; `times` and `step` repeat an event. Text reading
is elsewhere: a message says its own `quality` (1.0), `valid` (true) and `verdict` ("").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.entry import Entry
from bot.core.events import parse_internal
from bot.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, local_day, local_second, parse_instant
from bot.core.ruleset import RuleSet
from bot.core.world import Deaf, RuleVersion, World

ZONE = ZoneInfo("Asia/Shanghai")
START = parse_instant("2024-01-01T00:00:00+08:00")
MEMBER = "m"
_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_OWN = ("quality", "valid", "verdict", "checks", "times", "step")
_EXPECTED = {
    "time", "stage", "tags", "absent", "weights", "expires", "flags", "plans", "moves", "because", "score", "standing",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One golden case, ready to fold."""

    name: str
    entries: Sequence[Entry]
    world: World
    checks: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def instant(text: str) -> Instant:
    """ "d3 10:00:30" (days may be negative) or ISO 8601."""
    found = re.fullmatch(r"d(-?\d+) (\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?", text)
    if found is None:
        return parse_instant(text)
    day, hour, minute, second = found.groups()
    return START + int(day) * DAY + int(hour) * HOUR + int(minute) * MINUTE + round(float(second or 0) * SECOND)


def told(at: Instant) -> str:
    """The inverse of `instant`, in its short form."""
    second = local_second(at, ZONE)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}" + (f":{second % 60:02}" if second % 60 else "")
    return f"d{local_day(at, ZONE) - local_day(START, ZONE)} {clock}"


def span(text: str) -> int:
    return int(float(text[:-1]) * _UNITS[text[-1]])


def read(path: Path) -> Iterator[Case]:
    for raw in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        unknown = (
            set(raw) - {"name", "events", "rules", "at"} | {key for check in raw["at"] for key in check} - _EXPECTED
        )
        assert not unknown, f"{path.name} {raw['name']}: {unknown}"
        lines = [line for event in raw["events"] for line in _repeated(event)]
        entries = [_entry(number, line) for number, line in enumerate(lines) if line["type"] != "deaf"]
        deaf = [Deaf(instant(e["from"]), instant(e["to"]), e.get("group")) for e in lines if e["type"] == "deaf"]
        rules = ruled(raw.get("rules", {}))
        world = World(ZONE, (RuleVersion(0, 1, rules),), tuple(deaf))
        yield Case(f"{path.stem}: {raw['name']}", completed(entries), world, raw["at"])


def ruled(overrides: Mapping[str, Any]) -> RuleSet:
    rules = RuleSet()
    for key, value in overrides.items():
        section, name = key.split(".")
        rules = replace(rules, **{section: replace(getattr(rules, section), **{name: value})})
    return rules


def _repeated(event: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for turn in range(event.get("times", 1)):
        copy = dict(event)
        copy["at"] = instant(event.get("at", "d0 00:00")) + turn * span(event.get("step", "1h"))
        if "times" in event:
            copy["id"] = f"{event['id']}-{turn}" if "id" in event else None
            for key in ("order", "promotion"):
                if isinstance(copy.get(key), str):
                    copy[key] = f"{copy[key]}-{turn}"
        yield copy


def _entry(number: int, line: Mapping[str, Any]) -> Entry:
    record = {key: value for key, value in line.items() if key not in _OWN}
    for key in ("expires",):
        if key in record:
            record[key] = instant(record[key]) / SECOND
    record |= {"at": line["at"] / SECOND, "id": line.get("id") or f"e{number:04}", "member": line.get("member", MEMBER)}
    if line["type"] in ("join", "leave", "message", "click", "view", "checkin"):
        record.setdefault("group", "g")
    if line["type"] == "message":
        record.setdefault("text", "")
    event = parse_internal(record)
    body = dict(event.body)
    if "minor" in line:
        body["minor"] = line["minor"]
    verdict = line.get("verdict", "")
    if verdict:
        body["checks"] = line.get("checks", [])
    spoke = event.type == "message"
    quality = line.get("quality", 0.0 if verdict else 1.0) if spoke else 0.0
    valid = line.get("valid", not verdict and quality > 0) if spoke else False
    return Entry(event.id, event.type, line["at"], event.member or "", event.group, body, quality, verdict, valid)


def completed(entries: Sequence[Entry]) -> list[Entry]:
    """Withdrawals learn what they take back, as the loader does; the rest is left in the order written."""
    said = {entry.id: entry for entry in entries if entry.type == "message"}
    return [_completed(entry, said) if entry.type == "withdraw" else entry for entry in entries]


def _completed(entry: Entry, said: Mapping[str, Entry]) -> Entry:
    message = said.get(entry.body["message"])
    if message is None:
        return entry
    about = {
        "message_at": message.at,
        "message_by": message.member,
        "message_quality": message.quality,
        "message_valid": message.valid,
        "message_verdict": message.verdict,
        "message_body": message.body,
    }
    return replace(entry, body={**entry.body, **about})
