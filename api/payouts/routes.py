"""Every router about pay."""

from __future__ import annotations

from api.payouts import own_routes, run_routes, tariff_routes, transfer_routes, worked_routes

ROUTERS = tuple(part.router for part in (tariff_routes, worked_routes, run_routes, transfer_routes, own_routes))
