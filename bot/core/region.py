"""Places as people name them, turned into the values of 人口属性/地域 (RULEBOOK §1).

A text is read from its start as a chain of names, the wider before the narrower ("浙江省杭州市西湖区"); each narrows
the candidates of the one before. Counties and districts count as their prefecture-level city.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

OTHER_TIER = "其他城市"
_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A province, a city in it, or a country abroad. Short names ("浙江", "杭州", "美国")."""

    province: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Names of places, lower case without spaces.

    names: what may stand alone → its candidates; parts: what is understood only after a wider name;
    ambiguous: what must be asked again when it stands alone; preferred: the candidate meant by a name that several
    cities share; tiers: city → tier of the year's list.
    """

    names: Mapping[str, tuple[Place, ...]]
    parts: Mapping[str, tuple[Place, ...]]
    preferred: Mapping[str, Place]
    tiers: Mapping[str, str]
    ambiguous: frozenset[str] = frozenset()
    longest: int = 12


_BEFORE = re.compile(
    r"^(?:我们?|本人|俺|坐标|base|现居|定居|居住|常住|住|人在|目前|现在|就在|在|位于|来自|是|地区|城市|所在地|地址|中国|于|:|#)+"
)
_AFTER = re.compile(
    r"^(?:(?:这边|那边|这里|附近|本地|市区|城区|郊区|周边|地区|一带|工作|上班|生活|居住|定居|读书|上学|的|人|呢|呀|啊|啦|哦|哈|了|漂|土著"
    r"|漂着|飘着|~|人士|打工)*|[^吗呢吧?哪]{1,16}(?:路|街|镇|乡|村|街道|号|小区|社区|大道|广场|大学|开发区|新区|校区))$"
)


def read_region(text: str, table: RegionTable, strict: bool = False) -> str | None:
    """The canonical 地域 value of a compact text that names one place and nothing else; None otherwise.

    `strict` allows no street or the like after the place.
    """
    core = _BEFORE.sub("", text[:_LONGEST_TEXT]) if len(text) <= _LONGEST_TEXT else ""
    place, end = match_place(core, table)
    rest = core[end:]
    if place is None or not _AFTER.fullmatch(rest) or (strict and len(rest) > 4):
        return None
    return value_of(place, table)


def value_of(place: Place, table: RegionTable) -> str:
    """ "新一线城市-杭州", "省份-浙江", "海外-美国"."""
    if place.country:
        return f"海外-{place.country}"
    if not place.city:
        return f"省份-{place.province}"
    return f"{table.tiers.get(place.city, OTHER_TIER)}-{place.city}"


def match_place(text: str, table: RegionTable) -> tuple[Place | None, int]:
    """The place that `text` begins with and where its name ends; (None, 0) for none or one that is not clear."""
    name, end = _longest_name(text, 0, table.names, table.longest)
    found = _alone(name, table)
    first = name
    while end and end < len(text):
        further, after = _longest_part(text, end, found, table)
        if not further:
            break
        found, end, name = further, after, text[end:after]
    if len(found) == 1 and not (name == first and name in table.ambiguous):
        return found[0], end
    return (table.preferred[name], end) if name in table.preferred and name == first else (None, 0)


def _alone(name: str, table: RegionTable) -> tuple[Place, ...]:
    return table.names.get(name, ())


def _longest_name(text: str, start: int, names: Mapping[str, object], longest: int) -> tuple[str, int]:
    for end in range(min(len(text), start + longest), start, -1):
        if text[start:end] in names:
            return text[start:end], end
    return "", 0


def _longest_part(text: str, start: int, wider: tuple[Place, ...], table: RegionTable) -> tuple[tuple[Place, ...], int]:
    """Candidates of the longest name at `start` that lie inside one of the `wider` ones, and its end."""
    for end in range(min(len(text), start + table.longest), start, -1):
        name = text[start:end]
        candidates = table.parts.get(name, ()) + table.names.get(name, ())
        inside = tuple(dict.fromkeys(place for place in candidates if any(_within(place, wide) for wide in wider)))
        if inside:
            return inside, end
    return (), 0


def _within(place: Place, wide: Place) -> bool:
    if wide.country or place.country:
        return place.country == wide.country
    return place.province == wide.province and wide.city in ("", place.city)
