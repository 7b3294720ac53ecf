"""Wrong calls and help pages: one Chinese line and exit status 2, or a Chinese page."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from bot.errors import why
from config.settings import PACKAGED_CONFIG
from tests.cli.conftest import Cli

ENGLISH = re.compile(r"\b(Usage|Options|Arguments|Commands|Show|Error|Missing|Invalid|No such|Try|Got|required)\b")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("sweep", "缺少选项 --as-of"),
        ("sweep --as-of", "选项 --as-of 后面要有值"),
        ("sweep --zz", "没有这个选项：--zz"),
        ("import", "缺少参数 files"),
        ("import x --json=1", "选项 --json 不带值"),
        ("members a b", "多余的参数：a b"),
        ("swep", "没有这个命令：swep"),
        ("rules foo", "没有这个命令：foo"),
        ("rules show x", "参数 number 的值不对，应为整数"),
        ("run --mode xx", "选项 --mode 的值不对，应为 observe、assist、auto"),
        ("models rollback 3", "多余的参数：3"),
    ],
)
def test_a_wrong_call_is_told_in_one_chinese_line(words: str, told: str, cli: Cli) -> None:
    done = cli(*words.split())
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"用法不对：{told}" in done.err
    assert not ENGLISH.search(done.err)


@pytest.mark.parametrize(("words", "code"), [("--help", 0), ("rules", 2), ("rules list --help", 0), ("why --help", 0)])
def test_help_pages_are_chinese(words: str, code: int, run: Cli) -> None:
    done = run(*words.split())
    assert (done.code, "用法：" in done.out, "选项" in done.out) == (code, True, True)
    assert not ENGLISH.search(done.out)
    assert " …" not in done.out, "no line is cut"


@pytest.mark.parametrize(("place", "told"), [("none.jsonl", "没有这个文件"), ("a/b.jsonl", "没有这个文件")])
def test_what_the_system_refuses_is_told_in_chinese(place: str, told: str, cli: Cli) -> None:
    done = cli("events", place)
    assert (done.code, told in done.err) == (1, True)


def test_a_rare_refusal_of_the_system_keeps_its_number() -> None:
    assert why(OSError(28, "No space left on device")) == "磁盘已满"
    assert why(OSError(95, "Operation not supported")) == "系统错误 95"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("outbox", "--status", "gone"), "没有这个状态：gone（有 queued、"),
        (("rules", "activate", str(PACKAGED_CONFIG / "rulesets" / "default.toml"), "--note", " "), "请写明为什么改"),
    ],
)
def test_a_word_that_means_nothing_is_refused(words: tuple[str, ...], told: str, cli: Cli) -> None:
    done = cli(*words)
    assert (done.code, done.out, told in done.err) == (1, "", True)


class Closed(io.StringIO):
    """Standard output whose reader has gone."""

    def __init__(self, spare: int) -> None:
        super().__init__()
        self._spare = spare

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        return self._spare


@pytest.mark.parametrize("command", ["rules list --json", "rules list", "rules --help"])
def test_who_stops_reading_is_no_fault(command: str, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """JSON, a table and a help page are each written by another library."""
    with (tmp_path / "spare").open("w") as spare:
        monkeypatch.setattr(sys, "stdout", Closed(spare.fileno()))
        assert cli(*command.split()).code == 0
