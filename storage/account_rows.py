"""Rows about the deployment's accounts, as named tuples in the order of their columns."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class AccountRow(NamedTuple):
    account: str
    name: str
    owner: str
    since: Instant
    alive_at: Instant
    state: str = "up"
    reason: str = ""


class FriendshipRow(NamedTuple):
    member: str
    account: str
    spoke_at: Instant
