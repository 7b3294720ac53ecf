"""`events`: what is taken, what is refused, and that a refusal costs nothing but its line."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handlers.files.source import LONGEST_LINE
from tests.cli.conftest import Cli
from tests.cli.lines import START, line, write

TOP = Path(__file__).parents[2]
GOOD = json.dumps(line("message", "good", START, text="大家好")).encode() + b"\n"


def told(cli: Cli, path: Path) -> dict[str, Any]:
    done = cli("events", path, "--json")
    assert done.code == 0
    return done.document


def record(**changes: Any) -> bytes:
    fields = {**line("message", "bad", START, text="你好"), **changes}
    return json.dumps({key: value for key, value in fields.items() if value is not None}).encode() + b"\n"


BAD = {
    "invalid JSON": (b"{'type': 1}\n", "JSON"),
    "no object": (b"[1, 2]\n", "JSON 对象"),
    "wrong encoding": ('{"type": "message", "text": "你好"}\n'.encode("gbk"), "UTF-8"),
    "nested too deeply": (b"[" * 100_000 + b"]" * 100_000 + b"\n", "JSON"),
    "an integer of 5000 digits": (b'{"id": ' + b"1" * 5000 + b"}\n", "JSON"),
    "unknown type": (record(type="teleport"), "未知的事件类型"),
    "no id": (record(id=None), "缺少字段 id"),
    "no member": (record(member=None), "缺少字段 member"),
    "no text": (record(text=None), "缺少字段 text"),
    "naive time": (record(at="2026-01-05T00:00:00"), "时区"),
    "year 9999": (record(at="9999-01-01T00:00:00+00:00"), "1970–2099"),
    "time at the end of time": (record(at="9999-12-31T23:59:59-12:00"), "1970–2099"),
    "no time": (record(at="昨天"), "ISO 8601"),
    "text of 1 MB": (record(text="x" * 1_000_000), "text 超过"),
    "line over 1 MiB": (b'{"text": "' + b"x" * (3 * LONGEST_LINE) + b'"}\n', "超过"),
    "money without end": (record(type="order", order="o", amount_yuan=1e300), "amount_yuan"),
    "not a number": (
        b'{"type": "order", "id": "x", "at": 1, "member": "m", "order": "o", "amount_yuan": NaN}\n',
        "数字",
    ),
    "answer not understood": (record(type="answer", question="age", value="风一样的年纪"), "看不懂"),
    "a fact only the bot may write": (record(type="clear", by="m"), "未知的事件类型"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_refused_with_number_and_reason_and_the_others_are_kept(
    name: str, cli: Cli, tmp_path: Path
) -> None:
    bad, reason = BAD[name]
    file = tmp_path / "events.jsonl"
    file.write_bytes(bad + GOOD)
    summary = told(cli, file)
    assert (summary["read"], summary["new"], summary["rejected"]) == (2, 1, 1)
    assert summary["errors"][0]["line"] == 1
    assert reason in summary["errors"][0]["reason"]


def test_bom_crlf_and_blank_lines_are_no_matter(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") + b"\r\n\n" + record(id="second"))
    assert told(cli, file) == {
        "read": 2,
        "new": 2,
        "duplicate": 0,
        "rejected": 0,
        "skipped": 0,
        "errors": [],
        "errors_omitted": 0,
    }


def test_nul_and_lone_surrogates_are_taken_out(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(record(text="a\x00b", name="\ud83d小王").replace(b'"id": "bad"', b'"id": "odd"'))
    assert told(cli, file)["new"] == 1
    cli("sweep", "--as-of", "2026-02-01T00:00:00Z")
    assert cli("members", "--json").lines[0]["name"].endswith("小王")


def test_the_last_line_may_be_cut(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(GOOD + GOOD[:40])
    summary = told(cli, file)
    assert (summary["new"], summary["errors"]) == (1, [{"line": 2, "reason": "JSON 不完整，这一行可能被截断"}])


def test_what_a_cut_gzip_still_holds_is_taken(cli: Cli, tmp_path: Path) -> None:
    lines = [line("message", f"e{n}", START + n, text=f"第{n}句话，说说今天的见闻") for n in range(800)]
    whole = gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in lines))
    file = tmp_path / "events.jsonl.gz"
    file.write_bytes(whole)
    assert told(cli, file)["new"] == 800
    file.write_bytes(whole[: len(whole) // 2])
    summary = told(cli, file)
    assert summary["new"] == 0
    assert 100 < summary["duplicate"] < 800
    assert summary["rejected"] == 1
    assert "压缩文件不完整" in summary["errors"][0]["reason"]


def test_the_same_id_twice_and_the_same_file_twice_change_nothing(each_cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(GOOD + GOOD + record(id="other"))
    assert told(each_cli, file)["duplicate"] == 1
    again = told(each_cli, file)
    assert (again["new"], again["duplicate"]) == (0, 3)


def test_every_refusal_is_counted_though_not_every_one_is_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"{\n" * 2500 + GOOD)
    summary = told(cli, file)
    assert (summary["rejected"], summary["new"]) == (2500, 1)
    assert (len(summary["errors"]), summary["errors_omitted"]) == (1000, 1500)


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "没有这个文件"), ("目录", "是目录"), ("宽".encode("utf-16"), "UTF-16")]
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    content: object, reason: str, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    if content == "目录":
        file.mkdir()
    elif isinstance(content, bytes):
        file.write_bytes(content)
    done = cli("events", file, "--json")
    assert (done.code, done.out) == (1, "")
    assert reason in done.err
    assert done.err.count("\n") == 1


def test_usage_is_exit_2(cli: Cli) -> None:
    assert cli("events").code == 2
    assert cli("no-such-command").code == 2


def test_standard_input_and_the_real_program(sqlite_url: str) -> None:
    command = [sys.executable, "-m", "bot", "--db", sqlite_url, "events", "-", "--json"]
    done = subprocess.run(command, input=GOOD, capture_output=True, check=False, timeout=60, cwd=TOP)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["new"] == 1


def test_a_person_is_told_in_words(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"{\n" + GOOD)
    done = cli("events", file)
    assert "新增 1" in done.out
    assert "不是合法的 JSON" in done.out


def test_memory_does_not_hold_the_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines are asked for a batch at a time, never all at once."""
    from handlers.files import run

    file = write(tmp_path / "events.jsonl", [line("message", f"e{n}", START + n, text="嗯") for n in range(50)])
    monkeypatch.setattr(run, "BATCH", 10)
    taken: list[int] = []
    prepare = run.Run._prepare
    monkeypatch.setattr(run.Run, "_prepare", lambda self, chunk: taken.append(len(chunk)) or prepare(self, chunk))
    assert told(cli, file)["new"] == 50
    assert taken == [10] * 5
