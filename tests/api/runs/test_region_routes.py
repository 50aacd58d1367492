"""Runs over a region by HTTP, without a worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.db.engine import Database
from api.db.tables.people import ApiToken
from api.db.tables.runs import RosterRun
from api.jobs.lifecycle import claim, end_region, fail, give_up, region_parts
from tests.api.auth.people import add_account, logged_in
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import set_up


class Region:
    """Two HDSs with a dossier each, and a planner at both, who has logged in: a token holds at one HDS only."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.parts = [
            {"hds_id": hds_id, "dossier_id": set_up(database, hds_id=hds_id).dossier_id} for hds_id in ("east", "west")
        ]
        self.database, self.app = database, app
        add_account(database, "both", "planner", hds_id="east")
        add_account(database, "both", "planner", hds_id="west")
        self.client = logged_in(app, "both")

    def planner_in_the_east(self, *, read_only: bool = False) -> TestClient:
        """A client with a token of a fresh planner at the one HDS."""
        user_id = add_user(self.database, uuid.uuid4().hex, "east", "planner")
        secret = token_for(self.database, user_id, "east", "planner")
        with self.database.writing() as session:
            session.execute(update(ApiToken).where(ApiToken.user_id == user_id).values(read_only=read_only))
        return TestClient(self.app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)

    def start(self, key: str | None = None, **options: Any) -> Any:
        """Ask for a run on both."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.client.post("/api/v1/regions/runs", json={"parts": self.parts, **options}, headers=headers)


@pytest.fixture
def region(app: FastAPI, database: Database) -> Iterator[Region]:
    """The region, and its client open."""
    found = Region(app, database)
    yield found
    found.client.close()


def test_a_run_over_a_region_is_a_run_at_each_hds(region: Region) -> None:
    """Each part waits as a run that its own HDS sees."""
    answer = region.start(seed=4)
    assert answer.status_code == 202
    whole = region.client.get(answer.headers["Location"]).json()
    assert [(part["hds_id"], part["state"], part["request"]["seed"]) for part in whole["parts"]] == [
        ("east", "queued", 4),
        ("west", "queued", 4),
    ]
    seen = region.client.get("/api/v1/hds/west/runs").json()["items"]
    assert [run["region_run_id"] for run in seen] == [whole["region_run_id"]]


def test_the_same_key_asks_for_one_run_over_a_region(region: Region) -> None:
    """Sent again it gives the run that there is; with other options it is refused."""
    first, again = region.start("k"), region.start("k")
    assert first.json() == again.json()
    assert region.start("k", seed=2).status_code == 409
    with region.database.reading() as session:
        assert len(session.scalars(select(RosterRun)).all()) == 2


def test_who_plans_at_one_hds_starts_nothing_at_another(region: Region) -> None:
    """One part too many refuses all of it, as if that HDS did not exist."""
    half = region.planner_in_the_east()
    assert half.post("/api/v1/regions/runs", json={"parts": region.parts}).status_code == 404
    assert half.post("/api/v1/regions/runs", json={"parts": region.parts[:1]}).status_code == 202
    with region.database.reading() as session:
        assert {run.hds_id for run in session.scalars(select(RosterRun))} == {"east"}


def test_a_token_that_only_reads_starts_nothing(region: Region) -> None:
    """Not even at the HDS that it holds at, where another token may."""
    body = {"parts": region.parts[:1]}
    assert region.planner_in_the_east(read_only=True).post("/api/v1/regions/runs", json=body).status_code == 403
    assert region.planner_in_the_east().post("/api/v1/regions/runs", json=body).status_code == 202


def test_a_run_over_a_region_is_hidden_from_who_did_not_ask_for_it(region: Region) -> None:
    """A planner of one part sees the part, not the whole."""
    whole = region.start().json()
    other = region.planner_in_the_east()
    assert other.get(f"/api/v1/regions/runs/{whole['region_run_id']}").status_code == 404
    assert other.get("/api/v1/regions/runs").json()["items"] == []
    assert other.get(f"/api/v1/hds/east/runs/{whole['parts'][0]['run_id']}").status_code == 200


@pytest.mark.parametrize("parts", [[], [{"hds_id": "east"}], [{"hds_id": "\0", "dossier_id": 1}]])
def test_wrong_parts_are_refused(parts: list[dict[str, Any]], region: Region) -> None:
    """No part, half a part and an impossible id."""
    assert region.client.post("/api/v1/regions/runs", json={"parts": parts}).status_code == 422


def test_a_dossier_stands_in_a_region_once(region: Region) -> None:
    """The same dossier twice is a mistake, not two runs."""
    answer = region.client.post("/api/v1/regions/runs", json={"parts": region.parts * 2})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_to_cancel_a_region_is_to_cancel_every_part_that_has_not_ended(region: Region) -> None:
    """A part that waits ends, one that runs is told to stop."""
    answer = region.start()
    running = answer.json()["parts"][0]["run_id"]
    with region.database.writing() as session:
        claim(session, running, "me", 2)
    cancelled = region.client.post(f"{answer.headers['Location']}/cancel").json()
    assert cancelled["cancel_requested"]
    assert [(part["state"], part["cancel_requested"]) for part in cancelled["parts"]] == [
        ("running", True),
        ("cancelled", True),
    ]


@pytest.mark.parametrize(("ends", "state"), [("cf", "failed"), ("cc", "cancelled"), ("c-", "failed")])
def test_a_region_ends_as_the_worst_of_its_parts(ends: str, state: str, region: Region) -> None:
    """Failed before cancelled; a part that never came to an end counts as failed, and is ended."""
    region_run_id = region.start().json()["region_run_id"]
    with region.database.writing() as session:
        for how, run_id in zip(ends, region_parts(session, region_run_id), strict=True):
            if how == "c":
                give_up(session, run_id)
            elif how == "f":
                fail(session, run_id, "solver_crashed", "")
        end_region(session, region_run_id)
    whole = region.client.get(f"/api/v1/regions/runs/{region_run_id}").json()
    assert whole["state"] == state
    assert {part["state"] for part in whole["parts"]} <= {"cancelled", "failed"}


def test_a_run_over_a_region_is_followed_to_its_end(region: Region) -> None:
    """The stream tells the whole run with its parts, and ends with it; a stranger gets none."""
    answer = region.start()
    region.client.post(f"{answer.headers['Location']}/cancel")
    with region.database.writing() as session:
        end_region(session, answer.json()["region_run_id"])
    told = region.client.get(f"{answer.headers['Location']}/events").text
    assert [line for line in told.splitlines() if line.startswith("event")] == ["event: state", "event: end"]
    assert told.count('"state":"cancelled"') == 3
    assert region.planner_in_the_east().get(f"{answer.headers['Location']}/events").status_code == 404
