"""Random histories, read by the program from outside and by the slow reference: the same stages and activity."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.reference import activity, stage
from tests.reference.log import DAY, Log, moment, read

START = datetime(2026, 1, 4, 16, tzinfo=UTC)  # midnight in Shanghai
SPAN = 150
WORDS = "产品 需求 文档 评估 开发 成本 排期 测试 版本 反馈 设计 页面 接口 数据 报表 会议 周末 爬山 火锅 电影".split()


def instant(rng: random.Random) -> datetime:
    """Often at a daily evaluation, a second before or after it; else anywhere in the day."""
    day = START + rng.randrange(SPAN) * DAY
    if rng.random() < 0.3:
        return day + timedelta(hours=4, seconds=rng.choice((-1, 0, 1)))
    return day + timedelta(seconds=rng.randrange(86400))


def line(rng: random.Random, number: int, member: str) -> dict[str, Any]:
    kind = rng.choice(("message", "message", "message", "click", "order", "checkin", "view"))
    further: dict[str, Any] = {
        "message": {"text": "".join(rng.sample(WORDS, 8))},
        "click": {"link": "x", "depth": rng.choice((1, 5, 40)), "dwell_s": rng.choice((30, 60, 301))},
        "order": {"order": f"o{number}", "amount_yuan": 100},
        "view": {"item": "x"},
    }.get(kind, {})
    return {"type": kind, "id": f"e{number}", "at": instant(rng).isoformat(), "member": member, "group": "g", **further}


def history(rng: random.Random) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for who in range(12):
        start, member = len(lines), f"u{who}"
        joining = START + timedelta(hours=who + 1)
        if who % 3:
            lines.append({"type": "join", "id": f"j{who}", "at": joining.isoformat(), "member": member, "group": "g"})
        lines += [line(rng, start + k, member) for k in range(rng.choice((1, 3, 8, 40)))]
    taken = {(entry["member"], entry["at"]): entry for entry in lines}
    return list(taken.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_program_and_reference_agree(run: Cli, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    lines, end = history(rng), START + SPAN * DAY
    file, db = tmp_path / "e.jsonl", f"sqlite:///{tmp_path}/bot.db"
    file.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in lines), encoding="utf-8")
    assert run("--db", db, "events", file, "--json").document["rejected"] == 0
    changes = run("--db", db, "sweep", "--as-of", end.isoformat(), "--json").document["stage_changes"]
    log = Log(read(lines))
    told = {(c["member"], c["from"], c["to"], moment(c["at"])) for c in changes}
    assert told == {move for m in log.members for move in moves(log, m, end)}
    for member in run("--db", db, "members", "--json").lines:
        (tag,) = (t for t in member["tags"] if t["path"] == "行为/活跃度")
        if not any(entry["type"] == "message" for entry in lines if entry["member"] == member["member"]):
            since, level = activity.levels(log, member["member"], end)[-1]
            assert (tag["value"], moment(tag["since"])) == (activity.LEVELS[level], since)
            assert tag["weight"] == pytest.approx(activity.weight(log, member["member"], end))


def moves(log: Log, member: str, end: datetime) -> set[tuple[str, str, str, datetime]]:
    held = [state for _, state in stage.history(log, member, end)]
    return {(member, a.name, b.name, b.since) for a, b in itertools.pairwise(held)}
