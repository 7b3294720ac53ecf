"""Merging contact ids: one member from the first event on, in any order of arrival; a split gives everything back."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.core.events import Event
from bot.core.facts import Facts
from bot.core.instants import DAY, HOUR, MINUTE, Instant
from bot.services import erasure, linking, rebuilding, roles, tagging
from bot.services.people import keyed_hash
from handlers.afterwards import fold_again
from handlers.preparing import prepare
from handlers.turn import record
from storage.unit_of_work import UnitOfWork
from tests.handlers.room import GROUP, NOON, Room

START = NOON - 40 * DAY
CHANGED = START + 30 * DAY
"""From here on the person has the new id."""
TEXTS = ("周末一起去爬山吗，带上水和午饭", "这本书第三章讲得最清楚", "我觉得上次的分享很有收获", "明天几点集合呢")


def life() -> list[tuple[str, Instant, dict[str, Any], str | None]]:
    """(type, instant, body, text) of what a person did, a deed every day or so."""
    deeds: list[tuple[str, Instant, dict[str, Any], str | None]] = [("join", START, {"channel": "扫码"}, None)]
    for day in range(1, 40):
        at = START + day * DAY
        text = f"{TEXTS[day % 4]}，这是第{day}天的心得体会"
        deeds.append(("message", at, {}, text))
        if day % 5 == 0:
            deeds.append(("order", at + HOUR, {"order": f"no-{day}", "amount_yuan": 30_000 + day}, None))
        if day % 7 == 0:
            deeds.append(("click", at + 2 * HOUR, {"link": "x", "depth": 3.0, "dwell_s": 90.0, "topic": "科技"}, None))
    deeds.append(("leave", CHANGED + MINUTE, {}, None))
    return deeds


def events(who: dict[bool, str], group: str) -> list[Event]:
    """The same life under an id before the change and one after it. The old id's leaving is told of the old id only."""
    found = []
    for number, (type_, at, body, text) in enumerate(life()):
        if type_ == "leave":
            if who[False] != who[True]:
                found.append(Event("leave", f"{group}-{number}", at, who[False], group, {}))
            continue
        body = {**body, "order": f"{group}-{body['order']}"} if "order" in body else dict(body)
        found.append(Event(type_, f"{group}-{number}", at, who[at >= CHANGED], group, body, text))
    return found


def take(room: Room, *taken: Event) -> None:
    batch = [prepare(event, room.house.reader, room.house.traces) for event in taken]
    room.database.write_sync(lambda uow: record(uow, room.house, batch))
    fold_again(room.house)


def said(type_: str, member: str, at: Instant, **body: Any) -> Event:
    return Event(type_, f"{type_}:{member}:{at}:{len(body)}", at, member, None, body)


def merged(old: str = "old", new: str = "new", at: Instant = NOON) -> Event:
    return Event("merge", f"merge:{old}:{new}", at, new, None, {"old": old, "since": CHANGED, "by": "chief"})


def facts(room: Room, member: str) -> Facts:
    def look(uow: UnitOfWork) -> Facts:
        return tagging.look(uow, [member], room.house.world(uow, NOON), NOON + HOUR)[member]

    return room.database.read(look)


def held(found: Facts) -> dict[tuple[str, str], tuple[float, Instant]]:
    return {key: (one.tag.weight, one.since) for key, one in found.tags.items()}


def rebuilt(room: Room, *members: str) -> list[str]:
    """Whom the whole log, folded again, would have otherwise."""
    return room.database.write_sync(
        lambda uow: rebuilding.rebuild(uow, members, room.house.world(uow, NOON), room.clock.at)
    )


def test_two_ids_are_folded_as_one_in_any_order_and_split_again(any_room: Room) -> None:
    room = any_room
    take(room, *events({False: "one", True: "one"}, "另一群"))
    two = events({False: "old", True: "new"}, GROUP)
    random.Random(7).shuffle(two)
    take(room, *two[20:])
    take(room, merged())
    take(room, *two[:20])
    assert held(facts(room, "new")) == held(facts(room, "one"))
    assert facts(room, "old") == facts(room, "new")
    assert facts(room, "new").joined_at == START
    assert facts(room, "new").groups == {GROUP: True}
    assert room.database.read(lambda uow: [row.member for row in uow.members.page(group=GROUP)]) == ["new"]
    assert rebuilt(room, "new", "one") == []
    take(room, said("split", "old", NOON + MINUTE, by="chief"))
    split = {member: facts(room, member) for member in ("old", "new")}
    assert rebuilt(room, "old", "new") == []
    apart = Room(room.database)
    take(apart, *(_renamed(event) for event in two))
    for member, found in split.items():
        assert held(found) == held(facts(apart, f"{member}2"))
    assert split["old"].groups == {GROUP: False}


