"""The command line, called as the program calls it, with one reader of texts for the whole session."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.cli.house import LazyReader
from bot.core.quality import QualityRules
from config.settings import Settings


@dataclass(frozen=True)
class Done:
    """What a command left: exit status, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Cli = Callable[..., Done]


@pytest.fixture(scope="session")
def read_texts() -> LazyReader:
    reader = LazyReader(Settings(_env_file=None), QualityRules())
    reader.read("热身")
    return reader


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, read_texts: LazyReader, tmp_path: Path
) -> Cli:
    """Calls a command with an explicit `--db`; no setting of the machine gets in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(LazyReader, "tokenizer", read_texts.tokenizer)
    monkeypatch.setattr(LazyReader, "_reader", read_texts._reader)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["qunbiao", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Done(code, told.out, told.err)

    return call


@pytest.fixture
def cli(run: Cli, sqlite_url: str) -> Cli:
    """A command line on a fresh SQLite database."""
    return lambda *arguments: run("--db", sqlite_url, *arguments)


@pytest.fixture
def each_cli(run: Cli, database_url: str) -> Cli:
    """A command line on a fresh database, once for each kind."""
    return lambda *arguments: run("--db", database_url, *arguments)
