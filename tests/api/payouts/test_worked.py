"""What was really worked: entered by planners, paid as the command pays worked.csv and call_ins.csv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.payout import Actuals
from tests.api.payouts.in_force import EVENING, ON_SQLITE, PAY, SATURDAY, SMALL, STANDBY, publish
from tests.api.payouts.test_runs import by_command, closed, require_same_files
from tests.payout.paying import stretch

Speaker = Callable[..., TestClient]
HDS = "/api/v1/hds/test"


def told(gp_id: str, start: str, end: str) -> dict[str, str]:
    """A stretch as a request has it; winter time."""
    return {"gp_id": gp_id, "start": f"{start}:00+01:00", "end": f"{end}:00+01:00"}


def put(planner: TestClient, path: str, *stretches: dict[str, str], seen: str | None = None) -> Any:
    """Tell of a shift, having seen what was told so far."""
    seen = planner.get(f"{HDS}/{path}").headers.get("etag", "*") if seen is None else seen
    return planner.put(f"{HDS}/{path}", json={"stretches": list(stretches)}, headers={"If-Match": seen})


def test_splits_call_ins_and_shifts_not_worked_are_paid_as_the_command_pays_them(
    database: Database, as_role: Speaker, tmp_path: Path
) -> None:
    """Byte for byte, with the same facts in both."""
    given, planner = publish(database), as_role("planner")
    halves = (told("A", "2024-01-13T08:00", "2024-01-13T12:30"), told("C", "2024-01-13T12:30", "2024-01-13T16:00"))
    assert put(planner, f"worked/{SATURDAY.id}", *halves).status_code == 200
    assert put(planner, f"worked/{EVENING.id}").json()["told"]
    assert put(planner, f"call-ins/{STANDBY.id}", told("C", "2024-01-21T01:00", "2024-01-21T02:30")).status_code == 200
    finance = as_role("finance")
    run = closed(finance)
    actuals = Actuals(
        worked=[
            stretch(SATURDAY, "A", "2024-01-13T08:00", "2024-01-13T12:30"),
            stretch(SATURDAY, "C", "2024-01-13T12:30", "2024-01-13T16:00"),
            stretch(EVENING, "", "2024-01-16T17:00", "2024-01-16T17:00"),
        ],
        call_ins=[stretch(STANDBY, "C", "2024-01-21T01:00", "2024-01-21T02:30")],
    )
    require_same_files(finance, 1, by_command(given, SMALL, tmp_path, run["closed_on"], actuals=actuals))
    paid = {one["shift_id"] for one in finance.get(f"{PAY}/runs/1/lines").json()["items"]}
    assert paid == {SATURDAY.id, STANDBY.id}
    listed = finance.get(f"{HDS}/worked", params={"month": "2024-01"}).json()["items"]
    assert {one["shift_id"]: (len(one["worked"]), len(one["call_ins"])) for one in listed} == {
        SATURDAY.id: (2, 0), EVENING.id: (0, 0), STANDBY.id: (0, 1)
    }  # fmt: skip


def test_going_back_to_the_roster_pays_it_again(database: Database, as_role: Speaker) -> None:
    """What was told is gone, and the next run pays what it had left out."""
    publish(database)
    planner, finance = as_role("planner"), as_role("finance")
    put(planner, f"worked/{SATURDAY.id}").raise_for_status()
    without = closed(finance)["amount_cents"]
    seen = planner.get(f"{HDS}/worked/{SATURDAY.id}")
    assert (seen.json()["told"], seen.json()["stretches"], seen.json()["rostered_gp_id"]) == (True, [], "A")
    gone = planner.delete(f"{HDS}/worked/{SATURDAY.id}", headers={"If-Match": seen.headers["etag"]})
    assert gone.status_code == 204
    assert planner.get(f"{HDS}/worked/{SATURDAY.id}").json()["told"] is False
    again = closed(finance)
    assert (again["amount_cents"], without > 0) == (99_200, True)


def test_a_change_asks_for_what_was_seen(database: Database, as_role: Speaker) -> None:
    """Two planners at once: the second is told that something changed, also when nothing was told before."""
    publish(database)
    planner = as_role("planner")
    unseen = planner.put(f"{HDS}/worked/{SATURDAY.id}", json={"stretches": []})
    assert unseen.status_code == 428
    first = put(planner, f"worked/{SATURDAY.id}", seen='"0"')
    assert first.status_code == 200
    late = put(planner, f"worked/{SATURDAY.id}", seen='"0"')
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert put(planner, f"worked/{SATURDAY.id}", seen=first.headers["etag"]).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "stretches"),
    [
        (f"worked/{SATURDAY.id}", [told("Z", "2024-01-13T08:00", "2024-01-13T12:00")]),
        (f"worked/{SATURDAY.id}", [told("A", "2024-01-14T08:00", "2024-01-14T12:00")]),
        (f"worked/{SATURDAY.id}", [told("A", "2024-01-13T08:00", "2024-01-14T08:01")]),
        (
            f"worked/{SATURDAY.id}",
            [told("A", "2024-01-13T08:00", "2024-01-13T12:01"), told("C", "2024-01-13T12:00", "2024-01-13T16:00")],
        ),
        (f"call-ins/{SATURDAY.id}", [told("A", "2024-01-13T08:00", "2024-01-13T09:00")]),
        (f"call-ins/{STANDBY.id}", [told("A", "2024-01-21T01:00", "2024-01-21T02:00")]),
        (f"call-ins/{STANDBY.id}", [told("C", "2024-01-22T01:00", "2024-01-22T02:00")]),
    ],
    ids=["unknown GP", "another day", "over a day", "paid twice", "no standby", "not on standby", "call elsewhere"],
)
def test_what_the_engine_would_refuse_at_payment_is_refused_when_told(
    database: Database, as_role: Speaker, path: str, stretches: list[dict[str, str]]
) -> None:
    """With its mistakes, and nothing is kept."""
    publish(database)
    planner = as_role("planner")
    refused = put(planner, path, *stretches)
    assert (refused.status_code, refused.json()["code"]) == (422, "dossier_invalid")
    assert planner.get(f"{HDS}/{path}").json()["told"] is False


@ON_SQLITE
def test_call_ins_and_hours_worked_of_one_shift_must_agree(database: Database, as_role: Speaker) -> None:
    """A standby that somebody else took leaves no call-in of the first."""
    publish(database)
    planner = as_role("planner")
    put(planner, f"call-ins/{STANDBY.id}", told("C", "2024-01-21T01:00", "2024-01-21T02:00")).raise_for_status()
    other = told("A", "2024-01-20T23:00", "2024-01-21T08:00")
    assert put(planner, f"worked/{STANDBY.id}", other).status_code == 422
    seen = planner.get(f"{HDS}/call-ins/{STANDBY.id}").headers["etag"]
    assert planner.delete(f"{HDS}/call-ins/{STANDBY.id}", headers={"If-Match": seen}).status_code == 204
    assert put(planner, f"worked/{STANDBY.id}", other).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "2024-01-13T08:00:00"},
        {"start": "2024-01-13T08:00:30+01:00"},
        {"end": "2024-01-13T08:00:00+01:00"},
        {"gp_id": ""},
    ],
    ids=["no offset", "seconds", "no length", "nobody"],
)
def test_a_stretch_that_cannot_be_is_malformed(database: Database, as_role: Speaker, wrong: dict[str, str]) -> None:
    """Moments need an offset and whole minutes; who says that nobody worked sends no stretch."""
    publish(database)
    stretch_told = told("A", "2024-01-13T08:00", "2024-01-13T12:00") | wrong
    refused = put(as_role("planner"), f"worked/{SATURDAY.id}", stretch_told)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")


def test_finance_reads_what_planners_tell(database: Database, as_role: Speaker) -> None:
    """And does not write it; a GP and another HDS see nothing of it, an unknown shift is not found."""
    publish(database)
    finance = as_role("finance")
    assert finance.get(f"{HDS}/worked/{SATURDAY.id}").status_code == 200
    assert put(finance, f"worked/{SATURDAY.id}").status_code == 403
    assert as_role("gp", gp_id="A").get(f"{HDS}/worked/{SATURDAY.id}").status_code == 403
    assert as_role("planner", hds_id="other").get(f"{HDS}/worked/{SATURDAY.id}").status_code == 404
    assert finance.get(f"{HDS}/worked/none/2024-01-01/1").status_code == 404
