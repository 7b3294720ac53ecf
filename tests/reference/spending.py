"""RULEBOOK §5: four indicators, ability, RFM, potential."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.reference.log import DAY, Log

WEIGHTS = (0.4, 0.3, 0.2, 0.1)
NAMES = (
    ("1万以下", "1-5万", "5万+"),
    ("月均≤1次", "月均2-4次", "月均≥5次"),
    ("<200元", "200-500元", ">500元"),
    ("响应率>80%", "响应率50-80%", "响应率<50%"),
)
PATHS = ("消费能力/累计消费额", "消费能力/消费频次", "消费能力/客单价", "消费能力/价格敏感度")
CLASSES = {
    (1, 1, 1): "重要价值", (1, 0, 1): "重要发展", (0, 1, 1): "重要保持", (0, 0, 1): "重要挽留",
    (1, 1, 0): "一般价值", (1, 0, 0): "一般发展", (0, 1, 0): "一般保持", (0, 0, 0): "一般挽留",
}  # fmt: skip


def price_level(yuan: float) -> int:
    return 1 if yuan < 200 else 2 if yuan <= 500 else 3


def levels(log: Log, m: str, t: datetime) -> list[int | None]:
    orders = log.orders(m, t)
    total = sum(y for _, y in orders)
    months = max(1.0, (t - orders[0][0]) / (30 * DAY))
    rate = len(orders) / months
    offers = log.own(m, t, "promotion")
    answered = sum(e.line["responded"] for e in offers) / len(offers) if offers else None
    return [
        1 if total < 10_000 else 2 if total < 50_000 else 3,
        1 if rate <= 1 else 2 if rate < 5 else 3,
        price_level(total / len(orders)),
        None if answered is None else 1 if answered > 0.8 else 2 if answered >= 0.5 else 3,
    ]


def ability(log: Log, m: str, t: datetime) -> float:
    known = [(w, v) for w, v in zip(WEIGHTS, levels(log, m, t), strict=True) if v is not None]
    base = 100 * sum(w * (v - 1) / 2 for w, v in known) / sum(w for w, _ in known)
    age = t - log.orders(m, t)[-1][0]
    recency = 1.5 if age <= 30 * DAY else 1.0 if age <= 90 * DAY else 0.7 if age <= 180 * DAY else 0.4
    return min(100.0, base * recency)


def tags(log: Log, m: str, t: datetime) -> dict[str, str]:
    """The daily spending tags as of ``t``; none without an order left."""
    if not log.orders(m, t):
        return {}
    found = {p: NAMES[i][v - 1] for i, (p, v) in enumerate(zip(PATHS, levels(log, m, t), strict=True)) if v}
    a = ability(log, m, t)
    found["消费能力/等级"] = "高价值" if a >= 60 else "中价值" if a >= 30 else "低价值"
    return found


def rfm(log: Log, t: datetime) -> dict[str, str]:
    facts: dict[str, tuple[timedelta, int, float]] = {}
    for m in log.members:
        if orders := log.orders(m, t):
            facts[m] = (t - orders[-1][0], len(orders), sum(y for _, y in orders))
    if len(facts) < 20:
        high = {m: (int(r <= 30 * DAY), int(f >= 3), int(v >= 1000)) for m, (r, f, v) in facts.items()}
    else:
        n = len(facts)
        high = {}
        for m, mine in facts.items():
            marks = []
            for k, sign in ((0, -1), (1, 1), (2, 1)):
                below = sum((o[k] < mine[k]) if sign > 0 else (o[k] > mine[k]) for o in facts.values())
                equal = sum(o[k] == mine[k] for o in facts.values())
                marks.append(int(5 * (2 * below + equal) >= 6 * n))  # the middle of equals; the RULEBOOK leaves it open
            high[m] = (marks[0], marks[1], marks[2])
    return {m: CLASSES[k] for m, k in high.items()}


def rising(log: Log, m: str, t: datetime) -> bool:
    """潜在升级 by the indicators as they stand at ``t``."""
    orders = log.orders(m, t)
    if not orders:
        return False
    own = levels(log, m, t)[2]
    seen = [e for e in log.own(m, t, "view", "click") if e.at > t - 30 * DAY and e.line.get("price_yuan") is not None]
    return own is not None and sum(price_level(e.line["price_yuan"]) > own for e in seen) >= 3
