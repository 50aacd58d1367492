"""Versions are listed, read whole, imported, compared, exported, discarded, and belong to one HDS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.demand import shifts_of
from scheduler.intake import take_in
from tests.api.rosters.stage import evening, set_up, small_dossier

AsRole = Callable[..., TestClient]
DEMO = Path(__file__).resolve().parents[3] / "data" / "demo"


def test_versions_are_listed_the_latest_first_page_by_page(database: Database, as_role: AsRole) -> None:
    """Pages join without gap or double; a state narrows the list."""
    stage, planner = set_up(database), as_role("planner")
    for _ in range(5):
        version = stage.draft()
    stage.put_in_force(planner, version)
    url, cursor, numbers = stage.url(f"dossiers/{stage.dossier_id}/versions"), None, []
    while True:
        page = planner.get(url, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        numbers += [one["number"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert numbers == [5, 4, 3, 2, 1]
    assert [one["number"] for one in planner.get(url, params={"state": "published"}).json()["items"]] == [5]
    assert planner.get(url, params={"cursor": "WyJ4Il0"}).json()["code"] == "bad_cursor"


def test_the_whole_year_of_a_region_comes_in_one_answer(database: Database, as_role: AsRole) -> None:
    """Every shift once, in order, with local times; the filters give parts of it."""
    stage, planner = set_up(database, take_in(DEMO).dossier), as_role("planner")
    shifts = shifts_of(stage.dossier)
    first = stage.dossier.gps[0]
    version = stage.draft({shifts[0].id: first.id})
    url = stage.url(f"versions/{version}/shifts")
    whole = planner.get(url, params={"all": "true"}).json()
    assert whole["next"] is None
    assert [row["shift_id"] for row in whole["items"]] == [shift.id for shift in shifts]
    assert whole["items"][0]["start"] == shifts[0].start.isoformat()
    assert (whole["items"][0]["gp_id"], whole["items"][0]["gp_name"]) == (first.id, first.name)
    found = planner.get(url, params={"gp_id": first.id}).json()["items"]
    assert [row["shift_id"] for row in found] == [shifts[0].id]
    march = planner.get(url, params={"from": "2027-03-01", "until": "2027-03-31", "burden": "night", "all": "true"})
    assert [row["shift_id"] for row in march.json()["items"]] == [
        shift.id for shift in shifts if shift.day.month == 3 and shift.burden == "night"
    ]


def test_pages_of_shifts_join(database: Database, as_role: AsRole) -> None:
    """Shifts that start at one moment are told apart by their ids."""
    stage, planner = set_up(database, small_dossier(headcount=3)), as_role("planner")
    url, cursor, found = stage.url(f"versions/{stage.draft()}/shifts"), None, []
    while True:
        page = planner.get(url, params={"limit": 40} | ({"cursor": cursor} if cursor else {})).json()
        found += [row["shift_id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [evening(day, number) for day in range(1, 32) for number in (1, 2, 3)]


def test_an_exported_roster_can_be_imported_again(database: Database, as_role: AsRole) -> None:
    """The CSV of a version makes a draft with the same content and the same figures."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(4): "a", evening(5): "b"})
    exported = planner.get(stage.url(f"versions/{version}/roster.csv"))
    assert exported.headers["Content-Type"].startswith("text/csv")
    answer = planner.post(
        stage.url(f"dossiers/{stage.dossier_id}/versions"),
        files={"file": ("roster.csv", exported.content)},
        data={"note": "Terug"},
    )
    assert answer.status_code == 201
    draft = answer.json()
    assert (draft["origin"], draft["note"], draft["number"]) == ("import", "Terug", 2)
    same = planner.get(stage.url(f"versions/{draft['id']}/compare"), params={"with": version}).json()
    assert (same["changed"], same["gps"], same["before"]["figures"]) == (0, [], same["after"]["figures"])


