"""How long one report of sickness takes with a region in force, in process and by HTTP, on SQLite and PostgreSQL.

`python -m benchmarks.sickness` starts the service with the demo as `benchmarks.service` does, puts a year's roster of
`peer_greedy` in force, reports GPs sick to single shifts from within this process and by HTTP, puts a table in
`benchmarks/README.md` and leaves with 1 when a report took longer than its norm of two seconds. A report counts until
the answer: the duty freed, the standby called in with its hours and a new standby opened, or the first of the ranked
list asked. Some 60 GPs have accounts. Two minutes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx2
from sqlalchemy import select

from api.auth.principal import Member, Role
from api.clock import now
from api.db.engine import Database
from api.db.tables.people import Membership
from api.sickness.reports import report
from api.sickness.schemas import SickAsked
from benchmarks.figures import Figure, Running, on_both, tell_figures
from benchmarks.service import publish
from benchmarks.service_process import Service
from scheduler.generate import DEMO, generate

EACH = 12
ACCOUNTS = 60
NORM = 2.0
Shift = tuple[str, str]
"""The id of a shift, and of the GP who performs it."""


def main() -> int:
    """Measure both databases, put the table in the README; 1 when a report took too long."""
    return tell_figures("sickness", on_both(_figures))


def _figures(running: Running) -> list[Figure]:
    with running() as service:
        with service.client("planner") as planner:
            publish(planner, service, generate(**DEMO))  # type: ignore[arg-type]
            roster = planner.get(f"{service.hds}/roster", params={"all": True}).raise_for_status().json()["items"]
            service.gp_tokens(sorted({one["gp_id"] for one in roster if one["gp_id"]}), ACCOUNTS)
            shifts = _spread([(one["shift_id"], one["gp_id"]) for one in roster if _is_to_come(one)])
            by_http = [_by_http(planner, service, one) for one in shifts[:EACH]]
        database = Database(service.database_url)
        in_process = [_in_process(database, service.hds_id, one) for one in shifts[EACH:]]
        database.close()
    return [
        Figure("a single shift by HTTP, the slowest", max(by_http), NORM, "s"),
        Figure("the median of these", sorted(by_http)[EACH // 2], NORM, "s"),
        Figure("a single shift in process, the slowest", max(in_process), NORM, "s"),
        Figure("the median of these", sorted(in_process)[EACH // 2], NORM, "s"),
    ]


def _is_to_come(one: dict[str, str]) -> bool:
    ahead = datetime.fromisoformat(one["start"]) > now() + timedelta(days=30)
    return bool(one["gp_id"]) and one["role"] != "standby" and ahead


def _spread(shifts: Sequence[Shift]) -> list[Shift]:
    """Shifts all over the year, each of another GP."""
    first_of = {gp_id: (shift_id, gp_id) for shift_id, gp_id in reversed(shifts)}
    each = sorted(first_of.values())
    return [each[number * len(each) // (2 * EACH)] for number in range(2 * EACH)]


def _by_http(planner: httpx2.Client, service: Service, shift: Shift) -> float:
    begun = time.perf_counter()
    asked = {"shift_id": shift[0], "gp_id": shift[1]}
    planner.post(f"{service.hds}/sickness", json=asked).raise_for_status()
    return time.perf_counter() - begun


def _in_process(database: Database, hds_id: str, shift: Shift) -> float:
    with database.reading() as session:
        planner = session.scalars(
            select(Membership.user_id).where(Membership.hds_id == hds_id, Membership.role == Role.PLANNER)
        ).first()
    assert planner is not None
    begun = time.perf_counter()
    with database.writing() as session:
        member = Member(planner, hds_id, frozenset({Role.PLANNER}))
        report(session, member, SickAsked(shift_id=shift[0], gp_id=shift[1]), None)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
