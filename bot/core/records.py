"""What is put on record about a member: answers, consents, followers, appointments, pins, warnings, decisions."""

from __future__ import annotations

from bot.core import standing, whereabouts
from bot.core.content import Content
from bot.core.entry import Entry
from bot.core.facts import UNKNOWN, Facts
from bot.core.instants import DAY, MONTH
from bot.core.ladder import reached
from bot.core.particulars import Attribute, Pin, Term
from bot.core.rules import catalogue
from bot.core.tags import Source
from bot.core.world import World

REFUSABLE = frozenset({"behaviour", "spending"})
"""Purposes that rest on notice given: they hold until refused."""
SENSITIVE = "sensitive"
"""The separate consent that tags about sensitive personal information rest on (PIPL Art. 28)."""


def answer(facts: Facts, entry: Entry, world: World) -> None:
    """An answer that was erased says nothing any more, except that its author is young."""
    if entry.body["value"]:
        facts.attributes[entry.body["question"]] = Attribute(entry.body["value"], "survey", entry.at)
    _note_minor(facts, entry)


def introduction(facts: Facts, entry: Entry, world: World) -> None:
    """A self-introduction fills in what no questionnaire answer says."""
    known = facts.attributes.get(entry.body["question"])
    if known is None or known.source != "survey":
        if entry.body["value"]:
            facts.attributes[entry.body["question"]] = Attribute(entry.body["value"], "model", entry.at)
        _note_minor(facts, entry)


def _note_minor(facts: Facts, entry: Entry) -> None:
    """14–17: no spending tags. Only a word about age says so, or says otherwise."""
    if entry.body["question"] == "age":
        facts.minor = entry.body.get("minor") == "14-17"


def consent(facts: Facts, entry: Entry, world: World) -> None:
    """Withdrawal ends the purpose and erases its facts; a later consent does not revive them.

    A consent holds for the contact id that gave it; a withdrawal is meant for all that is known of the person.
    """
    for purpose in reached(entry.body["purposes"], entry.body["granted"]):
        if entry.body["granted"]:
            _grant_purpose(facts, purpose, entry)
        else:
            _withdraw_purpose(facts, purpose)


def _grant_purpose(facts: Facts, purpose: str, entry: Entry) -> None:
    given = facts.former.setdefault(entry.origin, {}) if entry.origin else facts.consents
    given.setdefault(purpose, entry.at)
    if purpose in facts.refused:
        facts.refused.remove(purpose)
        facts.floors[purpose] = entry.at


def _withdraw_purpose(facts: Facts, purpose: str) -> None:
    """Speech and purchases stay for the stages, which rest on no consent; `floors` keeps them from other tags."""
    for given in (facts.consents, *facts.former.values()):
        given.pop(purpose, None)
    whereabouts.forget(facts, purpose)
    for path in [path for path in facts.pins if purpose in catalogue.purposes(path)]:
        del facts.pins[path]
    if purpose == SENSITIVE:
        facts.pins = {path: [pin for pin in pins if not pin.protected] for path, pins in facts.pins.items()}
    if purpose in REFUSABLE and purpose not in facts.refused:
        facts.refused.append(purpose)
    if purpose == "profile":
        facts.attributes.clear()
    elif purpose == "behaviour":
        facts.touched = max((at for at in (facts.touched, *facts.checkins[-1:]) if at is not None), default=None)
        facts.inviter = facts.channel = None
        facts.clicks, facts.checkins, facts.content, facts.ties = [], [], Content(moved=True), {}
        facts.words = {}
    elif purpose == "spending":
        facts.promotions, facts.wants = [0, 0], []


def friend(facts: Facts, entry: Entry, world: World) -> None:
    facts.friend = entry.body["is_friend"]


def followers(facts: Facts, entry: Entry, world: World) -> None:
    facts.followers = entry.body["count"]


def grant(facts: Facts, entry: Entry, world: World) -> None:
    """Who is appointed as a backup (`backup` true) without a name of whom holds no office by that."""
    role = entry.body["role"]
    if entry.body.get("backup") is True:
        facts.terms.pop(role, None)
        return
    rules = world.version(entry.at).rules.identity
    months = entry.body.get("months", rules.term_months if role == "管理员" else None)
    until = None if months is None else entry.at + months * MONTH
    remind_at = None
    if role == "管理员" and until is not None:
        remind_at = until - int(rules.term_reminder_days * DAY)
    facts.terms[role] = Term(entry.at, until, entry.body.get("by"), remind_at)
    facts.due = UNKNOWN


def revoke(facts: Facts, entry: Entry, world: World) -> None:
    facts.terms.pop(entry.body["role"], None)


def pin(facts: Facts, entry: Entry, world: World) -> None:
    body = entry.body
    protected = "protected" in body
    if not body or (protected and SENSITIVE not in facts.consents_of(entry.origin)):
        return  # the consent was withdrawn, and what rested on it does not come back
    author = body.get("by") or body.get("system", "")
    source: Source = "manual" if entry.type == "pin" else "import"
    word = (body["value"], body.get("weight", 1.0), entry.at, author, body.get("expires"))
    given = Pin(*word, source, protected, entry.origin)
    kept = [old for old in facts.pins.get(body["path"], []) if old.value != given.value]
    facts.pins[body["path"]] = [*kept, given]
    if given.value in facts.removed.get(body["path"], []):
        facts.removed[body["path"]].remove(given.value)


def unpin(facts: Facts, entry: Entry, world: World) -> None:
    """去标 takes the pins away and keeps the rule from giving the same value again."""
    path, value = entry.body["path"], entry.body.get("value")
    gone = [old.value for old in facts.pins.get(path, [])] + [held for at, held in facts.tags if at == path]
    gone = [name for name in gone if value in (None, name)] or ([value] if value else [])
    facts.pins[path] = [old for old in facts.pins.get(path, []) if old.value not in gone]
    facts.removed[path] = sorted({*facts.removed.get(path, []), *gone})


def delivered(facts: Facts, entry: Entry, world: World) -> None:
    standing.delivered(facts.standing, entry.at, entry.body["dedupe_key"])


def clear(facts: Facts, entry: Entry, world: World) -> None:
    standing.close(facts.standing, entry.at)


def appeal(facts: Facts, entry: Entry, world: World) -> None:
    standing.appeal(facts.standing)


def exempt(facts: Facts, entry: Entry, world: World) -> None:
    facts.exempt = entry.body["exempt"]
