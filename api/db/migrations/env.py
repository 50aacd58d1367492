"""What Alembic runs for each migration; the connection is handed over by `api.db.migrate`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from api.db.base import Moment
from api.db.tables import Base


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A moment is written as the plain type, so that old migrations do not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
