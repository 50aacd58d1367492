"""What a planner does with a round: move, skip, pick, end; and how it ends in a roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.dossier import AbsenceRow
from api.db.tables.people import User
from api.planning.upkeep import carry_on
from tests.api.audit.on_record import doers
from tests.api.conftest import add_hds, add_user
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.planning.stage import START, Course, begun, dates, evenings, full, opening, within

SMALL = evenings("a", 4, 7) | evenings("b", 5, 9)


def _actions(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.query(AuditEntry).filter(AuditEntry.subject.like("round/%")).order_by(AuditEntry.seq)
        return [row.action for row in rows]


def test_one_round_runs_for_a_dossier(app: FastAPI, database: Database) -> None:
    """A second one waits for the first to end."""
    course = begun(app, database)
    path = f"dossiers/{course.stage.dossier_id}/rounds"
    assert course.ask("planner", "POST", path, START, json={"phases": dates()}).status_code == 409
    course.ask("planner", "POST", "round/cancel", START, json={})
    assert course.ask("planner", "POST", path, START, json={"phases": dates()}).status_code == 201


def test_a_round_begins_with_what_the_hds_chose(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """What is not said when it is opened is as in the settings; a wrong setting is refused."""
    add_hds(database)
    administrator, hds = as_role("administrator"), "/api/v1/hds/test"
    wrong = {"settings": {"planning": {"give_back_percent": 101, "reminder_days": [0]}}}
    assert len(administrator.patch(hds, json=wrong, headers={"If-Match": "*"}).json()["errors"]) == 2
    chosen = {"settings": {"planning": {"give_back_percent": "12.5", "reminder_days": [3]}}}
    assert administrator.patch(hds, json=chosen, headers={"If-Match": "*"}).status_code == 200
    course = begun(app, database, reminder_days=[5, 1])
    shown = course.ask("planner", "GET", "round", START).json()
    assert (shown["give_back_percent"], shown["reminder_days"]) == ("12.5", [5, 1])


def test_every_mistake_in_the_dates_is_told_and_nothing_is_written(app: FastAPI, database: Database) -> None:
    """Opening and moving are judged alike."""
    course = begun(app, database)
    wrong = {"making": {"skipped": True}, "closing": {"closes_at": opening("closing").isoformat()}}
    answer = course.ask("planner", "PATCH", "round", START, json={"phases": wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert [one["phase"] for one in answer.json()["errors"]] == ["making", "closing"]
    missing = {name: one for name, one in dates().items() if name != "closing"}
    path = f"dossiers/{course.stage.dossier_id}/rounds"
    course.ask("planner", "POST", "round/cancel", START, json={})
    refused = course.ask("planner", "POST", path, START, json={"phases": missing})
    assert [one["phase"] for one in refused.json()["errors"]] == ["closing"]


def test_a_phase_moved_to_later_is_open_again_and_the_next_as_if_it_had_not_been(
    app: FastAPI, database: Database
) -> None:
    """The registration goes on, GPs may hand in again, and the move is on record with its reason."""
    course = begun(app, database)
    course.carry_on(within("making"))
    assert course.current(within("making")) == "making"
    end = (opening("making") + timedelta(days=5)).isoformat()
    moved = {"registration": {"closes_at": end}, "making": {"opens_at": end}}
    answer = course.ask("planner", "PATCH", "round", within("making"), json={"phases": moved, "reason": "storing"})
    phases = {one["name"]: one for one in answer.json()["phases"]}
    assert answer.json()["current"] == "registration"
    assert (phases["registration"]["closed_at"], phases["making"]["opened_at"]) == (None, None)
    wish = {"gp_id": "a", "start": "2027-01-04T00:00:00+01:00", "end": "2027-01-05T00:00:00+01:00"}
    path = f"dossiers/{course.stage.dossier_id}/wishes"
    handed = course.ask("a", "POST", path, within("making"), json=wish | {"wish": "avoid", "weight": 5})
    assert handed.status_code == 201
    assert _actions(database)[-1] == "round.changed"
    assert verify_all(database).troubles == ()


@ON_SQLITE
def test_who_was_told_of_a_deadline_is_told_when_it_moves(app: FastAPI, database: Database) -> None:
    """To earlier or later, while the phase is open; another change tells nobody anything."""
    course = begun(app, database)
    course.carry_on(within("registration"))
    for days in (5, 6):
        moved = {"registration": {"closes_at": (START + timedelta(days=days)).isoformat()}}
        for _ in range(2):
            assert course.ask("planner", "PATCH", "round", within("registration"), json={"phases": moved}).is_success
    told = [(who, about["closes_at"][:10]) for who, about in course.told("round_registration_open")]
    assert told == [(["a", "b", "c"], f"2026-09-0{day}") for day in (8, 6, 7)]


def test_a_phase_is_moved_by_who_saw_it_as_it_is(app: FastAPI, database: Database) -> None:
    """Without If-Match 428, after somebody else's change 412."""
    course = begun(app, database)
    seen = course.ask("planner", "GET", "round", START).headers["ETag"]
    change = {"give_back_percent": "12.5"}
    assert course.ask("planner", "PATCH", "round", START, json=change, headers={"If-Match": seen}).status_code == 200
    again = course.ask("planner", "PATCH", "round", START, json=change, headers={"If-Match": seen})
    assert (again.status_code, again.json()["code"]) == (412, "changed_meanwhile")
    assert course.ask("planner", "GET", "round", START).json()["give_back_percent"] == "12.5"


