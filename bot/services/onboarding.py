"""Newcomers' conversations: begun on a join, kept in a table, one turn for each answer (RULEBOOK §0 "Consent", §1).

The pure machine (bot.core.questionnaire) decides; here its replies become outgoing rows and its facts events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.conversation import PROFILE, AnswerFact, ConsentFact, Conversation, Step, conversation_from
from bot.core.events import Event
from bot.core.instants import DAY, MINUTE, Instant
from bot.core.journal import Plan
from bot.core.questionnaire import begin as first_turn
from bot.core.questionnaire import looks_like_answer, next_due, respond
from bot.core.questionnaire import on_silence as after_silence
from bot.core.questionnaire_turns import close_child
from bot.services import consent, erasure, outreach, people
from bot.services.asking import Host, Said
from bot.services.passes import Line
from storage.rows import EMPTY, ConversationRow, OutboxRow
from storage.unit_of_work import UnitOfWork

MINOR = "under18"
"""Mark of a member of 14–17."""
TOO_OLD = 1 * DAY
"""A join that is told later than this begins no conversation."""
SKEW = 2 * MINUTE
"""How far the platform's clock may be ahead of ours."""


NOTICE, WELCOME, ASKING, REMINDER = "notice", "welcome", "questionnaire", "questionnaire_reminder"
"""Kinds of outgoing rows."""


def talking(uow: UnitOfWork, members: set[str]) -> set[str]:
    """Who of `members` has an open conversation."""
    return uow.conversations.asking(members)


def begin_for(uow: UnitOfWork, host: Host, plans: Sequence[Plan]) -> None:
    """Begin the conversations of newcomers: directly with a friend; in a group the welcome itself asks the first
    question, so that a crowd of joins is asked once."""
    for plan in plans:
        if plan.kind == "welcome" and host.now() - plan.at < TOO_OLD and uow.conversations.get(plan.member) is None:
            _begin(uow, host, plan)


def _begin(uow: UnitOfWork, host: Host, plan: Plan) -> None:
    if consent.holds(uow, plan.member, PROFILE, plan.at):
        return
    known = uow.members.get(plan.member)
    direct = known is not None and known.is_friend
    step = first_turn(host.onboarding.questionnaire, plan.at, direct)
    _keep(uow, host, plan.member, None if direct else plan.group, step.conversation)
    if direct:
        text = host.messages.joined(step.replies)
        _say_unasked(uow, host, f"questionnaire:{plan.member}:{plan.at}", ASKING, "direct", plan.member, text)


def is_answer(uow: UnitOfWork, host: Host, said: Said, addressed: bool) -> bool:
    """Whether the words are meant for the member's open conversation. To a question nobody saw only somebody who
    addresses the bot can mean to reply."""
    row = uow.conversations.get(said.member)
    if row is None or row.status != "asking":
        return False
    here = conversation_from(row.state)
    if not looks_like_answer(here, said.text, host.onboarding.questionnaire, addressed):
        return False
    return addressed or _was_asked(uow, row, here)


def hear(uow: UnitOfWork, host: Host, said: Said) -> list[Event]:
    """One turn: the words go to the open conversation (none: nothing happens). Returns the facts to record."""
    row = uow.conversations.get(said.member)
    if row is None or row.status != "asking":
        return []
    here, questionnaire = conversation_from(row.state), host.onboarding.questionnaire
    if not _was_asked(uow, row, here):
        return _carry_out(uow, host, said, first_turn(questionnaire, said.at, said.group is None))
    return _carry_out(uow, host, said, respond(here, said.text, said.at, questionnaire))


def _was_asked(uow: UnitOfWork, row: ConversationRow, here: Conversation) -> bool:
    """Whether notice and consent question have gone out: a 同意 to what was never read agrees to nothing."""
    if here.step != PROFILE:
        return True
    since = here.asked_at - SKEW
    place = ("direct", row.member) if row.group_id is None else ("group", row.group_id)
    welcomed = row.group_id is not None and uow.outbox.sent_since(since, to=place, kinds=(WELCOME,)) > 0
    return welcomed or uow.outbox.sent_since(since, member=row.member, kinds=(ASKING,)) > 0


