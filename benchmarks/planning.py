"""How long a round takes where people wait for it: standing, the own draft, picking up, and the closing of 100 shifts.

`python -m benchmarks.planning` starts the service with the demo as `benchmarks.service` does, opens a round with a
draft of `peer_greedy` in which a hundred shifts are open, asks by HTTP as GPs do, moves the closing to now and waits
until the service has assigned what is left. It puts a table in `benchmarks/README.md` and leaves with 1 when a norm is
missed. Five minutes.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2

from api.clock import now
from api.db.tables.planning import PHASES
from benchmarks.figures import Figure, Running, on_both, tell_figures
from benchmarks.peer import Options
from benchmarks.peer_greedy import make
from benchmarks.service_process import Service
from scheduler.generate import DEMO, generate

OPEN, GPS = 100, 20
STANDING_MS, PICK_UP_MS, CLOSING_SECONDS = 300.0, 300.0, 240.0
ANY = {"If-Match": "*"}


def main() -> int:
    """Measure both databases, put the table in the README; 1 when a norm is missed."""
    return tell_figures("planning", on_both(_figures))


@dataclass(frozen=True)
class _Round:
    """A round under way at a service."""

    planner: httpx2.Client
    url: str

    def state(self) -> dict[str, Any]:
        """As the planner sees it."""
        found: dict[str, Any] = self.planner.get(self.url).raise_for_status().json()
        return found


def _figures(running: Running) -> list[Figure]:
    with running() as service, service.client("planner") as planner:
        gp_ids, draft = _draft(planner, service)
        found = _begun(planner, service, draft)
        gps = [
            httpx2.Client(base_url=service.url, headers={"Authorization": f"Bearer {token}"}, timeout=120)
            for token in service.gp_tokens(gp_ids[:GPS], GPS)
        ]
        standing = sorted(_ms(lambda gp=gp: gp.get(f"{found.url}/standing").raise_for_status()) for gp in gps)  # type: ignore[misc]
        picked = sorted(_pick_up(gp, found.url) for gp in gps)
        for gp in gps:
            gp.close()
        seconds, outcome = _closed(found)
    assert outcome["left_open"] == {}, outcome
    return [
        Figure("where a GP stands, the slowest", standing[-1], STANDING_MS, "ms"),
        Figure("the median of these", standing[GPS // 2], STANDING_MS, "ms"),
        Figure("picking up an open shift, the slowest", picked[-1], PICK_UP_MS, "ms"),
        Figure("the median of these", picked[GPS // 2], PICK_UP_MS, "ms"),
        Figure(f"closing {outcome['assigned']} shifts, the solver", outcome["seconds"], CLOSING_SECONDS, "s"),
        Figure("from the move of the planner until all are told", seconds, CLOSING_SECONDS, "s"),
    ]


def _draft(planner: httpx2.Client, service: Service) -> tuple[list[str], int]:
    """A draft with open shifts; the GPs who have a shift in it, and its number."""
    dossier = generate(**DEMO)  # type: ignore[arg-type]
    roster = make(dossier, Options(time_limit=60, workers=1, seed=1))
    left = set(random.Random(1).sample(sorted(roster.gp_of), OPEN))
    kept = {shift_id: gp_id for shift_id, gp_id in roster.gp_of.items() if shift_id not in left}
    content = "\n".join(["shift_id,gp_id", *(f"{shift_id},{gp_id}" for shift_id, gp_id in kept.items())]).encode()
    where = f"{service.hds}/dossiers/{service.dossier_id}/versions"
    made = planner.post(where, files={"file": ("roster.csv", content, "text/csv")}).raise_for_status().json()
    return sorted(set(kept.values())), made["id"]


def _begun(planner: httpx2.Client, service: Service, draft: int) -> _Round:
    """A round in which GPs reshuffle this draft since an hour."""
    opens = [now() + timedelta(hours=one) for one in (-3, -2, -1, 24, 48, 72)]
    phases = {
        name: {"opens_at": at.isoformat()} | ({} if name == PHASES[-1] else {"closes_at": until.isoformat()})
        for name, at, until in zip(PHASES, opens, [*opens[1:], now()], strict=True)
    }
    where = f"{service.hds}/dossiers/{service.dossier_id}/rounds"
    made = planner.post(where, json={"phases": phases}).raise_for_status().json()
    found = _Round(planner, f"{service.hds}/round/{made['id']}")
    planner.put(f"{found.url}/draft", json={"version_id": draft}, headers=ANY).raise_for_status()
    return found


def _pick_up(gp: httpx2.Client, url: str) -> float:
    """Milliseconds until the first open shift that this GP may have is this GP's."""
    draft = gp.get(f"{url}/draft").raise_for_status().json()
    shift_id = next(one["shift_id"] for one in draft["open"] if one["may"])
    return _ms(lambda: gp.post(f"{url}/pick-up", json={"shift_id": shift_id}).raise_for_status())


def _closed(found: _Round) -> tuple[float, dict[str, Any]]:
    """Seconds from the move of the closing to now until it is done, and what came of it."""
    begun, at = time.perf_counter(), now()
    moved = {
        "draft_published": {"closes_at": (at - timedelta(seconds=1)).isoformat()},
        "free_locums": {"skipped": True},
        "closing": {"opens_at": (at - timedelta(seconds=1)).isoformat()},
    }
    found.planner.patch(found.url, json={"phases": moved}, headers=ANY).raise_for_status()
    while time.perf_counter() - begun < 2 * CLOSING_SECONDS:
        outcome = next(one["outcome"] for one in found.state()["phases"] if one["name"] == "closing")
        if "assigned" in outcome:
            return time.perf_counter() - begun, outcome
        time.sleep(0.5)
    raise TimeoutError("the closing was not done")


def _ms(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
