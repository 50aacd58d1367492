"""One application for many tests: building it costs more than most of them do."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI

from api.app import create_app
from api.db.engine import Database
from api.settings import Settings


@cache
def _built() -> FastAPI:
    app = create_app(Settings(database_url="sqlite:////nowhere/unused.sqlite", development=True, secure_cookies=False))
    app.state.database.close()
    return app


def one_app(settings: Settings, database: Database) -> FastAPI:
    """The application with these settings on this database, for one test at a time.

    What is read when it is built (size of bodies, cookies, traces) stays as in development.
    """
    app = _built()
    app.state.settings, app.state.database = settings, Database(database.url)
    app.state.oidc_provider = None
    return app
