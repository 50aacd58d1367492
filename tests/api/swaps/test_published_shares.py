"""What somebody wants or owes later does not change the shares of a roster that is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from api.swaps.grounds import field_of
from scheduler.domain.shift import Burden
from tests.api.rosters.stage import small_dossier
from tests.api.swaps.market import published, shift, speaks_for
from tests.builders import shift_type

HDS = "/api/v1/hds/test"
START = {shift(4): "a", shift(11): "b", shift(18): "a", "nacht/2027-01-06/1": "b"}
NIGHT = "nacht/2027-01-06/1"


def _with_nights() -> dict[str, Any]:
    evenings = small_dossier(headcount=2).shift_types
    return {"shift_types": (*evenings, shift_type("nacht", "23:00", "08:00"))}


def _targets(database: Database, dossier_id: int) -> dict[tuple[str, Burden], float]:
    with database.reading() as session:
        return dict(field_of(session, dossier_id).ground.targets)


def test_a_preference_handed_in_later_moves_nobody_in_the_list(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """Who would rather do fewer nights keeps the night target and the place until the next roster."""
    stage = published(database, START, **_with_nights())
    planner = as_role("planner")
    before = planner.get(f"{HDS}/swaps/candidates/{NIGHT}").json(), _targets(database, stage.dossier_id)
    with speaks_for(app, database, "c") as c:
        wanted = {"gp_id": "c", "burden": "night", "factor": 0.25}
        answer = c.post(f"{HDS}/dossiers/{stage.dossier_id}/preferences", json=wanted)
        assert answer.status_code == 201, answer.text
    after = planner.get(f"{HDS}/swaps/candidates/{NIGHT}").json(), _targets(database, stage.dossier_id)
    assert after == before
    assert before[1]["c", Burden.NIGHT] > 0


def test_a_balance_and_an_absence_entered_later_leave_the_targets(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """Carried over hours count from the next roster; who is away is asked for nothing, with the same target."""
    stage = published(database, START, **_with_nights())
    planner, parts = as_role("planner"), f"{HDS}/dossiers/{stage.dossier_id}"
    before = _targets(database, stage.dossier_id)
    owed = planner.post(f"{parts}/balances", json={"gp_id": "c", "burden": "night", "hours": 60})
    away = {"gp_id": "c", "start": "2027-01-05T00:00:00+01:00", "end": "2027-01-09T00:00:00+01:00", "reason": "verlof"}
    assert (owed.status_code, planner.post(f"{parts}/absences", json=away).status_code) == (201, 201)
    found = planner.get(f"{HDS}/swaps/candidates/{NIGHT}").json()
    assert "c" not in [one["gp_id"] for one in found["candidates"]]
    assert _targets(database, stage.dossier_id) == before
