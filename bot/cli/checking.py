"""`check`: is everything there that the bot needs? One line a matter; broken ones make the exit status 1."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

import typer

from bot.cli.house import LazyReader, reader_of
from bot.cli.output import print_json, print_table
from bot.cli.traces import load_reading
from bot.core.quality import QualityRules
from bot.errors import BadInput, Refused, why
from bot.services.accounts import standings
from bot.traces.addresses import built_at
from bot.wechat.endpoint import address_of
from config.attachments import load_attachments
from config.campaigns import load_campaigns
from config.catalogue import load_catalogue
from config.loader import read_rule_file
from config.messages import load_messages
from config.onboarding import load_onboarding
from config.settings import Settings
from handlers.account_words import called, described
from storage import schema
from storage.database import Database
from storage.unit_of_work import UnitOfWork

IP_DB_DAYS = 180
T = TypeVar("T")
REACHED_WITHIN = 2.0
"""Seconds that the gateway is given to take a connection."""
State = Literal["好", "注意", "坏"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and a word to the operator."""

    name: str
    state: State
    detail: str


def check(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    """检查配置、词库、数据库与连接设置。"""
    found = list(findings(context.obj))
    broken = any(one.state == "坏" for one in found)
    if as_json:
        checks = [{"name": one.name, "state": one.state, "detail": one.detail} for one in found]
        print_json({"ok": not broken, "checks": checks})
    else:
        print_table("检查", ("项目", "状态", "说明"), [(one.name, one.state, one.detail) for one in found])
    if broken:
        raise typer.Exit(1)


def findings(settings: Settings) -> Iterator[Finding]:
    folder = settings.config_dir
    yield _tried("规则集", lambda: read_rule_file(folder / "rulesets" / "default.toml"), "default.toml")
    yield _tried("标签目录", lambda: load_catalogue(folder), "tags.toml")
    yield _tried("问卷与答案表", lambda: load_onboarding(folder), "newcomer.toml")
    yield _tried("地点与商圈", lambda: load_reading(settings.model_copy(update={"ip_db": None})), "geofences.toml")
    yield _tried("消息文本", lambda: load_messages(folder, load_onboarding(folder).texts), "zh_CN.toml")
    yield _tried("附件", lambda: load_attachments(folder), "attachments.toml")
    yield _tried("常设推送", lambda: load_campaigns(folder, load_catalogue(folder).find), "campaigns.toml")
    yield _tried("网页", lambda: _check_pages(settings), "pages/")
    yield _reader(settings)
    yield _models(settings)
    yield _database(settings)
    yield from _accounts(settings)
    yield _crm(settings)
    yield _wechat(settings)
    yield _ip_db(settings)
    yield _public_url(settings)


def _tried(name: str, load: Callable[[], object], detail: str) -> Finding:
    try:
        load()
    except (Refused, ValueError) as reason:
        return Finding(name, "坏", str(reason))
    return Finding(name, "好", detail)


def _check_pages(settings: Settings) -> None:
    from handlers.web.pages import Pages  # loads a web framework

    Pages(settings.config_dir).check()


def _reader(settings: Settings) -> Finding:
    """Which engine reads messages, with which dictionary; a database that cannot be read has a line of its own."""
    try:
        reader = reader_of(settings)
    except Refused:
        reader = LazyReader(settings, QualityRules())
    try:
        reader.read("检查分词与词库")
    except (Refused, ValueError) as reason:
        return Finding("词库与分词", "坏", str(reason))
    return Finding("词库与分词", "好", f"{reader.reading.engine}，词典 {reader.reading.dictionary}")


def _models(settings: Settings) -> Finding:
    """Without usable models the bot starts all the same, on its word lists."""
    from bot.text.models import BadModel, load

    try:
        load(settings.model_file)
    except BadModel as reason:
        return Finding("文本模型", "注意", f"{reason}；只用词表判断，题材只判词表里有的")
    return Finding("文本模型", "好", settings.model_file.name)


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database_url, read_only=True)
        if database.file is not None and not database.file.exists():
            return Finding("数据库", "好", f"{database.file} 还没有，首次运行时建立")
        try:
            found = database.read(lambda uow: schema.revision_of(uow.connection))
            size = database.size()
        finally:
            database.close()
        schema.check_known(found)
    except Refused as reason:
        return Finding("数据库", "坏", str(reason))
    if found != schema.HEAD:
        return Finding("数据库", "注意", f"版本 {found or '无'}，下次运行时升级到 {schema.HEAD}")
    return Finding("数据库", "好", f"版本 {found}，{size / 1e6:.1f} MB")


