"""Rooms to talk in."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.handlers.room import Room


@pytest.fixture
def room(sqlite_database: Database) -> Room:
    """A group and the bot in it, auto mode."""
    return Room(sqlite_database)


@pytest.fixture
def any_room(database: Database) -> Room:
    """The same on both kinds of database."""
    return Room(database)
