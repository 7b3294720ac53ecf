"""The collector of cycles rests only as long as it is told to."""

from __future__ import annotations

import gc

import pytest

from bot.core.garbage import collector_at_ease

USUAL = gc.get_threshold()


def fail_at_ease() -> None:
    with collector_at_ease():
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > USUAL[0]
        raise RuntimeError


def test_what_was_there_is_left_alone_until_the_end_also_of_a_run_that_fails() -> None:
    with pytest.raises(RuntimeError):
        fail_at_ease()
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, USUAL)