def start(uow: UnitOfWork, host: Host, said: Said, page: Line | None = None) -> list[Event]:
    """问卷: from the first question, whatever was before; what is known stays until it is answered anew.

    page: where the questions may be answered besides; told with the first one.
    """
    if uow.conversations.asking({said.member}):
        return hear(uow, host, said)
    if people.is_child(uow, said.member):
        return _carry_out(uow, host, said, close_child())
    consented = consent.holds(uow, said.member, PROFILE, said.at)
    known = uow.members.get(said.member)
    minor = "14-17" if known is not None and known.minor == MINOR else None
    direct = said.group is None
    step = first_turn(host.onboarding.questionnaire, said.at, direct, consented, minor)  # type: ignore[arg-type]
    return _carry_out(uow, host, said, step, page)


def close(uow: UnitOfWork, member: str, now: Instant) -> None:
    """End the conversation without a word: its member took a consent back. That there was one stays known, or the join
    that his log is read again from would begin another."""
    row = uow.conversations.get(member)
    if row is not None:
        here = conversation_from(row.state)
        _put(uow, member, row.group_id, Conversation(here.version, here.step, here.asked_at, "declined"), None)
    uow.outbox.cancel(now=now, reason="问卷已结束", member=member, kinds=(ASKING, REMINDER))


def on_silence(uow: UnitOfWork, host: Host, now: Instant) -> None:
    """The one reminder of those who have not answered for long, and the end of the conversations nobody answers."""
    waiting: dict[str, list[str]] = {}
    for row in uow.conversations.due(now):
        step = after_silence(conversation_from(row.state), now, host.onboarding.questionnaire)
        if step is None:
            continue
        if step.erase:
            erasure.forget(uow, row.member, now, people.CHILD)
            continue
        _keep(uow, host, row.member, row.group_id, step.conversation)
        if step.replies and _is_here(uow, row):
            if row.group_id is None:
                _remind_directly(uow, host, row.member, step, now)
            else:
                waiting.setdefault(row.group_id, []).append(row.member)
    for group, members in waiting.items():
        _remind_in_group(uow, host, group, members, now)


def _is_here(uow: UnitOfWork, row: ConversationRow) -> bool:
    """Who has left is not written to."""
    groups = [one for one in uow.groups.of_member(row.member) if one.present]
    return any(row.group_id in (None, one.group_id) for one in groups)


def _remind_directly(uow: UnitOfWork, host: Host, member: str, step: Step, now: Instant) -> None:
    text = host.messages.joined(step.replies)
    _say_unasked(uow, host, f"questionnaire_reminder:{member}:{now}", REMINDER, "direct", member, text)


def _remind_in_group(uow: UnitOfWork, host: Host, group: str, members: Sequence[str], now: Instant) -> None:
    """One message for all who are due in a group; each knows his own question."""
    lines = [host.messages.text(key) for key in ("questionnaire.reminder", "questionnaire.group_hint")]
    key = f"questionnaire_reminder:{group}:{members[0]}:{now}"
    _say_unasked(uow, host, key, REMINDER, "group", group, "\n".join(lines), mentions=members)


def post_notice(uow: UnitOfWork, host: Host, group: str, at: Instant) -> None:
    """The privacy notice, once for each group and version, when the bot comes in; one that was withheld may be said
    later under a key of its own."""
    key = f"notice:{group}:{host.messages.privacy_version}"
    before = uow.outbox.by_key(key)
    if before is not None and before.status == "withheld" and uow.deployment.get("mode") != "observe":
        key = f"{key}:{at}"
    lines = [host.messages.text(key) for key in ("welcome.entered", "privacy.long")]
    _say_unasked(uow, host, key, NOTICE, "group", group, "\n".join(lines))