def _of_database(settings: Settings, look: Callable[[UnitOfWork], T]) -> T | None:
    """What a database of this version holds; one that cannot be read has a line of its own."""
    try:
        database = Database(settings.database_url, read_only=True)
        if database.file is not None and not database.file.exists():
            return None
        try:
            current = database.read(lambda uow: schema.revision_of(uow.connection)) == schema.HEAD
            return database.read(look) if current else None
        finally:
            database.close()
    except Refused:
        return None


def _accounts(settings: Settings) -> Iterator[Finding]:
    """How the accounts of a running bot are doing."""
    now = time.time_ns() // 1000
    for one in _of_database(settings, lambda uow: standings(uow, now)) or ():
        yield Finding(f"账号 {called(one)}", "好" if one.state == "up" else "注意", described(one, now))


def _crm(settings: Settings) -> Finding:
    """Where tag changes go, and how many of the webhooks have not arrived."""
    if settings.crm_url is None:
        return Finding("CRM", "好", "未设置 BOT_CRM_URL：不向外推送")
    if settings.secret is None:
        return Finding("CRM", "坏", "设了 BOT_CRM_URL 而没有 BOT_SECRET：不能签名，也不能加密编号")
    host = urlsplit(settings.crm_url).netloc
    told = _of_database(settings, lambda uow: (uow.crm.count_by_status(), uow.crm.last_reason()))
    if told is None:
        return Finding("CRM", "好", host)
    counts, why = told
    words = f"{host}：送达 {counts.get('sent', 0)}，等待 {counts.get('queued', 0)}，失败 {counts.get('failed', 0)}"
    return Finding("CRM", "注意", f"{words}，最近一次没成：{why}") if why else Finding("CRM", "好", words)


def _wechat(settings: Settings) -> Finding:
    if (settings.puppet_token is None) != (settings.puppet_endpoint is None):
        missing = "ENDPOINT" if settings.puppet_endpoint is None else "TOKEN"
        return Finding("微信", "坏", f"只设了一半：还缺 WECHATY_PUPPET_SERVICE_{missing}")
    if settings.on_wechat:
        return _gateway(settings.puppet_endpoint or "")
    return Finding("微信", "注意", "没有设置网关，将运行内置本地群")


def _gateway(endpoint: str) -> Finding:
    """Whether anybody listens at the gateway's address; who it is, and whether it takes the token, a run will tell."""
    try:
        host, port = address_of(endpoint)
        socket.create_connection((host, port), REACHED_WITHIN).close()
    except BadInput as reason:
        return Finding("微信", "坏", str(reason))
    except OSError as error:
        return Finding("微信", "注意", f"连不上网关 {endpoint}（{why(error)}）；run 会一直重试")
    return Finding("微信", "好", f"网关 {endpoint} 在；缺省只观察、不发言")


def _ip_db(settings: Settings) -> Finding:
    """City tags from the address of a click need a database of addresses that is not too old."""
    path = settings.ip_db
    if path is None or not path.is_file():
        told = "未设置 BOT_IP_DB" if path is None else f"{path} 不存在"
        return Finding("IP 库", "注意", f"{told}：不按 IP 推断城市")
    built = built_at(path)
    if built is None:
        return Finding("IP 库", "坏", f"{path} 不是可用的 ip2region 库")
    days = (time.time() - built) / 86_400
    if days > IP_DB_DAYS:
        return Finding("IP 库", "注意", f"已有 {days:.0f} 天，超过 {IP_DB_DAYS} 天，请更新")
    return Finding("IP 库", "好", str(path))


def _public_url(settings: Settings) -> Finding:
    if settings.public_url is None:
        return Finding("公开地址", "注意", "未设置 BOT_PUBLIC_URL：跟踪链接与网页问卷只在本机可用")
    return Finding("公开地址", "好", settings.public_url)
