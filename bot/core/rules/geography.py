"""Dimension 6, 地域分布 (RULEBOOK §6): from authorised locations, check-ins and the addresses of clicks.

A position beats an address; where both name the same city the tag weighs more. Only names are known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, iso
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World
from bot.core.zones import difference, next_change, zone_of_region

PROVINCE_PATH, CITY_PATH, FENCE_PATH, ZONE_PATH = (
    "地域分布/省份",
    "地域分布/城市",
    "地域分布/商圈",
    "地域分布/时区差异",
)


def _province(facts: Facts, world: World, at: Instant) -> Measured:
    if "province" not in facts.places:
        return {"来源": "没有同意下的定位"}
    seen, place, _ = facts.places["province"]
    return {"来源": "定位", "时间": iso(seen, world.zone), "_value": place}


def _province_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_value" in measured:
        yield Tag(PROVINCE_PATH, measured["_value"])


def _city(facts: Facts, world: World, at: Instant) -> Measured:
    gps, ip = facts.places.get("gps"), facts.places.get("ip")
    if gps is None and ip is None:
        return {"来源": "没有同意下的定位，也没有同意下的点击地址"}
    told = {"定位": gps and gps[1], "网络地址": ip and ip[1]}
    times = {f"{name}时间": iso(one[0], world.zone) for name, one in (("定位", gps), ("网络地址", ip)) if one}
    return {**{name: place for name, place in told.items() if place}, **times}


def _city_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    gps, ip = measured.get("定位"), measured.get("网络地址")
    bars = rules.place
    if gps:
        yield Tag(CITY_PATH, gps, bars.agree_weight if gps == ip else bars.gps_weight)
    elif ip:
        yield Tag(CITY_PATH, ip, bars.ip_weight)


def _city_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.place
    return {"定位权重": bars.gps_weight, "网络地址权重": bars.ip_weight, "两者一致": bars.agree_weight}


def _fences(facts: Facts, world: World, at: Instant) -> Measured:
    if not facts.visits:
        return {"来源": "没有同意下到过的商圈"}
    return {"最近到访": {name: iso(seen, world.zone) for name, seen in facts.visits.items()}, "_visits": facts.visits}


def _fence_tags(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    for name, seen in measured.get("_visits", {}).items():
        yield Tag(FENCE_PATH, name, expires_at=seen + int(rules.place.fence_days * DAY))


def _zone(facts: Facts, world: World, at: Instant) -> Measured:
    """The zone of the last position, else that of the stated 地域."""
    name, source = _zone_name(facts)
    if name is None:
        return {"来源": source}
    own = ZoneInfo(name)
    hours = difference(own, world.zone, at)
    told = {"来源": source, "本人时区": name, "群时区": world.zone.key, "相差小时": hours}
    return {**told, "_until": next_change(own, world.zone, at)}


def _zone_name(facts: Facts) -> tuple[str | None, str]:
    if "province" in facts.places:
        return facts.places["province"][2], "定位"
    stated = facts.attributes.get("region")
    if stated is None:
        return None, "没有同意下的定位，也没有说过所在地"
    return zone_of_region(stated.value), f"自述所在地 {stated.value}"


def _zone_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    """The value holds until one of the two clocks is put forward or back."""
    if "相差小时" in measured:
        yield Tag(ZONE_PATH, f"{measured['相差小时']:g}", expires_at=measured["_until"])


RULES = (
    Rule(
        name="province",
        paths=(PROVINCE_PATH,),
        measure=_province,
        decide=_province_tag,
        ends="撤回位置授权，或在别处定位",
        on=frozenset({"in_province", "consent"}),
        purpose="province",
        concerns=lambda facts: bool(facts.places),
        reads=frozenset(),
    ),
    Rule(
        name="city",
        paths=(CITY_PATH,),
        measure=_city,
        decide=_city_tag,
        ends="撤回城市授权，或在别处定位、点击",
        on=frozenset({"in_city", "consent"}),
        bars=_city_bars,
        purpose="city",
        concerns=lambda facts: bool(facts.places),
    ),
    Rule(
        name="fence",
        paths=(FENCE_PATH,),
        measure=_fences,
        decide=_fence_tags,
        ends="连续多日没有再去，或撤回精确位置授权",
        on=frozenset({"in_fence", "consent"}),
        bars=lambda rules: {"几天不去即结束": rules.place.fence_days},
        purpose="precise_location",
        concerns=lambda facts: bool(facts.visits),
    ),
    Rule(
        name="zone_difference",
        paths=(ZONE_PATH,),
        measure=_zone,
        decide=_zone_tag,
        ends="撤回授权、换了地方，或一方调整夏令时",
        on=frozenset({"in_province", "answer", "introduction", "consent"}),
        purpose="province",
        concerns=lambda facts: "province" in facts.places or "region" in facts.attributes,
        reads=frozenset(),
    ),
)
