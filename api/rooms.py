"""The rooms of the API, in the order in which its documentation shows them: the one list of routers."""

from __future__ import annotations

from fastapi import APIRouter

from api.audit.routes import router as audit
from api.auth.routes import router as auth
from api.dossiers.routes import router as dossiers
from api.rosters.routes import router as rosters

ROUTERS: tuple[APIRouter, ...] = (
    auth,
    audit,
    dossiers,
    rosters,
)