def _renamed(event: Event) -> Event:
    """The same deed of somebody else elsewhere, who was never merged."""
    body = {**event.body, "order": f"2-{event.body['order']}"} if "order" in event.body else event.body
    return Event(event.type, f"2-{event.id}", event.at, f"{event.member}2", "第三群", dict(body), event.text)


def consent(member: str, at: Instant, granted: bool = True) -> Event:
    return said("consent", member, at, purposes=["profile"], granted=granted)


def answer(member: str, at: Instant, question: str, value: str) -> Event:
    return said("answer", member, at, question=question, value=value)


def attributes(room: Room, member: str) -> set[str]:
    return {path for path, _ in facts(room, member).tags if path.startswith("人口属性/")}


def answers(room: Room, member: str) -> list[str]:
    """The bodies of a contact id's answers as they are kept."""
    rows = room.database.read(lambda uow: list(uow.events.of_members([member], None, NOON + DAY)))
    return [row.body for row in rows if row.type == "answer"]


def test_a_consent_holds_for_the_id_that_gave_it_and_a_withdrawal_for_all(any_room: Room) -> None:
    room = any_room
    take(room, consent("old", START), answer("old", START + DAY, "gender", "女"))
    take(room, Event("join", "j", CHANGED, "new", GROUP, {}), merged())
    take(room, answer("new", CHANGED + DAY, "occupation", "教育"))
    assert attributes(room, "new") == {"人口属性/性别"}
    assert answers(room, "new") == []
    take(room, consent("new", CHANGED + 2 * DAY), answer("new", CHANGED + 3 * DAY, "occupation", "教育"))
    assert attributes(room, "new") == {"人口属性/性别", "人口属性/职业"}
    take(room, consent("new", CHANGED + 4 * DAY, granted=False))
    take(room, answer("old", START + 2 * DAY, "age", "25-34岁"))
    assert attributes(room, "new") == set()
    assert {*answers(room, "old"), *answers(room, "new")} == {"{}"}
    assert rebuilt(room, "new") == []
    take(room, said("split", "old", NOON + MINUTE, by="chief"))
    assert attributes(room, "old") == attributes(room, "new") == set()


def test_roles_stay_with_the_id_they_were_given_to(room: Room) -> None:
    take(room, said("grant", "old", START, role="管理员", months=6), Event("join", "j", CHANGED, "new", GROUP, {}))
    assert ("特殊身份/身份", "管理员") in facts(room, "old").tags
    take(room, merged())
    assert ("特殊身份/身份", "管理员") not in facts(room, "new").tags
    offices = [room.database.read(lambda uow, id_=id_: roles.held(uow, id_, NOON)) for id_ in ("old", "new")]
    assert offices == [["管理员"], []]


def test_who_is_forgotten_is_forgotten_under_every_id(any_room: Room) -> None:
    room = any_room
    take(room, *events({False: "old", True: "new"}, GROUP))
    take(room, merged())
    room.befriend("new")
    room.direct("new", "忘记我")
    room.direct("new", "忘记我")
    take(room, Event("message", "late", START + HOUR, "old", GROUP, {}, "还有一条"), merged(at=NOON + HOUR))

    def left(uow: UnitOfWork) -> list[object]:
        rows = [*uow.events.of_members(["old", "new"], None, NOON + DAY), *uow.events.naming("old")]
        return [*rows, *uow.links.all(), *uow.members.get_many(["old", "new"]), *uow.groups.of_members(["old", "new"])]

    assert room.database.read(left) == []


def test_what_tells_of_others_means_the_person(room: Room) -> None:
    """Whoever the old id invited, mentioned and answered was in touch with one and the same person."""
    hello = Event("message", "m1", START, "old", GROUP, {}, "大家好")
    reply = Event("message", "m2", CHANGED, "friend", GROUP, {"mentions": ["old"], "reply_to": "m1"}, "你好")
    again = Event("message", "m3", CHANGED + DAY, "friend", GROUP, {"mentions": ["new"]}, "你好呀")
    own = Event("message", "m4", CHANGED + DAY, "new", GROUP, {"mentions": ["old"]}, "那个也是我")
    guest = Event("join", "g", START + DAY, "guest", GROUP, {"inviter": "old"})
    take(room, hello, reply, guest, again, own)
    assert set(facts(room, "friend").ties) == {"old", "new"}
    take(room, merged())
    assert set(facts(room, "friend").ties) == {"new"}
    assert set(facts(room, "new").ties) == {"friend", "guest"}
    assert facts(room, "guest").inviter == "new"
    take(room, Event("withdraw", "w", CHANGED + 2 * DAY, "new", GROUP, {"message": "m1"}))
    assert facts(room, "new").speech.count(0, START) == 0
    take(room, said("split", "old", NOON + MINUTE, by="chief"))
    assert set(facts(room, "friend").ties) == {"old", "new"}
    assert facts(room, "guest").inviter == "old"


