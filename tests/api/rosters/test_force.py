"""The roster in force shows each what they may see, and says when nothing changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import make_transient

from api.clock import now
from api.db.engine import Database
from api.db.tables.rosters import Duty
from api.rosters.mapping import read_duties
from scheduler.fair_shares import fair_shares
from scheduler.fairness import measure
from tests.api.rosters.stage import evening, set_up, small_dossier

AsRole = Callable[..., TestClient]
NAMES = {"gp_id", "gp_name", "responsible_gp_id", "responsible_name", "trainee_gp_id", "trainee_name", "revision"}


def test_planners_gps_and_finance_see_names_and_insurers_see_nobody(database: Database, as_role: AsRole) -> None:
    """An insurer gets the same shifts without any field on a GP, and can't ask by GP either."""
    stage = set_up(database)
    stage.put_in_force(as_role("planner"), stage.draft({evening(4): "a"}))
    stage.swap(evening(4), "b")
    url = stage.url("roster")
    for role in ("planner", "gp", "finance"):
        client = as_role(role, gp_id="c" if role == "gp" else None)
        row = next(one for one in client.get(url).json()["items"] if one["shift_id"] == evening(4))
        assert (row["gp_id"], row["gp_name"], row["responsible_name"]) == ("b", "Dokter b", "Dokter a")
    insurer = as_role("insurer")
    rows = insurer.get(url).json()["items"]
    assert len(rows) == 31
    assert all(not NAMES & row.keys() for row in rows)
    assert next(row for row in rows if row["shift_id"] == evening(4))["outside_roster"]
    assert insurer.get(url, params={"gp_id": "a"}).status_code == 403
    assert as_role("administrator").get(url).status_code == 403


