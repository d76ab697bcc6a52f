"""What Alembic runs: the migrations, on the connection that `storage.schema` hands over."""

from typing import Any, Literal

from alembic import context

from storage.tables import metadata
from storage.types import Utc


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain types, so that they never change with the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
