"""`import`: ChatLab history, as a document and as lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import SECOND
from storage.database import Database
from tests.cli.conftest import Cli
from tests.cli.lines import START

HEAD = {"chatlab": {"version": "0.0.2", "exportedAt": 1}, "meta": {"name": "群", "platform": "wechat", "type": "group"}}


def said(number: int, text: str | None = "大家好，今天读什么书", type_: int = 0, **more: Any) -> dict[str, Any]:
    at = START // SECOND + number * 60
    return {"sender": f"u{number % 3}", "accountName": "小王", "timestamp": at, "type": type_, "content": text, **more}


MESSAGES = [
    said(0, platformMessageId="p0"),
    said(1, "第二句话，回复你", 25, platformMessageId="p1", replyToMessageId="p0"),
    said(2, None, 1),
    said(3, "小李加入了群聊", 80),
    said(4, "同一秒"),
    said(4, "同一秒"),
]


def document(messages: list[dict[str, Any]], first: bool = False) -> bytes:
    told = {"messages": messages, **HEAD} if first else {**HEAD, "members": [], "messages": messages}
    return json.dumps(told, ensure_ascii=False).encode()


def as_lines(messages: list[dict[str, Any]]) -> bytes:
    member = {"_type": "member", "platformId": "u0", "accountName": "小王"}
    records = [{"_type": "header", **HEAD}, member, *({"_type": "message", **one} for one in messages)]
    return b"# exported\n" + b"".join(json.dumps(one).encode() + b"\n" for one in records)


FORMS = {
    "document": document(MESSAGES),
    "messages before the header": document(MESSAGES, first=True),
    "lines": as_lines(MESSAGES),
    "packed document": gzip.compress(document(MESSAGES)),
    "packed lines": gzip.compress(as_lines(MESSAGES)),
    "byte order mark": b"\xef\xbb\xbf" + document(MESSAGES),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_history(form: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "first.json").write_bytes(FORMS["lines"])
    (tmp_path / "chat").write_bytes(FORMS[form])
    assert cli("import", tmp_path / "chat", "--json").document == {
        "read": 6, "new": 5, "duplicate": 0, "rejected": 0, "skipped": 1, "errors": [], "errors_omitted": 0,
    }  # fmt: skip
    assert cli("import", tmp_path / "first.json", "--json").document["duplicate"] == 5


def test_history_is_marked_and_plans_nothing(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "chat").write_bytes(document(MESSAGES))
    cli("import", tmp_path / "chat")
    assert cli("sweep", "--as-of", "2026-01-05T12:00:00Z", "--json").document["planned"] == []
    database = Database(sqlite_url)
    row = database.read(lambda uow: uow.events.get("p1"))
    database.close()
    assert row is not None
    assert row.historical
    assert json.loads(row.body)["reply_to"] == "p0"
    assert (row.member, row.group_id) == ("u1", "群")


BROKEN = {
    "no object": ("[1]", "这条消息不是"),
    "no sender": (json.dumps({**MESSAGES[0], "sender": None}), "member"),
    "milliseconds": (json.dumps({**MESSAGES[0], "timestamp": START}), "1970–2099"),
    "content": (json.dumps({**MESSAGES[0], "content": {"a": 1}}), "content"),
    "type": (json.dumps({**MESSAGES[0], "type": "text"}), "type"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_message_is_refused_alone(name: str, cli: Cli, tmp_path: Path) -> None:
    bad, reason = BROKEN[name]
    told = document(MESSAGES[:2]).decode().replace('"messages": [', f'"messages": [{bad}, ')
    (tmp_path / "chat.json").write_text(told, encoding="utf-8")
    summary = cli("import", tmp_path / "chat.json", "--json").document
    assert (summary["read"], summary["new"], summary["rejected"]) == (3, 2, 1)
    assert summary["errors"][0]["line"] == 1
    assert reason in summary["errors"][0]["reason"]


@pytest.mark.parametrize("form", ["document", "packed document", "packed lines"])
def test_what_stands_before_a_cut_is_kept(form: str, cli: Cli, tmp_path: Path) -> None:
    many = [said(n, f"第{n}句，{n * 7919}") for n in range(2000)]
    whole = {"document": document(many), "packed document": gzip.compress(document(many))}
    content = whole.get(form, gzip.compress(as_lines(many)))
    (tmp_path / "chat").write_bytes(content[: len(content) * 2 // 3])
    summary = cli("import", tmp_path / "chat", "--json").document
    assert 200 < summary["new"] < 2000
    assert summary["rejected"] == 1


@pytest.mark.parametrize("content", [b"", b"hello\n", b"{}", b'{"chatlab": {"version": "9.0"}, "meta": {}}', b"[[[["])
def test_what_is_no_history_is_refused(content: bytes, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_bytes(content)
    done = cli("import", tmp_path / "chat.json", "--json")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


def test_nothing_is_begun_when_one_of_the_files_is_missing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_bytes(document(MESSAGES))
    assert cli("import", tmp_path / "chat.json", tmp_path / "none.json").code == 1
    assert cli("import", tmp_path / "chat.json", "--json").document["new"] == 5
