"""The laws of the house, read off the source: who imports whom, what the core never touches, how large rooms are."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import pytest

TOP = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "config", "handlers", "storage")
LONGEST_FILE = 300
LONGEST_USUAL_FUNCTION = 25

WECHATY = ("wechaty", "wechaty_grpc", "wechaty_puppet", "wechaty_puppet_service")
DATABASE = ("alembic", "psycopg", "sqlalchemy", "sqlmodel")
WEB = ("fastapi", "jinja2", "nicegui", "prometheus_client", "starlette", "ua_parser", "uvicorn")
CORE_NEVER = (
    "asyncio", "concurrent", "glob", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random", "secrets",
    "shutil", "signal", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "http", "uuid",
)  # fmt: skip


@dataclass(frozen=True)
class Ring:
    """One row of the import law. `ours` and `packages` are all that may be imported of the house and from outside;
    `never` takes names away again: standard modules, and rooms of the house that `ours` would let in."""

    place: str
    ours: tuple[str, ...]
    packages: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


# The first row that covers a module is its row. bot.errors and bot.log are foundations of every ring but the core.
FLOOR = ("bot.core", "bot.errors", "bot.log")
LAW = (
    Ring("bot.core", ours=("bot.core",), never=CORE_NEVER),
    Ring("bot.errors", ours=()),
    Ring("bot.log", ours=()),
    Ring("bot.ports", ours=("bot.ports", "bot.core")),
    Ring("config", ours=("config", *FLOOR), packages=("cel", "pydantic", "pydantic_settings")),
    Ring("storage", ours=("storage", *FLOOR), packages=(*DATABASE, "orjson")),
    Ring(
        "bot.services",
        ours=("bot.services", "bot.ports", "storage", *FLOOR),
        packages=("cel", "networkx", "numpy", "openpyxl", "orjson"),
        never=("asyncio", "storage.migrations"),
    ),
    Ring("bot.wechat", ours=("bot.wechat", "bot.ports", *FLOOR), packages=(*WECHATY, "apscheduler", "grpclib", "pyee")),
    Ring("bot.localgroup", ours=("bot.localgroup", "bot.wechat", "bot.ports", *FLOOR), packages=(*WECHATY, "pyee")),
    Ring(
        "bot.text",
        ours=("bot.text", "bot.ports", *FLOOR),
        packages=("ahocorasick_rs", "jieba", "numpy", "opencc", "orjson", "rjieba"),
    ),
    Ring(
        "bot.training", ours=("bot.training", "bot.text", "bot.errors", *FLOOR), packages=("numpy", "scipy", "sklearn")
    ),
    Ring("bot.traces", ours=("bot.traces", *FLOOR), packages=("ip2region", "numpy", "shapely", "ua_parser")),
    Ring(
        "handlers",
        ours=("handlers", "bot.services", "bot.ports", "config", "storage", *FLOOR),
        packages=("apscheduler", "httpx", "ijson", "orjson", "pydantic", *WEB),
        never=("storage.models", "storage.repositories", "storage.migrations"),
    ),
)
# The composition root and the command line may see everything.
ROOTS = ("bot", "bot.runtime", "bot.__main__", "bot.cli")


@dataclass(frozen=True)
class Import:
    line: int
    name: str


def covers(place: str, name: str) -> bool:
    return name == place or name.startswith(place + ".")


def ring_of(module: str) -> Ring | None:
    """The row for a module, None for a root; a module in no row breaks the law by being there."""
    if module in ROOTS or any(covers(root, module) for root in ROOTS[1:]):
        return None
    for ring in LAW:
        if covers(ring.place, module):
            return ring
    raise AssertionError(f"{module} belongs to no ring: give it a row in LAW")


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every import, also in functions and under TYPE_CHECKING. `from a import b` counts as a.b: b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (Import(node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def allowed(module: str, ring: Ring, name: str) -> bool:
    if any(covers(barred, name) for barred in ring.never):
        return False
    outermost = name.partition(".")[0]
    if outermost in PACKAGES:
        return any(covers(place, name) for place in ring.ours)
    if outermost in WEB and ring.place == "handlers":
        return covers("handlers.web", module)
    return outermost in sys.stdlib_module_names or outermost in ring.packages


def breaches(module: str, tree: ast.AST) -> list[str]:
    ring = ring_of(module)
    if ring is None:
        return []
    return [f"{module}:{i.line} imports {i.name}" for i in imports(tree) if not allowed(module, ring, i.name)]


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each call as (line, last two names of what is called): datetime.datetime.now() gives "datetime.now"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ".".join(ast.unparse(node.func).split(".")[-2:])


CLOCKS = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today"}
CORE_CALLS = CLOCKS | {"open", "print", "input"}
TRANSACTIONS = {"begin", "begin_nested", "commit", "rollback"}


def forbidden_calls(module: str, tree: ast.AST) -> list[str]:
    if covers("bot.core", module):
        return [f"{module}:{line} calls {name}" for line, name in calls(tree) if name in CORE_CALLS]
    if covers("bot.services", module):
        return [
            f"{module}:{line} calls {name}"
            for line, name in calls(tree)
            if name in CLOCKS or name.rpartition(".")[2] in TRANSACTIONS
        ]
    return []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")


def sources(packages: Iterable[str] = PACKAGES) -> list[Path]:
    return sorted(path for package in packages for path in (TOP / package).rglob("*.py"))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def tracked() -> list[Path]:
    """The project's own files: git's word where there is git, else all that is not hidden or made by running."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        return [path for name in listing.stdout.decode().split("\0") if name and (path := TOP / name).is_file()]
    return [path for package in (*PACKAGES, "tests") for path in (TOP / package).rglob("*") if path.is_file()]


