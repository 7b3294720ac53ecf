"""A few deaths of what `make crash` deals out by the hundred; in a process of its own, since it forks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="这个系统没有 fork")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_said_twice(kind: str) -> None:
    command = [sys.executable, "-m", "tests.crash", "--crashes", "8", "--on", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "违反不变量" in done.stdout
