"""#成熟度: how grown-up each category of tags is, and what to improve first."""

from __future__ import annotations

from bot.services.reports import maturity
from config.messages import Block
from handlers.commands.spec import Asked, Command


def _maturity(asked: Asked) -> None:
    house = asked.house
    found = maturity.report(asked.uow, asked.now, asked.now, house.zone, house.catalogue.dimensions)
    lines = [
        f"· {row['category']}：{'—' if row['score'] is None else row['score']}"
        + (f"（{row['note']}）" if row["note"] else "")
        for row in found["categories"]
    ]
    items = [f"· {one['category']}：{one['weakest']}最弱，{one['advice']}" for one in found["improvements"]]
    text = asked.text("admin.maturity", lines=Block("\n".join(lines)), items=Block("\n".join(items) or "—"))
    asked.reply_directly(text)


COMMANDS = (Command("#成熟度", "maturity", _maturity, needs="管理员"),)
