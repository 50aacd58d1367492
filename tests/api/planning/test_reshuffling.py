"""Shifts of the draft given back and picked up: within the limit, legal, by one, once."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import update

from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.rosters import Assignment, RosterVersion
from api.dossiers.mapping import settings_values, write_parts
from api.rosters.content import content_of
from api.rosters.figures import figures_of
from api.rosters.mapping import store_snapshot
from scheduler.domain.people import Agreement
from scheduler.domain.time import Period
from scheduler.rules import RULES, coverage
from scheduler.verify import verify
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.planning.stage import START, Course, begun, evenings, full, people, within
from tests.api.rosters.stage import Stage, set_up
from tests.builders import agreement, roster

DRAFT = within("draft_published")
MINE = evenings("a", 1, 5, 8, 12, 15, 19, 22, 26, 29)
"""Nine evenings of six hours."""
READ = ("round", "round/standing", "round/steps")


def _shown(app: FastAPI, database: Database, gp_of: dict[str, str], **asked: Any) -> tuple[Course, int]:
    """A round whose draft GPs may reshuffle."""
    course = begun(app, database, **asked)
    version = course.pick(gp_of)
    course.carry_on(DRAFT)
    return course, version


def _step(course: Course, who: str, what: str, day: int, phase: str = "draft_published") -> Response:
    return course.ask(who, "POST", f"round/{what}", within(phase), json={"shift_id": f"avond/2027-01-{day:02}/1"})


@pytest.mark.parametrize(("percent", "status"), [("11.12", 200), ("11.11", 409)])
def test_a_gp_gives_back_up_to_the_percentage(app: FastAPI, database: Database, percent: str, status: int) -> None:
    """Six of 54 hours are 11.111... %: just over it may go, just under not, and the GP is told how much is left."""
    course, version = _shown(app, database, MINE, give_back_percent=percent)
    answer = _step(course, "a", "give-back", 5)
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["code"] == "wrong_state"
        assert answer.json()["most"] == pytest.approx(54 * 0.1111)
    assert ("avond/2027-01-05/1" in course.placed(version)) is (status == 409)


def test_the_limit_counts_all_that_was_given_back(app: FastAPI, database: Database) -> None:
    """Two of nine shifts fit in a quarter of the hours, a third does not; the own hours stay those of the start."""
    course, _ = _shown(app, database, MINE, give_back_percent="25")
    assert [_step(course, "a", "give-back", day).status_code for day in (5, 12, 19)] == [200, 200, 409]
    seen = course.ask("a", "GET", "round/draft", DRAFT).json()
    assert seen["allowance"] == {"percent": "25", "own_hours": 54.0, "most": 13.5, "given_back": 12.0, "left": 1.5}
    assert len(seen["mine"]) == 7


@ON_SQLITE
def test_what_was_given_back_of_a_draft_that_was_lost_counts_no_more(app: FastAPI, database: Database) -> None:
    """The planner discards it and picks another: a GP may give back of that one as if there had been none before."""
    course, version = _shown(app, database, MINE, give_back_percent="25")
    assert [_step(course, "a", "give-back", day).status_code for day in (5, 12)] == [200, 200]
    assert course.ask("planner", "DELETE", f"versions/{version}", DRAFT).status_code == 204
    course.carry_on(DRAFT)
    again = course.stage.draft(MINE)
    assert course.ask("planner", "PUT", "round/draft", DRAFT, json={"version_id": again}).status_code == 200
    seen = course.ask("a", "GET", "round/draft", DRAFT).json()["allowance"]
    assert (seen["own_hours"], seen["given_back"], seen["left"]) == (54.0, 0.0, 13.5)


@ON_SQLITE
def test_a_shift_that_the_planner_locked_is_not_shown_as_one_that_may_go(app: FastAPI, database: Database) -> None:
    """The draft tells what the call would."""
    course, version = _shown(app, database, MINE, give_back_percent="100")
    with database.writing() as session:
        locked = (Assignment.version_id == version, Assignment.shift_id == "avond/2027-01-05/1")
        session.execute(update(Assignment).where(*locked).values(locked=True))
    may = {one["shift_id"]: one["may"] for one in course.ask("a", "GET", "round/draft", DRAFT).json()["mine"]}
    assert [may[f"avond/2027-01-{day:02}/1"] for day in (5, 8)] == [False, True]
    assert [_step(course, "a", "give-back", day).status_code for day in (5, 8)] == [409, 200]


def test_an_open_shift_goes_to_the_first_of_two_at_once(app: FastAPI, database: Database) -> None:
    """Two GPs ask in the same moment: one has it, the other gets 409, and the trail tells of one."""
    course, version = _shown(app, database, MINE)
    with time_machine.travel(DRAFT, tick=False):
        speakers = [course.speaker(who) for who in ("b", "c")]
        gate = threading.Barrier(2)
        url = course.stage.url(f"round/{course.round_id}/pick-up")

        def ask(n: int) -> Response:
            gate.wait()
            return speakers[n].post(url, json={"shift_id": "avond/2027-01-06/1"})

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(ask, range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["code"] == "swap_outdated"
    winner = "bc"[[answer.status_code for answer in answers].index(200)]
    assert course.placed(version)["avond/2027-01-06/1"] == winner
    steps = course.ask("planner", "GET", "round/steps", DRAFT).json()["items"]
    assert [(one["kind"], one["gp_id"]) for one in steps] == [("picked_up", winner)]
    assert verify_all(database).troubles == ()


def test_a_step_asked_for_again_is_done_once(app: FastAPI, database: Database) -> None:
    """After a lost answer the same call gives the same step, for both kinds."""
    course, _ = _shown(app, database, MINE, give_back_percent="50")
    for what, who, day in (("give-back", "a", 5), ("pick-up", "b", 6)):
        first, again = (_step(course, who, what, day) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json()["step"] == again.json()["step"]
    assert len(course.ask("planner", "GET", "round/steps", DRAFT).json()["items"]) == 2


def test_a_pick_up_that_breaks_a_rule_is_refused_with_the_reasons(app: FastAPI, database: Database) -> None:
    """A fourth evening in a week of three: the verdict says so beforehand, the call refuses, nothing is written."""
    course, version = _shown(app, database, evenings("a", 4, 6, 8))
    asked = {"shift_id": "avond/2027-01-10/1"}
    verdict = course.ask("a", "POST", "round/verdict", DRAFT, json=asked).json()
    assert (verdict["legal"], {one["rule"] for one in verdict["reasons"]}) == (False, {"week"})
    answer = _step(course, "a", "pick-up", 10)
    assert (answer.status_code, answer.json()["code"]) == (409, "breaks_rules")
    assert [one["rule"] for one in answer.json()["errors"]] == ["week"]
    open_ones = {one["shift_id"]: one for one in course.ask("a", "GET", "round/draft", DRAFT).json()["open"]}
    assert open_ones["avond/2027-01-10/1"]["may"] is False
    assert open_ones["avond/2027-01-10/1"]["why_not"] == ["diensten per week"]
    assert open_ones["avond/2027-01-12/1"]["may"] is True
    assert course.placed(version) == evenings("a", 4, 6, 8)


def test_only_the_holder_gives_a_shift_back(app: FastAPI, database: Database) -> None:
    """Another's shift, an open one and an unknown one are refused."""
    course, version = _shown(app, database, MINE, give_back_percent="100")
    assert [_step(course, "b", "give-back", day).status_code for day in (5, 6)] == [409, 409]
    unknown = course.ask("b", "POST", "round/give-back", DRAFT, json={"shift_id": "avond/2028-01-01/1"})
    assert unknown.status_code == 404
    assert course.placed(version) == MINE


