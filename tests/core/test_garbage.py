"""The collector of cycles rests only as long as it is told to."""

from __future__ import annotations

import gc

import pytest

from bot.core.garbage import collector_at_ease


def _interrupted() -> None:
    with collector_at_ease():
        assert gc.get_freeze_count() > 0
        raise KeyboardInterrupt


def test_what_was_there_is_left_alone_until_the_end_also_of_a_run_that_fails() -> None:
    before = gc.get_threshold()
    with collector_at_ease():
        assert gc.get_threshold()[0] > before[0]
    with pytest.raises(KeyboardInterrupt):
        _interrupted()
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, before)
