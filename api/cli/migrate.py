"""`anw migrate`: the database gets the tables of this version."""

from __future__ import annotations

from scheduler.cli.console import say


def migrate() -> None:
    """Migrate the database that `ANW_DATABASE_URL` names; safe to repeat."""
    from api.cli.environment import reach_database, read_environment
    from api.db.migrate import upgrade

    database = reach_database(read_environment().database_url)
    upgrade(database)
    database.close()
    say("service.migrated")
