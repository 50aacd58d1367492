"""A draft is edited as one set, with the verdict at once; what is in force is never edited."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.exc import IntegrityError

from api.db.engine import Database
from api.db.tables.rosters import Assignment, RosterVersion
from api.rosters.figures import figures_of
from api.rosters.mapping import read_roster
from api.rosters.repository import locks_of
from scheduler.domain.people import Contract
from scheduler.verify import verify
from tests.api.rosters.stage import Stage, at_once, evening, set_up, small_dossier
from tests.builders import agreement, dossier, gp, shift_type

AsRole = Callable[..., TestClient]


def _edit(stage: Stage, client: TestClient, version_id: int, *edits: dict[str, Any], query: str = "") -> Response:
    return client.post(
        stage.url(f"versions/{version_id}/edits{query}"), json={"edits": list(edits)}, headers={"If-Match": "*"}
    )


def _gp_of(stage: Stage, version_id: int) -> dict[str, str]:
    with stage.database.reading() as session:
        return dict(read_roster(session, stage.hds_id, version_id).gp_of)


def test_an_edit_changes_the_draft_and_tells_what_it_means(database: Database, as_role: AsRole) -> None:
    """Deviations of both GPs, rules newly broken with a sentence, figures before and after; the revision goes up."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(day): "a" for day in (4, 5, 6)} | {evening(7): "b"})
    answer = _edit(stage, planner, version, {"shift_id": evening(7), "gp_id": "a"})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    verdict = answer.json()
    assert [(one["rule"], one["gp_id"], one["moved"]) for one in verdict["broken"]] == [("week", "a", [evening(7)])]
    assert verdict["broken"][0]["text"].startswith("a heeft 4 diensten")
    assert (verdict["before"]["violations"], verdict["after"]["violations"]) == (0, 1)
    assert {one["gp_id"]: one["hours"]["evening"] for one in verdict["gps"]} == {
        "a": {"before": 18.0, "after": 24.0}, "b": {"before": 6.0, "after": 0.0},
    }  # fmt: skip
    assert _gp_of(stage, version)[evening(7)] == "a"
    back = _edit(stage, planner, version, {"shift_id": evening(7), "gp_id": None}).json()
    assert [one["rule"] for one in back["mended"]] == ["week"]
    assert back["after"]["violations"] == 0
    assert evening(7) not in _gp_of(stage, version)


def test_edits_leave_the_version_as_the_engine_judges_it(database: Database, as_role: AsRole) -> None:
    """Ten sets of random edits, refused or not: rows and figures are those of the roster that results."""
    stage, planner = set_up(database, small_dossier(headcount=2)), as_role("planner")
    version, chance, expected = stage.draft(), random.Random(4), dict[str, str]()
    for _ in range(10):
        shift_ids = chance.sample([evening(day, n) for day in range(4, 11) for n in (1, 2)], 4)
        edits = {shift_id: chance.choice(["a", "b", "c", None]) for shift_id in shift_ids}
        answer = _edit(stage, planner, version, *({"shift_id": one, "gp_id": gp_id} for one, gp_id in edits.items()))
        if answer.status_code == 200:
            expected = {one: gp_id for one, gp_id in (expected | edits).items() if gp_id is not None}
        assert answer.status_code in (200, 409)
    with database.reading() as session:
        kept = read_roster(session, stage.hds_id, version)
        assert kept.gp_of == expected
        assert session.get_one(RosterVersion, version).figures == figures_of(verify(stage.dossier, kept), 62)


def test_gps_exchange_shifts_of_one_evening_in_one_set(database: Database, as_role: AsRole) -> None:
    """Halfway the exchange a GP would be at two places; the set as a whole is fine."""
    stage, planner = set_up(database, small_dossier(headcount=2)), as_role("planner")
    version = stage.draft({evening(4, 1): "a", evening(4, 2): "b"})
    edits = [{"shift_id": evening(4, 1), "gp_id": "b"}, {"shift_id": evening(4, 2), "gp_id": "a"}]
    assert _edit(stage, planner, version, *edits).status_code == 200
    assert _gp_of(stage, version) == {evening(4, 1): "b", evening(4, 2): "a"}


def test_a_gp_in_two_places_at_once_is_refused(database: Database, as_role: AsRole) -> None:
    """The verdict on a dry run says so, saving names the shifts, and the draft stays as it was."""
    stage, planner = set_up(database, small_dossier(headcount=2)), as_role("planner")
    version = stage.draft({evening(4, 1): "a"})
    edit = {"shift_id": evening(4, 2), "gp_id": "a"}
    tried = _edit(stage, planner, version, edit, query="?dry_run=true").json()
    assert (tried["can_be_saved"], [one["rule"] for one in tried["broken"]]) == (False, ["no_overlap", "rest"])
    refused = _edit(stage, planner, version, edit)
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert refused.json()["violations"][0]["shift_ids"] == [evening(4, 1), evening(4, 2)]
    assert _gp_of(stage, version) == {evening(4, 1): "a"}


def test_the_database_itself_refuses_a_gp_in_two_places_at_once(database: Database) -> None:
    """Whoever writes past the judgement finds the guard of the table."""
    stage = set_up(database, small_dossier(headcount=2))
    version = stage.draft({evening(4, 1): "a"})
    with pytest.raises(IntegrityError), database.writing() as session:
        first, second = (session.get_one(Assignment, (version, evening(4, number))) for number in (1, 2))
        second.gp_number = first.gp_number


