"""#成员 and #为什么: one member's tags, and the reasons of one of them. Each look is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.custom_tags import OWNER
from bot.core.facts import Facts
from bot.core.instants import Instant, to_datetime
from bot.core.score import score
from bot.core.tags import Held
from bot.services import tagging, views
from config.messages import Block, one_line
from handlers.commands.arguments import read_tag
from handlers.commands.rights import demand, known_path, sees, visible
from handlers.commands.spec import Asked, Command, Misused, shown
from handlers.reasons import date, reasons_of
from storage.rows import MemberRow

SOURCES = {"rule": "规则", "survey": "问卷", "manual": "人工", "model": "模型", "import": "导入"}
HISTORY = 5
"""Past changes that are shown."""


def _member(asked: Asked) -> None:
    if not asked.args.strip() and not asked.heard.mentions:
        raise Misused
    row = asked.member(asked.args)
    facts = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member]
    asked.reply_directly(_portrait(asked, row, facts))


def _portrait(asked: Asked, row: MemberRow, facts: Facts) -> str:
    points = score(facts, asked.world(), asked.now) if facts.joined_at is not None else None
    tags = [_tag_line(asked, held) for held in visible(asked, facts.tags.values())]
    return asked.text(
        "admin.member",
        name=shown(row),
        member=Block(_ids(asked, row)),
        score="—" if points is None else f"{points:.1f}",
        stage=facts.stage or "—",
        joined=day(asked, facts.joined_at) + ("（推断）" if facts.inferred else ""),
        groups=sum(facts.groups.values()),
        tags=Block("\n".join(tags) or asked.text("admin.no_tags")),
    )


def _ids(asked: Asked, row: MemberRow) -> str:
    """The contact id, and those that were the member's before."""
    former = "、".join(one_line(link.old, 80) for link in asked.uow.links.formers([row.member]))
    return one_line(row.member, 80) + (f"，曾用 {former}" if former else "")


def _tag_line(asked: Asked, held: Held) -> str:
    tag = held.tag
    return asked.text(
        "admin.tag",
        path=tag.path,
        value=Block(one_line(tag.value, 60)),
        weight=f"{tag.weight:.2f}",
        since=day(asked, held.since),
        source=SOURCES[tag.source],
        until=until_words(asked, tag.expires_at),
    )


def day(asked: Asked, at: Instant | None) -> str:
    """A date on the group's calendar, "—" for none."""
    return "—" if at is None else f"{to_datetime(at, asked.house.zone):%Y-%m-%d}"


def until_words(asked: Asked, at: Instant | None) -> str:
    """When a tag ends, nothing for one that does not."""
    return "" if at is None else asked.text("admin.until", day=day(asked, at))


def _why(asked: Asked) -> None:
    words = read_tag(asked.args)
    if not words.rest and not asked.heard.mentions:
        raise Misused
    row = asked.member(words.rest)
    path = known_path(asked, words.path)
    demand(asked, "view", path, words.value)
    told = views.why(asked.uow, row.member, path, asked.world(), asked.now)
    asked.reply_directly(_reasons(asked, row, path, told, words.value))


def _reasons(asked: Asked, row: MemberRow, path: str, told: Mapping[str, Any], value: str | None) -> str:
    """What is held under the path, and the rule that speaks of it, or of one `value` of several.

    What the asker may not see is left out whole.
    """
    open_ = [tag for tag in told["tags"] if sees(asked, path, tag["value"])]
    hidden = {tag["rule"] for tag in told["tags"] if tag not in open_}
    rules = [rule for rule in told["rules"] if rule["rule"] not in hidden]
    owners = {tag["rule"] for tag in open_ if value in (None, tag["value"])}
    main: Mapping[str, Any] = next((rule for rule in rules if rule["rule"] in owners), next(iter(rules), {}))
    held = [f"{tag['value']}（{date(tag['since'])} 起）" for tag in open_]
    past = [row for row in told["history"] if sees(asked, path, row["value"])]
    return asked.text(
        "admin.why",
        name=shown(row),
        path=path,
        held=Block("、".join(one_line(one, 80) for one in held) or asked.text("admin.not_held")),
        rule=_rule_name(asked, main),
        version=told["rule_set"],
        facts=Block(reasons_of(main.get("facts") or _first_because(open_))),
        bars=Block(reasons_of(main.get("bars"))),
        ends=Block(main.get("ends") or "—"),
        history=Block(_history(past)),
    )


def _rule_name(asked: Asked, main: Mapping[str, Any]) -> str:
    name = str(main.get("rule", "manual"))
    if name in views.BY_PEOPLE:
        return asked.text("admin.by_hand")
    return asked.text("rule.custom" if name.startswith(OWNER) else f"rule.{name}")


def _first_because(tags: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return tags[0]["because"] if tags else {}


def _history(rows: Sequence[Mapping[str, Any]]) -> str:
    signs = {"gained": "＋", "lost": "－"}
    lines = [f"{signs.get(row['action'], row['action'])}{row['value']} {date(row['at'])}" for row in rows[-HISTORY:]]
    return "；".join(one_line(line, 80) for line in lines) or "—"


COMMANDS = (
    Command("#成员", "member", _member, needs="观察员"),
    Command("#为什么", "why", _why, needs="观察员"),
)
