"""`check`, `backup`, `restore`, `erase`, and databases that cannot be used."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import DAY, HOUR, iso
from bot.runtime import RunLock
from config.settings import PACKAGED_CONFIG
from storage.database import Database
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, life, line, write

END_AT = START + 49 * DAY
END = iso(END_AT)
TOP = Path(__file__).parents[2]


def grow(cli: Cli, folder: Path, lines: list[Line] | None = None) -> None:
    assert cli("events", write(folder / "life.jsonl", life() if lines is None else lines)).code == 0
    assert cli("sweep", "--as-of", END).code == 0


def member(cli: Cli, id_: str) -> dict[str, Any] | None:
    return next((one for one in cli("members", "--json").lines if one["member"] == id_), None)


def test_check_tells_what_is_there(each_cli: Cli) -> None:
    document = each_cli("check", "--json").document
    assert document["ok"]
    assert {"规则集", "标签目录", "问卷与答案表", "消息文本", "词库与分词", "数据库", "微信"} <= {
        one["name"] for one in document["checks"]
    }
    assert "数据库" in each_cli("check").out


def test_check_does_not_make_a_database(run: Cli, tmp_path: Path) -> None:
    assert run("--db", f"sqlite:///{tmp_path}/none.db", "check").code == 0
    assert not (tmp_path / "none.db").exists()


def test_half_a_gateway_and_an_old_address_book_are_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "t")
    monkeypatch.setenv("BOT_IP_DB", "nowhere.xdb")
    done = cli("check", "--json")
    states = {one["name"]: one["state"] for one in done.document["checks"]}
    assert (done.code, states["微信"], states["IP 库"]) == (1, "坏", "注意")
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        endpoint = f"127.0.0.1:{gateway.getsockname()[1]}"
        monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", endpoint)
        assert _wechat(cli) == ("好", f"网关 {endpoint} 在；缺省只观察、不发言")
    assert _wechat(cli) == ("注意", f"连不上网关 {endpoint}（对方拒绝连接）；run 会一直重试")


def _wechat(cli: Cli) -> tuple[str, str]:
    (told,) = (one for one in cli("check", "--json").document["checks"] if one["name"] == "微信")
    return told["state"], told["detail"]


@pytest.mark.parametrize("broken", ["rulesets/default.toml", "messages/zh_CN.toml", "questionnaires/newcomer.toml"])
def test_a_broken_configuration_is_refused_in_one_line(broken: str, run: Cli, sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(PACKAGED_CONFIG, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / broken).write_text("x = [", encoding="utf-8")
    assert run("--db", sqlite_url, "--config", folder, "check").code == 1
    done = run("--db", sqlite_url, "--config", folder, "members")
    assert (done.code, done.err.count("\n")) == (1, 1)


def test_a_restore_does_again_what_people_asked_for_meanwhile(each_cli: Cli, tmp_path: Path) -> None:
    grow(each_cli, tmp_path)
    assert each_cli("backup", tmp_path / "copy").code == 0
    withdrawal = line("consent", "late-no", START + 40 * DAY, "m04", purposes=["profile"], granted=False)
    each_cli("events", write(tmp_path / "no.jsonl", [withdrawal]))
    each_cli("erase", "m07")
    before = each_cli("members", "--json").out
    assert "人口属性/性别" not in before
    done = each_cli("restore", tmp_path / "copy")
    assert (done.code, "2 项" in done.out) == (0, True)
    assert each_cli("members", "--json").out == before
    assert each_cli("rebuild", "--json").document["changed"] == 0


@pytest.mark.parametrize("content", [b"", b"no backup", None])
def test_what_is_no_backup_changes_nothing(content: bytes | None, cli: Cli, tmp_path: Path) -> None:
    grow(cli, tmp_path)
    before = cli("members", "--json").out
    if content is not None:
        (tmp_path / "copy").write_bytes(content)
    done = cli("restore", tmp_path / "copy")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert cli("members", "--json").out == before


def test_no_restore_under_a_running_bot(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    cli("backup", tmp_path / "copy")
    database = Database(sqlite_url)
    with RunLock(database):
        assert cli("restore", tmp_path / "copy").code == 1
    database.close()


def rows_naming(url: str, word: str) -> list[str]:
    """Tables of a SQLite database in which a word occurs."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = [name for name in tables if any(word in str(row) for row in connection.execute(f'SELECT * FROM "{name}"'))]
    connection.close()
    return found


