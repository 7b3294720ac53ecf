"""A member's tags, changes, stage moves and flags as table rows: the copy of the fold that lists and reports read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.rules.cohort import RANK_RULES, RANKS, has_data, is_hidden
from bot.core.tags import Held, Source, Tag, TagChange, Tags
from storage.rows import FlagRow, StageChangeRow, TagChangeRow, TagRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.tagging import Brought


def held(uow: UnitOfWork, member: str) -> Tags:
    """The tags stored for a member, as his own fold gave them."""
    rows = uow.tags.of_members([member]).get(member, [])
    return {(row.path, row.value): _held(row) for row in rows if row.rule not in RANK_RULES}


def add_ranks(uow: UnitOfWork, looked: Mapping[str, Facts]) -> None:
    """Give facts that are only looked at the ranks of the last comparison, where they still have ground."""
    for member, rows in uow.tags.of_members(looked).items():
        facts = looked[member]
        standing = {rank.rule for rank in RANKS if has_data(facts.sample, rank)}
        for row in rows:
            if row.rule in standing and not is_hidden(facts.sample, row.path, row.value):
                facts.tags[row.path, row.value] = _held(row)


def project(uow: UnitOfWork, folded: Iterable[tuple[Facts, Tags]]) -> None:
    """Make the tag table hold what the fold says, touching only what differs."""
    gains: list[TagRow] = []
    losses: list[tuple[str, str, str]] = []
    for facts, before in folded:
        gains += [_row(facts.member, tag) for key, tag in facts.tags.items() if _differ(before.get(key), tag)]
        losses += [(facts.member, *key) for key in before if key not in facts.tags]
    uow.tags.apply(gains, losses)


def _differ(before: Held | None, tag: Held) -> bool:
    """Most tags of most members are the very value that was read."""
    return before is not tag and before != tag


def write_history(uow: UnitOfWork, begun: Mapping[str, Brought], now: Instant) -> None:
    """Append what happened; for a member folded anew the corrected history takes the place of the old one."""
    for member, brought in begun.items():
        if brought.corrects:
            uow.tags.replace_changes(member, _changes(member, brought, now), spare=RANK_RULES)
            uow.stages.replace(member, _moves(member, brought))
            uow.flags.replace(member, _flags(member, brought))
    others = [(member, brought) for member, brought in begun.items() if not brought.corrects]
    uow.tags.add_changes(change for member, brought in others for change in _changes(member, brought, now))
    uow.stages.add(move for member, brought in others for move in _moves(member, brought))
    uow.flags.add(flag for member, brought in others for flag in _flags(member, brought))


def _changes(member: str, brought: Brought, now: Instant) -> list[TagChangeRow]:
    return [_change(member, change, now) for change in brought.journal.changes]


def _moves(member: str, brought: Brought) -> list[StageChangeRow]:
    return [StageChangeRow(member, m.at, m.from_stage, m.to_stage, m.because) for m in brought.journal.moves]


def _flags(member: str, brought: Brought) -> list[FlagRow]:
    return [FlagRow(member, flag.kind, flag.at, {"detail": flag.detail}) for flag in brought.journal.flags]


def _row(member: str, kept: Held) -> TagRow:
    tag = kept.tag
    facts = (tag.path, tag.value, tag.weight, tag.source, kept.since, tag.expires_at, tag.because)
    return TagRow(member, *facts, kept.rule, kept.rule_set)


def _change(member: str, change: TagChange, now: Instant) -> TagChangeRow:
    tag = change.tag
    why = (change.at, tag.because, change.rule, change.rule_set, now)
    return TagChangeRow(member, tag.path, tag.value, change.action, *why)


def _held(row: TagRow) -> Held:
    tag = Tag(row.path, row.value, row.weight, cast("Source", row.source), row.expires_at, row.because)
    return Held(tag, row.since, row.rule, row.rule_set)
