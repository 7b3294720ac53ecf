"""The import cures, each checked in a process of its own, as a fresh machine would meet it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.wechat import library
from bot.wechat.compat import PACKAGES

ROOT = Path(__file__).parents[2]


def run(code: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    surroundings.pop("CACHE_DIR", None)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_library_imports_leaves_no_folder_and_accepts_any_log_setting(tmp_path: Path) -> None:
    code = (
        "import bot.wechat.library as l; l.Wechaty(l.WechatyOptions(puppet=l.Puppet(), scheduler=l.AsyncIOScheduler()))"
    )
    done = run(code, tmp_path, WECHATY_LOG="debug", WECHATY_LOG_FILE="wechaty.log")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_cache_goes_where_it_is_told(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from bot.wechat import compat; compat.cure(Path('data/wechaty').resolve());"
        "import bot.wechat.library"
    )
    assert run(code, tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_real_preview_libraries_can_still_be_imported(tmp_path: Path) -> None:
    done = run("import bot.wechat.library, github; print(github.Github.__module__)", tmp_path)
    assert done.stdout.startswith("github.")


def test_every_logger_of_wechaty_is_silent() -> None:
    found = [
        value
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in PACKAGES
        for value in vars(module).values()
        if isinstance(value, logging.Logger)
    ]
    assert len(found) > 10
    assert not [logger.name for logger in found if logger.isEnabledFor(logging.CRITICAL)]
    late = sys.modules["wechaty.plugin"].get_logger("later")  # type: ignore[attr-defined]
    assert not late.isEnabledFor(logging.CRITICAL)


@pytest.mark.parametrize("name", ["EventErrorPayload", "EventReadyPayload", "EventRoomJoinPayload"])
def test_event_payloads_bear_missing_fields(name: str) -> None:
    payload = getattr(sys.modules["wechaty_puppet.schemas.event"], name)
    given = {"invited_ids": ["a"], "room_id": "r"} if name == "EventRoomJoinPayload" else {}
    assert payload(**given).__dict__.get("data", "") == ""


def test_puppet_options_hash() -> None:
    assert hash(library.PuppetOptions()) is not None


def test_nobody_else_imports_wechaty() -> None:
    guilty = [
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "handlers", "storage", "config")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith(("import wechaty", "from wechaty"))
    ]
    assert set(guilty) == {"bot/wechat/library.py"}
