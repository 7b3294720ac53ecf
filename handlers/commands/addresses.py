"""Where a person finds a page of his own: an address that opens once it has been sent, for him alone."""

from __future__ import annotations

from bot.core.instants import HOUR, MINUTE
from bot.services import passes, people
from bot.services.passes import MARK, Line
from config.messages import Block
from handlers.commands.spec import Asked


def own_page(asked: Asked, purpose: str) -> Line | None:
    """The line that names a member's page; none without a public address, and none for who asked to be forgotten."""
    house = asked.house
    if house.settings.public_url is None or people.barred(asked.uow, {asked.actor}):
        return None
    hours = house.settings.page_hours
    address = f"{house.settings.public_url}/{purpose}/{MARK}"
    return Line(asked.text(f"command.page_{purpose}", address=Block(address), hours=hours), purpose, hours * HOUR)


def login_page(asked: Asked) -> Line | None:
    """The line that names the dashboard; without a public address it can be opened at the machine alone."""
    base = asked.house.pages_at
    if base is None:
        return None
    minutes = asked.house.settings.login_minutes
    address = f"{base}/{passes.LOGIN}/{MARK}"
    text = asked.text("admin.board_page", address=Block(address), minutes=minutes)
    return Line(text, passes.LOGIN, minutes * MINUTE)