def _say_unasked(
    uow: UnitOfWork,
    host: Host,
    key: str,
    kind: str,
    to_kind: str,
    to_id: str,
    text: str,
    mentions: Sequence[str] = (),
) -> None:
    """Plan words nobody has just asked for: they keep quiet hours and caps."""
    now = host.now()
    member, group = (to_id, None) if to_kind == "direct" else (None, to_id)
    uow.outbox.add(
        [OutboxRow(key, kind, to_kind, to_id, text, now, now, member=member, group_id=group, mentions=tuple(mentions))]
    )


def _keep(uow: UnitOfWork, host: Host, member: str, group: str | None, conversation: Conversation | None) -> None:
    if conversation is None or (conversation.status != "asking" and people.barred(uow, {member})):
        _end(uow, member)
        return
    _put(uow, member, group, conversation, next_due(conversation, host.onboarding.questionnaire.rules))


def _put(uow: UnitOfWork, member: str, group: str | None, conversation: Conversation, due: Instant | None) -> None:
    channel = "direct" if group is None else "group"
    state, at, status = conversation.as_dict(), conversation.asked_at, conversation.status
    uow.conversations.put(ConversationRow(member, group, channel, state, at, due, status))


def _end(uow: UnitOfWork, member: str) -> None:
    """Who was forgotten, and has not consented anew, leaves no trace of the questions either."""
    uow.conversations.delete(member)
    erasure.after_farewell(uow, member)


def _carry_out(uow: UnitOfWork, host: Host, said: Said, step: Step, page: Line | None = None) -> list[Event]:
    facts = take(uow, host, said, step)
    asking = uow.conversations.asking({said.member})
    _answer(uow, host, said, step, bool(asking) or not people.barred(uow, {said.member}), page)
    return facts


def take(uow: UnitOfWork, host: Host, said: Said, step: Step) -> list[Event]:
    """What a turn brings about, its words excepted. Returns the facts to record."""
    if step.erase:
        erasure.forget(uow, said.member, said.at, people.CHILD)
        return []
    _keep(uow, host, said.member, said.group, step.conversation)
    facts = [_event(said, fact, step) for fact in step.facts]
    for event in facts:
        _note(uow, host, event)
    return facts


def _answer(uow: UnitOfWork, host: Host, said: Said, step: Step, named: bool, page: Line | None) -> None:
    """Say the turn's words where the member spoke; `named`: mention him in a group."""
    if not step.replies:
        return
    text = host.messages.joined(step.replies)
    mentions = (said.member,) if named and said.group is not None else ()
    outreach.reply(
        uow,
        key=f"reply:{said.id}",
        kind=ASKING,
        to=said.place,
        text=text if page is None else page.below(text),
        now=host.now(),
        member=said.member if named else None,
        group=said.group,
        mentions=mentions,
        cause=EMPTY if page is None else page.cause,
    )


def _event(said: Said, fact: ConsentFact | AnswerFact, step: Step) -> Event:
    if isinstance(fact, ConsentFact):
        body: dict[str, Any] = {"purposes": list(fact.purposes), "granted": fact.granted}
        return Event("consent", f"{said.id}#consent:{fact.purposes[0]}", said.at, said.member, said.group, body)
    body = {"question": fact.question, "value": fact.value}
    if fact.question == "age" and step.conversation is not None and step.conversation.minor is not None:
        body["minor"] = step.conversation.minor
    return Event("answer", f"{said.id}#{fact.question}", said.at, said.member, said.group, body)


def _note(uow: UnitOfWork, host: Host, event: Event) -> None:
    """Beside the event: under which version of the notice a consent was given, and who is a minor."""
    if event.type == "consent" and event.body["granted"]:
        consent.enter(uow, event, host.messages.privacy_version)
    if event.type == "answer" and event.body["question"] == "age":
        row = uow.members.get(event.member or "")
        if row is not None:
            uow.members.save([row._replace(minor=MINOR if "minor" in event.body else None)])
