"""Runs by HTTP, without a worker: asked for, listed, followed, cancelled, and hidden from whom they do not concern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.db.engine import Database
from api.db.tables.runs import RosterRun
from api.jobs.lifecycle import claim
from tests.api.rosters.stage import set_up

AsRole = Callable[..., TestClient]


def start(client: TestClient, dossier_id: int, *, key: str | None = None, **options: Any) -> Any:
    """Ask for a run at the HDS `test`."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"/api/v1/hds/test/dossiers/{dossier_id}/runs", json=options, headers=headers)


def test_nobody_starts_a_run_without_logging_in(client: TestClient, database: Database) -> None:
    """An anonymous request is refused."""
    stage = set_up(database)
    assert start(client, stage.dossier_id).status_code == 401


@pytest.mark.parametrize("role", ["gp", "finance", "insurer", "administrator"])
def test_only_planners_start_and_see_runs(role: str, as_role: AsRole, database: Database) -> None:
    """Every other role is refused, for starting as for listing."""
    stage = set_up(database)
    who = as_role(role, gp_id="a" if role == "gp" else None)
    assert start(who, stage.dossier_id).status_code == 403
    assert who.get("/api/v1/hds/test/runs").status_code == 403


def test_a_planner_elsewhere_finds_no_run(as_role: AsRole, database: Database) -> None:
    """To a planner of another HDS neither the HDS nor the run exists, nor the dossier under the own HDS."""
    stage = set_up(database)
    run_id = start(as_role("planner"), stage.dossier_id).json()["run_id"]
    stranger = as_role("planner", hds_id="elsewhere")
    assert stranger.get(f"/api/v1/hds/test/runs/{run_id}").status_code == 404
    assert stranger.get(f"/api/v1/hds/elsewhere/runs/{run_id}").status_code == 404
    assert stranger.get(f"/api/v1/hds/elsewhere/runs/{run_id}/events").status_code == 404
    assert stranger.post(f"/api/v1/hds/elsewhere/runs/{run_id}/cancel").status_code == 404
    assert stranger.post(f"/api/v1/hds/elsewhere/dossiers/{stage.dossier_id}/runs", json={}).status_code == 404


def test_a_run_is_accepted_and_found_where_its_location_says(as_role: AsRole, database: Database) -> None:
    """The answer to a start is 202 with the place of the run, which waits."""
    stage, planner = set_up(database), as_role("planner")
    answer = start(planner, stage.dossier_id, time_limit=5, seed=3)
    assert answer.status_code == 202
    found = planner.get(answer.headers["Location"]).json()
    assert found == answer.json()
    assert (found["state"], found["request"]["seed"], found["version_id"]) == ("queued", 3, None)


def test_the_same_key_asks_for_one_run(as_role: AsRole, database: Database) -> None:
    """A request that is sent again with its key gives the run that there is; without key there is a second."""
    stage, planner = set_up(database), as_role("planner")
    first, again = (start(planner, stage.dossier_id, key="k-1").json() for _ in range(2))
    assert first["run_id"] == again["run_id"]
    assert start(planner, stage.dossier_id).json()["run_id"] != first["run_id"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RosterRun)) == 2


def test_a_key_stands_for_one_request(as_role: AsRole, database: Database) -> None:
    """The same key with other options is refused, and starts nothing."""
    stage, planner = set_up(database), as_role("planner")
    start(planner, stage.dossier_id, key="k-1")
    answer = start(planner, stage.dossier_id, key="k-1", seed=9)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    "options",
    [{"time_limit": 0}, {"time_limit": 1e9}, {"workers": 0}, {"seed": -1}, {"seed": 2**31}, {"unknown": 1}],
)
def test_wrong_options_are_refused(options: dict[str, Any], as_role: AsRole, database: Database) -> None:
    """What the engine could not run with never becomes a run."""
    stage, planner = set_up(database), as_role("planner")
    answer = start(planner, stage.dossier_id, **options)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert planner.get("/api/v1/hds/test/runs").json()["items"] == []


def test_the_installation_sets_the_longest_run(as_role: AsRole, database: Database) -> None:
    """A run longer than the setting allows is refused, one as long as that is not."""
    stage, planner = set_up(database), as_role("planner")
    assert start(planner, stage.dossier_id, time_limit=600).status_code == 202
    answer = start(planner, stage.dossier_id, time_limit=600.5)
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, ["body", "time_limit"])


def test_a_start_version_must_be_one_of_the_dossier(as_role: AsRole, database: Database) -> None:
    """An unknown version and one of another dossier are both refused."""
    stage, other = set_up(database), set_up(database)
    planner = as_role("planner")
    assert start(planner, stage.dossier_id, start_version=999).status_code == 404
    assert start(planner, stage.dossier_id, start_version=other.draft()).status_code == 404
    assert start(planner, stage.dossier_id, start_version=stage.draft()).status_code == 202


