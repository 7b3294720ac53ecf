"""Facts from outside the house: one JSON record to one event, its answers put into the questionnaire's own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.core.answers import AnswerTables, read_answer
from bot.core.events import Event, EventRefused, parse_event
from bot.core.instants import to_datetime

UNDER_14 = "under14"


def decode(line: bytes) -> Any:
    """The JSON value of a line. Raises EventRefused."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return _decode_slowly(line)


def _decode_slowly(line: bytes) -> Any:
    """A second look at what orjson refuses: it takes no lone surrogates, which are only odd; and the reason is told."""
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise EventRefused("不是 UTF-8 编码") from None
    except RecursionError:
        raise EventRefused("JSON 嵌套过深") from None
    except ValueError:
        cut = not line.endswith(b"\n")
        raise EventRefused("JSON 不完整，这一行可能被截断" if cut else "不是合法的 JSON") from None


class Outside:
    """Reads records from outside with the deployment's answer tables.

    `screened` tells which sensitive personal information a tag is about, by path and value.
    """

    def __init__(self, tables: AnswerTables, zone: ZoneInfo, screened: Callable[[str, str], str | None]) -> None:
        self._tables, self._zone, self._screened = tables, zone, screened

    def event(self, record: object) -> Event:
        """The event of a record, ready to be taken in. Raises EventRefused."""
        event = parse_event(record)
        if event.type == "tag":
            self._refuse_protected(event)
        return self._answer(event) if event.type == "answer" else event

    def _refuse_protected(self, event: Event) -> None:
        """Nobody can record a purpose for such tags here, so they are refused whatever the member agreed to."""
        touched = self._screened(event.body["path"], event.body["value"])
        if touched is not None:
            raise EventRefused(f"path/value 涉及敏感个人信息：{touched}，不收这样的标签")

    def _answer(self, event: Event) -> Event:
        """An answer in its canonical value. Of a child under 14 only that is said; the intake keeps nothing of it."""
        question, said = event.body["question"], event.body["value"]
        answer = read_answer(question, said, self._tables, to_datetime(event.at, self._zone).date())
        if answer is not None and answer.minor == UNDER_14:
            return replace(event, body={"question": question, "minor": UNDER_14})
        if answer is None or answer.value is None:
            raise EventRefused(f"value：看不懂这个回答（{question}）")
        body = {"question": question, "value": answer.value}
        return replace(event, body=body if answer.minor is None else {**body, "minor": answer.minor})
