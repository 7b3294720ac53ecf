"""`run`: the bot with its jobs, on WeChat or in the embedded local group."""

from __future__ import annotations

import asyncio
import atexit
import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bot.cli import logs
from bot.cli.house import house_of
from bot.core.instants import DAY, HOUR, Instant, day_at, local_day
from bot.errors import BadInput, Refused, why
from bot.localgroup.clock import LocalClock, wall
from bot.localgroup.group import LocalGroup
from bot.localgroup.player import Player
from bot.localgroup.stage import Stage
from bot.localgroup.terminal import converse
from bot.localgroup.transcript import said_line
from bot.runtime import Runtime
from bot.services import befriending, passes
from bot.wechat.adapter import WechatyChat
from bot.wechat.gateway import gateway_factory
from bot.wechat.hearing import Befriend
from config.settings import Settings
from handlers.house import House
from storage.unit_of_work import UnitOfWork

MODE = "mode"
SCRIPT_HOUR = 9
"""A script begins at nine in the morning, outside quiet hours, whatever time it is played."""
Write = Callable[[str], None]


def say(text: str) -> None:
    """One line to the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def check_settings(settings: Settings) -> None:
    """Half of a gateway's address is a mistake, not a wish for the local group. Raises BadInput."""
    if (settings.puppet_token is None) != (settings.puppet_endpoint is None):
        raise BadInput("WECHATY_PUPPET_SERVICE_TOKEN 与 WECHATY_PUPPET_SERVICE_ENDPOINT 须同时设置")


def chosen_mode(settings: Settings, asked: str | None) -> str:
    """Auto in the local group; on WeChat the bot only observes until somebody says otherwise."""
    return asked or settings.mode or ("observe" if settings.on_wechat else "auto")


async def set_mode(house: House, asked: str | None) -> None:
    """A mode asked for now wins; else the one chosen in chat stays; else the default."""
    settings = house.settings

    def choose(uow: UnitOfWork) -> None:
        if asked or settings.mode or uow.deployment.get(MODE) is None:
            uow.deployment.put(MODE, chosen_mode(settings, asked))

    await house.database.write(choose)


async def run(settings: Settings, asked: str | None, script: Path | None) -> None:
    """`run`: choose where the bot lives, and stay until told to stop."""
    check_settings(settings)
    logs.set_up(settings)
    with house_of(settings) as house:
        house.traces.ready()
        if script is not None:
            latest = house.database.read(lambda uow: uow.events.last_at())
            await play_script(house, script_clock(settings, latest or 0), script, asked)
        elif settings.on_wechat:
            await run_on_wechat(house, asked)
        else:
            await run_locally(house, LocalClock(), asked)


async def run_on_wechat(house: House, asked: str | None) -> None:
    """Join WeChat through the gateway, until told to stop."""
    end_quickly()
    settings = house.settings
    assert settings.puppet_token is not None and settings.puppet_endpoint is not None
    factory = gateway_factory(settings.puppet_token.get_secret_value(), settings.puppet_endpoint)
    house.chat = WechatyChat(factory, house.clock, befriend=_befriending(house), forgetful=True)
    await set_mode(house, asked)
    runtime = Runtime(house)
    announce(await runtime.start(), settings)
    _announce_web(runtime)
    try:
        await _until_told()
    finally:
        await runtime.stop()


def end_quickly() -> None:
    """A process that ends looks through all it holds for cycles, longer than everything else about a stop takes."""
    atexit.register(gc.freeze)


def _befriending(house: House) -> Befriend:
    """Friend requests are taken within the day's bound."""

    async def may(account: str) -> bool:
        return await house.database.write(lambda uow: befriending.take_one(uow, house.now(), house.zone, account))

    return may


async def run_locally(house: House, clock: LocalClock, asked: str | None) -> None:
    """The embedded group: on a terminal one can talk in it; without one it just runs."""
    end_quickly()
    group, runtime, player = await _local(house, clock, driven=False)
    group.subscribe(lambda address, text, mentions: say(said_line(address, text)))
    await set_mode(house, asked)
    announce(await runtime.start(), house.settings)
    _announce_web(runtime)
    await _announce_dashboard(house)
    try:
        if not await converse(player, sys.stdin, _write):
            say("本地群已启动（没有终端，只运行不对话；Ctrl-C 结束）")
            await _until_told()
    finally:
        await runtime.stop()


async def play_script(house: House, clock: LocalClock, script: Path, asked: str | None) -> None:
    """Play a script's lines in the local group and print the conversation."""
    lines = _script_lines(script)
    group, runtime, player = await _local(house, clock, driven=True)
    group.subscribe(lambda address, text, mentions: say(said_line(address, text)))
    await set_mode(house, asked)
    announce(await runtime.start(), house.settings)
    try:
        await player.play(lines)
        await runtime.finish_sending()
    finally:
        await runtime.stop()


def script_clock(settings: Settings, after: Instant) -> LocalClock:
    """Stands at nine in the morning of today, or of the day after the database's latest event."""
    zone = settings.zone
    start = day_at(local_day(wall(), zone), SCRIPT_HOUR, zone)
    while start <= after:
        start += DAY
    return LocalClock(start, still=True)


async def _local(house: House, clock: LocalClock, *, driven: bool) -> tuple[LocalGroup, Runtime, Player]:
    house.clock = clock
    group = LocalGroup(clock)
    house.database.read(lambda uow: seed(uow, group))
    chat = WechatyChat(group.puppet, clock)
    house.chat = chat
    stage = Stage(group, say)
    runtime = Runtime(house, driven=driven, stage=stage)
    player = Player(group, clock, chat, runtime.settle, runtime.advance, stage.on_line, house.zone)
    stage.player = player
    return group, runtime, player


def seed(uow: UnitOfWork, group: LocalGroup) -> None:
    """Who was in the local groups before is there again."""
    for row in uow.groups.all():
        people = [membership.member for membership in uow.groups.present_members(row.id)]
        known = uow.members.get_many(people)
        group.seed(row.id, people, [member for member in people if member in known and known[member].is_friend])


def announce(code: str | None, settings: Settings) -> None:
    where = "微信" if settings.on_wechat else "本地群"
    say(f"群标已在{where}启动，数据库 {_shown(settings.database_url)}")
    if code is not None:
        say(f"还没有运营总监：把这个一次性口令私聊发给机器人即可认领：{code}")


def _announce_web(runtime: Runtime) -> None:
    if runtime.web is not None and runtime.web.address is not None:
        say(f"网页端：{runtime.web.address}（/healthz、/metrics）")


async def _announce_dashboard(house: House) -> None:
    """Whoever sits at the machine may look at the dashboard of the local group: he has the database anyway."""
    if house.web_at is None:
        return
    lasting = house.settings.page_hours * HOUR
    letters = await house.database.write(
        lambda uow: passes.issue(uow, passes.AT_MACHINE, passes.CONSOLE, house.now(), lasting)
    )
    say(f"看板：{house.web_at}/login/{letters}（一次有效）")
    say(f"练习场：{house.web_at}/playground（和这里是同一个群）")


def _shown(url: str) -> str:
    """A database address without its password."""
    head, at, tail = url.rpartition("@")
    return f"{head.split('://')[0]}://…@{tail}" if at else url


def _script_lines(script: Path) -> list[str]:
    try:
        return script.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"脚本 {script} 不是 UTF-8 文本") from None
    except OSError as error:
        raise Refused(f"读不到脚本 {script}：{why(error)}") from None


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


async def _until_told() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()