def test_erasing_takes_a_person_out_everywhere(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    lines = [
        line("join", "j1", START, "guest-7f3", name="访客七"),
        line("join", "j2", START + HOUR, "other", inviter="guest-7f3"),
        line("message", "e1", START + HOUR, "guest-7f3", text="大家好，今天天气真不错"),
        line("message", "e2", START + 2 * HOUR, "other", text="你好", mentions=["guest-7f3", "x"]),
    ]
    grow(cli, tmp_path, lines)
    assert "guest-7f3" in str(member(cli, "other"))
    assert cli("erase", "guest-7f3", "--json").document["events"] == 2
    assert rows_naming(sqlite_url, "guest-7f3") == []
    assert "社交关系/邀请人" not in str(member(cli, "other"))
    assert cli("erase", "guest-7f3").code == 1


def test_not_a_byte_of_the_file_tells_of_who_was_erased(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    lines = [line("order", f"no-{n}", START + n * DAY, "guest-7f3", order=str(n), amount_yuan=9) for n in range(3)]
    grow(cli, tmp_path, [line("join", "j1", START, "guest-7f3", name="访客七"), *lines, *life()])
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    assert b"guest-7f3" in file.read_bytes()
    cli("erase", "guest-7f3")
    kept = b"".join(one.read_bytes() for one in file.parent.glob("bot.db*"))
    assert b"guest-7f3" not in kept
    assert "访客七".encode() not in kept
    assert cli("rebuild", "--json").document["changed"] == 0


def test_the_forgotten_stays_so_until_he_agrees_anew(each_cli: Cli, tmp_path: Path) -> None:
    grow(each_cli, tmp_path)
    each_cli("erase", "m05")
    again = each_cli("events", tmp_path / "life.jsonl", "--json").document
    assert (again["new"], again["rejected"]) == (0, sum(one.get("member") == "m05" for one in life()))
    assert "忘记" in again["errors"][0]["reason"]
    assert member(each_cli, "m05") is None
    later = START + 20_000 * DAY
    lines = [
        line("consent", "yes", later, "m05", purposes=["profile"], granted=True),
        line("message", "back", later + 1, "m05", text="我回来了"),
    ]
    assert each_cli("events", write(tmp_path / "back.jsonl", lines), "--json").document["new"] == 2


def test_who_was_erased_returns_in_the_time_of_his_log(each_cli: Cli, tmp_path: Path) -> None:
    """A log of the past is erased at the instant it was brought to: only what he says later counts."""
    grow(each_cli, tmp_path)
    each_cli("erase", "m05")
    swept = END_AT
    lines = [
        line("consent", "no-news", swept, "m05", purposes=["profile"], granted=True),
        line("message", "still", swept + 1, "m05", text="我回来了"),
        line("consent", "yes", swept + HOUR, "m05", purposes=["profile"], granted=True),
        line("join", "back", swept + 2 * HOUR, "m05"),
    ]
    done = each_cli("events", write(tmp_path / "back.jsonl", lines[:2]), "--json").document
    assert (done["new"], done["rejected"]) == (0, 2)
    assert each_cli("events", write(tmp_path / "back.jsonl", lines[2:]), "--json").document["new"] == 2
    each_cli("sweep", "--as-of", iso(swept + DAY))
    back = member(each_cli, "m05")
    assert back is not None
    assert ("特殊身份/身份", "新用户") in {(tag["path"], tag["value"]) for tag in back["tags"]}


@pytest.mark.parametrize("at", [0, 1])
def test_nothing_is_kept_of_a_child(at: int, each_cli: Cli, tmp_path: Path) -> None:
    """Whether the answer about the age comes first or last, and with a consent or without."""
    lines = [
        line("join", "j", START, "kid", name="小明"),
        line("consent", "c", START + 1, "kid", purposes=["profile"], granted=True),
        line("message", "m", START + 2, "kid", text="大家好，我是新来的同学"),
        line("join", "other", START, "mum"),
    ]
    lines.insert(len(lines) * at, line("answer", "a", START + 3, "kid", question="age", value="12岁"))
    assert each_cli("events", write(tmp_path / "kid.jsonl", lines), "--json").document["new"] == 1
    each_cli("sweep", "--as-of", END)
    assert [one["member"] for one in each_cli("members", "--json").lines] == ["mum"]


@pytest.mark.parametrize("asked_before", [False, True])
def test_no_consent_of_a_child_lifts_his_block(asked_before: bool, each_cli: Cli, tmp_path: Path) -> None:
    """Not even one dated after everything, nor when he had himself asked to be forgotten before."""
    each_cli("events", write(tmp_path / "j.jsonl", [line("join", "j", START, "kid")]))
    if asked_before:
        each_cli("erase", "kid")
    each_cli(
        "events", write(tmp_path / "a.jsonl", [line("answer", "a", START + 1, "kid", question="age", value="12岁")])
    )
    later = START + 20_000 * DAY
    lines = [
        line("consent", "c", later, "kid", purposes=["profile"], granted=True),
        line("message", "m", later + 1, "kid", text="我回来了"),
    ]
    assert each_cli("events", write(tmp_path / "c.jsonl", lines), "--json").document["rejected"] == 2
    assert each_cli("members", "--json").lines == []


def test_a_youth_has_no_spending_tags(each_cli: Cli, tmp_path: Path) -> None:
    lines = [
        line("consent", "c", START, "kid", purposes=["profile"], granted=True),
        line("answer", "a", START + 1, "kid", question="age", value="16"),
        line("order", "o", START + 2, "kid", order="1", amount_yuan=30),
    ]
    grow(each_cli, tmp_path, lines)
    found = str(member(each_cli, "kid"))
    assert "18岁以下" in found
    assert "消费能力" not in found


def test_a_fact_waits_for_its_consent_till_the_end_of_the_file(each_cli: Cli, tmp_path: Path) -> None:
    answer = line("answer", "a", START + 1, "m", question="gender", value="男生")
    orphan = line("answer", "b", START - 1, "m", question="age", value="30")
    consent = line("consent", "c", START, "m", purposes=["profile"], granted=True)
    summary = each_cli("events", write(tmp_path / "x.jsonl", [answer, orphan, consent]), "--json").document
    assert (summary["new"], summary["errors"]) == (2, [{"line": 2, "reason": "没有相应的授权，未保存"}])
    each_cli("sweep", "--as-of", END)
    tags = {(tag["path"], tag["value"]) for tag in each_cli("members", "--json").lines[0]["tags"]}
    assert ("人口属性/性别", "男") in tags
    assert not any(path == "人口属性/年龄" for path, _ in tags)


def test_a_withdrawal_erases_what_was_said(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    lines = [
        line("consent", "c", START, "m", purposes=["profile"], granted=True),
        line("answer", "a", START + 1, "m", question="region", value="坐标杭州"),
        line("consent", "n", START + DAY, "m", purposes=["profile"], granted=False),
        line("consent", "y", START + 2 * DAY, "m", purposes=["profile"], granted=True),
    ]
    grow(cli, tmp_path, lines[:2])
    assert "杭州" in str(member(cli, "m"))
    cli("events", write(tmp_path / "rest.jsonl", [{**one, "at": iso(END_AT + HOUR)} for one in lines[2:]][:1]))
    assert cli("sweep", "--as-of", iso(END_AT + DAY)).code == 0
    assert "杭州" not in str(member(cli, "m"))
    assert rows_naming(sqlite_url, "杭州") == [], "nor does the history of his tags tell"
    assert cli("rebuild", "--json").document["changed"] == 0


def test_a_youth_who_withdraws_stays_protected(cli: Cli, tmp_path: Path) -> None:
    lines = [
        line("consent", "c", START, "kid", purposes=["profile"], granted=True),
        line("answer", "a", START + 1, "kid", question="age", value="16"),
        line("order", "o", START + 2, "kid", order="1", amount_yuan=30),
    ]
    grow(cli, tmp_path, lines)
    no = line("consent", "n", START + DAY, "kid", purposes=["profile"], granted=False)
    cli("events", write(tmp_path / "no.jsonl", [no]))
    found = str(member(cli, "kid"))
    assert "18岁以下" not in found
    assert "消费能力" not in found
    assert cli("rebuild", "--json").document["changed"] == 0


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=TOP)


@pytest.mark.parametrize(
    "url",
    ["sqlite:///{folder}", "sqlite:////proc/none/bot.db", "mysql://x/y", "nonsense", "postgresql://127.0.0.1:1/x"],
)
def test_a_database_that_cannot_be_opened_is_refused_in_one_line(url: str, tmp_path: Path) -> None:
    done = program("--db", url.format(folder=tmp_path), "members", "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_newer_database_is_refused(cli: Cli, sqlite_url: str) -> None:
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("members",), ("check",), ("migrate",)):
        assert cli(*command).code == 1
    assert "更新的版本" in cli("members").err


def test_unusable_settings_are_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TIMEZONE", "Mars/Olympus")
    done = cli("members")
    assert (done.code, "BOT_TIMEZONE" in done.err) == (1, True)


def test_a_crm_needs_an_address_and_a_key(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_CRM_URL", "crm.example/hook")
    assert (cli("members").code, "BOT_CRM_URL" in cli("members").err) == (1, True)
    monkeypatch.setenv("BOT_CRM_URL", "https://crm.example/hook")
    told = {one["name"]: one for one in cli("check", "--json").document["checks"]}
    assert told["CRM"]["state"] == "坏"
    monkeypatch.setenv("BOT_SECRET", "一把够长的钥匙")
    told = {one["name"]: one for one in cli("check", "--json").document["checks"]}
    assert (told["CRM"]["state"], "crm.example" in told["CRM"]["detail"]) == ("好", True)


def test_who_reads_our_output_may_stop_reading(cli: Cli, sqlite_url: str, tmp_path: Path) -> None:
    grow(cli, tmp_path)
    told = subprocess.run(
        f"{sys.executable} -m bot --db {sqlite_url} members --json | head -c 10",
        shell=True, capture_output=True, check=True, timeout=60, cwd=TOP,
    )  # fmt: skip
    assert told.stderr == b""
    assert told.stdout == json.dumps({"member": "m00"}, separators=(",", ":"))[:10].encode()