def test_a_shift_that_the_planner_locked_stays(app: FastAPI, database: Database) -> None:
    """A lock of the version is not for a GP to undo."""
    course = begun(app, database, give_back_percent="100")
    version = course.stage.draft(MINE, locked=frozenset({"avond/2027-01-05/1"}))
    course.ask("planner", "PUT", "round/draft", within("making"), json={"version_id": version})
    answer = _step(course, "a", "give-back", 5)
    assert (answer.status_code, "vastgezet" in answer.json()["detail"]) == (409, True)


def test_each_phase_lets_in_its_own(app: FastAPI, database: Database) -> None:
    """GPs with a share first, free locums with them in their phase; nobody after it, and giving back only at first."""
    course, _ = _shown(app, database, MINE, give_back_percent="100")
    assert _step(course, "free", "pick-up", 6).status_code == 409
    assert _step(course, "b", "pick-up", 6).status_code == 200
    assert _step(course, "free", "pick-up", 7, "free_locums").status_code == 200
    assert _step(course, "b", "pick-up", 14, "free_locums").status_code == 200
    late = _step(course, "a", "give-back", 5, "free_locums")
    assert (late.status_code, "22-09-2026 09:00" in late.json()["detail"]) == (409, True)
    assert _step(course, "b", "pick-up", 20, "closing").status_code == 409


def test_a_gp_sees_nothing_of_the_draft_before_it_is_shown(app: FastAPI, database: Database) -> None:
    """Neither the draft nor a verdict on it."""
    course = begun(app, database)
    course.pick(MINE)
    assert course.ask("a", "GET", "round/draft", within("making")).status_code == 409
    asked = {"shift_id": "avond/2027-01-06/1"}
    assert course.ask("a", "POST", "round/verdict", within("making"), json=asked).status_code == 404
    assert (
        course.ask("planner", "POST", "round/verdict", within("making"), json=asked | {"gp_id": "a"}).status_code == 200
    )


def test_the_figures_of_the_draft_follow_within_half_a_minute(app: FastAPI, database: Database) -> None:
    """Once the chore has come by they are those of a judgement of the whole."""
    course, version = _shown(app, database, MINE, give_back_percent="50")
    _step(course, "a", "give-back", 5)
    _step(course, "b", "pick-up", 6)
    assert [course.carry_on(DRAFT) for _ in range(2)] == [1, 0]
    with database.reading() as session:
        row = session.get_one(RosterVersion, version)
        content = content_of(session, row)
        found = verify(content.dossier, content.roster, content.basis.shares.targets)
        assert row.figures == figures_of(found, len(content.roster.shifts))
        assert row.revision == 3


