"""A browser, or a program, beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.browser import Browser, browsing
from tests.web.shop import Shop, shop_at


@pytest.fixture
async def browser(sqlite_url: str) -> AsyncIterator[Browser]:
    async with browsing(sqlite_url) as one:
        yield one


@pytest.fixture
async def any_browser(database_url: str) -> AsyncIterator[Browser]:
    async with browsing(database_url) as one:
        yield one


@pytest.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    async with shop_at(sqlite_url) as one:
        yield one


@pytest.fixture
async def any_shop(database_url: str) -> AsyncIterator[Shop]:
    async with shop_at(database_url) as one:
        yield one
