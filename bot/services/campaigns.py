"""Standing campaigns: at each evaluation, who meets a condition and was not told within its repeat (RULEBOOK §9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.core.campaigns import Campaign, Campaigns
from bot.core.instants import DAY, Instant
from bot.core.journal import Plan
from bot.services.attaching import NAME
from storage.unit_of_work import UnitOfWork

KIND = "campaign"
NOT_TOLD = ("cancelled", "expired")
Told = dict[tuple[str, str], Instant]
"""When each member was last told of each campaign."""


def told(uow: UnitOfWork) -> Told:
    last: Told = {}
    after = 0
    while rows := uow.outbox.page(kind=KIND, after_id=after):
        after = rows[-1].id
        for row in rows:
            if "campaign" in row.cause and row.member is not None and row.status not in NOT_TOLD:
                key = (row.cause["campaign"], row.member)
                last[key] = max(row.cause["at"], last.get(key, 0))
    return last


def plans(uow: UnitOfWork, members: Sequence[str], campaigns: Campaigns, last: Told, at: Instant) -> list[Plan]:
    """What these members are to be told at an evaluation."""
    tags = uow.tags.of_members(members)
    held = {member: [(tag.path, tag.value) for tag in tags.get(member, ())] for member in members}
    return [plan for one in campaigns.standing for plan in _of(one, held.items(), last, at)]


def _of(
    campaign: Campaign, held: Iterable[tuple[str, list[tuple[str, str]]]], last: Told, at: Instant
) -> Iterator[Plan]:
    detail = {"text": campaign.text, "campaign": campaign.name}
    if campaign.pool is not None:
        detail["pool"] = campaign.pool
    if campaign.attachment is not None:
        detail[NAME] = campaign.attachment
    for member, tags in held:
        before = last.get((campaign.name, member))
        if (before is None or before <= at - campaign.repeat_days * DAY) and campaign.condition.test(tags):
            yield Plan(at, KIND, member, f"campaign:{campaign.name}:{member}:{at}", None, detail)
