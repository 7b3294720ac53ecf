"""What must be mended before wechaty 0.10.7 can be imported beside today's libraries, and kept quiet after.

`cure` runs before the first wechaty import, `calm` right after it; bot.wechat.library does both, and nothing else in
the project imports wechaty. Every cure is idempotent and leaves a library alone that needs none.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = ("wechaty", "wechaty_puppet", "wechaty_puppet_service", "wechaty_grpc")
_LOG_SETTINGS = ("WECHATY_LOG", "WECHATY_LOG_FILE")
_WIRE_LOGGERS = ("hpack", "h2", "grpclib")
"""At DEBUG hpack writes every header, and the token travels as the :authority header."""
_PREVIEW_NAMES = {
    "github": ("Github",),
    "github.Repository": ("Repository",),
    "github.PullRequest": ("PullRequest",),
    "github.PullRequestComment": ("PullRequestComment",),
    "github.Issue": ("Issue",),
    "github.IssueComment": ("IssueComment",),
    "opengraph_py3": ("OpenGraph",),
}


def cure(cache_dir: Path | None = None) -> None:
    """Make wechaty importable, and keep its folder out of the working directory.

    cache_dir: where wechaty may put its (empty) folder; a temporary place unless told.
    """
    if cache_dir is not None or "CACHE_DIR" not in os.environ:
        os.environ["CACHE_DIR"] = str(cache_dir or Path(tempfile.gettempdir()) / "qunbiao-wechaty")
    _mend_pyee()
    _mend_urllib3()
    with _plain_logging():
        _mend_options()


def _mend_pyee() -> None:
    """pyee 11 moved AsyncIOEventEmitter into pyee.asyncio."""
    pyee = importlib.import_module("pyee")
    if not hasattr(pyee, "AsyncIOEventEmitter"):
        emitter = importlib.import_module("pyee.asyncio").AsyncIOEventEmitter
        pyee.AsyncIOEventEmitter = emitter  # type: ignore[attr-defined]


def _mend_urllib3() -> None:
    """urllib3 2 dropped get_host; wechaty imports it at module level."""
    urllib3 = importlib.import_module("urllib3")
    if not hasattr(urllib3, "get_host"):
        urllib3.get_host = _get_host  # type: ignore[attr-defined]


def _get_host(url: str) -> tuple[str, str | None, int | None]:
    parsed = importlib.import_module("urllib3.util").parse_url(url)
    return parsed.scheme or "http", parsed.host, parsed.port


def _mend_options() -> None:
    """PuppetOptions stands as a dataclass default, which must be hashable since Python 3.11."""
    options = importlib.import_module("wechaty_puppet.schemas.puppet").PuppetOptions
    if options.__hash__ is None:
        options.__hash__ = object.__hash__


@contextmanager
def importing() -> Iterator[None]:
    """The surroundings in which wechaty is imported: plain logging, and no link previews.

    wechaty imports PyGithub and OpenGraph only to fetch previews of links over the network. Nothing here does, and
    they cost a third of the import time.
    """
    stands_in = {name: _empty_module(name) for name in _PREVIEW_NAMES if name not in sys.modules}
    sys.modules.update(stands_in)
    try:
        with _plain_logging():
            yield
    finally:
        for name in stands_in:
            sys.modules.pop(name, None)


def _empty_module(name: str) -> ModuleType:
    module = ModuleType(name)
    for attribute in _PREVIEW_NAMES[name]:
        setattr(module, attribute, None)
    return module


@contextmanager
def _plain_logging() -> Iterator[None]:
    """WECHATY_LOG=debug raises at import, and WECHATY_LOG_FILE would write message texts to a file."""
    kept = {name: os.environ.pop(name) for name in _LOG_SETTINGS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def calm() -> None:
    """Silence wechaty's loggers (they write message texts and the token) and give missing event fields a value."""
    for module in _modules():
        for name, value in list(vars(module).items()):
            if isinstance(value, logging.Logger):
                _silence(value)
            elif name == "get_logger":
                module.get_logger = _silent_logger  # type: ignore[attr-defined]
    for name in _WIRE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    _allow_gaps()


def _modules() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in PACKAGES and isinstance(module, ModuleType):
            yield module


def _silence(logger: logging.Logger) -> None:
    logger.handlers = [logging.NullHandler()]
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False


def _silent_logger(name: str | None = None, file: str | None = None) -> logging.Logger:
    logger = logging.getLogger(f"wechaty.{name}")
    _silence(logger)
    return logger


def _allow_gaps() -> None:
    """Gateways leave these fields out; without a default that raises inside the event stream and ends it."""
    event: Any = importlib.import_module("wechaty_puppet.schemas.event")
    gaps: dict[Any, dict[str, Any]] = {
        event.EventErrorPayload: {"data": ""},
        event.EventReadyPayload: {"data": ""},
        event.EventLogoutPayload: {"data": ""},
        event.EventHeartbeatPayload: {"data": ""},
        event.EventRoomJoinPayload: {"inviter_id": "", "timestamp": 0},
        event.EventRoomLeavePayload: {"remover_id": "", "timestamp": 0},
        event.EventRoomTopicPayload: {"changer_id": "", "old_topic": "", "new_topic": "", "timestamp": 0},
    }
    for payload, defaults in gaps.items():
        for name, value in defaults.items():
            payload.__dataclass_fields__[name].default = value
