"""What traces are read with, out of the configuration; loaded when the first click or position comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.traces.drawing import Drawing
from config.settings import Settings

if TYPE_CHECKING:
    from bot.traces.drawing import Reading


def traces_of(settings: Settings) -> Drawing:
    return Drawing(lambda: load_reading(settings))


def load_reading(settings: Settings) -> Reading:
    """Raises BadInput naming the file, and the fence or the variable."""
    from bot.traces.addresses import Addresses
    from bot.traces.devices import Devices
    from bot.traces.drawing import Reading
    from bot.traces.fences import Fences
    from bot.traces.places import Places
    from config.geofences import load_geofences
    from config.phones import load_phones
    from config.places import load_places
    from config.regions import load_regions

    folder = settings.config_dir
    phones = load_phones(folder)
    return Reading(
        Devices(phones.brands, phones.models),
        Addresses(settings.ip_db, load_regions(folder)),
        Places(load_places(folder)),
        Fences(load_geofences(folder)),
    )
