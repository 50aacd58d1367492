"""Migrations lead up and down on both databases, and end at the tables that the code uses."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from api.db.engine import Database
from api.db.migrate import _run, downgrade, is_current, upgrade
from api.db.tables import Base

pytestmark = pytest.mark.both_databases

ALEMBIC = "alembic_version"


@pytest.fixture
def empty(database_url: str) -> Database:
    """A database without any table."""
    return Database(database_url)


def _guards(database: Database) -> set[str]:
    """The names of every trigger and exclusion constraint."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.on_sqlite
        else "SELECT conname FROM pg_constraint WHERE contype = 'x' "
        "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.reading() as session:
        return set(session.scalars(text(asked)))


def test_migrations_end_at_the_tables_of_the_code(empty: Database) -> None:
    """After all migrations nothing differs from the models."""
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert is_current(connection)


def test_migrations_put_the_same_guards_in_place_as_the_models(empty: Database) -> None:
    """Overlaps and rewriting of history are refused by a migrated database just as by one made from the models."""
    upgrade(empty)
    migrated = _guards(empty)
    downgrade(empty, "base")
    Base.metadata.create_all(empty.engine)
    assert migrated == _guards(empty)
    assert migrated


def test_migrations_lead_back_to_nothing_and_up_again(empty: Database) -> None:
    """Down to the base leaves no table, trigger or function; up again works."""
    upgrade(empty)
    downgrade(empty, "base")
    assert set(inspect(empty.engine).get_table_names()) <= {ALEMBIC}
    assert _guards(empty) == set()
    upgrade(empty)
    with empty.engine.connect() as connection:
        assert is_current(connection)


def test_a_database_without_tables_is_not_current(empty: Database) -> None:
    """A service must not start on a database that was never migrated."""
    with empty.engine.connect() as connection:
        assert not is_current(connection)


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    """A second migration finds everything in place."""
    upgrade(empty)
    tables = set(inspect(empty.engine).get_table_names())
    upgrade(empty)
    assert set(inspect(empty.engine).get_table_names()) == tables


def test_a_table_is_rebuilt_in_sqlite_without_losing_what_hangs_on_it(sqlite_url: str) -> None:
    """While a migration runs SQLite's foreign keys are off, and afterwards they are on again."""
    empty = Database(sqlite_url)
    upgrade(empty)
    seen: list[int] = []

    def look(_config: Config) -> None:
        seen.append(_config.attributes["connection"].exec_driver_sql("PRAGMA foreign_keys").scalar_one())

    _run(empty, look)
    with empty.engine.connect() as connection:
        seen.append(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())
    assert seen == [0, 1]
