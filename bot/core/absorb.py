"""How each type of event changes a member's facts. One function a type; `absorb` chooses it.

Nothing is judged here: rules, stages and plans come afterwards (bot.core.fold).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable

from bot.core import standing
from bot.core.entry import Entry
from bot.core.facts import KEPT_DAYS, Attribute, Facts, Order, Pin, Term
from bot.core.instants import DAY, MINUTE, MONTH, SECOND, Instant, local_day
from bot.core.world import World

FIRST_SEEN = frozenset({"join", "message", "click", "view", "order", "checkin", "location", "answer"})
"""The earliest of these is the member's joined_at, inferred unless it is a join."""
INTERACTIONS = frozenset({"click", "view", "order", "checkin", "location", "answer"})
CONSENT_NEEDED = {"answer": ("profile",), "introduction": ("profile",), "location": ("province", "city", "precise_location")}
"""Facts that count only under a consent for one of these purposes."""
ATTRIBUTE_PURPOSE = "profile"
REFUSABLE = frozenset({"behaviour", "spending"})
"""Purposes that rest on notice given: they hold until refused."""


def allowed(facts: Facts, entry: Entry) -> bool:
    """Whether a consent for the entry's purpose holds at its time."""
    needed = CONSENT_NEEDED.get(entry.type)
    return needed is None or any(purpose in facts.consents for purpose in needed)


def is_interaction(facts: Facts, entry: Entry) -> bool:
    """RULEBOOK §0 互动, refused facts left out."""
    if entry.type == "message":
        return entry.valid
    return entry.type in INTERACTIONS and allowed(facts, entry)


def absorb(facts: Facts, entry: Entry, world: World) -> None:
    """Take one entry in; entries come in `Entry.order`."""
    if not allowed(facts, entry):
        return
    if entry.group is not None and entry.type != "leave":
        facts.groups.setdefault(entry.group, True)
    if facts.joined_at is None and entry.type in FIRST_SEEN:
        facts.joined_at, facts.inferred = entry.at, entry.type != "join"
    step = STEPS.get(entry.type)
    if step is not None:
        step(facts, entry, world)
    if entry.type in INTERACTIONS:
        _touch(facts, entry.at, world)


def _touch(facts: Facts, at: Instant, world: World) -> None:
    insort(facts.other, at)
    _forget(facts, at, world)


def _forget(facts: Facts, at: Instant, world: World) -> None:
    """Sum up what lies more than KEPT_DAYS before the newest interaction."""
    bar = at - KEPT_DAYS * DAY
    dropped = [facts.earlier, facts.speech.forget_before(local_day(bar, world.zone))]
    while facts.other and facts.other[0] < bar:
        dropped.append(facts.other.pop(0))
    facts.earlier = max((seen for seen in dropped if seen is not None), default=None)
    for kept in (facts.clicks, facts.checkins):
        while kept and (kept[0][0] if isinstance(kept[0], tuple) else kept[0]) < bar:
            kept.pop(0)


def _join(facts: Facts, entry: Entry, world: World) -> None:
    facts.name = entry.body.get("name") or facts.name
    if entry.group is not None:
        facts.groups[entry.group] = True
    if facts.joined_at == entry.at and facts.join_group is None and not facts.inferred:
        facts.join_group = entry.group or ""
        facts.inviter, facts.channel = entry.body.get("inviter"), entry.body.get("channel", "未知")


def _leave(facts: Facts, entry: Entry, world: World) -> None:
    if entry.group is not None:
        facts.groups[entry.group] = False


def _message(facts: Facts, entry: Entry, world: World) -> None:
    facts.spoke = True
    facts.name = entry.body.get("name") or facts.name
    if entry.group is not None:
        facts.groups[entry.group] = True
    if entry.id in facts.unsaid:
        facts.unsaid.remove(entry.id)
        return
    if entry.valid:
        quality = 0.0 if facts.standing.restricted else entry.quality
        facts.speech.add(entry.at, quality, world.zone)
        if len(facts.speech.days) > KEPT_DAYS:
            _forget(facts, entry.at, world)


def _withdraw(facts: Facts, entry: Entry, world: World) -> None:
    said_at = entry.body.get("message_at")
    if said_at is None or entry.body.get("message_by") != facts.member:
        return
    if said_at > entry.at:
        facts.unsaid.append(entry.body["message"])
    elif entry.body.get("message_valid"):
        if not facts.speech.take_back(said_at, entry.body["message_quality"], world.zone):
            facts.speech.take_back(said_at, 0.0, world.zone)  # said while restricted


def _click(facts: Facts, entry: Entry, world: World) -> None:
    """Click weight = depth × dwell in minutes, dwell capped (RULEBOOK §2)."""
    rules = world.version(entry.at).rules.activity
    minutes = min(entry.body.get("dwell_s", 0.0) * SECOND / MINUTE, rules.dwell_cap_minutes)
    insort(facts.clicks, (entry.at, entry.body.get("depth", 1.0) * minutes))


