"""What a role may see and change of tags (RULEBOOK §8), as the catalogue of tags says."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.tags import Held
from bot.services import roles, uses
from handlers.commands.spec import Asked, Misused

ANY_VALUE = ""
"""Stands for a value nobody keeps more closely than its path."""


def _highest(asked: Asked) -> str:
    held = roles.held(asked.uow, asked.actor, asked.now)
    return held[-1] if held else ""


def sees(asked: Asked, path: str, value: str = ANY_VALUE) -> bool:
    """Whether the asker may read this tag of somebody."""
    return asked.house.catalogue.may(_highest(asked), "view", path, value)


def demand(asked: Asked, action: str, path: str, value: str | None = None) -> None:
    """Raises Misused when the asker's role does not reach so far; what is done to every value needs the most."""
    wanted = ANY_VALUE if value is None and action == "view" else value
    if not asked.house.catalogue.may(_highest(asked), action, path, wanted):
        raise Misused(asked.text("admin.closed_tag", path=path))


def visible(asked: Asked, tags: Iterable[Held]) -> list[Held]:
    """Those tags the asker may read and that are not retired, by path and value."""
    found = list(tags)
    gone = uses.retired(asked.uow, {held.tag.path for held in found}, asked.house.rules(asked.uow), asked.now)
    allowed = [one for one in found if one.tag.path not in gone and sees(asked, one.tag.path, one.tag.value)]
    return sorted(allowed, key=lambda held: (held.tag.path, held.tag.value))


def known_path(asked: Asked, words: str) -> str:
    """The catalogue's path that the words mean. Raises Misused for a tag nobody knows."""
    path = asked.house.catalogue.find(words)
    if path is None:
        raise Misused(asked.text("admin.no_such_tag", path=words))
    return path
