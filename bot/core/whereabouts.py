"""Device and place as they enter the facts (RULEBOOK §1 设备特征, §6), and as they leave with their consent.

What arrives here was drawn from clicks, locations and check-ins at the rim: names only, never an address, a User-Agent
or a coordinate.
"""

from __future__ import annotations

from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.world import World

PARTS = ("phone", "system", "network")


def device(facts: Facts, entry: Entry, world: World) -> None:
    """The latest word on each part stands; an erased fact has none."""
    for part in PARTS:
        if part in entry.body:
            facts.device[part] = [entry.at, entry.body[part]]


def in_province(facts: Facts, entry: Entry, world: World) -> None:
    if entry.body:
        facts.places["province"] = [entry.at, entry.body["place"], entry.body["zone"]]


def in_city(facts: Facts, entry: Entry, world: World) -> None:
    if entry.body:
        facts.places[entry.body["by"]] = [entry.at, entry.body["place"]]


def in_fence(facts: Facts, entry: Entry, world: World) -> None:
    """Only the latest visit of each 商圈 is remembered."""
    for name in entry.body.get("fences", ()):
        facts.visits[name] = entry.at


def forget(facts: Facts, purpose: str) -> None:
    """A consent was withdrawn."""
    match purpose:
        case "device":
            facts.device.clear()
        case "province":
            facts.places.pop("province", None)
        case "city":
            facts.places.pop("gps", None)
            facts.places.pop("ip", None)
        case "precise_location":
            facts.visits.clear()


def tie(facts: Facts, entry: Entry, world: World) -> None:
    """An invitation, a mention or a reply between the member and another."""
    if "behaviour" not in facts.refused:
        facts.ties[entry.body["with"]] = entry.at


def recent_ties(facts: Facts, after: Instant) -> int:
    """How many people the member was in touch with after an instant."""
    floor = max(after, facts.floors.get("behaviour", 0) - 1)
    return sum(at > floor for at in facts.ties.values())
