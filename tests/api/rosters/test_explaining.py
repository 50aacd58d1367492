"""Versions explain themselves to planners, and what is in force to GPs, who learn nothing of each other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from threading import BoundedSemaphore

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from api.rosters import aside
from scheduler.domain.availability import Absence
from scheduler.explain import explain_gp, explain_shift
from tests.api.rosters.stage import evening, set_up, small_dossier
from tests.builders import moment, roster

AsRole = Callable[..., TestClient]
AWAY = Absence(gp_id="b", start=moment("2027-01-04"), end=moment("2027-01-11"), reason="ziek")
WEEK = {evening(4): "a", evening(5): "b", evening(6): "a"}


def test_a_shift_is_explained_as_the_engine_does(database: Database, as_role: AsRole) -> None:
    """Text and figures are those of `explain_shift`; an unknown shift is none."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"versions/{stage.draft(WEEK)}/explain/shifts/")
    expected = explain_shift(stage.dossier, roster(stage.dossier, WEEK), evening(4))
    found = planner.get(url + evening(4)).json()
    assert found == {"text": expected.text, "details": expected.model_dump(mode="json")}
    assert planner.get(url + "nergens").status_code == 404


def test_a_gp_is_explained_as_the_engine_does(database: Database, as_role: AsRole) -> None:
    """The process aside gives the same words as the engine; asked again they come from memory."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"versions/{stage.draft(WEEK)}/explain/gps/")
    expected = explain_gp(stage.dossier, roster(stage.dossier, WEEK), "a")
    for _ in range(2):
        assert planner.get(url + "a").json()["text"] == expected.text
    assert planner.get(url + "x").json()["code"] == "unknown_subject"


def test_a_gp_learns_nothing_of_a_colleague(database: Database, as_role: AsRole) -> None:
    """Of another's shift neither the absence that it breaks nor the deviation; of the own everything."""
    stage, planner = set_up(database, small_dossier(absences=(AWAY,))), as_role("planner")
    version = stage.draft(WEEK)
    url = stage.url(f"versions/{version}/explain/")
    client = as_role("gp", gp_id="a")
    assert client.get(url + f"shifts/{evening(4)}").status_code == 404
    stage.put_in_force(planner, version, accept_violations=True, reason="Proef")
    other = client.get(url + f"shifts/{evening(5)}").json()
    assert "wijkt" not in other["text"]
    assert "afwezig van" not in other["text"]
    assert (other["details"]["deviation"], other["details"]["violations"]) == (None, [])
    assert (other["details"]["takers"], other["details"]["obstacles"]) == ([], [])
    assert client.get(url + f"shifts/{evening(4)}").json()["details"]["deviation"] is not None
    assert client.get(url + "gps/b").status_code == 403
    seen = as_role("gp", gp_id="b").get(url + f"shifts/{evening(5)}").json()
    assert [one["rule"] for one in seen["details"]["violations"]] == ["absence"]


def test_report_and_files_are_those_of_the_engine(database: Database, as_role: AsRole) -> None:
    """One page of HTML, and a zip of every file that a run on the command line writes."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft(WEEK)
    packed = planner.get(stage.url(f"versions/{version}/output.zip"))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        names = archive.namelist()
        page = archive.read("report.html").decode()
        assert archive.read("roster.csv") == planner.get(stage.url(f"versions/{version}/roster.csv")).content
    assert names == ["quota.csv", "report.html", "roster.csv", "summary.json", "unfilled.csv"]
    answer = planner.get(stage.url(f"versions/{version}/report"))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text == page


def test_a_calendar_holds_the_duties_of_one_gp(database: Database, as_role: AsRole) -> None:
    """Two shifts of two; an unknown GP has none."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"versions/{stage.draft(WEEK)}/calendar.ics")
    assert planner.get(url, params={"gp_id": "a"}).text.count("BEGIN:VEVENT") == 2
    assert planner.get(url, params={"gp_id": "x"}).status_code == 404


@pytest.mark.parametrize(("places", "number"), [(aside.TURNS, aside.AT_ONCE), (aside.LINE, aside.IN_LINE)])
def test_who_finds_too_many_waiting_for_a_process_aside_is_told_to_come_back(
    database: Database, as_role: AsRole, monkeypatch: pytest.MonkeyPatch, places: BoundedSemaphore, number: int
) -> None:
    """With every turn taken, or the line full, the answer is 503 with a moment to try again."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"versions/{stage.draft(WEEK)}/report")
    monkeypatch.setattr(aside, "PATIENCE_SECONDS", 0.01)
    with ExitStack() as taken:
        for _ in range(number):
            assert places.acquire(timeout=60)
            taken.callback(places.release)
        answer = planner.get(url)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "10")
