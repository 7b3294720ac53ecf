"""The invite leader-board: who brought how many people in, and how many of them stayed (RULEBOOK §1).

An invitee has stayed when `stay_days` have passed since he joined and he is still in one of the groups. Only a first
join counts, as for 社交关系/邀请人; who objected to be profiled is neither counted nor named. There is no reward for
sharing links, which WeChat forbids.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, iso
from bot.core.world import World
from bot.services.reports.people import ids, named, willing
from storage.unit_of_work import UnitOfWork

INVITER_PATH = "社交关系/邀请人"
WORDS = {
    "as_of": "截至",
    "stay_days": "留下的天数",
    "inviters": "邀请榜",
    "channels": "入群渠道",
    "member": "成员",
    "name": "名字",
    "invited": "邀请",
    "stayed": "留下",
    "left": "已离开",
    "recent": "未满期",
}


def report(uow: UnitOfWork, world: World, at: Instant) -> dict[str, Any]:
    """CONTRACT `report invites`."""
    days = world.version(at).rules.social.stay_days
    brought: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for facts in willing(uow, ids(uow, INVITER_PATH), world, at).values():
        if facts.inviter not in (None, facts.member):
            brought[facts.inviter or ""][_outcome(facts, at, days)] += 1
    return {
        "as_of": iso(at, world.zone),
        "stay_days": days,
        "inviters": _ranked(brought, willing(uow, brought, world, at)),
        "channels": uow.tags.count_by("社交关系/入群渠道"),
    }


def _outcome(facts: Facts, at: Instant, days: float) -> str:
    if facts.left_all:
        return "left"
    return "stayed" if at - (facts.joined_at or at) >= days * DAY else "recent"


def _ranked(brought: Mapping[str, Counter[str]], inviters: Mapping[str, Facts]) -> list[dict[str, Any]]:
    """Most who stayed first, then most invited, then by id."""
    rows = [
        {
            **named(inviters[member]),
            "invited": counts.total(),
            **{key: counts[key] for key in ("stayed", "left", "recent")},
        }
        for member, counts in brought.items()
        if member in inviters
    ]
    return sorted(rows, key=lambda row: (-row["stayed"], -row["invited"], row["member"]))
