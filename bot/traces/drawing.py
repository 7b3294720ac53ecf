"""Facts drawn from clicks, locations and check-ins before they are written down (bot.ports.Traces).

Each precision is a fact of its own, so that each stands and falls with its own consent; whether one may be kept is the
intake's business. The event itself goes on without coordinates, address and User-Agent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.core.drawn import RAW
from bot.core.events import Event

if TYPE_CHECKING:
    from bot.traces.addresses import Addresses
    from bot.traces.devices import Devices
    from bot.traces.fences import Fences
    from bot.traces.places import Places


@dataclass(frozen=True, slots=True)
class Reading:
    """What traces are read with."""

    devices: Devices
    addresses: Addresses
    places: Places
    fences: Fences


class Drawing:
    """Draws with a Reading that is made when the first trace comes."""

    def __init__(self, load: Callable[[], Reading]) -> None:
        self._load = load
        self._reading: Reading | None = None

    def ready(self) -> Reading:
        """Raises BadInput for a configuration that cannot be used."""
        if self._reading is None:
            self._reading = self._load()
        return self._reading

    def draw(self, event: Event) -> tuple[Event, tuple[Event, ...]]:
        """The event without its raw parts, and the facts they tell, ids derived from the event's."""
        raw = {key: event.body[key] for key in RAW if key in event.body}
        if not raw:
            return event, ()
        bare = replace(event, body={key: value for key, value in event.body.items() if key not in raw})
        return bare, tuple(_fact(bare, *told) for told in self._told(raw))

    def _told(self, raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        reading = self.ready()
        if "user_agent" in raw and (device := reading.devices.read(raw["user_agent"])):
            yield "device", {**device, "user_agent": raw["user_agent"]}
        if "ip" in raw and (city := reading.addresses.city(raw["ip"])):
            yield "in_city", {"place": city, "by": "ip", "ip": raw["ip"]}
        if "lat" in raw:
            yield from _position(reading, raw["lat"], raw["lon"])


def _position(reading: Reading, latitude: float, longitude: float) -> Iterator[tuple[str, dict[str, Any]]]:
    found = reading.places.at(latitude, longitude)
    if found is not None:
        yield "in_province", {"place": found.province, "zone": found.zone}
        yield "in_city", {"place": found.city, "by": "gps"}
    fences = reading.fences.at(latitude, longitude)
    if fences:
        yield "in_fence", {"fences": fences}


def _fact(event: Event, type_: str, body: dict[str, Any]) -> Event:
    return Event(type_, f"{event.id}#{type_}", event.at, event.member, event.group, body)
