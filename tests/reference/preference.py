"""RULEBOOK §4 with explicit topics; §2 check-ins."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from tests.reference.log import DAY, Log

SHARED = {"video": "视频", "image": "图文", "link": "图文"}


def topics(log: Log, m: str, t: datetime) -> dict[str, float]:
    items = [e for e in log.own(m, t, "click", "view") if e.at > t - 90 * DAY and e.line.get("topic")]
    counts = Counter(e.line["topic"] for e in items)
    total = sum(counts.values())
    for topic, n in counts.items():
        if total >= 10 and n / total >= 0.6 and topic != "健康":
            return {topic + "控": n / total}
    return {k: n / total for k, n in counts.items() if n / total >= 0.2}


def form(log: Log, m: str, t: datetime) -> str | None:
    items = [e for e in log.own(m, t, "click", "view") if e.at > t - 90 * DAY]
    counts: Counter[str] = Counter(e.line["form"] for e in items if e.line.get("form"))
    gone = log.withdrawn(m, t)
    for e in log.own(m, t, "message"):
        if e.at > t - 90 * DAY and e.id not in gone and e.line.get("kind") in SHARED:
            counts[SHARED[e.line["kind"]]] += 1
    total = sum(counts.values())
    best = [k for k, n in counts.items() if n * 2 >= total]
    return best[0] if total >= 5 and len(best) == 1 else None


def hours(log: Log, m: str, t: datetime) -> str | None:
    gone = log.withdrawn(m, t)
    own = [e for e in log.own(m, t, "message", "click", "view") if e.at > t - 90 * DAY and e.id not in gone]
    ats = [e.at for e in own if e.line.get("text", "").strip() != "签到"]
    if len(ats) < 5:
        return None
    named: Counter[str] = Counter()
    for at in ats:
        h = at.astimezone(log.zone).hour
        named["早" if 5 <= h < 11 else "午" if 11 <= h < 17 else "晚"] += 1
    best = [k for k, n in named.items() if n * 2 >= len(ats)]
    return best[0] if len(best) == 1 else "全天"


def checkin_days(log: Log, m: str, t: datetime) -> tuple[int, int]:
    today = log.day(t)
    days = {log.day(at) for at in log.checkins(m, t)}
    week, month = (sum(today - n < d <= today for d in days) for n in (7, 30))
    return week, month