def _order(facts: Facts, entry: Entry, world: World) -> None:
    """The first order of an id stands; a second one with the same id is not another purchase."""
    key = entry.body["order"]
    if key not in facts.orders:
        facts.orders[key] = Order(entry.at, entry.body["amount_yuan"], key in facts.refunds)


def _refund(facts: Facts, entry: Entry, world: World) -> None:
    key = entry.body["order"]
    if key in facts.orders:
        facts.orders[key].refunded = True
    elif key not in facts.refunds:
        facts.refunds.append(key)


def _promotion(facts: Facts, entry: Entry, world: World) -> None:
    facts.promotions[0] += 1
    facts.promotions[1] += entry.body["responded"]


def _checkin(facts: Facts, entry: Entry, world: World) -> None:
    insort(facts.checkins, entry.at)


def _answer(facts: Facts, entry: Entry, world: World) -> None:
    facts.attributes[entry.body["question"]] = Attribute(entry.body["value"], "survey", entry.at)


def _introduction(facts: Facts, entry: Entry, world: World) -> None:
    """A self-introduction fills in what no questionnaire answer says."""
    known = facts.attributes.get(entry.body["question"])
    if known is None or known.source != "survey":
        facts.attributes[entry.body["question"]] = Attribute(entry.body["value"], "model", entry.at)


def _consent(facts: Facts, entry: Entry, world: World) -> None:
    """Withdrawal ends the purpose and erases its facts; a later consent does not revive them."""
    for purpose in entry.body["purposes"]:
        if entry.body["granted"]:
            facts.consents.setdefault(purpose, entry.at)
            if purpose in facts.refused:
                facts.refused.remove(purpose)
        else:
            facts.consents.pop(purpose, None)
            if purpose == ATTRIBUTE_PURPOSE:
                facts.attributes.clear()
            if purpose in REFUSABLE and purpose not in facts.refused:
                facts.refused.append(purpose)


def _friend(facts: Facts, entry: Entry, world: World) -> None:
    facts.friend = entry.body["is_friend"]


def _followers(facts: Facts, entry: Entry, world: World) -> None:
    facts.followers = entry.body["count"]


def _grant(facts: Facts, entry: Entry, world: World) -> None:
    role = entry.body["role"]
    rules = world.version(entry.at).rules.identity
    months = entry.body.get("months", rules.term_months if role == "管理员" else None)
    until = None if months is None else entry.at + months * MONTH
    facts.terms[role] = Term(entry.at, until, entry.body.get("by"))


def _revoke(facts: Facts, entry: Entry, world: World) -> None:
    facts.terms.pop(entry.body["role"], None)


def _pin(facts: Facts, entry: Entry, world: World) -> None:
    body = entry.body
    author = body.get("by") or body.get("system", "")
    source = "manual" if entry.type == "pin" else "import"
    pin = Pin(body["value"], body.get("weight", 1.0), entry.at, author, body.get("expires"), source)
    kept = [old for old in facts.pins.get(body["path"], []) if old.value != pin.value]
    facts.pins[body["path"]] = [*kept, pin]
    if pin.value in facts.removed.get(body["path"], []):
        facts.removed[body["path"]].remove(pin.value)


def _unpin(facts: Facts, entry: Entry, world: World) -> None:
    """去标 takes the pins away and keeps the rule from giving the same value again."""
    path, value = entry.body["path"], entry.body.get("value")
    gone = [pin.value for pin in facts.pins.get(path, [])] + [held for at, held in facts.tags if at == path]
    gone = [name for name in gone if value in (None, name)] or ([value] if value else [])
    facts.pins[path] = [pin for pin in facts.pins.get(path, []) if pin.value not in gone]
    facts.removed[path] = sorted({*facts.removed.get(path, []), *gone})


def _delivered(facts: Facts, entry: Entry, world: World) -> None:
    standing.delivered(facts.standing, entry.at, entry.body["dedupe_key"])


def _clear(facts: Facts, entry: Entry, world: World) -> None:
    standing.close(facts.standing, entry.at)


def _appeal(facts: Facts, entry: Entry, world: World) -> None:
    standing.appeal(facts.standing)


def _exempt(facts: Facts, entry: Entry, world: World) -> None:
    facts.exempt = entry.body["exempt"]


STEPS: dict[str, Callable[[Facts, Entry, World], None]] = {
    "join": _join,
    "leave": _leave,
    "message": _message,
    "withdraw": _withdraw,
    "click": _click,
    "order": _order,
    "refund": _refund,
    "promotion": _promotion,
    "checkin": _checkin,
    "answer": _answer,
    "introduction": _introduction,
    "consent": _consent,
    "friend": _friend,
    "followers": _followers,
    "grant": _grant,
    "revoke": _revoke,
    "pin": _pin,
    "tag": _pin,
    "unpin": _unpin,
    "delivered": _delivered,
    "clear": _clear,
    "remove": _clear,
    "appeal": _appeal,
    "exempt": _exempt,
}
