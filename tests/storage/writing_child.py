"""Run as a process: writes units of work for ever and prints each one's number once it is acknowledged."""

from __future__ import annotations

import asyncio
import sys

from storage.database import Database
from storage.rows import EventRow


async def write_for_ever(database: Database) -> None:
    async def one(number: int) -> None:
        row = EventRow(f"e{number}", "checkin", number, "m", None, "{}")
        await database.write(lambda uow: uow.events.add([row]))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()

    number = 0
    while True:
        await asyncio.gather(*(one(number + n) for n in range(20)))
        number += 20


asyncio.run(write_for_ever(Database(sys.argv[1])))