def test_a_run_holds_the_locks_of_its_start_version_unless_told_otherwise(as_role: AsRole, database: Database) -> None:
    """The engine is asked for a dossier with the lock, and without it when locks are not kept."""
    stage, planner = set_up(database), as_role("planner")
    held = "avond/2027-01-04/1"
    version = stage.draft({held: "b"}, locked=frozenset({held}))
    kept = start(planner, stage.dossier_id, start_version=version).json()["run_id"]
    freed = start(planner, stage.dossier_id, start_version=version, keep_locks=False).json()["run_id"]
    with database.writing() as session:
        taken = [claim(session, run_id, "me", 2) for run_id in (kept, freed)]
    locks = [[(lock.shift_id, lock.gp_id) for lock in one.request.dossier.locks] for one in taken if one]
    assert locks == [[(held, "b")], []]
    assert [one.request.start and one.request.start.gp_of for one in taken if one] == [{held: "b"}] * 2


def test_a_waiting_run_that_is_cancelled_ends_at_once(as_role: AsRole, database: Database) -> None:
    """Nobody takes it up any more; to cancel it again changes nothing."""
    stage, planner = set_up(database), as_role("planner")
    place = start(planner, stage.dossier_id).headers["Location"]
    cancelled = planner.post(f"{place}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    assert planner.post(f"{place}/cancel").json() == cancelled.json()
    with database.writing() as session:
        assert claim(session, cancelled.json()["run_id"], "me", 2) is None


def test_a_running_run_that_is_cancelled_is_told_to_stop(as_role: AsRole, database: Database) -> None:
    """It goes on running until its worker has handed over the best."""
    stage, planner = set_up(database), as_role("planner")
    run = start(planner, stage.dossier_id)
    with database.writing() as session:
        claim(session, run.json()["run_id"], "me", 2)
    cancelled = planner.post(f"{run.headers['Location']}/cancel").json()
    assert (cancelled["state"], cancelled["cancel_requested"]) == ("running", True)


def test_runs_come_in_pages_the_latest_first(as_role: AsRole, database: Database) -> None:
    """Every run is on exactly one page, and a state narrows the list."""
    stage, planner = set_up(database), as_role("planner")
    started = [start(planner, stage.dossier_id, seed=seed).json()["run_id"] for seed in range(5)]
    planner.post(f"/api/v1/hds/test/runs/{started[0]}/cancel")
    seen, cursor = [], None
    while True:
        page = planner.get("/api/v1/hds/test/runs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [run["run_id"] for run in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == started[::-1]
    narrowed = planner.get("/api/v1/hds/test/runs", params={"state": "cancelled"}).json()["items"]
    assert [run["run_id"] for run in narrowed] == started[:1]


@pytest.mark.parametrize("cursor", ["WzFd", "WyJ4IiwieSJd", "WyIyMDI3LTAxLTAxIiwieSJd", "WzEsMl0"])
def test_a_cursor_of_another_list_is_refused(cursor: str, as_role: AsRole, database: Database) -> None:
    """A cursor that does not name a run gives a refusal and no page."""
    set_up(database)
    answer = as_role("planner").get("/api/v1/hds/test/runs", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def events(text: str) -> list[tuple[str, str | None]]:
    """Kind and number of each event in a stream."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines.get("id")))
    return found


def test_the_events_of_a_run_are_told_and_told_from_where_a_reader_was(as_role: AsRole, database: Database) -> None:
    """A stream tells all and ends with the run; with Last-Event-ID it tells only what came after."""
    stage, planner = set_up(database), as_role("planner")
    place = start(planner, stage.dossier_id).headers["Location"]
    planner.post(f"{place}/cancel")
    whole = planner.get(f"{place}/events")
    assert whole.headers["content-type"].startswith("text/event-stream")
    assert events(whole.text) == [("state", "1"), ("state", "2"), ("end", None)]
    rest = planner.get(f"{place}/events", headers={"Last-Event-ID": "1"})
    assert events(rest.text) == [("state", "2"), ("end", None)]


def test_starting_and_cancelling_are_on_record(as_role: AsRole, database: Database) -> None:
    """The audit trail names who asked for the run and who stopped it."""
    from api.db.tables.audit import AuditEntry

    stage, planner = set_up(database), as_role("planner")
    run = start(planner, stage.dossier_id).json()["run_id"]
    planner.post(f"/api/v1/hds/test/runs/{run}/cancel")
    with database.reading() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.subject).where(AuditEntry.chain == "test")).all()
    assert [tuple(row) for row in rows][-2:] == [("run.requested", f"run/{run}"), ("run.cancelled", f"run/{run}")]