def test_every_mistake_of_an_imported_roster_is_told_and_nothing_kept(database: Database, as_role: AsRole) -> None:
    """An unknown shift and an unknown GP in one file."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"dossiers/{stage.dossier_id}/versions")
    wrong = f"shift_id,gp_id\nnergens,a\n{evening(4)},x\n"
    answer = planner.post(url, files={"file": ("roster.csv", wrong.encode())})
    assert (answer.status_code, answer.json()["code"]) == (422, "dossier_invalid")
    assert [(one["line"], one["column"]) for one in answer.json()["errors"]] == [(2, "shift_id"), (3, "gp_id")]
    alone = f"shift_id,gp_id,trainee_gp_id\n{evening(4)},,a\n"
    assert planner.post(url, files={"file": ("roster.csv", alone.encode())}).json()["code"] == "dossier_invalid"
    assert planner.get(url).json()["items"] == []


def test_two_versions_are_compared(database: Database, as_role: AsRole) -> None:
    """Which shifts changed hands, and hours and deviations of those whom it touches."""
    stage, planner = set_up(database), as_role("planner")
    before = stage.draft({evening(4): "a", evening(5): "b"})
    after = stage.draft({evening(4): "c", evening(5): "b"})
    found = planner.get(stage.url(f"versions/{after}/compare"), params={"with": before}).json()
    assert [(one["shift_id"], one["kind"], one["before"], one["after"]) for one in found["shifts"]] == [
        (evening(4), "other_gp", "a", "c")
    ]
    assert {one["gp_id"]: one["hours"]["evening"] for one in found["gps"]} == {
        "a": {"before": 6.0, "after": 0.0}, "c": {"before": 0.0, "after": 6.0},
    }  # fmt: skip
    for one in found["gps"]:
        change = one["deviation"]["evening"]
        assert change["after"] - change["before"] == pytest.approx(1 if one["gp_id"] == "c" else -1)


def test_only_a_draft_is_discarded(database: Database, as_role: AsRole) -> None:
    """A discarded draft is gone for everyone; what has been in force stays."""
    stage, planner = set_up(database), as_role("planner")
    draft, published = stage.draft(), stage.draft()
    stage.put_in_force(planner, published)
    headers = {"If-Match": "*"}
    assert planner.delete(stage.url(f"versions/{draft}")).status_code == 428
    assert planner.delete(stage.url(f"versions/{draft}"), headers=headers).status_code == 204
    assert planner.get(stage.url(f"versions/{draft}")).status_code == 404
    kept = planner.delete(stage.url(f"versions/{published}"), headers=headers)
    assert (kept.status_code, kept.json()["code"]) == (409, "wrong_state")


def test_versions_of_another_hds_do_not_exist(database: Database, as_role: AsRole) -> None:
    """A planner of one HDS reaches no version of another under the own HDS either."""
    stage = set_up(database)
    version = stage.draft()
    other = set_up(database, hds_id="other")
    stranger = as_role("planner", hds_id="other")
    headers = {"If-Match": "*"}
    for path in (f"versions/{version}", f"versions/{version}/shifts", f"versions/{version}/roster.csv"):
        assert stranger.get(stage.url(path)).status_code == 404
        assert stranger.get(other.url(path)).status_code == 404
    own = other.draft()
    assert stranger.get(other.url(f"versions/{own}/compare"), params={"with": version}).status_code == 404
    body = {"freeze_from": "2027-01-01"}
    assert stranger.post(other.url(f"versions/{version}/publish"), json=body, headers=headers).status_code == 404
    assert stranger.post(other.url(f"versions/{version}/rollback"), json={}).status_code == 404
    assert stranger.delete(other.url(f"versions/{version}"), headers=headers).status_code == 404
    assert stranger.get(other.url(f"dossiers/{stage.dossier_id}/versions")).status_code == 404


def test_drafts_are_for_planners(database: Database, as_role: AsRole) -> None:
    """Nobody else sees a version before it is in force."""
    stage = set_up(database)
    version = stage.draft({evening(4): "a"})
    for role in ("gp", "finance", "insurer", "administrator"):
        client = as_role(role, gp_id="a" if role == "gp" else None)
        for path in (f"versions/{version}", f"versions/{version}/shifts", f"dossiers/{stage.dossier_id}/versions"):
            assert client.get(stage.url(path)).status_code == 403
