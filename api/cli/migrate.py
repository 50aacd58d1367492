"""`anw migrate`: the database gets the tables of this version."""

from __future__ import annotations

from scheduler.cli.console import say


def migrate() -> None:
    """Migrate the database that `ANW_DATABASE_URL` names, with the tables of the job queue; safe to repeat."""
    from api.cli.environment import settings_of_environment
    from api.db.engine import Database
    from api.db.migrate import upgrade
    from api.jobs.system import migrate_system

    settings = settings_of_environment()
    database = Database(settings.database_url)
    upgrade(database)
    database.close()
    migrate_system(settings)
    say("service.migrated")
