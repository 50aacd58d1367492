"""Every route on versions of the roster and the roster in force."""

from __future__ import annotations

from fastapi import APIRouter

from api.rosters.edit_routes import router as edits
from api.rosters.explain_routes import router as explain
from api.rosters.force_routes import router as force
from api.rosters.publish_routes import router as publish
from api.rosters.version_routes import router as versions

router = APIRouter()
for _part in (versions, edits, explain, publish, force):
    router.include_router(_part)
