"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from typing import Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from api.db.engine import Database
from api.db.migrate import is_current
from api.errors import RETRY_AFTER_SECONDS, Problem, problems
from scheduler.messages import text
from scheduler.version import __version__

PATIENCE_SECONDS = 2.0
router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """That all is well."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok", "version": __version__}]})

    status: Literal["ok"] = "ok"
    version: str = __version__


@router.get("/healthz", summary="Whether the process lives")
async def healthz() -> Health:
    """Answers as long as the process can answer at all; asks nothing of the database."""
    return Health()


@router.get("/readyz", summary="Whether requests can be served", responses=problems("database_unavailable"))
async def readyz(request: Request) -> Health:
    """The database answers within two seconds and has the tables of this version; otherwise 503."""
    database: Database = request.app.state.database
    with anyio.move_on_after(PATIENCE_SECONDS):
        if await to_thread.run_sync(_ready, database, abandon_on_cancel=True):
            return Health()
        raise _unavailable("ops.not_migrated")
    raise _unavailable("ops.no_database")


def _ready(database: Database) -> bool:
    try:
        with database.engine.connect() as connection:
            return is_current(connection)
    except SQLAlchemyError:
        raise _unavailable("ops.no_database") from None


def _unavailable(key: str) -> Problem:
    return Problem("database_unavailable", text(key), headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
