"""What was heard of late: to drop repeats, to know whose message was taken back, and to find what is quoted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

_KEPT_TEXT = 60


@dataclass(frozen=True, slots=True)
class Remembered:
    """One message heard; `opening` is the beginning of its text, kept in memory only."""

    group: str | None
    sender: str
    opening: str


class Recent:
    """The last `keep` messages by id. It outlives a connection: a gateway may repeat messages after a reconnect."""

    def __init__(self, keep: int = 20_000) -> None:
        self._keep = keep
        self._by_id: OrderedDict[str, Remembered] = OrderedDict()
        self._by_text: dict[tuple[str | None, str], str] = {}

    def __contains__(self, message: str) -> bool:
        return message in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, message: str, group: str | None, sender: str, text: str) -> None:
        remembered = Remembered(group, sender, text[:_KEPT_TEXT])
        self._by_id[message] = remembered
        if text:
            self._by_text[group, remembered.opening] = message
        if len(self._by_id) > self._keep:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        message, old = self._by_id.popitem(last=False)
        if self._by_text.get((old.group, old.opening)) == message:
            del self._by_text[old.group, old.opening]

    def get(self, message: str) -> Remembered | None:
        return self._by_id.get(message)

    def quoted(self, group: str | None, text: str) -> str | None:
        """The id of the latest message in `group` that opens like the quoted `text`, or None."""
        return self._by_text.get((group, text[:_KEPT_TEXT])) if text else None
