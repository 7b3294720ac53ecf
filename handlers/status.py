"""How the running bot is doing, in numbers: what `/healthz`, `/metrics` and `#看板` show besides the database.

Only this process is counted, from its start on; nothing here is a decision's ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.core.instants import SECOND, Instant
from bot.ports import ConnectionHeard


@dataclass(slots=True)
class Status:
    """connected: the account can hear, since `since`; `reason` is why it cannot. lag: seconds from said to kept.

    behind: what waited to be dealt with when the latest batch was taken.
    sends: by (kind, what became of it). echoes_missing: messages that the gateway took and that never appeared.
    """

    connected: bool = False
    account: str | None = None
    since: Instant | None = None
    reason: str = ""
    messages: int = 0
    behind: int = 0
    lag_total: float = 0.0
    lag_last: float = 0.0
    last_message_at: Instant | None = None
    sends: Counter[tuple[str, str]] = field(default_factory=Counter)
    echoes_missing: int = 0

    @property
    def lost(self) -> bool:
        """Whether it is known that the account cannot hear, or be heard."""
        return self.since is not None and not self.connected

    def connection(self, heard: ConnectionHeard) -> None:
        """Keep what was last told of the connection."""
        up = heard.state == "up"
        if up != self.connected or self.since is None:
            self.since = heard.at
        self.connected, self.reason = up, heard.reason
        self.account = heard.account or self.account

    def took(self, said_at: Iterable[Instant], now: Instant) -> None:
        """Messages said at these instants are dealt with now; clocks that disagree make no negative lag."""
        for at in said_at:
            self.messages += 1
            self.lag_last = max(0, now - at) / SECOND
            self.lag_total += self.lag_last
            self.last_message_at = max(at, self.last_message_at or at)
