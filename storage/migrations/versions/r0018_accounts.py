"""Create the tables of accounts, their seats, friends and hearings, filled with what is known of the one account."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ALIVE = "(SELECT CAST(value AS BIGINT) FROM deployment WHERE \"key\" = 'alive_at')"
_THE_ONE = f"""INSERT INTO accounts (account, name, owner, since, alive_at, state, reason)
    SELECT value, '', '', {_ALIVE}, {_ALIVE}, 'stopped', '' FROM deployment
    WHERE "key" = 'account' AND {_ALIVE} IS NOT NULL"""
_SEATS = """INSERT INTO seats (account, group_id, since)
    SELECT groups.account, groups.id, COALESCE(groups.entered_at, 0) FROM groups
    JOIN accounts ON accounts.account = groups.account WHERE groups.present"""
_FRIENDS = """INSERT INTO friendships (member, account, spoke_at)
    SELECT members.member, accounts.account, 0 FROM members, accounts WHERE members.is_friend"""


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=comment)


def _prose(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "accounts",
        _ident("account"),
        _prose("name"),
        _ident("owner"),
        _moment("since"),
        _moment("alive_at"),
        _prose("state"),
        _prose("reason"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )
    _create_seats()
    op.create_table(
        "hearings",
        _ident("id"),
        _ident("account"),
        _ident("event"),
        _ident("digest"),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearings")),
    )
    op.create_index(op.f("ix_hearings_digest_at"), "hearings", ["digest", "at"])
    op.create_index(op.f("ix_hearings_event"), "hearings", ["event"])
    op.create_index(op.f("ix_hearings_at"), "hearings", ["at"])
    for statement in (_THE_ONE, _SEATS, _FRIENDS):
        op.execute(statement)


def _create_seats() -> None:
    op.create_table(
        "seats",
        _ident("account"),
        _ident("group_id"),
        _moment("since"),
        _moment("until", nullable=True),
        sa.PrimaryKeyConstraint("account", "group_id", name=op.f("pk_seats")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_seats_group_id"), "seats", ["group_id"])
    op.create_table(
        "friendships",
        _ident("member"),
        _ident("account"),
        _moment("spoke_at"),
        sa.PrimaryKeyConstraint("member", "account", name=op.f("pk_friendships")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("hearings", "friendships", "seats", "accounts"):
        op.drop_table(table)
