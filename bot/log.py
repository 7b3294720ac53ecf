"""Log lines as key=value pairs. Message text never goes into a log: callers pass ids and kinds only."""

from __future__ import annotations

import logging
from typing import Any


class Log:
    """A thin front of the standard logger that takes fields."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, **fields: Any) -> None:
        self._logger.debug(_line(event, fields))

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(_line(event, fields))

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(_line(event, fields))

    def error(self, event: str, **fields: Any) -> None:
        self._logger.error(_line(event, fields), exc_info=self._logger.isEnabledFor(logging.DEBUG))


def _line(event: str, fields: dict[str, Any]) -> str:
    return " ".join([event, *(f"{key}={str(value)[:200]!r}" for key, value in fields.items())])


def get_logger(name: str) -> Log:
    return Log(logging.getLogger(name))
