"""How each type of event changes a member's facts: `absorb` chooses the one function that knows the type.

Nothing is judged here: rules, stages and plans come afterwards (bot.core.fold).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core import acts, records, whereabouts
from bot.core.entry import Entry
from bot.core.events import PROTECTED_TAG
from bot.core.facts import KEPT_DAYS, Facts
from bot.core.instants import DAY
from bot.core.world import World

FIRST_SEEN = frozenset({"join", "message", "click", "view", "order", "checkin", "location", "answer"})
"""The earliest of these is the member's joined_at, inferred unless it is a join."""
INTERACTIONS = frozenset({"click", "view", "order", "checkin", "location", "answer"})
CONSENT_NEEDED = {
    "answer": ("profile",),
    "introduction": ("profile",),
    "location": ("province", "city", "precise_location"),
    "device": ("device",),
    "in_province": ("province",),
    "in_city": ("city",),
    "in_fence": ("precise_location",),
    PROTECTED_TAG: (records.SENSITIVE,),
}
"""Facts that count only under a consent for one of these purposes."""
Step = Callable[[Facts, Entry, World], None]


def allowed(facts: Facts, entry: Entry) -> bool:
    """Whether a consent for the entry's purpose holds at its time."""
    needed = CONSENT_NEEDED.get(entry.type)
    return needed is None or any(purpose in facts.consents_of(entry.origin) for purpose in needed)


def is_interaction(facts: Facts, entry: Entry) -> bool:
    """RULEBOOK §0 互动, facts without their consent left out."""
    if entry.type == "message":
        return entry.valid
    return entry.type in INTERACTIONS and allowed(facts, entry)


def absorb(facts: Facts, entry: Entry, world: World) -> None:
    """Take one entry in; entries come in `Entry.order`."""
    if not allowed(facts, entry):
        return
    facts.stirred, facts.struck = True, None
    if entry.group is not None and entry.type != "leave":
        facts.groups.setdefault(entry.group, True)
        facts.group_since.setdefault(entry.group, entry.at)
    if facts.joined_at is None and entry.type in FIRST_SEEN:
        facts.joined_at, facts.inferred = entry.at, entry.type != "join"
    step = STEPS.get(entry.type)
    if step is not None:
        step(facts, entry, world)
    if entry.type in INTERACTIONS and entry.type != "checkin":
        facts.touched = entry.at
        acts.forget_speech(facts, entry.at - KEPT_DAYS * DAY, world)


def _join(facts: Facts, entry: Entry, world: World) -> None:
    facts.name = entry.body.get("name") or facts.name
    if entry.group is not None:
        facts.groups[entry.group] = True
    if facts.joined_at == entry.at and facts.join_group is None and not facts.inferred:
        facts.join_group = entry.group or ""
        if "behaviour" not in facts.refused:
            facts.inviter, facts.channel = entry.body.get("inviter"), entry.body.get("channel", "未知")


def _leave(facts: Facts, entry: Entry, world: World) -> None:
    if entry.group is not None:
        facts.groups[entry.group] = False


STEPS: Mapping[str, Step] = {
    "join": _join,
    "leave": _leave,
    "message": acts.message,
    "withdraw": acts.withdraw,
    "click": acts.click,
    "view": acts.view,
    "order": acts.order,
    "refund": acts.refund,
    "promotion": acts.promotion,
    "checkin": acts.checkin,
    "answer": records.answer,
    "introduction": records.introduction,
    "consent": records.consent,
    "friend": records.friend,
    "followers": records.followers,
    "grant": records.grant,
    "revoke": records.revoke,
    "pin": records.pin,
    "tag": records.pin,
    PROTECTED_TAG: records.pin,
    "unpin": records.unpin,
    "delivered": records.delivered,
    "clear": records.clear,
    "remove": records.clear,
    "appeal": records.appeal,
    "exempt": records.exempt,
    "device": whereabouts.device,
    "in_province": whereabouts.in_province,
    "in_city": whereabouts.in_city,
    "in_fence": whereabouts.in_fence,
    "tie": whereabouts.tie,
    "word": acts.word,
}
