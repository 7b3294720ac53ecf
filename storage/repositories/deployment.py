"""Named values of this deployment."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select

from storage.memory import recall
from storage.models import DeploymentRecord
from storage.statements import BatchInsert
from storage.types import table_of

DEPLOYMENT = table_of(DeploymentRecord)
_ALL = select(DEPLOYMENT.c.key, DEPLOYMENT.c.value)
_PUT = BatchInsert(DEPLOYMENT, ("key", "value"), 'ON CONFLICT ("key") DO UPDATE SET "value" = excluded."value"')


class Deployment:
    """Table deployment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        return self._all().get(key)

    def get_many(self, keys: Collection[str]) -> dict[str, str]:
        """The values of those keys that have one."""
        known = self._all()
        return {key: known[key] for key in keys if key in known}

    def starting_with(self, prefix: str) -> dict[str, str]:
        """The values of all keys that begin so, by what follows."""
        return {key.removeprefix(prefix): value for key, value in self._all().items() if key.startswith(prefix)}

    def _all(self) -> Mapping[str, str]:
        """A few dozen values: read together, they need not be asked for one by one."""
        return recall(self._connection, DEPLOYMENT, "all", self._read)

    def _read(self) -> dict[str, str]:
        return dict(tuple(row) for row in self._connection.execute(_ALL))

    def put(self, key: str, value: str) -> None:
        _PUT.run(self._connection, [(key, value)])

    def delete(self, key: str) -> bool:
        """Whether it was there."""
        return self._connection.execute(delete(DEPLOYMENT).where(DEPLOYMENT.c.key == key)).rowcount == 1
