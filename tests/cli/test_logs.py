"""The log: lines of text or JSON, files that take turns, no secret, and message text only where it was asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cli import logs
from bot.errors import BadInput
from bot.log import get_logger
from bot.ports import MessageHeard, Person
from config.settings import Settings
from handlers.ear import Ear
from storage.database import Database
from tests.handlers.room import GROUP, NOON, Room

TOKEN = "puppet-token-1"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The process gets its own log back."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.OURS}
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, own in levels.items():
        logging.getLogger(name).setLevel(own)


def settings(tmp_path: Path, **more: Any) -> Settings:
    url = "postgresql://bot:pass%22word@localhost/bot"
    token = SecretStr(TOKEN)
    return Settings(_env_file=None, database_url=url, log_file=tmp_path / "logs" / "bot.log", **more).model_copy(
        update={"puppet_token": token}
    )


def lines(tmp_path: Path) -> list[str]:
    return (tmp_path / "logs" / "bot.log").read_text(encoding="utf-8").splitlines()


def test_json_lines_carry_their_fields_and_no_secret(tmp_path: Path) -> None:
    logs.set_up(settings(tmp_path, log_format="json", log_level="info"))
    get_logger("handlers.x").info("daily evaluation", due_at=1, flagged={"new": 2}, group="读书会")
    logging.getLogger("bot.wechat.y").warning("连不上 %s（%s、%s）\ud800", TOKEN, 'pass"word', "pass%22word")
    logging.getLogger("library").info("大家好")
    first, second = map(json.loads, lines(tmp_path))
    assert {**first, "at": ""} == {
        "at": "",
        "level": "info",
        "logger": "handlers.x",
        "event": "daily evaluation",
        "due_at": 1,
        "flagged": {"new": 2},
        "group": "读书会",
    }
    assert (second["event"], second["level"]) == ("连不上 ***（***、***）\ud800", "warning")


def test_files_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MEGABYTE", 1000)
    logs.set_up(settings(tmp_path, log_megabytes=1, log_files=2))
    for number in range(100):
        get_logger("bot.x").warning("a message was not sent", id=number)
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["bot.log", "bot.log.1", "bot.log.2"]
    assert all(path.stat().st_size <= 1000 for path in (tmp_path / "logs").iterdir())
    assert lines(tmp_path)[-1].endswith("WARNING bot.x a message was not sent id='99'")


def test_a_file_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder")
    with pytest.raises(BadInput, match="BOT_LOG_FILE"):
        logs.set_up(settings(tmp_path))


@pytest.mark.parametrize("asked", [False, True])
async def test_the_text_of_a_message_is_logged_only_where_it_was_asked_for(
    asked: bool, sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = settings(tmp_path, log_format="json", log_text=asked)
    logs.set_up(told)
    room = Room(sqlite_database)
    room.house.settings = told
    monkeypatch.setattr("handlers.ear.take_batch", lambda *anything: 1 / 0)
    ear = Ear(room.house, lambda: None)
    await ear._take([MessageHeard("m1", NOON, Person("小王", "小王"), GROUP, "周六去不去爬山")])
    (line,) = map(json.loads, lines(tmp_path))
    assert (line["id"], line["error"], line.get("text")) == (
        "m1",
        "ZeroDivisionError",
        "周六去不去爬山" if asked else None,
    )
