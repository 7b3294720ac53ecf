"""Named values of this deployment."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, select

from storage.models import DeploymentRecord
from storage.statements import BatchInsert
from storage.types import table_of

DEPLOYMENT = table_of(DeploymentRecord)
_PUT = BatchInsert(DEPLOYMENT, ("key", "value"), 'ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"')
_GET = select(DEPLOYMENT.c.value).where(DEPLOYMENT.c.key == bindparam("key"))
"""Made once: it is asked with every message."""


class Deployment:
    """Table deployment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        return self._connection.scalar(_GET, {"key": key})

    def get_many(self, keys: Collection[str]) -> dict[str, str]:
        """The values of those keys that have one."""
        wanted = select(DEPLOYMENT.c.key, DEPLOYMENT.c.value).where(DEPLOYMENT.c.key.in_(keys))
        return {row.key: row.value for row in self._connection.execute(wanted)}

    def starting_with(self, prefix: str) -> dict[str, str]:
        """The values of all keys that begin so, by what follows."""
        wanted = select(DEPLOYMENT.c.key, DEPLOYMENT.c.value).where(
            DEPLOYMENT.c.key.startswith(prefix, autoescape=True)
        )
        return {row.key.removeprefix(prefix): row.value for row in self._connection.execute(wanted)}

    def put(self, key: str, value: str) -> None:
        _PUT.run(self._connection, [(key, value)])

    def delete(self, key: str) -> bool:
        """Whether it was there."""
        return self._connection.execute(delete(DEPLOYMENT).where(DEPLOYMENT.c.key == key)).rowcount == 1
