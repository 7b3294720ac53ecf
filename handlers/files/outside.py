"""Facts from outside the house: one JSON record to one event, its answers put into the questionnaire's own words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import orjson

from bot.core.answers import read_answer
from bot.core.event_fields import shown
from bot.core.events import PROTECTED_TAG, Event, EventRefused, parse_event
from bot.core.instants import to_datetime
from bot.core.rules.catalogue import OFFICES
from bot.services import protected
from config.sensitive import category_of
from handlers.house import House

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
    """Reads records from outside by the deployment's answer tables and catalogue of tags."""

    def __init__(self, house: House) -> None:
        self._house, self._tables = house, house.onboarding.questionnaire.tables

    def event(self, record: object) -> Event:
        """The event of a record, ready to be taken in. Raises EventRefused."""
        event = parse_event(record)
        if event.type == "tag":
            return self._tag(event)
        return self._answer(event) if event.type == "answer" else event

    def _tag(self, event: Event) -> Event:
        """Another system gives no value that the catalogue does not know, and no office.

        A tag about sensitive personal information becomes a fact that counts under its own separate consent alone.
        """
        path, value = event.body["path"], event.body["value"]
        entry = self._house.catalogue.get(path)
        if entry is not None and entry.values and value not in entry.values:
            raise EventRefused(f"value={shown(value)} 不是 {path} 的取值（{'、'.join(entry.values)}）")
        if (path, value) in OFFICES:
            raise EventRefused(f"value={value} 只由任命（grant）得来")
        touched = self._house.catalogue.screened(path, value)
        return event if touched is None else self._protected(event, touched)

    def _protected(self, event: Event, touched: str) -> Event:
        category = category_of(touched)
        if not self._house.database.read(lambda uow: protected.recorded(uow, [category])):
            told = "不收这样的标签，除非运营总监记录用途并且本人单独同意（sensitive）"
            raise EventRefused(f"path/value 涉及敏感个人信息：{touched}，{told}")
        return replace(event, type=PROTECTED_TAG, body={**event.body, "protected": category})

    def _answer(self, event: Event) -> Event:
        """An answer in its canonical value. Of a child under 14 only that is said; the intake keeps nothing of it."""
        question, said = event.body["question"], event.body["value"]
        answer = read_answer(question, said, self._tables, to_datetime(event.at, self._house.zone).date())
        if answer is not None and answer.minor == UNDER_14:
            return replace(event, body={"question": question, "minor": UNDER_14})
        if answer is None or answer.value is None:
            raise EventRefused(f"value：看不懂这个回答（{question}）")
        body = {"question": question, "value": answer.value}
        return replace(event, body=body if answer.minor is None else {**body, "minor": answer.minor})
