"""`sweep` and `rebuild`: bringing everybody to an instant, and folding the whole log again."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.house import house_of
from bot.cli.moments import read_time
from bot.cli.output import print_json, print_table, progress, say
from bot.cli.taking_in import AS_JSON
from bot.core.instants import Instant, iso
from bot.core.world import World
from bot.errors import Refused
from bot.services import linking, ranking, rebuilding, rulesets, sweeps, views
from bot.services.reports import uplift
from config.settings import Settings
from handlers.comparing import compare
from handlers.house import House
from handlers.sweeping import Pages, Sweep, run_sweep
from storage.unit_of_work import UnitOfWork

FLAG_WORDS = {"new": "新人", "dormant": "沉默", "disruptive": "扰乱"}


def sweep(
    context: typer.Context,
    as_of: Annotated[str, typer.Option("--as-of", help="到哪一刻为止：带时区的 ISO 8601，或纪元秒")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """重放到某一刻：逐日 04:00 评定，标出新人、沉默与扰乱成员，列出计划中的消息。"""
    settings: Settings = context.obj
    at = read_time("--as-of", as_of)
    with house_of(settings) as house:
        total = house.database.read(lambda uow: uow.rollups.count_awake(at))
        with progress("重放", total) as update:
            found = run_sweep(house, at, lambda behind: update(behind, None))
        effect = house.database.read(lambda uow: uplift.report(uow, at))
    if as_json:
        told = sweeps.as_record(found.swept, found.planned, lambda at: iso(at, settings.zone))
        print_json({**told, "uplift": effect})
    else:
        _show(found, settings)


def _show(found: Sweep, settings: Settings) -> None:
    swept = found.swept
    say(f"截至 {iso(swept.as_of, settings.zone)}" + ("（此前已评定过，没有变化）" if swept.repeated else ""))
    rows = [(FLAG_WORDS[kind], len(members), "、".join(members[:8])) for kind, members in swept.flagged.items()]
    print_table("标出的成员", ("类别", "人数", "例如"), rows)
    moves: dict[tuple[str, str], int] = {}
    for move in swept.moves:
        key = (move.from_stage or "—", move.to_stage)
        moves[key] = moves.get(key, 0) + 1
    if moves:
        print_table("阶段变化", ("从", "到", "次数"), [(*key, count) for key, count in sorted(moves.items())])
    say(f"计划发送 {len(found.planned)} 条")


def rebuild(
    context: typer.Context,
    as_of: Annotated[str | None, typer.Option("--as-of", help="之后再推进到这一刻（缺省停在原处）")] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """把全部日志从头重算一遍，与现存标签逐一核对，不同者改正。"""
    settings: Settings = context.obj
    at = None if as_of is None else read_time("--as-of", as_of)
    with house_of(settings) as house:
        last = house.database.read(lambda uow: uow.sweeps.last())
        if at is not None and last is not None and at < last.as_of:
            raise Refused("不能倒退：上一次 sweep 的时间更晚")
        count, changed = _rebuild(house)
        if at is not None and (last is None or at > last.as_of):
            run_sweep(house, at, lambda behind: None)
    if as_json:
        print_json({"members": count, "changed": changed})
    else:
        say(f"核对 {count} 人，改正 {changed} 人")


def _rebuild(house: House) -> tuple[int, int]:
    now = house.now()
    house.database.write_sync(lambda uow: linking.follow(uow, now) and None)
    until: Instant = house.database.read(lambda uow: views.instant_of(uow, now))
    world = house.database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, until))
    total = house.database.read(lambda uow: uow.members.count())
    changed: list[str] = []

    def deal(uow: UnitOfWork, members: list[str]) -> None:
        changed.extend(rebuilding.rebuild(uow, members, world, now))

    with progress("重算", total) as update:
        Pages(house).each(deal, lambda behind: update(behind, None))
    return total, len({*changed, *_compare_anew(house, world, now)})


def _compare_anew(house: House, world: World, now: Instant) -> set[str]:
    compared_to = house.database.read(ranking.compared_to)
    return set() if compared_to is None else compare(house, world, compared_to, now, anew=True)


COMMANDS = (("sweep", sweep), ("rebuild", rebuild))
