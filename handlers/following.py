"""What a process keeps in mind of the database is brought in step at one look: words, lessons, the other accounts."""

from __future__ import annotations

from bot.services import accounts, dictionary, learning
from handlers.house import House
from storage.unit_of_work import UnitOfWork

STAMPS = (learning.IN_FORCE, dictionary.VERSION, accounts.STAMP)


def follow(uow: UnitOfWork, house: House) -> bool:
    """Learn what others have changed since the last look; whether texts are read differently now."""
    stamps = uow.deployment.get_many(STAMPS)
    if house.siblings.follow(uow, stamps.get(accounts.STAMP), house.status.account, house.now()):
        house.siblings.tell(house.chat)
        house.refresh()  # of deaf time too the others may have told
    lessons = house.lessons.follow(uow, stamps.get(learning.IN_FORCE))
    return house.dictionary.follow(uow, stamps.get(dictionary.VERSION)) or lessons
