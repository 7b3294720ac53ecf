"""Whether the reason for a message still stands when it is about to be sent. Each kind has its own question."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.instants import Instant
from bot.services.audience import Audience, audience_of
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

Question = Callable[[UnitOfWork, OutboxRow, Audience], str | None]
IDENTITY, DISPUTED = "特殊身份/身份", "争议用户"
OF_STANDING = ("warning", "restriction")


def why_not(uow: UnitOfWork, row: OutboxRow, now: Instant) -> str | None:
    """Why a message should not be said any more, None while its reason stands."""
    question = QUESTIONS.get(row.kind)
    if row.reply or question is None or row.member is None:
        return None
    if row.kind == "welcome":
        return _welcome(uow, row, now)
    return question(uow, row, audience_of(uow, [row.member], now)[row.member])


def _anybody(whom: Audience) -> str | None:
    if whom.exempt:
        return "已设免打扰"
    return "已退出所有群" if whom.left else None


def _welcome(uow: UnitOfWork, row: OutboxRow, now: Instant) -> str | None:
    """Somebody whom it greets is still there."""
    return None if greeted(uow, row, now) else "新人已退群"


def greeted(uow: UnitOfWork, row: OutboxRow, now: Instant) -> list[str]:
    """Those of a welcome who are still there to be greeted."""
    people = audience_of(uow, [member for _, member, _ in row.cause["joins"]], now)
    return [member for member, whom in people.items() if row.to_id in whom.groups and not whom.exempt]


def awaits_friendship(uow: UnitOfWork, row: OutboxRow) -> bool:
    """Whether a word on someone's standing has no direct chat to go to yet."""
    known = uow.members.get(row.to_id)
    return row.kind in OF_STANDING and not (known is not None and known.is_friend)


def _push(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    if not whom.marketing:
        return "没有推送授权"
    if not whom.friend:
        return "已不是好友"
    return "未成年" if whom.minor else _anybody(whom)


def _gift(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    """It is for somebody who has said nothing; what he answered in the questionnaire is no such word."""
    known = uow.members.get(whom.member)
    last = known.last_interaction if known is not None else None
    return "已经开口" if last is not None and last > row.cause.get("at", last) else _push(uow, row, whom)


def _stage(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    known = uow.members.get(whom.member)
    if known is None or known.stage != row.cause.get("stage"):
        return "阶段已变化"
    return _push(uow, row, whom)


def _warning(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    tags = uow.tags.of_members([whom.member]).get(whom.member, [])
    if not any(tag.path == IDENTITY and tag.value == DISPUTED for tag in tags):
        return "争议已解除"
    return "已删除" if uow.members.get(whom.member) is None else _anybody(whom)


def _invitation(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    if whom.friend:
        return "已是好友"
    return _anybody(whom) if row.to_id in whom.groups else "已退群"


def _nothing(uow: UnitOfWork, row: OutboxRow, whom: Audience) -> str | None:
    return None


QUESTIONS: dict[str, Question] = {
    "welcome": _nothing,
    "newcomer_gift": _gift,
    "recall": _stage,
    "campaign": _push,
    "reactivation": _stage,
    "growth": _stage,
    "level_opening": _stage,
    "warning": _warning,
    "restriction": _warning,
    "friend_invite": _invitation,
}