def test_an_absence_that_came_in_since_counts(app: FastAPI, database: Database) -> None:
    """The draft is judged with the dossier as it is now."""
    course, _ = _shown(app, database, MINE)
    away = {"gp_id": "b", "start": "2027-01-06T00:00:00+01:00", "end": "2027-01-07T00:00:00+01:00", "reason": ""}
    path = f"dossiers/{course.stage.dossier_id}/absences"
    assert course.ask("planner", "POST", path, DRAFT, json=away).status_code == 201
    answer = _step(course, "b", "pick-up", 6)
    assert [one["rule"] for one in answer.json()["errors"]] == ["absence"]


def test_another_hds_sees_nothing(app: FastAPI, database: Database) -> None:
    """A planner and a GP of elsewhere, with the same ids, find no round and can do nothing in it."""
    ours, version = _shown(app, database, MINE)
    theirs = Course(app, set_up(database, people(), "other"), ours.round_id)
    for who in ("planner", "a"):
        assert [theirs.ask(who, "GET", path, DRAFT).status_code for path in READ] == [404] * len(READ)
    for path in ("round/give-back", "round/pick-up"):
        assert theirs.ask("a", "POST", path, DRAFT, json={"shift_id": "avond/2027-01-05/1"}).status_code == 404
    for method, path in (("PATCH", "round"), ("POST", "round/cancel"), ("POST", "round/publish")):
        assert theirs.ask("planner", method, path, DRAFT, json={}).status_code == 404
    with time_machine.travel(DRAFT, tick=False):
        assert theirs.speaker("planner").get(theirs.stage.url("round")).json() == {"items": []}
        assert theirs.speaker("planner").get(ours.stage.url("round")).status_code == 404
    assert ours.placed(version) == MINE


def test_duties_of_the_roster_before_count(app: FastAPI, database: Database) -> None:
    """Two evenings at the end of December and a third on New Year's Day: another one in that week is too many."""
    course, _ = _shown(app, database, evenings("b", 1) | evenings("a", 5))
    december = people(period=Period(start=date(2026, 12, 1), end=date(2026, 12, 31)), agreements=_in_december())
    with database.writing() as session:
        row = DossierRow(hds_id="test", changed_at=START, **settings_values(december))
        session.add(row)
        session.flush()
        write_parts(session, row.id, "test", december)
        before = Stage(database, december, row.id, store_snapshot(session, december), "test")
    theirs = {f"avond/2026-12-{day}/1": "b" for day in (28, 30)}
    answer = course.ask(
        "planner", "POST", f"versions/{before.draft(theirs)}/publish", DRAFT, json={"freeze_from": "2026-12-01"}
    )
    assert answer.status_code == 201, answer.text
    refused = _step(course, "b", "pick-up", 2)
    assert [one["rule"] for one in refused.json()["errors"]] == ["week"]
    assert _step(course, "c", "pick-up", 2).status_code == 200


def _in_december() -> list[Agreement]:
    return [agreement(name, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31)) for name in ("a", "b", "c")]


def test_many_steps_at_once_leave_one_draft_that_its_steps_explain(app: FastAPI, database: Database) -> None:
    """Three GPs give back and pick up all at once: replayed in order, what was done gives the draft as it is."""
    start = full()
    course, version = _shown(app, database, start, give_back_percent="100")
    url = course.stage.url(f"round/{course.round_id}")
    with time_machine.travel(DRAFT, tick=False):
        speakers = {who: course.speaker(who) for who in "abc"}
        gate = threading.Barrier(len(speakers))

        def act(who: str) -> list[int]:
            gate.wait()
            chance, codes = random.Random(who), []
            for _ in range(15):
                what, day = chance.choice(("give-back", "pick-up")), chance.randint(1, 12)
                answer = speakers[who].post(f"{url}/{what}", json={"shift_id": f"avond/2027-01-{day:02}/1"})
                codes.append(answer.status_code)
            return codes

        with ThreadPoolExecutor(len(speakers)) as pool:
            codes = [code for found in pool.map(act, speakers) for code in found]
    assert set(codes) <= {200, 409}
    replayed = dict(start)
    for step in course.ask("planner", "GET", "round/steps", DRAFT).json()["items"]:
        if step["kind"] == "given_back":
            assert replayed.pop(step["shift_id"]) == step["gp_id"]
        else:
            assert step["shift_id"] not in replayed
            replayed[step["shift_id"]] = step["gp_id"]
    assert course.placed(version) == replayed
    given = roster(course.stage.dossier, replayed)
    assert [v for rule in RULES if rule.name != coverage.NAME for v in rule.check(course.stage.dossier, given)] == []
    assert verify_all(database).troubles == ()
