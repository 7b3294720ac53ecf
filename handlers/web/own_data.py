"""What a member's own page shows and hands out: what the bot tells him in chat, and his facts for taking away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.tags import Held
from bot.services import bindings, consent, linking, tagging
from config.messages import one_line
from handlers.commands.copies import KINDS, PURPOSES, counts, groups, names
from handlers.commands.members import day
from handlers.commands.own import public_tags
from handlers.commands.privacy import CONSENTED, OBJECTED
from handlers.commands.purposes import closed
from handlers.web.acting import OnPage
from storage.rows import EventRow

OF_OTHERS = frozenset({"inviter", "by", "backup", "mentions", "reply_to", "message"})
"""Fields of facts that name other people or their words."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose as the page offers it. on: it holds now; by_notice: it holds unless the member objects; closed: he is
    too young for it."""

    name: str
    title: str
    on: bool
    by_notice: bool
    closed: bool


def shown(asked: OnPage) -> dict[str, Any]:
    """The values of the page."""
    facts = _facts(asked)
    return {
        "name": next(iter(map(one_line, names(asked, facts))), "") or one_line(asked.actor),
        "tags": public_tags(asked),
        "joined": day(asked, facts.joined_at),
        "groups": [one_line(name) for name in groups(asked, facts)],
        "counts": counts(asked),
        "purposes": [_purpose(asked, name) for name in (*CONSENTED, *OBJECTED)],
        "notice": asked.text("privacy.long"),
    }


def _facts(asked: OnPage) -> Facts:
    return tagging.look(asked.uow, [asked.actor], asked.world(), asked.now)[asked.actor]


def _purpose(asked: OnPage, name: str) -> Purpose:
    by_notice = name in OBJECTED
    refused = consent.refused(asked.uow, asked.actor, name)
    on = not refused if by_notice else consent.holds(asked.uow, asked.actor, name, asked.now)
    too_young = closed(asked, name)
    return Purpose(name, PURPOSES[name], on and not too_young, by_notice, too_young)


def copied(asked: OnPage) -> bytes:
    """Everything that is kept of the member, as one JSON document; nobody else is named in it."""
    facts = _facts(asked)
    told = {
        "编号": linking.ids(asked.uow, asked.actor),
        "昵称": names(asked, facts),
        "最早见到": iso(facts.joined_at, asked.house.zone),
        "群": groups(asked, facts),
        "授权": list(_consents(asked)),
        "标签": [_tag(asked, facts.tags[key]) for key in sorted(facts.tags)],
        "记录": list(_events(asked)),
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _consents(asked: OnPage) -> Iterator[dict[str, Any]]:
    for id_ in linking.ids(asked.uow, asked.actor):
        for row in asked.uow.consents.ledger(id_):
            yield {
                "用途": PURPOSES.get(row.purpose, row.purpose),
                "同意": row.granted,
                "时间": _when(asked, row.at),
                "隐私说明": row.notice_version,
            }


def _tag(asked: OnPage, held: Held) -> dict[str, Any]:
    catalogue, tag = asked.house.catalogue, held.tag
    return {
        "名称": catalogue.title(tag.path),
        "取值": catalogue.public_name(tag.path, tag.value),
        "自": _when(asked, held.since),
        "到": _when(asked, tag.expires_at),
    }


def _events(asked: OnPage) -> Iterator[dict[str, Any]]:
    spans = dict.fromkeys(linking.ids(asked.uow, asked.actor), (tagging.BEFORE_ALL, asked.now))
    rows = [row for row in bindings.logged(asked.uow, spans) if row.type in KINDS]
    known = asked.uow.groups.names({row.group_id for row in rows if row.group_id is not None})
    for row in rows:
        yield _event(asked, row, known.get(row.group_id or "") or row.group_id)


def _event(asked: OnPage, row: EventRow, group: str | None) -> dict[str, Any]:
    body = {key: value for key, value in orjson.loads(row.body).items() if key not in OF_OTHERS}
    told = {"种类": KINDS[row.type], "时间": _when(asked, row.at), "群": group, "文字": row.text, "内容": body}
    return {key: value for key, value in told.items() if value}


def _when(asked: OnPage, at: Instant | None) -> str | None:
    return iso(at, asked.house.zone)
