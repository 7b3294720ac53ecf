"""Members, groups, memberships, conversations, consents: on both databases."""

from __future__ import annotations

from itertools import permutations

from storage.database import Database
from storage.rows import ConsentRow, ConversationRow, GroupRow, MemberRow, MembershipRow, Sighting, TagRow


def test_member_comes_back_whole_and_is_replaced(database: Database) -> None:
    full = MemberRow("m", "小王", 1, True, "成长期", 61.5, 9, True, True, "under18")
    database.write_sync(lambda uow: uow.members.save([MemberRow("m", "旧名"), MemberRow("n")]))
    database.write_sync(lambda uow: uow.members.save([full]))
    assert database.read(lambda uow: uow.members.get("m")) == full
    assert database.read(lambda uow: uow.members.get_many(["m", "n", "x"])) == {"m": full, "n": MemberRow("n")}
    assert database.read(lambda uow: uow.members.get("x")) is None
    assert database.write_sync(lambda uow: (uow.members.delete("m"), uow.members.count())) == (1, 1)


def test_introducing_and_folding_leave_each_others_columns(database: Database) -> None:
    database.write_sync(lambda uow: uow.members.introduce({"m": "小王", "n": ""}))
    database.write_sync(lambda uow: uow.members.save_folded([MemberRow("m", "", 5, False, "成长期", 30.0, 6)]))
    database.write_sync(lambda uow: uow.members.introduce({"m": ""}))
    kept = database.read(lambda uow: uow.members.get("m"))
    assert kept is not None
    assert (kept.name, kept.joined_at, kept.stage, kept.score) == ("小王", 5, "成长期", 30.0)
    database.write_sync(lambda uow: uow.members.introduce({"m": "新名"}))
    assert database.read(lambda uow: [row.member for row in uow.members.by_name("新名")]) == ["m"]


def test_pages_filter_by_group_and_tag(database: Database) -> None:
    database.write_sync(lambda uow: uow.members.save(MemberRow(m) for m in "cabd"))
    database.write_sync(lambda uow: uow.groups.seen([Sighting("g", "a", 1), Sighting("g", "c", 1, False)]))
    tags = [
        TagRow(m, "行为/活跃度", value, 1.0, "rule", 1, None, {}, "r", 1)
        for m, value in (("a", "高活跃"), ("b", "低活跃"))
    ]
    database.write_sync(lambda uow: uow.tags.apply(tags, ()))

    def page(**by: object) -> list[str]:
        return database.read(lambda uow: [row.member for row in uow.members.page(**by)])

    assert page(limit=3) == ["a", "b", "c"]
    assert page(after="c") == ["d"]
    assert page(group="g") == ["a", "c"]
    assert page(path="行为/活跃度") == ["a", "b"]
    assert page(path="行为/活跃度", value="低活跃") == ["b"]
    assert page(group="g", path="行为/活跃度", value="低活跃") == []


def test_names_find_members_by_own_name_and_by_nickname(database: Database) -> None:
    database.write_sync(
        lambda uow: uow.members.save([MemberRow("a", "小王"), MemberRow("b", "阿强"), MemberRow("c", "x")])
    )
    database.write_sync(
        lambda uow: uow.groups.seen([Sighting("g", "b", 1, name="小王"), Sighting("h", "b", 1, name="小王")])
    )
    assert database.read(lambda uow: [row.member for row in uow.members.by_name("小王")]) == ["a", "b"]
    assert database.read(lambda uow: uow.members.by_name("小")) == []


def test_sightings_merge_alike_in_any_order(database: Database) -> None:
    seen = [Sighting("g", "m", 1, True, "旧名"), Sighting("g", "m", 5, True, ""), Sighting("g", "m", 3, False, "新名")]
    for number, order in enumerate(permutations(seen)):
        own = [sighting._replace(member=f"m{number}") for sighting in order]
        database.write_sync(lambda uow, own=own: [uow.groups.seen([sighting]) for sighting in own] and None)
    kept = database.read(lambda uow: uow.groups.present_members("g"))
    assert kept == [MembershipRow("g", f"m{n}", 1, 5, True, kept[n].name) for n in range(6)]
    assert {row.name for row in kept} <= {"旧名", "新名"}


