"""Bringing a database to the tables that this version needs, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return found == ScriptDirectory.from_config(migrations()).get_current_head()


def _run(database: Database, migrate: Callable[[Config], None]) -> None:
    engine = database.engine.execution_options(anw_writes=True)
    with engine.connect() as connection, _free_of_keys(connection), connection.begin():
        if not database.on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = migrations()
        config.attributes["connection"] = connection
        migrate(config)


@contextmanager
def _free_of_keys(connection: Connection) -> Iterator[None]:
    """Rebuilding a table in SQLite drops the old one, which the keys of others would refuse.

    SQLite listens to this outside a transaction only, so it goes past SQLAlchemy, which would begin one.
    """
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def migrations() -> Config:
    """Where the migrations of this version stand."""
    config = Config()
    config.set_main_option("script_location", str(files("api.db").joinpath("migrations")))
    return config
