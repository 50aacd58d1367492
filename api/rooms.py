"""The rooms of the API, in the order in which its documentation shows them: the one list of routers.

A request is compared with each route in turn, so the room that is asked most stands first.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.audit.routes import router as audit
from api.auth.oidc.routes import router as oidc
from api.auth.routes import router as auth
from api.auth.token_routes import router as tokens
from api.dossiers.change_routes import router as dossier_changes
from api.dossiers.part_routes import ROUTERS as DOSSIER_PARTS
from api.dossiers.routes import router as dossiers
from api.dossiers.settings_routes import router as dossier_settings
from api.dossiers.share_routes import router as dossier_shares
from api.hds.routes import router as hds
from api.lending.routes import router as lending
from api.messages.routes import ROUTERS as MESSAGES
from api.neighbours.routes import router as neighbours
from api.payouts.routes import ROUTERS as PAYOUTS
from api.peak.routes import router as peak
from api.planning.routes import router as planning
from api.privacy.routes import router as privacy
from api.repair.routes import router as repair
from api.rosters.routes import ROUTERS as ROSTERS
from api.runs.region_routes import router as region_runs
from api.runs.routes import router as runs
from api.sickness.routes import router as sickness
from api.swaps.group_routes import router as swap_groups
from api.swaps.market_routes import router as swap_market
from api.swaps.routes import router as swaps
from api.users.routes import router as users

ROUTERS: tuple[APIRouter, ...] = (
    *ROSTERS,
    auth,
    oidc,
    tokens,
    hds,
    users,
    audit,
    privacy,
    dossiers,
    dossier_settings,
    *DOSSIER_PARTS,
    dossier_changes,
    dossier_shares,
    runs,
    region_runs,
    swaps,
    planning,
    peak,
    repair,
    swap_groups,
    swap_market,
    sickness,
    neighbours,
    lending,
    *PAYOUTS,
    *MESSAGES,
)
