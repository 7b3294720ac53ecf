"""`check`, `migrate`, `backup`, `restore`, `erase`: keeping the house in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.checking import check
from bot.cli.house import house_of
from bot.cli.output import print_json, say
from bot.cli.taking_in import AS_JSON
from bot.core.instants import Instant
from bot.errors import Refused
from bot.services import erasure, restoring, views
from bot.services.restoring import Wishes
from config.settings import Settings
from handlers.afterwards import fold_again
from storage.database import Database
from storage.refusals import DatabaseUnusable
from storage.run_lock import RunLock
from storage.unit_of_work import UnitOfWork


def migrate(context: typer.Context) -> None:
    """把数据库升级到本程序的版本。"""
    settings: Settings = context.obj
    with house_of(settings):
        say("数据库已是最新")


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="备份写到这个文件")]) -> None:
    """在线备份并核对；机器人可以照常运行。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        house.database.backup(file)
    say(f"已备份到 {file}（{file.stat().st_size:,} 字节）")


def restore(context: typer.Context, file: Annotated[Path, typer.Argument(help="用这个备份替换数据库")]) -> None:
    """从备份恢复。备份之后的「忘记我」与撤回授权会重新执行。"""
    settings: Settings = context.obj
    database = Database(settings.database_url)
    try:
        with RunLock(database):
            asked = _wishes(database)
            database.restore(file)
    finally:
        database.close()
    with house_of(settings) as house:
        now = house.now()
        again = house.database.write_sync(lambda uow: restoring.reapply(uow, asked, house.context, now))
        fold_again(house)
    say("已恢复" + (f"，并重新执行了备份之后的 {again} 项删除与撤回" if again else ""))


def _wishes(database: Database) -> Wishes:
    """What people asked for, as far as the present database can still be read."""
    try:
        database.migrate()
        return database.read(restoring.wishes)
    except DatabaseUnusable:
        return Wishes()


def erase(
    context: typer.Context,
    member: Annotated[str, typer.Argument(help="成员的 id")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """忘记一个人：删去他的一切，只留一个用来拒绝再次打标的密钥哈希。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        if not house.database.read(lambda uow: erasure.known(uow, member)):
            raise Refused(f"没有这个成员：{member}")
        gone = house.database.write_sync(lambda uow: _forget(uow, member, house.now()))
        fold_again(house)
        house.database.scrub(whole=True)
    if as_json:
        print_json({"member": member, "events": gone})
    else:
        say(f"已忘记 {member}：删去 {gone} 条记录")


def _forget(uow: UnitOfWork, member: str, now: Instant) -> int:
    """As of the time that lists show, or of his last fact, if later: a consent given after it lifts the block."""
    _, last = uow.events.lifetime(member) or (0, 0)
    return erasure.forget(uow, member, max(views.instant_of(uow, now), last))


COMMANDS = (("check", check), ("migrate", migrate), ("backup", backup), ("restore", restore), ("erase", erase))
