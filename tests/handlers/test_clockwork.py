"""The clockwork in real time: whoever wakes it during a turn gets another right after it."""

from __future__ import annotations

import asyncio

from handlers.jobs.clockwork import LONGEST_NAP, Clockwork


async def test_a_wake_during_a_turn_is_not_lost() -> None:
    turns, fifth = 0, asyncio.Event()

    async def turn() -> float:
        nonlocal turns
        turns += 1
        if turns < 5:
            clockwork.wake()
        else:
            fifth.set()
        return LONGEST_NAP

    clockwork = Clockwork(turn)
    clockwork.start()
    try:
        await asyncio.wait_for(fifth.wait(), LONGEST_NAP / 3)
    finally:
        clockwork.stop()
