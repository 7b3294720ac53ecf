"""What a member does, as it enters the facts: speaking and taking back, clicking, viewing, buying, checking in."""

from __future__ import annotations

from bisect import bisect_left, insort

from bot.core.content import evaluation_day, names_of
from bot.core.entry import Entry
from bot.core.facts import KEPT_DAYS, Facts
from bot.core.instants import DAY, MINUTE, SECOND, Instant, local_day
from bot.core.particulars import Order
from bot.core.world import World

WORD_DAYS = 90
"""How long the use of an adopted word counts."""


def forget_speech(facts: Facts, before: Instant, world: World) -> None:
    dropped = facts.speech.forget_before(local_day(before, world.zone))
    if dropped is not None:
        facts.earlier = max(dropped, facts.earlier or dropped)


def message(facts: Facts, entry: Entry, world: World) -> None:
    facts.first_said = entry.at if facts.first_said is None else facts.first_said
    facts.name = entry.body.get("name") or facts.name
    if entry.group is not None:
        facts.groups[entry.group] = True
    if entry.id in facts.unsaid:
        facts.unsaid.remove(entry.id)
        return
    if entry.valid:
        _speak(facts, entry, world)
    if not entry.verdict:
        _count_content(facts, entry, world)


def _speak(facts: Facts, entry: Entry, world: World) -> None:
    """A restricted member's messages earn nothing. The newest may yet be taken back, so it drops nothing itself."""
    quality = 0.0 if facts.standing.restricted else entry.quality
    before = facts.speech.last_at
    facts.speech.add(entry.at, quality, world.zone)
    if quality >= world.version(entry.at).rules.identity.review_quality:
        facts.last_fine = entry.at
    if before is not None and len(facts.speech.days) > KEPT_DAYS:
        forget_speech(facts, before - KEPT_DAYS * DAY, world)


def _count_content(facts: Facts, entry: Entry, world: World) -> None:
    """Also what earns nothing as speech, such as a picture without words; adverts and floods tell of no liking."""
    if "behaviour" not in facts.refused:
        hour = world.version(entry.at).rules.lifecycle.evaluation_hour
        names = names_of(entry.type, entry.body, entry.at, world.zone)
        facts.content.count(evaluation_day(entry.at, hour, world.zone), names)


def withdraw(facts: Facts, entry: Entry, world: World) -> None:
    said_at = entry.body.get("message_at")
    if said_at is None or entry.body.get("message_by") != facts.member:
        return
    if said_at > entry.at:
        facts.unsaid.append(entry.body["message"])
    elif said_at in facts.checkins and not entry.body.get("message_valid"):
        facts.checkins.remove(said_at)
    else:
        _unsay(facts, said_at, entry, world)


def _unsay(facts: Facts, said_at: Instant, entry: Entry, world: World) -> None:
    body = entry.body
    if body.get("message_valid"):
        _take_back_speech(facts, said_at, body["message_quality"], world)
    counted = body.get("message_valid") or body.get("message_verdict") == ""
    if counted and said_at >= facts.floors.get("behaviour", 0):
        hour = world.version(said_at).rules.lifecycle.evaluation_hour
        names = names_of("message", body.get("message_body", {}), said_at, world.zone)
        facts.content.count(evaluation_day(said_at, hour, world.zone), names, -1)


def _take_back_speech(facts: Facts, said_at: Instant, quality: float, world: World) -> None:
    if not facts.speech.take_back(said_at, quality):
        facts.speech.take_back(said_at, 0.0)  # said while restricted
    if facts.last_fine == said_at:
        bar = world.version(said_at).rules.identity.review_quality
        facts.last_fine = next(iter(facts.speech.fine(0, said_at, bar)), None)


def click(facts: Facts, entry: Entry, world: World) -> None:
    """Click weight = depth × dwell in minutes, dwell capped (RULEBOOK §2)."""
    view(facts, entry, world)
    if "behaviour" in facts.refused:
        return
    rules = world.version(entry.at).rules.activity
    minutes = min(entry.body.get("dwell_s", 0.0) * SECOND / MINUTE, rules.dwell_cap_minutes)
    facts.clicks.append((entry.at, entry.body.get("depth", 1.0) * minutes))
    bar = entry.at - KEPT_DAYS * DAY
    while facts.clicks[0][0] < bar:
        facts.clicks.pop(0)


def view(facts: Facts, entry: Entry, world: World) -> None:
    _count_content(facts, entry, world)
    price = entry.body.get("price_yuan")
    if price is not None and not facts.barred("spending"):
        facts.wants.append((entry.at, price))
        bar = entry.at - int(world.version(entry.at).rules.spending.potential_days * DAY)
        while facts.wants[0][0] <= bar:
            facts.wants.pop(0)


def order(facts: Facts, entry: Entry, world: World) -> None:
    """The first order of an id stands; a second one with the same id is not another purchase."""
    key = entry.body["order"]
    if key not in facts.orders:
        facts.orders[key] = Order(entry.at, entry.body["amount_yuan"], key in facts.refunds)


def refund(facts: Facts, entry: Entry, world: World) -> None:
    key = entry.body["order"]
    if key in facts.orders:
        facts.orders[key].refunded = True
    elif key not in facts.refunds:
        facts.refunds.append(key)


def checkin(facts: Facts, entry: Entry, world: World) -> None:
    """Days are counted from check-ins; who refused that leaves only the sign of life."""
    if "behaviour" in facts.refused:
        facts.touched = entry.at
        return
    insort(facts.checkins, entry.at)
    del facts.checkins[: bisect_left(facts.checkins, entry.at - KEPT_DAYS * DAY)]


def promotion(facts: Facts, entry: Entry, world: World) -> None:
    if "spending" not in facts.refused:
        facts.promotions[0] += 1
        facts.promotions[1] += entry.body["responded"]


def word(facts: Facts, entry: Entry, world: World) -> None:
    """A message held an adopted word (RULEBOOK §8)."""
    if "behaviour" not in facts.refused:
        used = facts.words.get(entry.body["word"], [])
        facts.words[entry.body["word"]] = [*(at for at in used if at > entry.at - WORD_DAYS * DAY), entry.at]
