"""Who should meet whom: pairs with something in common who were never in touch (RULEBOOK §1 "who should I meet").

Common ground is a topic, the place, the trade, each known under its own consent; two of them are needed. Who left,
is under 18, exempt, or objected to be profiled is not suggested. Only people who share a group can meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.services import linking
from storage.unit_of_work import UnitOfWork

GROUNDS = {"内容偏好/题材": "题材", "人口属性/地域": "地区", "地域分布/城市": "地区", "人口属性/职业": "行业"}
VAGUE = frozenset({"其他", "海外-其他"})
"""Values that are no common ground."""
LEAST_SHARED = 2
MOST_OF_A_KIND, MOST = 40, 50
"""People compared of those who share the same two things, and pairs suggested."""

Pair = tuple[str, str]


def acquainted(uow: UnitOfWork, at: Instant) -> set[Pair]:
    """Everybody who was ever in touch, the smaller id first."""
    return {_pair(tie.member, tie.other) for tie in linking.ties(uow, uow.ties.between(-1, at))}


def _pair(one: str, other: str) -> Pair:
    return min(one, other), max(one, other)


def suggestions(known: Mapping[str, Facts], met: set[Pair]) -> list[dict[str, Any]]:
    """The pairs that share most, then by id."""
    grounds = {member: _grounds(facts) for member, facts in known.items() if _may_meet(facts)}
    found: dict[Pair, list[str]] = {}
    for pair in _candidates(grounds):
        if pair not in met and pair not in found and _share_group(known, pair):
            found[pair] = sorted(grounds[pair[0]] & grounds[pair[1]])
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST]
    return [
        {"a": one, "a_name": known[one].name, "b": other, "b_name": known[other].name, "shared": shared}
        for (one, other), shared in ranked
    ]


def _may_meet(facts: Facts) -> bool:
    return not facts.left_all and not facts.minor


def _grounds(facts: Facts) -> set[str]:
    """ "题材 科技", "地区 杭州", "行业 教育"; a tier before a city's name is no matter."""
    return {
        f"{GROUNDS[path]} {_bare(path, value)}" for path, value in facts.tags if path in GROUNDS and value not in VAGUE
    }


def _bare(path: str, value: str) -> str:
    if path == "人口属性/地域":
        return value if value.startswith("海外-") else value.partition("-")[2]
    return value.removesuffix("控") if path == "内容偏好/题材" else value


def _candidates(grounds: Mapping[str, set[str]]) -> Iterator[Pair]:
    """Pairs who have two things in common, looked up by these two things."""
    sharing: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for member in sorted(grounds):
        for both in combinations(sorted(grounds[member]), LEAST_SHARED):
            sharing[both].append(member)
    for members in sharing.values():
        yield from combinations(members[:MOST_OF_A_KIND], 2)


def _share_group(known: Mapping[str, Facts], pair: Pair) -> bool:
    one, other = ({group for group, inside in known[member].groups.items() if inside} for member in pair)
    return bool(one & other)
