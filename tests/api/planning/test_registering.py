"""Who hands in when: the window of GPs, reminders, and who was late."""

from __future__ import annotations

import threading
from datetime import timedelta

from fastapi import FastAPI

from api.db.engine import Database
from api.db.tables.planning import HandedIn
from api.planning.upkeep import carry_on
from tests.api.planning.stage import START, Course, begun, dates, opening, within

WISH = {
    "start": "2027-01-04T00:00:00+01:00", "end": "2027-01-05T00:00:00+01:00", "wish": "avoid", "weight": 5,
}  # fmt: skip


def _wish(course: Course, who: str, about: str, phase: str) -> tuple[int, str]:
    path = f"dossiers/{course.stage.dossier_id}/wishes"
    answer = course.ask(who, "POST", path, within(phase), json=WISH | {"gp_id": about})
    return answer.status_code, answer.json().get("detail", "")


def test_gps_hand_in_within_the_phase_and_planners_always(app: FastAPI, database: Database) -> None:
    """Before and after it a GP is told when it is or was, and whom to ask."""
    course = begun(app, database)
    early = course.ask(
        "a",
        "POST",
        f"dossiers/{course.stage.dossier_id}/wishes",
        START - timedelta(hours=1),
        json=WISH | {"gp_id": "a"},
    )
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert "01-09-2026 09:00" in early.json()["detail"]
    assert _wish(course, "a", "a", "registration")[0] == 201
    status, detail = _wish(course, "b", "b", "making")
    assert (status, "08-09-2026 09:00" in detail, "planner" in detail) == (409, True, True)
    assert _wish(course, "planner", "b", "making")[0] == 201


def test_a_gp_who_is_late_has_no_choice_and_the_roster_comes_all_the_same(app: FastAPI, database: Database) -> None:
    """Without a word of `b` the round goes on; `b` and the planners are told once, and what `a` handed in stays."""
    course = begun(app, database)
    course.carry_on(within("registration"))
    assert _wish(course, "a", "a", "registration")[0] == 201
    course.carry_on(opening("making"))
    course.carry_on(within("making"))
    [(late, about)] = course.told("round_no_choice")
    assert (late, about["closes_at"]) == (["b", "c"], "2026-09-08T09:00:00+02:00")
    assert [about["missing"] for _, about in course.told("round_registration_closed")] == [2]
    course.pick({"avond/2027-01-05/1": "b"})
    course.carry_on(opening("draft_published"))
    assert course.current(opening("draft_published")) == "draft_published"


def test_own_rows_are_free_again_once_the_round_has_ended(app: FastAPI, database: Database) -> None:
    """Through the year absences count for swaps, so that GPs may tell of them."""
    course = begun(app, database)
    assert _wish(course, "a", "a", "making")[0] == 409
    ended = course.ask("planner", "POST", "round/cancel", within("making"), json={"reason": "anders"})
    assert (ended.status_code, ended.json()["state"]) == (200, "cancelled")
    assert _wish(course, "a", "a", "making")[0] == 201


def test_without_registration_gps_hand_in_nothing(app: FastAPI, database: Database) -> None:
    """A skipped registration refuses own changes as long as the round runs."""
    course = begun(app, database, phases=dates(registration={"skipped": True}))
    status, detail = _wish(course, "a", "a", "registration")
    assert (status, "planner" in detail) == (409, True)


def test_who_did_not_hand_in_is_reminded_once_with_two_chores_at_once(app: FastAPI, database: Database) -> None:
    """`a` handed in, `b` said to have nothing to hand in, `c` is reminded: once for each of the days."""
    course = begun(app, database)
    course.carry_on(START)
    assert _wish(course, "a", "a", "registration")[0] == 201
    ready = course.ask("b", "POST", "round/registrations/mine", within("registration"))
    assert ready.status_code == 200, ready.text
    for ahead in (timedelta(days=2), timedelta(days=1)):
        _both(database, opening("making") - ahead)
    sent = [(who, about["days"]) for who, about in course.told("round_reminder")]
    assert sent == [(["c"], 2), (["c"], 1)]


def _both(database: Database, at: object) -> None:
    gate = threading.Barrier(2)

    def chore() -> None:
        gate.wait()
        carry_on(database, at)  # type: ignore[arg-type]

    threads = [threading.Thread(target=chore) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_deadline_that_is_moved_reminds_anew(app: FastAPI, database: Database) -> None:
    """A day before the new deadline, who still handed in nothing hears of it."""
    course = begun(app, database, reminder_days=[1])
    course.carry_on(opening("making") - timedelta(hours=12))
    later = {"registration": {"closes_at": (opening("making") + timedelta(days=3)).isoformat()}}
    later["making"] = {"opens_at": later["registration"]["closes_at"]}
    moved = course.ask("planner", "PATCH", "round", opening("making"), json={"phases": later})
    assert (moved.status_code, moved.json()["current"]) == (200, "registration"), moved.text
    course.carry_on(opening("making") + timedelta(days=2))
    assert [about["closes_at"][:10] for _, about in course.told("round_reminder")] == ["2026-09-08", "2026-09-11"]


def test_the_planner_sees_who_handed_in_and_who_did_not(app: FastAPI, database: Database) -> None:
    """GPs with a share only: who owes no duties is not waited for; another round begins a new list."""
    course = begun(app, database)
    _wish(course, "a", "a", "registration")
    _wish(course, "a", "a", "registration")
    found = course.ask("planner", "GET", "round/registrations", within("registration")).json()
    assert (found["handed_in"], found["missing"]) == (1, 2)
    shown = [(one["gp_id"], one["handed_in"], one["changes"]) for one in found["items"]]
    assert shown == [("b", False, 0), ("c", False, 0), ("a", True, 2)]
    assert course.ask("a", "GET", "round/registrations", within("registration")).status_code == 403
    course.ask("planner", "POST", "round/cancel", within("making"), json={})
    again = course.ask(
        "planner", "POST", f"dossiers/{course.stage.dossier_id}/rounds", within("making"), json={"phases": dates()}
    )
    assert again.status_code == 201
    with database.reading() as session:
        assert session.query(HandedIn).count() == 0
