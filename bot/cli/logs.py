"""Where the log goes and what it looks like: lines of text or of JSON, to stderr or to files that take turns.

No message text is ever in a line unless BOT_LOG_TEXT asks for it, and no secret even then.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadInput
from bot.log import EVENT, FIELDS
from config.settings import Settings

MEGABYTE = 1_000_000
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
HIDDEN = "***"
OURS = ("bot", "handlers", "storage", "config")
"""Loggers that the level is meant for; libraries write what they hear, and only warn."""


def set_up(settings: Settings) -> None:
    """Send the log of the whole process where the settings say. Raises BadInput for a file that cannot be written."""
    handler = _handler(settings)
    handler.setFormatter(_Formatter(secrets_of(settings), as_json=settings.log_format == "json"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())


def _handler(settings: Settings) -> logging.Handler:
    if settings.log_file is None:
        return logging.StreamHandler()
    try:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        return _rotating(settings.log_file, settings.log_megabytes, settings.log_files)
    except OSError as error:
        raise BadInput(f"BOT_LOG_FILE：{settings.log_file} 写不了（{error.strerror}）") from None


def _rotating(file: Path, megabytes: int, files: int) -> RotatingFileHandler:
    """`file` and up to `files` older ones, each of `megabytes` at most."""
    size = megabytes * MEGABYTE
    return RotatingFileHandler(file, maxBytes=size, backupCount=files, encoding="utf-8", errors="backslashreplace")


def secrets_of(settings: Settings) -> list[str]:
    """What no line may hold, in every spelling in which it may come."""
    given = [one.get_secret_value() for one in (settings.puppet_token, settings.secret) if one is not None]
    try:
        password = make_url(settings.database_url).password
    except ArgumentError:
        password = None
    plain = [one for one in (*given, password) if one]
    return sorted({spelled for one in plain for spelled in (one, quote(one, safe=""), json.dumps(one)[1:-1])})


class _Formatter(logging.Formatter):
    """One line a record; every secret in it is starred out, whoever wrote it there."""

    def __init__(self, secrets: Iterable[str], *, as_json: bool) -> None:
        super().__init__(TEXT)
        self._secrets = sorted(secrets, key=len, reverse=True)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        line = _json(record, self._trace(record)) if self._as_json else super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line

    def _trace(self, record: logging.LogRecord) -> str | None:
        return self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else None


def _json(record: logging.LogRecord, trace: str | None) -> str:
    fields: dict[str, Any] = getattr(record, FIELDS, {})
    line = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": getattr(record, EVENT, None) or record.getMessage(),
        **fields,
    }
    if trace is not None:
        line["trace"] = trace
    return json.dumps(line, ensure_ascii=False, default=str)
