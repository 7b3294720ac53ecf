"""Stories are told on both kinds of database where that can make a difference."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sim import GroupSim, group_sim


@pytest.fixture
async def sim(sqlite_url: str) -> AsyncIterator[GroupSim]:
    """A bot that runs, in no group yet."""
    async with group_sim(sqlite_url) as running:
        yield running


@pytest.fixture
async def any_sim(database_url: str) -> AsyncIterator[GroupSim]:
    """The same on both kinds of database."""
    async with group_sim(database_url) as running:
        yield running
