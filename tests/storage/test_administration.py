"""Audit, roles, confirmations, rule sets, deployment values: on both databases."""

from __future__ import annotations

from storage.database import Database
from storage.rows import AuditRow, ConfirmationRow, RoleRow


def test_audit_pages_from_the_latest(database: Database) -> None:
    for n in range(5):
        row = AuditRow(n, "boss", "#成员", "m" if n % 2 else None, {"n": n}, n != 3)
        database.write_sync(lambda uow, row=row: uow.audit.add(row))
    first = database.read(lambda uow: uow.audit.page(limit=2))
    assert [(row.at, row.allowed, row.detail) for row in first] == [(4, True, {"n": 4}), (3, False, {"n": 3})]
    rest = database.read(lambda uow: uow.audit.page(before_id=first[-1].id))
    assert [row.at for row in rest] == [2, 1, 0]
    assert [row.at for row in database.read(lambda uow: uow.audit.page(subject="m"))] == [3, 1]
    assert database.write_sync(lambda uow: uow.audit.delete("m")) == 2


def test_roles_hold_from_grant_to_term(database: Database) -> None:
    term = RoleRow("m", "管理员", 5, 10, "boss", "n")
    database.write_sync(lambda uow: uow.roles.grant(term._replace(until=7)))
    database.write_sync(lambda uow: uow.roles.grant(term))
    database.write_sync(lambda uow: uow.roles.grant(RoleRow("boss", "运营总监", 0)))
    held = [bool(database.read(lambda uow, at=at: uow.roles.of("m", at))) for at in (4, 5, 9, 10)]
    assert held == [False, True, True, False]
    assert database.read(lambda uow: uow.roles.holders("管理员", 6)) == [term]
    assert [row.member for row in database.read(lambda uow: uow.roles.all())] == ["boss", "m"]
    revoked = [database.write_sync(lambda uow: uow.roles.revoke("m", "管理员")) for _ in range(2)]
    assert revoked == [True, False]
    assert database.write_sync(lambda uow: uow.roles.delete("boss")) == 1


def test_confirmation_is_settled_once(database: Database) -> None:
    asked = ConfirmationRow("recall", "boss", {"members": ["m"]}, 5, 10)
    ids = [database.write_sync(lambda uow: uow.confirmations.add(asked)) for _ in range(2)]
    assert database.read(lambda uow: uow.confirmations.get(ids[0])) == asked._replace(id=ids[0])
    assert [row.id for row in database.read(lambda uow: uow.confirmations.pending("boss", 9))] == ids[::-1]
    assert database.read(lambda uow: uow.confirmations.pending("boss", 10)) == []
    settled = [database.write_sync(lambda uow: uow.confirmations.settle(ids[0], "done")) for _ in range(2)]
    assert settled == [True, False]
    assert [row.id for row in database.read(lambda uow: uow.confirmations.pending("boss", 9))] == ids[1:]


def test_rule_sets_are_numbered_once_and_roll_back(database: Database) -> None:
    def add(content: str) -> int:
        rule_set = {"digest": f"hash of {content}", "author": "boss", "note": "", "created_at": 1, "content": content}
        return database.write_sync(lambda uow: uow.rule_sets.add(**rule_set))

    assert [add("a = 1"), add("a = 2"), add("a = 1")] == [1, 2, 1]
    for number, at in ((1, 0), (2, 10), (1, 20)):
        database.write_sync(lambda uow, number=number, at=at: uow.rule_sets.activate(number, at, "boss"))
    decided = [database.read(lambda uow, at=at: uow.rule_sets.active(at)) for at in (0, 9, 10, 25)]
    assert [row and row.number for row in decided] == [1, 1, 2, 1]
    assert database.read(lambda uow: uow.rule_sets.active(-1)) is None
    assert database.read(lambda uow: uow.rule_sets.activations())[-1][:3] == (20, 1, "boss")
    assert [row.content for row in database.read(lambda uow: uow.rule_sets.all())] == ["a = 1", "a = 2"]
    assert database.read(lambda uow: uow.rule_sets.get(9)) is None


def test_deployment_values(database: Database) -> None:
    for value in ("observe", "auto"):
        database.write_sync(lambda uow, value=value: uow.deployment.put("mode", value))
    assert database.read(lambda uow: (uow.deployment.get("mode"), uow.deployment.get("x"))) == ("auto", None)
    assert [database.write_sync(lambda uow: uow.deployment.delete("mode")) for _ in range(2)] == [True, False]
