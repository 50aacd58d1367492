"""Where everybody stands against the share, at any time of a round."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from api.planning.standing import ground_of
from scheduler.demand import shifts_of
from scheduler.domain.shift import Burden
from scheduler.fair_shares import fair_shares
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.planning.stage import begun, dates, evenings, full, people, within
from tests.api.rosters.stage import set_up

PLACED = evenings("a", 4, 7, 11, 14) | evenings("b", 5, 9)


def test_before_there_is_a_draft_gps_see_their_share(app: FastAPI, database: Database) -> None:
    """Nothing is in any roster yet; the share is that of the engine."""
    course = begun(app, database)
    found = course.ask("a", "GET", "round/standing", within("registration")).json()
    [mine] = found["items"]
    of = people()
    share = sum(
        hours
        for (gp_id, burden), hours in fair_shares(of, shifts_of(of)).targets.items()
        if gp_id == "a" and burden is not Burden.STANDBY
    )
    assert (found["roster"], mine["gp_id"], mine["done"]) == ("none", "a", 0)
    assert mine["share"] == pytest.approx(share, abs=0.005)


def test_a_gp_sees_the_own_line_of_the_draft_once_it_is_shown_and_a_planner_all(
    app: FastAPI, database: Database
) -> None:
    """Furthest below the share first; places among the class, the free locum without a share too."""
    course = begun(app, database)
    course.pick(PLACED)
    assert course.ask("a", "GET", "round/standing", within("making")).json()["roster"] == "none"
    everybody = course.ask("planner", "GET", "round/standing", within("making")).json()
    assert everybody["roster"] == "draft"
    assert [(one["gp_id"], one["place"], one["of"]) for one in everybody["items"]] == [
        ("c", 1, 4),
        ("b", 2, 4),
        ("a", 3, 4),
        ("free", 4, 4),
    ]
    course.carry_on(within("draft_published"))
    [mine] = course.ask("b", "GET", "round/standing", within("draft_published")).json()["items"]
    # among four a place would tell of the others
    assert (mine["gp_id"], mine["place"], mine["of"], mine["done"]) == ("b", None, 4, 12)
    assert mine["deviation_hours"] == pytest.approx(mine["done"] - mine["share"], abs=0.011)


@ON_SQLITE
def test_without_reshuffling_gps_stand_against_the_draft_from_the_next_phase_on(
    app: FastAPI, database: Database
) -> None:
    """As soon as the draft is shown to them at all."""
    course = begun(app, database, phases=dates(draft_published={"skipped": True}))
    course.pick(PLACED)
    seen = [course.ask("b", "GET", "round/standing", within(one)).json() for one in ("draft_published", "free_locums")]
    assert [(one["roster"], one["items"][0]["done"]) for one in seen] == [("none", 0), ("draft", 12)]


def test_each_burden_is_held_against_its_own_share(app: FastAPI, database: Database) -> None:
    """Hours and shifts of the deviation say the same, by the mean length of a shift."""
    course = begun(app, database)
    course.pick(PLACED)
    for one in course.ask("planner", "GET", "round/standing", within("making")).json()["items"]:
        assert sum(burden["done"] for burden in one["burdens"].values()) == pytest.approx(one["done"])
        for burden in one["burdens"].values():
            assert burden["deviation_hours"] == pytest.approx(burden["done"] - burden["share"], abs=0.011)
            assert burden["deviation_shifts"] == pytest.approx(burden["deviation_hours"] / 6, abs=0.011)


def test_after_publication_the_roster_in_force_counts(app: FastAPI, database: Database) -> None:
    """A duty that changed hands counts for who performs it."""
    course = begun(app, database)
    course.pick(full())
    course.carry_on(within("closing"))
    done = course.ask("planner", "POST", "round/publish", within("closing"), json={})
    assert done.status_code == 200, done.text
    before = course.ask("a", "GET", "round/standing", within("published")).json()
    course.stage.swap("avond/2027-01-03/1", None)
    after = course.ask("a", "GET", "round/standing", within("published")).json()
    assert (before["roster"], after["roster"]) == ("published", "published")
    assert after["items"][0]["done"] == before["items"][0]["done"] - 6


def test_everybody_is_told_what_can_be_done_now_and_until_when(app: FastAPI, database: Database) -> None:
    """In the sentence the local time of the deadline; who may nothing reads when something comes."""
    course = begun(app, database)
    course.pick(PLACED)
    seen = {
        (who, phase): course.ask(who, "GET", "round", within(phase)).json()
        for who in ("a", "free", "planner")
        for phase in ("registration", "draft_published", "free_locums")
    }
    can = {key: [one for one in shown["can_do"] if one not in ("move_phases", "cancel")] for key, shown in seen.items()}
    assert can["a", "registration"] == ["hand_in"]
    assert can["a", "draft_published"] == ["give_back", "pick_up"]
    assert can["free", "draft_published"] == []
    assert can["a", "free_locums"] == can["free", "free_locums"] == ["pick_up"]
    assert "08-09-2026 09:00" in seen["a", "registration"]["told"]
    assert seen["a", "registration"]["closes_at"] == "2026-09-08T09:00:00+02:00"
    assert seen["planner", "registration"]["can_do"] == ["move_phases", "cancel"]


@ON_SQLITE
def test_the_shares_of_one_round_stay_known_while_another_is_asked_about(app: FastAPI, database: Database) -> None:
    """Two HDSs whose GPs hand in at the same time: neither is worked out anew for each question."""
    first = begun(app, database)
    second = set_up(database, people(), "other")
    with database.reading() as session:
        known = ground_of(session, first.stage.dossier_id)
        assert ground_of(session, second.dossier_id) is not known
        assert ground_of(session, first.stage.dossier_id) is known
