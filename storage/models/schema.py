"""The class every table derives from: its own metadata with fixed constraint names for migrations."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Stored(SQLModel):
    """A table of this program."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)
