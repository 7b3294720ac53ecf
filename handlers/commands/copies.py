"""导出我的数据: everything that is kept of a member, in his own direct chat, in words he can read."""

from __future__ import annotations

from collections import Counter

from bot.core.facts import Facts
from bot.services import bindings, linking, passes, tagging
from config.messages import Block, one_line
from handlers.commands.addresses import own_page
from handlers.commands.members import day
from handlers.commands.spec import Asked, Command

PURPOSES = {
    "profile": "基础画像",
    "device": "设备信息",
    "province": "省份",
    "city": "城市",
    "precise_location": "精确位置",
    "marketing": "活动推送",
    "behaviour": "行为统计",
    "spending": "消费统计",
    "share": "对外提供",
    "sensitive": "敏感信息",
}
KINDS = {
    "message": "发言",
    "click": "点击",
    "view": "浏览",
    "order": "订单",
    "checkin": "签到",
    "answer": "问卷回答",
    "introduction": "自我介绍",
    "location": "位置",
    "device": "设备信息",
    "in_province": "所在省份",
    "in_city": "所在城市",
    "in_fence": "到过的商圈",
    "consent": "授权记录",
}


def _copy(asked: Asked) -> None:
    member = asked.actor
    facts = tagging.look(asked.uow, [member], asked.world(), asked.now)[member]
    text = asked.text(
        "command.copy",
        member=Block("、".join(one_line(id_, 80) for id_ in linking.ids(asked.uow, member))),
        name=Block("、".join(map(one_line, names(asked, facts))) or "—"),
        joined=day(asked, facts.joined_at),
        groups=Block("、".join(map(one_line, groups(asked, facts))) or "—"),
        consents=Block(_consents(asked) or "—"),
        counts=Block(counts(asked) or "—"),
        tags=Block(_tags(asked, facts) or "—"),
    )
    asked.reply_directly(text, own_page(asked, passes.OWN))


def groups(asked: Asked, facts: Facts) -> list[str]:
    known = asked.uow.groups.names(facts.groups)
    return [known.get(group) or group for group in sorted(facts.groups)]


def names(asked: Asked, facts: Facts) -> list[str]:
    """The present name first, then those that are remembered, the account's own notes, and the names in groups."""
    ids = linking.ids(asked.uow, asked.actor)
    kept = [name for row in asked.uow.relinks.contacts(ids).values() for name in (*reversed(row.names), row.alias)]
    kept += [row.name for row in asked.uow.relinks.nicknames(ids)]
    return [name for name in dict.fromkeys((facts.name, *kept)) if name]


def _consents(asked: Asked) -> str:
    """Those of each contact id, the present one's first: a consent holds for what came under its id."""
    ledgers = [asked.uow.consents.ledger(id_) for id_ in linking.ids(asked.uow, asked.actor)]
    latest = [sorted({row.purpose: row for row in ledger}.items()) for ledger in ledgers]
    lines = [
        f"{PURPOSES.get(purpose, purpose)}{'同意' if row.granted else '不同意'}（{day(asked, row.at)}）"
        for own in latest
        for purpose, row in own
    ]
    return "、".join(dict.fromkeys(lines))


def counts(asked: Asked) -> str:
    """How many facts of each kind are kept; what was said can be read in the chat itself."""
    spans = dict.fromkeys(linking.ids(asked.uow, asked.actor), (tagging.BEFORE_ALL, asked.now))
    kinds = Counter(row.type for row in bindings.logged(asked.uow, spans))
    return "、".join(f"{KINDS[kind]} {count}" for kind, count in sorted(kinds.items()) if kind in KINDS)


def _tags(asked: Asked, facts: Facts) -> str:
    catalogue = asked.house.catalogue
    names = (f"{catalogue.title(path)} {catalogue.public_name(path, value)}" for path, value in sorted(facts.tags))
    return "、".join(one_line(name, 60) for name in dict.fromkeys(names))


WORD = "导出我的数据"
COMMANDS = (Command(WORD, "copy", _copy, kind="privacy"),)
