"""Repairs and peaks by HTTP, on SQLite and on PostgreSQL; `python -m benchmarks.repair` puts a table in the README.

The service is started as a user starts it (`anw serve --demo`) and carries repairs out itself; the roster in force is
the demo's, made by `peer_greedy`. A repair is measured from the question until its proposal is there, and applied.
Leaves with 1 when a norm is missed: 30 s for an absence of three months, with the fewest changes proven.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2

from benchmarks.figures import Running, on_both, tell
from benchmarks.service import publish
from benchmarks.service_process import Service
from scheduler.generate import DEMO, generate

QUARTER = ("2027-04-01T00:00:00+02:00", "2027-07-01T00:00:00+02:00")
REPAIR_SECONDS, PREVIEW_SECONDS, ACT_SECONDS = 30.0, 10.0, 5.0
PATIENCE = 90.0


@dataclass(frozen=True)
class Figure:
    """One measurement beside what it may be; `told` says what came of it."""

    name: str
    seconds: float
    most: float
    told: str
    is_sound: bool = True

    @property
    def missed(self) -> bool:
        """Whether a norm is missed."""
        return self.seconds > self.most or not self.is_sound


def main() -> int:
    """Measure both databases, put the table in the README; 1 when a norm is missed."""
    found = on_both(_figures)
    rows = [
        f"| {name} | {one.name} | {one.told} | {one.seconds:.2f} | {one.most:g} | {'missed' * one.missed} |"
        for name, one in found
    ]
    tell(
        "repair",
        ["| database | measure | found | seconds | at most | |", "| --- | --- | --- | --- | --- | --- |", *rows],
    )
    return int(any(one.missed for _, one in found))


def _figures(running: Running) -> list[Figure]:
    with running() as service, service.client("planner") as planner:
        publish(planner, service, generate(**DEMO))  # type: ignore[arg-type]
        return [*_repairs(planner, service), *_peak(planner, service)]


def _repairs(planner: httpx2.Client, service: Service) -> Iterator[Figure]:
    busiest = _busiest(planner, service)
    away = [{"gp_id": gp_id, "start": QUARTER[0], "end": QUARTER[1]} for gp_id in busiest]
    yield from _repaired(planner, service, "three months of one GP", {"away": away[:1]})
    yield from _repaired(
        planner, service, "three months of one GP, all others movable", {"away": away[1:2], "movable": "anybody"}
    )
    yield from _repaired(planner, service, "three months of three GPs", {"away": away[2:5], "movable": "anybody"})


def _busiest(planner: httpx2.Client, service: Service) -> list[str]:
    asked = {"start": "2027-04-01", "end": "2027-06-30", "all": True}
    rows = planner.get(f"{service.hds}/roster", params=asked).raise_for_status().json()["items"]
    return [gp_id for gp_id, _ in Counter(row["gp_id"] for row in rows if row["gp_id"]).most_common(5)]


def _repaired(planner: httpx2.Client, service: Service, name: str, asked: dict[str, Any]) -> Iterator[Figure]:
    where = f"{service.hds}/repairs"
    begun = time.perf_counter()
    body = {"dossier_id": service.dossier_id, "reason": "benchmark", "time_limit": 28} | asked
    repair = planner.post(where, json=body).raise_for_status().json()
    while repair["state"] in ("queued", "running") and time.perf_counter() < begun + PATIENCE:
        time.sleep(0.1)
        repair = planner.get(f"{where}/{repair['id']}").raise_for_status().json()
    seconds, proposal = time.perf_counter() - begun, repair["proposal"]
    if proposal is None:
        yield Figure(name, seconds, REPAIR_SECONDS, f"{repair['state']} {repair['error_code']}", is_sound=False)
        return
    told = (
        f"{proposal['fell_open']} fell open, {len(proposal['left_open'])} stay open (at least "
        f"{proposal['open_bound']}), {proposal['moved']} of others move; {'proven' if proposal['proven'] else 'a gap'}"
    )
    yield Figure(name, seconds, REPAIR_SECONDS, told, proposal["proven"])
    order = {"how": "decide", "reason": "benchmark"}
    done = planner.post(f"{where}/{repair['id']}/apply", json=order)
    seconds = float(done.elapsed.total_seconds())
    yield Figure(f"{name}: applied", seconds, ACT_SECONDS, str(done.json().get("state")), done.status_code == 200)


def _peak(planner: httpx2.Client, service: Service) -> Iterator[Figure]:
    post = planner.get(f"{service.hds}/dossiers/{service.dossier_id}/posts").raise_for_status().json()["items"][0]
    extra = {
        "post_id": post["post_id"], "role": "consult", "days": ["2027-02-06", "2027-02-07"], "start": "10:00",
        "end": "16:00", "headcount": 2,
    }  # fmt: skip
    body = {"dossier_id": service.dossier_id, "extras": [extra], "reason": "benchmark"}
    seen = planner.post(f"{service.hds}/peak/preview", json=body).raise_for_status()
    first = seen.json()["shifts"][0]
    told = f"{len(first['standbys'])} standbys, {first['candidate_count']} could take the first"
    yield Figure("extra shifts looked at (4)", seen.elapsed.total_seconds(), PREVIEW_SECONDS, told)
    opened = planner.post(f"{service.hds}/peak", json=body).raise_for_status()
    shift_ids = [one["shift_id"] for one in opened.json()["shifts"]]
    yield Figure("extra shifts opened", opened.elapsed.total_seconds(), ACT_SECONDS, f"{len(shift_ids)} opened")
    offered = planner.post(f"{service.hds}/open-shifts", json={"shift_ids": shift_ids}).raise_for_status()
    told = f"{offered.json()['offered'][0]['told']} GPs told of the first"
    yield Figure("offered to all", offered.elapsed.total_seconds(), PREVIEW_SECONDS, told)
    legal = next((one for one in first["standbys"] if one["legal"]), None)
    if legal is not None:
        order = {"shift_id": shift_ids[0], "standby_id": legal["standby_id"], "refill": True, "reason": "benchmark"}
        called = planner.post(f"{service.hds}/peak/call", json=order).raise_for_status()
        yield Figure("a standby called in, with refill", called.elapsed.total_seconds(), ACT_SECONDS, "called")
    account = planner.get(f"{service.hds}/peak").raise_for_status()
    yield Figure("escalations with cost and balances", account.elapsed.total_seconds(), ACT_SECONDS, "")


if __name__ == "__main__":
    sys.exit(main())
