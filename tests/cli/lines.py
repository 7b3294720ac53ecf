"""Event lines for tests."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bot.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, iso, parse_instant

START = parse_instant("2026-01-05T00:00:00+00:00")
GROUP = "g@chatroom"
Line = dict[str, Any]


def line(type_: str, id_: str, at: Instant, member: str | None = "m1", **fields: Any) -> Line:
    told = {"member": member, "group": GROUP} if member is not None else {}
    return {"type": type_, "id": id_, "at": iso(at), **told, **fields}


def write(path: Path, lines: list[Line]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    return path


def life(seed: int = 7) -> list[Line]:
    """Seven weeks of a small group with everything in it that an order of arrival could disturb."""
    chance = random.Random(seed)
    lines: list[Line] = []
    for number in range(12):
        lines += _member(f"m{number:02}", chance)
    lines += _flood("m03", START + 9 * DAY) + _checkins("m07") + _private("m04") + _shopping("m05")
    lines.append(
        line("deaf", "deaf-1", START + 30 * DAY, None, **{"from": iso(START + 26 * DAY), "to": iso(START + 30 * DAY)})
    )
    return sorted(lines, key=lambda one: one["at"])


def _member(member: str, chance: random.Random) -> list[Line]:
    joined = START + chance.randrange(5 * DAY)
    lines = [line("join", f"{member}-join", joined, member, name=f"昵称{member}", inviter="m00")]
    until = joined + chance.choice((3, 12, 45)) * DAY
    at = joined
    while (at := at + chance.randrange(HOUR, 2 * DAY)) < until:
        number = len(lines)
        text = chance.choice(
            ("早上好", "签到", f"第{number}个问题：怎么安装？", f"我试过第{number}种办法，日志里写着原因", "收到")
        )
        lines.append(line("message", f"{member}-{number}", at, member, text=text))
        if number % 9 == 0:
            taken = {"message": f"{member}-{number}"}
            lines.append(line("withdraw", f"{member}-{number}-w", at + MINUTE, member, **taken))
    return lines


def _flood(member: str, at: Instant) -> list[Line]:
    said = [
        line("message", f"flood-{n}", at + n * SECOND, member, text=f"快来看看我的第{n}个新作品吧") for n in range(25)
    ]
    return [*said, line("delivered", "flood-d", at + HOUR, member, dedupe_key=f"warning:{member}:{iso(at)[:10]}")]


def _checkins(member: str) -> list[Line]:
    days = range(49)
    return [line("message", f"in-{n}", START + n * DAY + 8 * HOUR, member, text=" 签到 ") for n in days]


def _private(member: str) -> list[Line]:
    at = START + 6 * DAY
    return [
        line("consent", "c-1", at, member, purposes=["profile"], granted=True),
        line("answer", "a-1", at + MINUTE, member, question="age", value="28"),
        line("consent", "c-2", at + DAY, member, purposes=["profile"], granted=False),
        line("consent", "c-3", at + 2 * DAY, member, purposes=["profile"], granted=True),
        line("answer", "a-2", at + 2 * DAY + MINUTE, member, question="gender", value="女生"),
    ]


def _shopping(member: str) -> list[Line]:
    orders = [
        line("order", f"o-{n}", START + (8 + 6 * n) * DAY, member, order=f"no-{n}", amount_yuan=199.5) for n in range(4)
    ]
    return [*orders, line("refund", "r-1", START + 33 * DAY, member, order="no-3")]
