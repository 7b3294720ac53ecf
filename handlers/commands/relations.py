"""#人脉 and #邀请榜: the reports about relations, in the asker's direct chat only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.services.reports import invites, social
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command

MOST = 10
"""People, bridges, pairs told in one answer."""


def _relations(asked: Asked) -> None:
    found = social.report(asked.uow, asked.world(), asked.now)
    text = asked.text(
        "admin.relations",
        days=f"{found['window_days']:g}",
        members=found["members"],
        ties=found["ties"],
        circles=Block("、".join(f"{one['circle']} 号 {one['size']} 人" for one in found["circles"][:MOST]) or "—"),
        people=Block(_lines(found["people"], lambda row: f"与 {row['degree']} 人有往来")),
        bridges=Block(_lines(found["bridges"], lambda row: f"连到 {len(row['touches'])} 个别的圈子")),
        meet=Block("\n".join(map(_pair, found["meet"][:MOST])) or "—"),
    )
    asked.reply_directly(text)


def _lines(rows: Sequence[Mapping[str, Any]], word: Any) -> str:
    return "\n".join(f"· {_name(row['name'], row['member'])}：{word(row)}" for row in rows[:MOST]) or "—"


def _pair(row: Mapping[str, Any]) -> str:
    shared = "、".join(one_line(one, 40) for one in row["shared"])
    return f"· {_name(row['a_name'], row['a'])} 与 {_name(row['b_name'], row['b'])}：{shared}"


def _name(name: str, member: str) -> str:
    return one_line(name) or one_line(member)


def _leader_board(asked: Asked) -> None:
    found = invites.report(asked.uow, asked.world(), asked.now)
    lines = _lines(found["inviters"], lambda row: f"邀请 {row['invited']} 人，留下 {row['stayed']} 人")
    asked.reply_directly(asked.text("admin.invites", days=f"{found['stay_days']:g}", lines=Block(lines)))


COMMANDS = (
    Command("#人脉", "relations", _relations, needs="管理员"),
    Command("#邀请榜", "invites", _leader_board, needs="管理员"),
)
