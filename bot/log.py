"""Log lines as an event with fields. Message text never goes into a log: callers pass ids and kinds only."""

from __future__ import annotations

import logging
from typing import Any

EVENT, FIELDS = "log_event", "log_fields"
"""Attributes of a record under which whoever formats it finds the parts of the line."""


class Log:
    """A thin front of the standard logger that takes fields."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, **fields: Any) -> None:
        self._log(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        self._log(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._log(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._log(logging.ERROR, event, fields)

    def _log(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if self._logger.isEnabledFor(level):
            trace = level == logging.ERROR and self._logger.isEnabledFor(logging.DEBUG)
            parts = {EVENT: event, FIELDS: fields}
            self._logger.log(level, _line(event, fields), exc_info=trace, extra=parts, stacklevel=3)


def _line(event: str, fields: dict[str, Any]) -> str:
    return " ".join([event, *(f"{key}={str(value)[:200]!r}" for key, value in fields.items())])


def get_logger(name: str) -> Log:
    return Log(logging.getLogger(name))
