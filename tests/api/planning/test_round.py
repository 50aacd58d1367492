"""A whole round, from opening to publication, by the clock alone."""

from __future__ import annotations

from fastapi import FastAPI

from api.db.engine import Database
from tests.api.planning.stage import PHASES, START, begun, evenings, opening, within


def test_a_round_goes_from_registration_to_publication(app: FastAPI, database: Database) -> None:
    """Handed in, made, given back, picked up, assigned, published: each at its time, and all of it kept."""
    course = begun(app, database, give_back_percent="50")
    assert course.current(START.replace(hour=8)) is None
    for phase in PHASES[:2]:
        course.carry_on(within(phase))
        assert course.current(within(phase)) == phase
    start = {f"avond/2027-01-{day:02}/1": "abc"[day % 3] for day in range(1, 32) if day % 3 != 2}
    start |= evenings("c", 5, 8)
    version = course.pick(start)
    course.carry_on(within("draft_published"))
    assert course.current(within("draft_published")) == "draft_published"
    mine = [shift for shift, gp in start.items() if gp == "a"]
    back = course.ask("a", "POST", "round/give-back", within("draft_published"), json={"shift_id": mine[0]})
    assert back.status_code == 200, back.text
    assert mine[0] not in course.placed(version)
    picked = course.ask("c", "POST", "round/pick-up", within("draft_published"), json={"shift_id": mine[0]})
    assert picked.status_code == 200, picked.text
    assert course.placed(version)[mine[0]] == "c"
    course.carry_on(within("free_locums"))
    free = "avond/2027-01-11/1"
    taken = course.ask("free", "POST", "round/pick-up", within("free_locums"), json={"shift_id": free})
    assert taken.status_code == 200, taken.text
    course.carry_on(within("closing"))
    steps = course.ask("planner", "GET", "round/steps", within("closing")).json()["items"]
    assert [one["kind"] for one in steps[:3]] == ["given_back", "picked_up", "picked_up"]
    assert {one["kind"] for one in steps[3:]} == {"assigned"}
    course.carry_on(opening("published"))
    done = course.ask("planner", "POST", "round/publish", within("published"), json={"reason": "klaar"})
    assert (done.status_code, done.json()["state"]) == (200, "published"), done.text
    assert {s: gp for s, (gp, _) in course.stage.in_force().items() if gp} == course.placed(version)
