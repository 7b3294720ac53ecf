"""How many members a condition would hold for, before it becomes a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.custom_facts import measured, permitted
from bot.core.custom_tags import CustomTag
from bot.core.instants import Instant
from bot.core.world import World
from bot.services import views
from storage.unit_of_work import UnitOfWork

SHOWN = 10


def preview(uow: UnitOfWork, tag: CustomTag, world: World, at: Instant) -> Mapping[str, Any]:
    """Members, those of whom the condition holds, some of these by id; whose consent is missing counts as no."""
    everybody, found = 0, []
    for shown in views.members(uow, views.Asked(), world, at):
        everybody += 1
        facts = shown.facts
        if tag.holds is not None and permitted(tag, facts) and tag.holds(measured(tag, facts, world, facts.seen_to)):
            found.append(facts.member)
    return {"when": tag.when, "members": everybody, "count": len(found), "sample": found[:SHOWN]}
