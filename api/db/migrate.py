"""Bringing a database to the tables that this version needs, and back."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from api.db.engine import Database

_LOCK = 7_261_905
"""Any number that no other program uses: two migrations at once wait for each other (PostgreSQL)."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up to `revision`, whole or not at all; does nothing when the database is there already."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Migrate down to `revision` (`base`: no tables at all)."""
    _run(database, lambda config: command.downgrade(config, revision))


def is_current(connection: Connection) -> bool:
    """Whether the database has the tables that this version needs."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _run(database: Database, migrate: Callable[[Config], None]) -> None:
    with database.engine.execution_options(anw_writes=True).connect() as connection:
        if database.on_sqlite:
            # rebuilding a table in SQLite drops the old one, which its own foreign keys would refuse
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        with connection.begin():
            if not database.on_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = _config()
            config.attributes["connection"] = connection
            migrate(config)
        if database.on_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("api.db").joinpath("migrations")))
    return config
