"""A member under a former contact id, on the command line."""

from __future__ import annotations

from storage.database import Database
from tests.cli.conftest import Cli
from tests.handlers.room import GROUP, Room
from tests.handlers.test_linking import NOON, events, merged, take


def test_either_id_means_the_member_and_the_log_alone_says_so(cli: Cli, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    room = Room(database)
    room.say("bystander", "早上好")
    take(room, *events({False: "old", True: "new"}, GROUP), merged())
    before = cli("members", "--json").lines
    assert {row["member"]: row["former"] for row in before} == {"bystander": [], "new": ["old"]}
    why = [cli("why", id_, "生命周期/阶段", "--json").document for id_ in ("old", "new")]
    assert why[0] == why[1] and why[0]["held"]
    assert cli("rebuild", "--json").document["changed"] == 0
    database.write_sync(lambda uow: uow.links.delete(["old"]))
    cli("rebuild")
    assert cli("members", "--json").lines == before
    assert cli("erase", "old", "--json").document["events"] == len(events({False: "old", True: "new"}, GROUP)) + 1
    assert [row["member"] for row in cli("members", "--json").lines] == ["bystander"]
    late = database.read(lambda uow: list(uow.events.of_members(["old", "new"], None, NOON)))
    database.close()
    assert late == []