def test_leaving_ends_presence_but_keeps_the_membership(database: Database) -> None:
    database.write_sync(lambda uow: uow.groups.seen([Sighting("g", "m", 1), Sighting("h", "m", 2)]))
    database.write_sync(lambda uow: uow.groups.seen([Sighting("g", "m", 9, False)]))
    assert database.read(lambda uow: uow.groups.present_members("g")) == []
    assert database.read(lambda uow: [(row.group_id, row.present) for row in uow.groups.of_member("m")]) == [
        ("g", False),
        ("h", True),
    ]
    assert database.read(lambda uow: list(uow.groups.of_members(["m", "x"]))) == ["m"]
    assert database.write_sync(lambda uow: uow.groups.delete_member("m")) == 2


def test_groups(database: Database) -> None:
    group = GroupRow("g", "读书会", 5, "bot-1", True)
    database.write_sync(lambda uow: uow.groups.save([GroupRow("g", "旧名"), GroupRow("h")]))
    database.write_sync(lambda uow: uow.groups.save([group]))
    assert database.read(lambda uow: (uow.groups.get("g"), uow.groups.get("x"))) == (group, None)
    assert database.read(lambda uow: uow.groups.all()) == [group, GroupRow("h")]
    assert database.read(lambda uow: uow.groups.names(["g", "x"])) == {"g": "读书会"}


def test_conversations_come_due(database: Database) -> None:
    first = ConversationRow("m", "g", "group", {"step": "年龄", "answers": {}}, 1, 10, "asking")
    second = ConversationRow("n", None, "direct", {}, 1, None, "done")
    for row in (first._replace(status="old"), first, second):
        database.write_sync(lambda uow, row=row: uow.conversations.put(row))
    assert database.read(lambda uow: (uow.conversations.get("m"), uow.conversations.get("x"))) == (first, None)
    assert database.read(lambda uow: (uow.conversations.due(9), uow.conversations.due(10))) == ([], [first])
    assert database.write_sync(lambda uow: uow.conversations.delete("m")) == 1


def test_latest_word_decides_a_consent_and_withdrawal_wins_a_tie(database: Database) -> None:
    words = [
        ConsentRow("m", "profile", True, 5, "v1", "e1"),
        ConsentRow("m", "profile", False, 8, None, "e2"),
        ConsentRow("m", "profile", True, 8, None, "e3"),
        ConsentRow("m", "marketing", True, 5, None, "e1"),
    ]
    database.write_sync(lambda uow: uow.consents.add(reversed(words)))
    database.write_sync(lambda uow: uow.consents.add(words))
    holds = [database.read(lambda uow, at=at: uow.consents.holds("m", "profile", at)) for at in (4, 5, 7, 8, 9)]
    assert holds == [False, True, True, False, False]
    assert database.read(lambda uow: uow.consents.holds("m", "marketing", 99))
    assert len(database.read(lambda uow: uow.consents.ledger("m"))) == 4
    assert database.write_sync(lambda uow: uow.consents.delete("m")) == 4


def test_forgetting_and_lifting(database: Database) -> None:
    assert database.read(lambda uow: (uow.forgotten.any(), uow.forgotten.has("h"))) == (False, False)
    database.write_sync(lambda uow: uow.forgotten.add("h", 5, "忘记我"))
    database.write_sync(lambda uow: uow.forgotten.add("h", 9, "又一次"))
    assert database.read(lambda uow: (uow.forgotten.any(), uow.forgotten.has("h"))) == (True, True)
    lifted = [database.write_sync(lambda uow, at=at: uow.forgotten.lift("h", at, "孩子")) for at in (4, 20, 21)]
    assert lifted == [False, True, False]


def test_a_lasting_reason_is_never_lifted(database: Database) -> None:
    database.write_sync(lambda uow: uow.forgotten.add("h", 5, "忘记我"))
    database.write_sync(lambda uow: uow.forgotten.name_reason("h", "孩子"))
    assert not database.write_sync(lambda uow: uow.forgotten.lift("h", 20, "孩子"))
    assert database.read(lambda uow: uow.forgotten.all()) == [("h", 5, "孩子")]
