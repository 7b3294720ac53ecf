"""Groups in which several accounts sit: what one has told already is not told again by another.

The ids of messages differ from account to account, so what points to a message is made to point to the one in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.instants import Instant
from bot.ports import FriendHeard, Heard, MessageHeard, WithdrawHeard
from bot.services import accounts, hearings, people
from bot.services.hearings import Words
from bot.services.intake import Prepared
from handlers.house import House
from storage.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Said:
    """A message with the event it became."""

    heard: MessageHeard
    prepared: Prepared


def once(uow: UnitOfWork, house: House, batch: Sequence[Said | Heard]) -> Sequence[Said | Heard]:
    """The batch without what another account has told, and without what our accounts say themselves."""
    siblings, account = house.siblings, house.status.account
    said = [item for item in batch if isinstance(item, Said)]
    if said:
        siblings.note_seats(uow, account, {item.heard.group for item in said}, house.now())
    if not siblings.several or account is None:
        return batch
    kept = [item for item in batch if _is_news(uow, house, item)]
    _point_to_the_log(uow, [item for item in kept if isinstance(item, Said)])
    told = hearings.heard_before(uow, account, list(_words(house, kept)))
    return [item for item in kept if not isinstance(item, Said) or item.heard.id not in told]


def _is_news(uow: UnitOfWork, house: House, item: Said | Heard) -> bool:
    return not isinstance(item, Said) or house.siblings.without_ours(item.heard) is not None


def _words(house: House, batch: Iterable[Said | Heard]) -> Iterable[Words]:
    for item in batch:
        if isinstance(item, Said) and item.heard.group in house.siblings.shared:
            heard = item.heard
            assert heard.group is not None
            yield Words(heard.id, heard.at, heard.group, heard.sender.id, f"{heard.kind} {heard.whole or heard.text}")


def _point_to_the_log(uow: UnitOfWork, said: Sequence[Said]) -> None:
    """A quoted message is known to the log by the id of who heard it first."""
    quoting = {item.heard.reply_to: item for item in said if item.heard.reply_to is not None}
    events = uow.hearings.events(quoting)
    for quoted, event in events.items():
        quoting[quoted].prepared.event.body["reply_to"] = event


def news(uow: UnitOfWork, house: House, heard: Heard) -> Heard | None:
    """What is new of one thing that is no message, None when nothing is."""
    if not house.siblings.several:
        return heard
    told = house.siblings.without_ours(heard)
    match told:
        case WithdrawHeard():
            event = uow.hearings.events([told.message]).get(told.message)
            return told if event is None else replace(told, message=event)
        case FriendHeard(is_friend=False) if house.status.account is not None:
            elsewhere = uow.accounts.unfriend(house.status.account, told.person.id)
            return None if elsewhere else told
    return told


def note_friends(uow: UnitOfWork, house: House, members: Iterable[str], at: Instant) -> None:
    """Who has a direct chat with this account, and was heard there now; not who asked to be forgotten."""
    known = set(members)
    if house.status.account is not None:
        uow.accounts.befriend(house.status.account, sorted(known - people.barred(uow, known)), at)


def enter(uow: UnitOfWork, house: House, groups: Iterable[str], at: Instant) -> None:
    """The account finds itself in these groups."""
    if house.status.account is not None:
        accounts.sit(uow, house.status.account, groups, at)