def test_the_roster_is_filtered(database: Database, as_role: AsRole) -> None:
    """By GP, by days, and by what is still open."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(4): "a", evening(12): "a", evening(13): "b"}))

    def found(**params: str) -> list[str]:
        rows = planner.get(stage.url("roster"), params=params).json()["items"]
        return [row["shift_id"] for row in rows]

    assert found(gp_id="a") == [evening(4), evening(12)]
    assert found(gp_id="nobody") == []
    assert found(**{"from": "2027-01-12", "until": "2027-01-13"}) == [evening(12), evening(13)]
    assert len(found(unfilled="true")) == 28
    assert found(unfilled="false", limit="2") == [evening(4), evening(12)]


def test_the_answer_is_not_sent_again_until_something_changes(database: Database, as_role: AsRole) -> None:
    """304 for the ETag of what is in force; a swap and a publication each give another one."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(4): "a"}))
    url, seen = stage.url("roster"), set()
    for change in (lambda: None, lambda: stage.swap(evening(4), "b"), lambda: stage.swap(evening(5), "b")):
        change()
        etag = planner.get(url).headers["ETag"]
        assert etag not in seen
        again = planner.get(url, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        seen.add(etag)
    stage.put_in_force(planner, stage.draft({evening(4): "b", evening(5): "b"}))
    assert planner.get(url).headers["ETag"] not in seen


def test_gps_see_their_own_duties_and_those_they_still_answer_for(database: Database, as_role: AsRole) -> None:
    """What was taken over stands with both: performed by one, the responsibility of the other."""
    stage = set_up(database)
    stage.put_in_force(as_role("planner"), stage.draft({evening(4): "a", evening(12): "a", evening(13): "b"}))
    stage.swap(evening(12), "b")
    url = stage.url("roster/mine")
    own = as_role("gp", gp_id="a").get(url).json()["items"]
    assert [(row["shift_id"], row["as"], row["gp_id"]) for row in own] == [
        (evening(4), "performer", "a"), (evening(12), "responsible", "b"),
    ]  # fmt: skip
    assert own[0]["post_name"] == "Post P"
    client = as_role("gp", gp_id="b")
    answer = client.get(url, params={"from": "2027-01-12", "until": "2027-01-12"})
    assert [(row["shift_id"], row["as"], row["responsible_name"]) for row in answer.json()["items"]] == [
        (evening(12), "performer", "Dokter a")
    ]
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert as_role("planner").get(url).status_code == 403


def test_shifts_are_asked_for_by_name_and_names_are_told_to_who_sees_them(database: Database, as_role: AsRole) -> None:
    """Two shifts of many, in order of start; colleagues and posts by id and name, to an insurer nothing."""
    stage = set_up(database)
    stage.put_in_force(as_role("planner"), stage.draft({evening(4): "a", evening(12): "b", evening(13): "b"}))
    gp = as_role("gp", gp_id="a")
    asked = {"shift_id": [evening(12), evening(4), "unknown/2027-01-04/1"]}
    assert [one["shift_id"] for one in gp.get(stage.url("roster"), params=asked).json()["items"]] == [
        evening(4), evening(12),
    ]  # fmt: skip
    found = gp.get(stage.url("roster/names")).json()
    assert found["gps"] == [{"gp_id": one, "name": f"Dokter {one}"} for one in "abc"]
    assert [one["name"] for one in found["posts"]] == ["Post P"]
    assert as_role("insurer").get(stage.url("roster/names")).status_code == 403


def test_coverage_adds_up_and_agrees_with_the_engine(database: Database, as_role: AsRole) -> None:
    """Every split sums to the whole; deviations are those of the duties as they are now."""
    stage = set_up(database, small_dossier(headcount=2))
    stage.put_in_force(as_role("planner"), stage.draft({evening(4, 1): "a", evening(5, 1): "a", evening(12, 1): "b"}))
    stage.swap(evening(12, 1), "c")
    found = as_role("insurer").get(stage.url("coverage")).json()
    assert (found["whole"]["shifts"], found["whole"]["filled"], found["whole"]["filled_hours"]) == (62, 3, 18.0)
    for split in ("by_post", "by_role", "by_burden", "by_month"):
        for figure in ("shifts", "filled", "hours", "filled_hours"):
            assert sum(one[figure] for one in found[split]) == found["whole"][figure]
    assert found["by_contract"] == [{"contract": "locum", "gps": 2, "hours": 18.0, "share": 1.0}]
    assert (found["outside_roster"]["shifts"], found["outside_roster"]["share_of_shifts"]) == (1, 0.3333)
    with database.reading() as session:
        roster = read_duties(session, stage.hds_id, stage.dossier_id)
    fairness = measure(stage.dossier, roster, fair_shares(stage.dossier, roster.shifts).targets)
    burdens = {one["burden"]: one["largest_deviation"] for one in found["rosters"][0]["burdens"]}
    assert burdens == pytest.approx({burden.value: one.largest for burden, one in fairness.items()}, abs=1e-4)


def test_coverage_tells_of_nobody(database: Database, as_role: AsRole) -> None:
    """No id and no name of a GP is anywhere in the answer."""
    stage = set_up(database)
    stage.put_in_force(as_role("planner"), stage.draft({evening(4): "a"}))
    answer = as_role("insurer").get(stage.url("coverage"))
    assert answer.status_code == 200
    assert "Dokter" not in answer.text
    assert '"a"' not in answer.text


def test_an_hds_without_a_roster_has_an_empty_one(database: Database, as_role: AsRole) -> None:
    """Nothing in force is an answer, not an error."""
    stage = set_up(database)
    planner = as_role("planner")
    assert planner.get(stage.url("roster")).json() == {"items": [], "next": None}
    assert planner.get(stage.url("coverage")).json()["whole"]["shifts"] == 0
    assert as_role("gp", gp_id="a").get(stage.url("roster/mine")).json() == {"items": []}


def test_a_roster_with_a_duty_less_and_another_one_changed_is_another_roster(
    database: Database, as_role: AsRole
) -> None:
    """An extra shift is closed while a duty changes hands, then another one is opened: each is another answer."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(4): "a"}))
    url = stage.url("roster")
    seen = [planner.get(url).headers["ETag"]]
    with database.writing() as session:
        extra = session.get_one(Duty, (stage.hds_id, evening(12)))
        session.delete(extra)
    stage.swap(evening(4), "b")
    seen.append(planner.get(url).headers["ETag"])
    with database.writing() as session:
        session.delete(session.get_one(Duty, (stage.hds_id, evening(13))))
        make_transient(extra)
        extra.changed_at = now()
        session.add(extra)
    seen.append(planner.get(url).headers["ETag"])
    assert len(set(seen)) == 3