def test_a_skipped_phase_never_opens(app: FastAPI, database: Database) -> None:
    """Without reshuffling GPs see the draft only with the free locums; nothing is given back."""
    course = begun(app, database, phases=dates(draft_published={"skipped": True}), give_back_percent="100")
    course.pick(SMALL)
    course.carry_on(within("draft_published"))
    assert course.current(within("draft_published")) is None
    back = course.ask("a", "POST", "round/give-back", within("free_locums"), json={"shift_id": "avond/2027-01-04/1"})
    assert (back.status_code, "vraag het aan de planner" in back.json()["detail"]) == (409, True)
    assert course.told("round_draft_published") == []


def test_the_round_waits_for_a_draft_and_the_planner_is_told_once(app: FastAPI, database: Database) -> None:
    """As soon as one is picked the phase of that moment opens."""
    course = begun(app, database)
    for hours in (1, 2):
        course.carry_on(opening("draft_published") + timedelta(hours=hours))
    assert course.current(within("draft_published")) == "making"
    assert len(course.told("round_draft_missing")) == 1
    version = course.stage.draft(SMALL)
    picked = course.ask("planner", "PUT", "round/draft", within("draft_published"), json={"version_id": version})
    assert picked.json()["current"] == "draft_published"
    assert [who for who, _ in course.told("round_draft_published")] == [["a", "b", "c"]]
    other = course.ask("planner", "PUT", "round/draft", within("draft_published"), json={"version_id": version})
    assert other.status_code == 409


def test_workers_that_were_away_catch_up(app: FastAPI, database: Database) -> None:
    """Everything that lies behind is closed at once, and only what still matters is told."""
    course = begun(app, database)
    course.pick(SMALL)
    course.carry_on(opening("free_locums") + timedelta(hours=1))
    phases = course.ask("planner", "GET", "round", within("free_locums")).json()["phases"]
    assert [one["closed_at"] is not None for one in phases] == [True, True, True, False, False, False]
    assert course.told("round_draft_published") == []
    assert [who for who, _ in course.told("round_free_locums")] == [["free"]]


def _to_the_end(app: FastAPI, database: Database, **asked: Any) -> tuple[Course, int]:
    course = begun(app, database, **asked)
    version = course.pick(full())
    for phase in ("draft_published", "free_locums", "closing"):
        course.carry_on(within(phase))
    return course, version


def test_a_roster_is_published_by_itself_where_the_hds_wants_that(app: FastAPI, database: Database) -> None:
    """At the date, once, by nobody, though the planner's account is closed; who has a shift in it is responsible."""
    course, version = _to_the_end(app, database, publish_by_itself=True)
    add_user(database, "second-planner", "test", "planner")
    with database.writing() as session:
        first = session.scalars(select(User).where(User.username == "test-planner")).one()
        first.disabled_at = now()
    for _ in range(2):
        course.carry_on(opening("published"))
    with database.writing() as session:
        session.get_one(User, first.id).disabled_at = None
    assert course.current(within("published")) is None
    force = course.stage.in_force()
    assert {shift: who for shift, (who, _) in force.items() if who} == course.placed(version)
    assert all(performer == responsible for performer, responsible in force.values())
    assert len(course.told("round_published")) == 1
    [done] = course.ask("planner", "GET", "publications", within("published")).json()["items"]
    assert (done["version_id"], done["published_by"]) == (version, None)
    assert doers(database, "roster.published", "round.published") == [
        ("roster.published", None), ("round.published", None),
    ]  # fmt: skip


