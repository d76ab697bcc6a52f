"""Fewer pages written a turn: indexes that only the nightly sweep used go, and so do hidden row numbers on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SWEPT = {"persons": "seen_at", "facts": "updated_at", "messages": "at", "inbound_keys": "seen_at"}
KEYED = ("facts", "messages", "inbound_keys")  # found by their key alone


def upgrade() -> None:
    for table, column in SWEPT.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.add_column("persons", sa.Column("noted", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYED:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
                pass


def downgrade() -> None:
    for table, column in SWEPT.items():
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.drop_column("persons", "noted")
