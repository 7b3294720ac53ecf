"""Random histories, read by the program from outside and by the slow reference: the same spending and content tags."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.cli.lines import write
from tests.cli.test_reference import START, instant
from tests.reference import preference, spending
from tests.reference.log import DAY, Log, read

TOPICS = "科技 娱乐 体育 财经 健康".split()
YUAN = (1, 50, 200, 500, 501, 1000, 10000, 25000, 50000)
END = START + 150 * DAY
FOUND = ("内容偏好/题材", "内容偏好/形式", "内容偏好/时段", "消费能力/RFM", "消费能力/潜在消费力", "行为/签到")


def item(rng: random.Random, favourites: list[str]) -> tuple[str, dict[str, Any]]:
    told: dict[str, Any] = {"topic": rng.choice(favourites)} if rng.random() < 0.8 else {}
    if rng.random() < 0.6:
        told["form"] = rng.choice(("图文", "视频", "直播"))
    if rng.random() < 0.5:
        told["price_yuan"] = rng.choice((0, 199, 200, 500, 501))
    return rng.choice((("click", {"link": "x", **told}), ("view", {"item": "x", **told})))


def life(rng: random.Random, member: str) -> list[dict[str, Any]]:
    said: list[tuple[str, datetime, dict[str, Any]]] = []
    for number in range(rng.choice((0, 1, 2, 4, 12))):
        order, at = f"{member}-{number}", instant(rng)
        said.append(("order", at, {"order": order, "amount_yuan": rng.choice(YUAN)}))
        if rng.random() < 0.2:
            said.append(("refund", at + timedelta(days=rng.choice((0.5, 10, 60))), {"order": order}))
    offers = range(rng.choice((0, 2, 4, 5)))
    said += [("promotion", instant(rng), {"promotion": "p", "responded": rng.random() < 0.7}) for _ in offers]
    favourites = rng.sample(TOPICS, 2)
    for _ in range(rng.choice((4, 5, 11, 20))):
        type_, told = item(rng, favourites + favourites[:1] * rng.choice((0, 3)))
        hour = rng.choice((4, 5, 10, 11, 16, 17))
        said.append((type_, instant(rng) + timedelta(hours=hour), told))
    if rng.random() < 0.5:
        days = (START + rng.randrange(110, 125) * DAY + k * DAY for k in range(30) if rng.random() < 0.9)
        said += [("checkin", day + timedelta(hours=rng.randrange(24)), {}) for day in days]
    lines = [{"type": t, "at": at, "member": member, "group": "g", **told} for t, at, told in said if at < END]
    return [{**one, "id": f"{member}.{n}", "at": one["at"].isoformat()} for n, one in enumerate(lines)]


@pytest.mark.parametrize(("seed", "people"), [(1, 15), (2, 15), (3, 40)])
def test_program_and_reference_agree(cli: Cli, tmp_path: Path, seed: int, people: int) -> None:
    rng = random.Random(seed)
    lines = [one for who in range(people) for one in life(rng, f"u{who:02}")]
    rng.shuffle(lines)
    assert cli("events", write(tmp_path / "e.jsonl", lines), "--json").document["rejected"] == 0
    assert cli("sweep", "--as-of", END.isoformat()).code == 0
    log, met = Log(read(lines)), set()
    for one in cli("members", "--json").lines:
        held = {(t["path"], t["value"]) for t in one["tags"] if t["path"] in (*FOUND, *spending.PATHS, "消费能力/等级")}
        assert (one["member"], held) == (one["member"], expected(log, one["member"]))
        met |= {path for path, _ in held}
    assert met >= {*spending.PATHS, "消费能力/等级", "消费能力/RFM", "内容偏好/题材", "内容偏好/形式", "内容偏好/时段"}


def expected(log: Log, member: str) -> set[tuple[str, str]]:
    daily = list(log.evaluations(member, END))[-1]
    week, month = preference.checkin_days(log, member, END)
    one_of: dict[str, str | None] = {
        **spending.tags(log, member, daily),
        "消费能力/RFM": spending.rfm(log, daily).get(member),
        "消费能力/潜在消费力": "潜在升级" if spending.rising(log, member, END) else None,
        "内容偏好/形式": preference.form(log, member, daily),
        "内容偏好/时段": preference.hours(log, member, daily),
        "行为/签到": "签到达人" if week >= 6 and month >= 24 else None,
    }
    topics = {("内容偏好/题材", topic) for topic in preference.topics(log, member, daily)}
    return topics | {(path, value) for path, value in one_of.items() if value}
