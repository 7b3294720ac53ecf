"""Members as they are shown: who they are, their tags, and why they have or lack one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.facts import Facts
from bot.core.instants import MINUTE, Instant, iso
from bot.core.rules import RULES
from bot.core.rules.custom import rules_of
from bot.core.rules.spec import Rule
from bot.core.score import score
from bot.core.tags import Held
from bot.core.world import World
from bot.errors import BadInput, Refused
from bot.services import tagging
from storage.rows import MemberRow
from storage.unit_of_work import UnitOfWork

ALIVE = "running_at"
"""Deployment key: the last instant at which a `run` was running, listening or not."""
FRESH = 2 * MINUTE
"""A running bot gives a sign of life each minute."""
PAGE = 100
BY_PEOPLE = frozenset({"manual", "import"})
"""Sources of tags that no rule gives."""
NO_PATH = "没有这个标签：{}（应为「一级/二级」，如 生命周期/阶段）"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which members are asked for: in a group, with a tag. None asks for all."""

    group: str | None = None
    path: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A member at the instant of the view; `former` are the contact ids that were his."""

    row: MemberRow
    facts: Facts
    former: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.facts.name or self.row.name

    @property
    def groups(self) -> list[str]:
        """Groups the member is in, in id order."""
        return sorted(group for group, inside in self.facts.groups.items() if inside)


def instant_of(uow: UnitOfWork, now: Instant) -> Instant:
    """What lists show: now while the bot runs, else the last sweep's instant, else the log's last one, else now."""
    alive = uow.deployment.get(ALIVE)
    if alive is not None and int(alive) > now - FRESH:
        return max(now, int(alive))
    last = uow.sweeps.last()
    return last.as_of if last is not None else uow.events.last_at() or now


def members(uow: UnitOfWork, asked: Asked, world: World, at: Instant) -> Iterator[Shown]:
    """Everybody with a fact up to `at`, in id order, page by page."""
    after: str | None = None
    while rows := _next_page(uow, asked, at, after):
        after = rows[-1].member
        page = [row.member for row in rows]
        found, former = tagging.look(uow, page, world, at), _former(uow, page)
        for row in rows:
            shown = Shown(row, found[row.member], former.get(row.member, ()))
            if _is_met(shown.facts) and _is_asked(shown, asked):
                yield shown


def _next_page(uow: UnitOfWork, asked: Asked, at: Instant, after: str | None) -> list[MemberRow]:
    """Who holds a tag is found in its index; who is awake may hold others by `at` than are stored."""
    rows = uow.members.page(after, PAGE, group=asked.group, path=asked.path, value=asked.value)
    if asked.path is None:
        return rows
    awake = uow.members.get_many(uow.rollups.awake(at, after, PAGE))
    return [row for _, row in sorted((awake | {row.member: row for row in rows}).items())][:PAGE]


def member(uow: UnitOfWork, id_: str, world: World, at: Instant) -> Shown:
    """One member, by any of his contact ids. Raises Refused for somebody nothing is known of."""
    main = uow.links.main(id_)
    row = uow.members.get(main)
    if row is not None:
        facts = tagging.look(uow, [main], world, at)[main]
        shown = Shown(row, facts, _former(uow, [main]).get(main, ()))
        if _is_met(shown.facts):
            return shown
    raise Refused(f"没有这个成员：{id_}")


def _former(uow: UnitOfWork, members: Sequence[str]) -> dict[str, tuple[str, ...]]:
    links = groupby(uow.links.formers(members), key=lambda link: link.member)
    return {member: tuple(link.old for link in own) for member, own in links}


def _is_met(facts: Facts) -> bool:
    return facts.evaluated_to is not None


def _is_asked(shown: Shown, asked: Asked) -> bool:
    if asked.group is not None and not shown.facts.groups.get(asked.group):
        return False
    if asked.path is None:
        return True
    return any(path == asked.path and asked.value in (None, value) for path, value in shown.facts.tags)


def member_record(shown: Shown, world: World) -> dict[str, Any]:
    """One line of CONTRACT `members --json`."""
    facts = shown.facts
    points = score(facts, world, facts.seen_to) if facts.joined_at is not None else None
    return {
        "member": facts.member,
        "former": list(shown.former),
        "name": shown.name,
        "groups": shown.groups,
        "joined_at": iso(facts.joined_at, world.zone),
        "inferred": facts.inferred,
        "score": None if points is None else round(points, 4),
        "last_interaction": iso(facts.last_interaction, world.zone),
        "tags": [tag_record(facts.tags[key], world.zone) for key in sorted(facts.tags)],
    }


def tag_record(held: Held, zone: ZoneInfo) -> dict[str, Any]:
    tag = held.tag
    return {
        "path": tag.path,
        "value": tag.value,
        "weight": tag.weight,
        "source": tag.source,
        "since": iso(held.since, zone),
        "expires_at": iso(tag.expires_at, zone),
        "because": dict(tag.because),
        "rule": held.rule,
        "rule_set": held.rule_set,
    }


def why(uow: UnitOfWork, id_: str, path: str, world: World, at: Instant) -> dict[str, Any]:
    """CONTRACT `why --json`: what is held under a path, and what each rule of the path sees, wants and says."""
    shown = member(uow, id_, world, at)
    facts, id_ = shown.facts, shown.row.member
    every = (*RULES, *rules_of(world.version(facts.seen_to).rules))
    rules = [rule for rule in every if path in rule.paths]
    held = [facts.tags[key] for key in sorted(facts.tags) if key[0] == path]
    history = uow.tags.changes_of(id_, path)
    if not (rules or held or history):
        raise BadInput(NO_PATH.format(path))
    pinned = {one.rule: one for one in held if one.tag.source in BY_PEOPLE}
    speaking = [_pin_record(one) for one in pinned.values()] + [_rule_record(rule, facts, world) for rule in rules]
    main = next((told for told in speaking if held and told["rule"] == held[0].rule), next(iter(speaking), {}))
    return {
        "member": id_,
        "name": shown.name,
        "path": path,
        "as_of": iso(facts.seen_to, world.zone),
        "held": bool(held),
        "tags": [tag_record(one, world.zone) for one in held],
        **{key: main.get(key) for key in ("rule", "facts", "bars", "ends")},
        "rule_set": world.version(facts.seen_to).number,
        "rules": speaking,
        "read_by": [
            {"engine": row.engine, "dictionary": row.dictionary, "messages": count}
            for row, count in uow.readings.of_member(id_, facts.seen_to)
        ],
        "history": [
            {"value": row.value, "action": row.action, "at": iso(row.at, world.zone), "rule": row.rule}
            for row in history
            if row.at <= facts.seen_to
        ],
    }


def _pin_record(held: Held) -> Mapping[str, Any]:
    """What a tag rests on that a person or another system gave; it goes before what the rules say."""
    ends = "有人去标，或另打一个值" + ("，或到期" if held.tag.expires_at is not None else "")
    return {"rule": held.rule, "facts": dict(held.tag.because), "bars": {}, "ends": ends}


def _rule_record(rule: Rule, facts: Facts, world: World) -> Mapping[str, Any]:
    at = facts.seen_to
    told = {
        "rule": rule.name,
        "facts": _measured(rule, facts, world, at),
        "bars": dict(rule.bars(world.version(at).rules)),
        "ends": rule.ends,
    }
    if facts.barred(rule.purpose):
        told["barred"] = f"本人拒绝或依法不得使用：{rule.purpose}"
    return told


def _measured(rule: Rule, facts: Facts, world: World, at: Instant) -> dict[str, Any]:
    """What a rule sees; of a member who objected to its purpose nothing is measured any more, and that is told."""
    if rule.purpose in facts.refused:
        return {"说明": "已撤回：本人拒绝这项用途，不再据此计算"}
    return {key: value for key, value in rule.measure(facts, world, at).items() if not key.startswith("_")}


def outbox(uow: UnitOfWork, status: str | None, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """CONTRACT `outbox --json`: outgoing rows in the order they were planned."""
    after = 0
    while rows := uow.outbox.page(status=status, after_id=after):
        after = rows[-1].id
        for row in rows:
            yield {
                "id": row.id,
                "dedupe_key": row.dedupe_key,
                "kind": row.kind,
                "to": f"{row.to_kind}:{row.to_id}",
                "member": row.member,
                "group": row.group_id,
                "text": row.text,
                "status": row.status,
                "reason": row.reason,
                "reply": row.reply,
                "created_at": iso(row.created_at, zone),
                "not_before": iso(row.not_before, zone),
                "settled_at": iso(row.settled_at, zone),
            }
