"""Every route about pay."""

from __future__ import annotations

from fastapi import APIRouter

from api.payouts import own_routes, run_routes, tariff_routes, worked_routes

router = APIRouter()
for _part in (tariff_routes, worked_routes, run_routes, own_routes):
    router.include_router(_part.router)
