"""What people said messages and links are about, as the log has it."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, select

from storage.memory import recall
from storage.repositories.events import EVENTS

_LABELS = select(EVENTS.c.body).where(EVENTS.c.type == "label").order_by(EVENTS.c.at, EVENTS.c.id)


class Labels:
    """The labels in table events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def topics(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The topics that people gave, by message id and by link: of two for the same item the later stands."""
        return recall(self._connection, EVENTS, "labels", self._read, lasting=True)

    def _read(self) -> tuple[dict[str, str], dict[str, str]]:
        said = [orjson.loads(body) for body in self._connection.scalars(_LABELS)]
        messages = {body["message"]: body["topic"] for body in said if "message" in body}
        return messages, {body["link"]: body["topic"] for body in said if "link" in body}