def test_a_roster_that_breaks_a_rule_is_not_published_by_itself(app: FastAPI, database: Database) -> None:
    """The planners are told why, once; they may accept it, and then it is published."""
    course, _ = _to_the_end(app, database, publish_by_itself=True)
    away = {"gp_id": "a", "start": "2027-01-03T00:00:00+01:00", "end": "2027-01-04T00:00:00+01:00", "reason": ""}
    path = f"dossiers/{course.stage.dossier_id}/absences"
    assert course.ask("planner", "POST", path, within("closing"), json=away).status_code == 201
    for _ in range(2):
        course.carry_on(opening("published"))
    assert course.stage.in_force() == {}
    [(_, about)] = course.told("round_not_published")
    assert "afwezig" in about["why"]
    order = {"reason": "toch", "accept_violations": True}
    assert course.ask("planner", "POST", "round/publish", within("published"), json=order).status_code == 200
    assert len(course.stage.in_force()) == 31


@ON_SQLITE
def test_a_roster_that_could_not_be_published_is_tried_again_when_something_changed(
    app: FastAPI, database: Database
) -> None:
    """Judging a region each half minute would hold up whoever swaps: once an hour, or when draft or dossier changed."""
    course, _ = _to_the_end(app, database, publish_by_itself=True)
    path = f"dossiers/{course.stage.dossier_id}/absences"
    away = {"gp_id": "a", "start": "2027-01-03T00:00:00+01:00", "end": "2027-01-04T00:00:00+01:00", "reason": ""}
    assert course.ask("planner", "POST", path, within("closing"), json=away).status_code == 201
    course.carry_on(opening("published"))
    with database.writing() as session:
        # as something elsewhere that the rules look at
        session.execute(delete(AbsenceRow))
    assert course.carry_on(opening("published") + timedelta(minutes=1)) == 0
    assert course.stage.in_force() == {}
    course.carry_on(opening("published") + timedelta(hours=1))
    assert len(course.stage.in_force()) == 31


def test_a_roster_is_not_published_while_gps_may_still_change_it(app: FastAPI, database: Database) -> None:
    """Before the closing the planner is refused, also between two phases, before GPs have seen anything of it."""
    early = {"closes_at": (opening("making") + timedelta(days=4)).isoformat()}
    course = begun(app, database, phases=dates(making=early))
    course.pick(SMALL)
    between = opening("making") + timedelta(days=5)
    assert course.current(between) is None
    for moment in (between, within("draft_published")):
        refused = course.ask("planner", "POST", "round/publish", moment, json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def test_a_draft_that_was_published_as_a_version_ends_the_round(app: FastAPI, database: Database) -> None:
    """However it came in force, the round is over and GPs may change their own rows again."""
    course = begun(app, database)
    version = course.pick(SMALL)
    order = {"freeze_from": "2027-01-01"}
    path = f"versions/{version}/publish"
    assert course.ask("planner", "POST", path, within("draft_published"), json=order).status_code == 201
    course.carry_on(within("draft_published"))
    shown = course.ask("planner", "GET", "round", within("draft_published")).json()
    assert (shown["state"], shown["current"]) == ("published", None)


def test_a_draft_that_was_thrown_away_is_no_draft(app: FastAPI, database: Database) -> None:
    """The round waits for another one."""
    course = begun(app, database)
    version = course.pick(SMALL)
    assert course.ask("planner", "DELETE", f"versions/{version}", within("making")).status_code == 204
    course.carry_on(within("draft_published"))
    assert course.current(within("draft_published")) == "making"
    assert course.ask("planner", "GET", "round", START).json()["version_id"] is None


def test_a_round_that_ended_moves_no_more(app: FastAPI, database: Database) -> None:
    """Neither by the planner nor by itself."""
    course = begun(app, database)
    course.ask("planner", "POST", "round/cancel", START, json={"reason": "anders"})
    for method, path, body in (
        ("PATCH", "round", {}), ("POST", "round/cancel", {}), ("PUT", "round/draft", {"version_id": 1}),
        ("POST", "round/publish", {}),
    ):  # fmt: skip
        assert course.ask("planner", method, path, START, json=body).status_code == 409
    assert carry_on(database, within("making")) == 0
