"""A worker as `anw worker` starts it, on a database that was made without migrations."""

from __future__ import annotations

from api.jobs.worker import work
from api.settings import Settings
from api.upkeep import chores_of

if __name__ == "__main__":
    settings = Settings()
    work(settings, chores_of=lambda database: chores_of(database, settings))