def test_a_director_merges_and_splits_by_id_alone(room: Room) -> None:
    room.appoint("chief", "运营总监")
    room.appoint("admin", "管理员")
    take(room, *events({False: "old", True: "new"}, GROUP), said("grant", "old", START, role="观察员"))
    room.say("old", "我叫老李", name="老李")
    for args, refusal in (
        ("old", "用法"),
        ("old old", "同一个"),
        ("老李 new", "只认编号"),
        ("old nobody", "nobody"),
        ("7", "没有第 7 项"),
        ("否", "用法"),
        ("a b c", "用法"),
        ("全部", "没有待确认的合并"),
    ):
        assert refusal in room.direct("chief", f"#合并 {args}"), args
    assert "运营总监" in room.direct("admin", "#合并 old new")
    assert "没有并入" in room.direct("chief", "#拆分 old")
    answer = room.direct("chief", "#合并 old new")
    assert "已把 old 并入 new" in answer and "old：观察员" in answer
    assert "已经并入 new" in room.direct("chief", "#合并 old chief")
    assert "已经并入 new" in room.direct("chief", "#合并 chief old")
    assert "（new，曾用 old）" in room.direct("chief", "#成员 old")
    assert room.direct("chief", "#为什么 old 生命周期/阶段") == room.direct("chief", "#为什么 new 生命周期/阶段")
    assert "拆出来" in room.direct("chief", "#拆分 old")
    assert "（old）" in room.direct("chief", "#成员 old")
    written = [(row.action, row.subject, row.allowed) for row in room.audit() if row.action in ("#合并", "#拆分")]
    assert ("#合并", "new", True) in written and ("#拆分", "old", True) in written and ("#合并", None, False) in written


def test_the_links_are_what_the_log_says(room: Room) -> None:
    """A former id is nobody's member; the log alone brings the links back."""
    take(room, *events({False: "old", True: "new"}, GROUP), merged())
    links = room.database.read(lambda uow: uow.links.all())
    room.database.write_sync(lambda uow: uow.links.delete(["old"]))
    room.database.write_sync(lambda uow: linking.follow(uow, NOON))
    found = room.database.read(lambda uow: uow.links.all())
    assert {old: link[:3] for old, link in found.items()} == {old: link[:3] for old, link in links.items()}
    assert room.database.read(lambda uow: uow.members.get("old")) is None


def test_older_data_that_know_only_of_the_merge_keep_the_other_person(room: Room) -> None:
    """Split off and then forgotten, after the backup was made: of the two only he who asked goes."""
    take(room, *events({False: "old", True: "new"}, GROUP), merged())
    gone = [(keyed_hash("test", "old"), NOON + DAY, erasure.ASKED)]
    assert room.database.write_sync(lambda uow: erasure.reapply(uow, gone)) == 1
    fold_again(room.house)
    left = room.database.read(lambda uow: list(uow.events.of_members(["old", "new"], None, NOON + DAY)))
    assert {row.member for row in left} == {"new"} and room.database.read(lambda uow: uow.links.all()) == {}
    assert facts(room, "new").joined_at == min(row.at for row in left if row.type != "merge")
    assert rebuilt(room, "new") == []


def test_a_copy_of_ones_data_tells_of_every_id(room: Room) -> None:
    take(room, consent("old", START), *events({False: "old", True: "new"}, GROUP), merged())
    room.befriend("new")
    copy = room.direct("new", "导出我的数据")
    assert "new、old" in copy and "基础画像同意" in copy
    assert f"发言 {sum(event.type == 'message' for event in events({False: 'old', True: 'new'}, GROUP)) + 1}" in copy


@pytest.mark.parametrize("sent", [True, False])
def test_what_was_said_to_a_former_id_is_not_said_again_what_waited_is(room: Room, sent: bool) -> None:
    room.join("old")
    for id_ in ("old", "new"):
        room.befriend(id_)
        take(room, said("consent", id_, room.clock.at, purposes=["marketing"], granted=True))
    room.deliver()
    room.wait(3 * DAY + 17 * HOUR)
    room.befriend("old")
    assert "newcomer_gift:old" in {row.dedupe_key for row in room.rows()}
    if sent:
        room.deliver()
    take(room, Event("merge", "m", room.clock.at, "new", None, {"old": "old", "since": room.clock.at, "by": "chief"}))
    assert facts(room, "new").stage is not None
    gifts = {row.dedupe_key: row.status for row in room.rows() if row.kind == "newcomer_gift"}
    waits = {"newcomer_gift:old": "cancelled", "newcomer_gift:new": "queued"}
    assert gifts == ({"newcomer_gift:old": "sent"} if sent else waits)
    assert len([row for row in room.rows() if row.kind == "welcome"]) == 1