def test_a_dry_run_changes_nothing(database: Database, as_role: AsRole) -> None:
    """The same verdict, and the draft at the same revision."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(4): "a"})
    edit = {"shift_id": evening(4), "gp_id": "b"}
    tried = _edit(stage, planner, version, edit, query="?dry_run=true").json()
    assert _gp_of(stage, version) == {evening(4): "a"}
    assert (tried["saved"], tried["version"]["revision"]) == (False, 1)
    done = _edit(stage, planner, version, edit).json()
    same = ("broken", "mended", "gps", "before", "after")
    assert {name: done[name] for name in same} == {name: tried[name] for name in same}


def test_editing_what_is_in_force_makes_a_draft_of_it(database: Database, as_role: AsRole) -> None:
    """The published version and the roster in force stay as they are."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(4): "a"})
    stage.put_in_force(planner, version)
    answer = _edit(stage, planner, version, {"shift_id": evening(4), "gp_id": "b"})
    assert answer.status_code == 201
    draft = answer.json()["version"]
    assert (draft["state"], draft["origin"], draft["parent_id"]) == ("draft", "edit", version)
    assert (_gp_of(stage, version)[evening(4)], _gp_of(stage, draft["id"])[evening(4)]) == ("a", "b")
    assert stage.in_force()[evening(4)] == ("a", "a")


def test_shifts_are_locked_and_unlocked(database: Database, as_role: AsRole) -> None:
    """A lock stays with the shift when its GP changes, and goes when the shift is left open."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(day): "a" for day in (4, 5, 6)})

    def locked() -> list[tuple[str, str]]:
        with database.reading() as session:
            return [(lock.shift_id, lock.gp_id) for lock in locks_of(session, version)]

    _edit(stage, planner, version, *({"shift_id": evening(day), "locked": True} for day in (4, 5, 6)))
    assert locked() == [(evening(day), "a") for day in (4, 5, 6)]
    changes = [{"shift_id": evening(4), "gp_id": "b"}, {"shift_id": evening(5), "gp_id": None}]
    _edit(stage, planner, version, *changes, {"shift_id": evening(6), "locked": False})
    assert locked() == [(evening(4), "b")]


def test_a_trainee_stays_behind_when_the_trainer_goes(database: Database, as_role: AsRole) -> None:
    """The verdict names the trainee and the hours lost; a trainee named in the edit is put beside the GP."""
    people = [gp("a"), gp("b"), gp("t", Contract.TRAINEE, trainer_gp_id="a")]
    agreements = [agreement("a"), agreement("b"), agreement("t", contract=Contract.TRAINEE)]
    stage, planner = set_up(database, dossier(people, agreements, [shift_type("avond")])), as_role("planner")
    version = stage.draft({evening(4): "a", evening(5): "a"})
    _edit(stage, planner, version, {"shift_id": evening(4), "trainee_gp_id": "t"})
    verdict = _edit(stage, planner, version, {"shift_id": evening(4), "gp_id": "b"}).json()
    assert verdict["left_behind"] == [{"trainee_gp_id": "t", "shift_id": evening(4), "hours": 6.0}]
    with database.reading() as session:
        assert read_roster(session, stage.hds_id, version).trainee_of == {}


def test_everything_wrong_with_a_set_is_told_at_once(database: Database, as_role: AsRole) -> None:
    """An unknown shift, an unknown GP, a shift named twice; a lock and a trainee without a GP, a GP beside oneself."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft()
    answer = _edit(
        stage, planner, version,
        {"shift_id": "nergens", "gp_id": None}, {"shift_id": evening(4), "gp_id": "x"}, {"shift_id": evening(4)},
    )  # fmt: skip
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 3)
    alone = _edit(stage, planner, version, {"shift_id": evening(4), "locked": True, "trainee_gp_id": "a"})
    assert (alone.status_code, len(alone.json()["errors"])) == (422, 2)
    twice = _edit(stage, planner, version, {"shift_id": evening(4), "gp_id": "a", "trainee_gp_id": "a"})
    assert (twice.status_code, len(twice.json()["errors"])) == (422, 1)


def test_an_edit_of_a_version_that_changed_meanwhile_is_refused(database: Database, as_role: AsRole) -> None:
    """The second planner is told who changed it; nothing of the edit is kept."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft()
    url = stage.url(f"versions/{version}/edits")
    for gp_id, status in (("a", 200), ("b", 412)):
        body = {"edits": [{"shift_id": evening(4), "gp_id": gp_id}]}
        assert planner.post(url, json=body, headers={"If-Match": '"1"'}).status_code == status
    assert _gp_of(stage, version) == {evening(4): "a"}


def test_of_two_planners_who_edit_at_once_one_is_told_of_the_other(database: Database, as_role: AsRole) -> None:
    """Both saw revision 1: one edit is saved, the other refused with 412, and nothing of it is kept."""
    stage = set_up(database)
    version, seen = stage.draft(), {"If-Match": '"1"'}
    askers = {name: (as_role("planner"), version) for name in "ab"}

    def ask(client: TestClient, asked: int) -> Response:
        name = next(name for name, asker in askers.items() if asker[0] is client)
        body = {"edits": [{"shift_id": evening(day), "gp_id": name} for day in (4, 12)]}
        return client.post(stage.url(f"versions/{asked}/edits"), json=body, headers=seen)

    answers = at_once(askers, ask)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 412]
    winner = next(name for name, answer in answers.items() if answer.status_code == 200)
    assert _gp_of(stage, version) == {evening(4): winner, evening(12): winner}
