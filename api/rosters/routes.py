"""Every route on versions of the roster and the roster in force."""

from __future__ import annotations

from fastapi import APIRouter

from api.rosters.edit_routes import router as edits
from api.rosters.explain_routes import router as explain
from api.rosters.force_routes import router as force
from api.rosters.publish_routes import router as publish
from api.rosters.version_routes import router as versions

ROUTERS: tuple[APIRouter, ...] = (force, publish, versions, edits, explain)
"""Side by side and not in a router of their own: each level of routers is one more search at every request.

First stands what many GPs read at once.
"""
