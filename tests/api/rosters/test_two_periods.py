"""A roster that follows another one in force: its last nights count for the first days of the next, from the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi.testclient import TestClient

from api.db.engine import Database
from api.db.tables.runs import RosterRun
from api.rosters.opened import opened
from scheduler.domain.time import Period
from tests.api.rosters.stage import Stage, set_up, small_dossier
from tests.builders import moment, shift_type

AsRole = Callable[..., TestClient]
NIGHT, MORNING = "nacht/2027-01-31/1", "dag/2027-02-01/1"


def february(database: Database, planner: TestClient) -> Stage:
    """A week of mornings, after a January that ends with a night of `a`, which is in force."""
    january = set_up(database, small_dossier().replace(shift_types=[shift_type("nacht", "23:00", "08:00")]))
    january.put_in_force(planner, january.draft({NIGHT: "a"}))
    week = Period(start=date(2027, 2, 1), end=date(2027, 2, 7))
    return set_up(database, small_dossier(period=week).replace(shift_types=[shift_type("dag", "08:00", "16:00")]))


def test_a_run_knows_what_is_in_force_before_its_period(as_role: AsRole, database: Database) -> None:
    """The solver is given the last night of `a`, and nothing that only lies within the period."""
    planner = as_role("planner")
    stage = february(database, planner)
    stage.put_in_force(planner, stage.draft({"dag/2027-02-03/1": "b"}), "2027-02-01")
    run_id = planner.post(stage.url(f"dossiers/{stage.dossier_id}/runs"), json={}).json()["run_id"]
    with database.reading() as session:
        given = opened(session, session.get_one(RosterRun, run_id).snapshot).dossier.elsewhere
    assert [(one.gp_id, one.start, one.is_night) for one in given] == [("a", moment("2027-01-31T23:00"), True)]


def test_an_edit_of_a_draft_is_told_of_too_little_rest_after_the_roster_before(
    as_role: AsRole, database: Database
) -> None:
    """As publishing it would tell; and nobody else is hindered."""
    planner = as_role("planner")
    stage = february(database, planner)
    version, broken = stage.draft({}), ["rest", "rest_after_night"]
    for gp_id, rules in (("a", broken), ("b", [])):
        edits = {"edits": [{"shift_id": MORNING, "gp_id": gp_id}]}
        told = planner.post(stage.url(f"versions/{version}/edits"), json=edits, params={"dry_run": True}).json()
        assert [one["rule"] for one in told["broken"]] == rules
    refused = stage.publish(planner, stage.draft({MORNING: "a"}), "2027-02-01")
    assert (refused.status_code, [one["rule"] for one in refused.json()["violations"]]) == (409, broken)
