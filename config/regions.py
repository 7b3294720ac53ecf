"""The region table out of lexicon/regions.tsv, lexicon/regions.toml and city_tiers.toml."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.core.region import Place, RegionTable
from bot.errors import BadInput
from config.strict import Strict, read_strict, read_text

_TAIL = re.compile(r"(?:新区|市|县|区|旗|地区|盟)$")


class Aliases(Strict):
    """regions.toml."""

    ambiguous: list[str]
    preferred: dict[str, str]
    districts: dict[str, list[str]]
    cities: dict[str, list[str]]
    provinces: dict[str, list[str]]
    overseas: dict[str, list[str]]


class Tiers(Strict):
    """city_tiers.toml."""

    year: int
    tiers: dict[str, list[str]]


class _Names:
    """The table while it is being put together."""

    def __init__(self) -> None:
        self.alone: dict[str, dict[Place, None]] = defaultdict(dict)
        self.inside: dict[str, dict[Place, None]] = defaultdict(dict)
        self.cities: dict[str, Place] = {}
        self.provinces: set[str] = set()

    def city(self, name: str, where: str) -> Place:
        if name not in self.cities:
            raise BadInput(f"{where}：没有叫“{name}”的城市")
        return self.cities[name]


def load_regions(folder: Path) -> RegionTable:
    """The region table of a configuration folder. Raises BadInput naming file and line or key."""
    names = _Names()
    for row in _rows(folder / "lexicon" / "regions.tsv"):
        _take_row(names, row)
    _prefer_provinces(names)
    aliases = read_strict(folder / "lexicon" / "regions.toml", Aliases)
    _take_aliases(names, aliases)
    tiers = read_strict(folder / "city_tiers.toml", Tiers)
    return RegionTable(
        names={name: tuple(places) for name, places in names.alone.items()},
        parts={name: tuple(places) for name, places in names.inside.items()},
        preferred={name: names.city(city, "regions.toml") for name, city in aliases.preferred.items()},
        tiers=_tiers(names, tiers),
        ambiguous=frozenset(aliases.ambiguous),
        longest=max(map(len, [*names.alone, *names.inside])),
    )


def _rows(path: Path) -> Iterator[list[str]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        row = line.split("\t")
        if len(row) != 5 or not row[0] or not row[1]:
            raise BadInput(f"{path.name}：第 {number} 行应有 5 列")
        yield row


def _take_row(names: _Names, row: list[str]) -> None:
    province, short, city, city_short, areas = row
    names.provinces |= {province, short}
    if province != city:
        names.alone[province][Place(short)] = names.alone[short][Place(short)] = None
    place = Place(short, city_short)
    if city:
        names.cities[city_short] = place
        for name in (city, city_short):
            names.alone[name][place] = names.inside[name][place] = None
    for area in areas.split():
        _take_area(names, area, place)


def _take_area(names: _Names, area: str, place: Place) -> None:
    """A county or district: by its full name anywhere; by its short name alone only when it is no urban district."""
    full, _, given = area.partition("=")
    short = given or _TAIL.sub("", full)
    short = short if len(short) > 1 else full
    names.alone[full][place] = names.inside[full][place] = names.inside[short][place] = None
    if not full.endswith("区"):
        names.alone[short][place] = None


def _prefer_provinces(names: _Names) -> None:
    """A province's own name is never a city's or a county's ("吉林", "海南"); a city's never a county's."""
    for name, places in names.alone.items():
        cities = {place: None for place in places if name in (place.city, f"{place.city}市")}
        if name in names.provinces:
            names.alone[name] = {place: None for place in places if not place.city} or cities
        elif cities:
            names.alone[name] = cities


def _take_aliases(names: _Names, aliases: Aliases) -> None:
    for city, words in (*aliases.cities.items(), *aliases.districts.items()):
        for word in words:
            names.alone[word] = {names.city(city, "regions.toml"): None}
    for province, words in aliases.provinces.items():
        for word in words:
            names.alone[word.replace(" ", "")] = {Place(province): None}
    for country, words in aliases.overseas.items():
        for word in (country, *words):
            names.alone[word] = {Place(country=country): None}


def _tiers(names: _Names, tiers: Tiers) -> dict[str, str]:
    found: dict[str, str] = {}
    for tier, cities in tiers.tiers.items():
        for city in cities:
            if city in found:
                raise BadInput(f"city_tiers.toml：“{city}”出现了两次")
            found[names.city(city, "city_tiers.toml").city] = tier
    return found