def test_rings_import_only_what_the_law_lets_them() -> None:
    assert [breach for path in sources() for breach in breaches(module_of(path), parse(path))] == []


def test_core_has_no_clock_and_services_end_no_transaction() -> None:
    assert [call for path in sources() for call in forbidden_calls(module_of(path), parse(path))] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.core.tags", "import random"),
        ("bot.core.tags", "from os import environ"),
        ("bot.core.tags", "from storage import database"),
        ("bot.core.rules.spec", "import pydantic"),
        ("config.loader", "from bot.services import ingest"),
        ("storage.database", "from config.settings import Settings"),
        ("bot.services.ingest", "import asyncio"),
        ("bot.services.ingest", "def f():\n    from wechaty import Wechaty"),
        ("bot.wechat.adapter", "from bot import services"),
        ("bot.text.lexicon", "import wechaty"),
        ("handlers.commands.members", "import sqlmodel"),
        ("handlers.commands.members", "from fastapi import Request"),
        ("handlers.messages", "from storage import models"),
    ],
)
def test_the_law_sees_a_planted_breach(module: str, line: str) -> None:
    assert breaches(module, ast.parse(line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.core.tags", "datetime.datetime.now(tz=UTC)"),
        ("bot.core.tags", "date.today()"),
        ("bot.core.tags", "print('hi')"),
        ("bot.services.ingest", "uow.session.commit()"),
    ],
)
def test_the_law_sees_a_planted_call(module: str, line: str) -> None:
    assert forbidden_calls(module, ast.parse(line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.core.tags", "from datetime import datetime"),
        ("bot.services.ingest", "from storage.repositories import events"),
        ("handlers.web.app", "from fastapi import FastAPI"),
        ("bot.runtime", "import wechaty, sqlmodel"),
    ],
)
def test_the_law_lets_the_rightful_pass(module: str, line: str) -> None:
    assert not breaches(module, ast.parse(line))


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {str(path.relative_to(TOP)): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_nine_functions_in_ten_are_short() -> None:
    sizes = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert quantiles(sizes, n=10)[-1] <= LONGEST_USUAL_FUNCTION


def test_top_level_folders() -> None:
    folders = {path.relative_to(TOP).parts[0] for path in tracked() if path.parent != TOP}
    assert {name for name in folders if not name.startswith(".")} == {*PACKAGES, "tests"}


# Written so that no pattern matches itself.
FOREIGN = {
    "a package index": re.compile(r"(?:pypi|pythonhosted|npmjs|debian)[.](?:org|io)"),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:root|work/[a-z]|opt/[a-z]|home/[a-z])"),
    "a folder beside the project": re.compile(r"[.][.]/shared"),
}
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|raise NotImplemente[d]\w*|Magic[M]ock)\b")


def findings(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    return [
        f"{path.relative_to(TOP)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names(what: str) -> None:
    assert findings(FOREIGN[what], tracked()) == []


def test_no_room_is_unfinished_and_no_test_mocks_blindly() -> None:
    assert findings(UNFINISHED, sources((*PACKAGES, "tests"))) == []
