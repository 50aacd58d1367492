"""What is left goes to those furthest below their share, who see why."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from api.audit.verify import verify_all
from api.db.engine import Database
from api.planning import closing
from api.planning.closing import own_figures, why_of
from api.planning.closing_child import closed, settled
from api.planning.closing_request import ClosingRequest
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.fair_shares import fair_shares
from scheduler.fairness import measure
from scheduler.rules import RULES, coverage
from scheduler.swaps import Situation
from tests.api.planning.stage import begun, evenings, full, people, within
from tests.builders import roster

START = evenings("a", 1, 5, 8, 12, 15, 19, 22, 26) | evenings("b", 2, 6, 9, 13, 16) | evenings("c", 3, 7, 30)
"""`a` has eight evenings, `b` five, `c` three; fifteen are open."""
FEW_OPEN = {shift: gp for shift, gp in full().items() if gp != "c" or shift < "avond/2027-01-15"}
"""The evenings of `c` are open from the 15th on."""


def _request(of: Dossier, gp_of: dict[str, str]) -> ClosingRequest:
    given = roster(of, gp_of)
    targets = fair_shares(of, given.shifts).targets
    return ClosingRequest(dossier=of, roster=given, targets=targets, committed=frozenset("abc"))


def _may_have(of: Dossier, gp_of: dict[str, str], shift_id: str) -> Iterator[str]:
    """Who breaks no rule of a whole roster with the shift: asked of every rule, about everybody in turn."""
    shifts = roster(of).shifts
    for gp_id in "abc":
        given = Roster(shifts=shifts, gp_of=gp_of | {shift_id: gp_id})
        if not any(True for rule in RULES if rule.name != coverage.NAME for _ in rule.check(of, given)):
            yield gp_id


def test_each_assigned_shift_goes_to_who_is_furthest_below_the_share_of_those_who_may() -> None:
    """By a calculation of its own: all else as it became, nobody who may have the shift is further below."""
    of = people()
    request = _request(of, START)
    answer = closed(request)
    after = START | {one.shift_id: one.gp_id for one in answer.assigned}
    assert (len(after), answer.left_open, answer.is_fairest) == (31, {}, True)
    for one in answer.assigned:
        others = {shift: gp for shift, gp in after.items() if shift != one.shift_id}
        found = measure(of, Roster(shifts=request.roster.shifts, gp_of=others), request.targets)
        deviation = {gp: found[one.burden].per_gp[gp].deviation for gp in _may_have(of, others, one.shift_id)}
        assert one.gp_id in deviation
        assert deviation[one.gp_id] == pytest.approx(min(deviation.values()))
        assert one.place == 1
        assert one.takers == len(deviation)
        assert one.deviation == pytest.approx(deviation[one.gp_id])
        assert sum(one.others.values()) == 3 - len(deviation)


def test_a_filling_that_was_not_proven_is_settled_too() -> None:
    """Everything with the one who does most already: shifts go to who is further below, until nobody is."""
    of, shift_ids = people(), [f"avond/2027-01-{day:02}/1" for day in (10, 17, 24)]
    given = roster(of, START | dict.fromkeys(shift_ids, "a"))
    targets = fair_shares(of, given.shifts).targets
    after = settled(Situation.of(of, given, targets), shift_ids, frozenset("abc"))
    assert {shift: gp for shift, gp in after.gp_of.items() if shift in START} == START
    for shift_id in shift_ids:
        others = {shift: gp for shift, gp in after.gp_of.items() if shift != shift_id}
        without = Situation.of(of, roster(of, others), targets)
        burden = without.shift(shift_id).burden
        least = min(without.deviation(gp, burden) for gp in _may_have(of, others, shift_id))
        assert without.deviation(after.gp_of[shift_id], burden) == pytest.approx(least)


def test_who_owes_no_duties_is_assigned_none() -> None:
    """Where only a free locum could, the shift stays open, told with the rules by which the others drop out."""
    of = people()
    full = {day: "abc" for day in (4, 6, 8)}
    gp_of = {f"avond/2027-01-{day:02}/1": "abc"[n] for n, day in enumerate(full)}
    with_absences = of.replace(absences=[_away(gp, 11) for gp in "abc"])
    others = {f"avond/2027-01-{day:02}/1": "free" for day in range(1, 32) if day not in (4, 6, 8, 11)}
    answer = closed(_request(with_absences, gp_of | others))
    assert answer.assigned == ()
    assert answer.left_open["avond/2027-01-11/1"]["absence"] >= 3


def _away(gp_id: str, day: int) -> Any:
    from scheduler.domain.availability import Absence
    from tests.builders import moment

    return Absence(gp_id=gp_id, start=moment(f"2027-01-{day:02}"), end=moment(f"2027-01-{day + 1:02}"))


FIGURES = {
    "burden": "evening", "share": 62.04, "done": 18.0, "also_assigned": 12.0, "deviation": -5.34, "place": 1,
    "takers": 2, "others": {"week": 3, "absence": 1},
}  # fmt: skip
"""Of a shift that one of two was assigned, and that four others could not take."""


def test_the_reason_tells_own_figures_and_no_names() -> None:
    """Share, hours, deviation, by which rule it is assigned; the place only among more than ten."""
    assert why_of(FIGURES) == (
        "Uw aandeel avond is 62 uur; bij het sluiten had u 18 uur en u kreeg daarnaast 12 uur toegewezen. "
        "Zonder deze dienst zit u 5,34 dienst onder uw aandeel. "
        "Een open dienst gaat naar wie hem mag doen en het verst onder het aandeel zit."
    )
    assert why_of(FIGURES | {"takers": 11}).endswith(
        "U staat daarmee op plaats 1 van de 11 huisartsen die deze dienst mogen doen "
        "(1 zit het verst onder het aandeel)."
    )


def test_the_own_figures_tell_nothing_of_who_could_not() -> None:
    """How many colleagues were away, or could take it, is left out; of more than ten the number may be told."""
    own = {"burden", "share", "done", "also_assigned", "deviation"}
    assert own_figures(FIGURES).keys() == own
    assert own_figures(FIGURES | {"takers": 11}).keys() == own | {"place", "takers"}


def test_a_reason_above_the_share_is_told_as_such() -> None:
    """Who is assigned a shift in spite of having done enough reads by which rule."""
    figures = FIGURES | {"burden": "night", "share": 0.0, "done": 8.0, "deviation": 1.0, "takers": 1}
    assert "boven uw aandeel" in why_of(figures)
    assert "wie hem mag doen" in why_of(figures)


def test_what_is_left_is_assigned_once_with_two_chores_at_once(app: FastAPI, database: Database) -> None:
    """Each shift has one step and one GP, everybody concerned is told once, and the trail verifies."""
    course = begun(app, database)
    version = course.pick(FEW_OPEN)
    gate = threading.Barrier(2)

    def chore() -> None:
        gate.wait()
        course.carry_on(within("closing"))

    threads = [threading.Thread(target=chore) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    placed = course.placed(version)
    assert len(placed) == 31
    steps = course.ask("planner", "GET", "round/steps", within("closing")).json()["items"]
    assert {one["shift_id"]: one["gp_id"] for one in steps} == {s: gp for s, gp in placed.items() if s not in FEW_OPEN}
    assert len(steps) == len(placed) - len(FEW_OPEN)
    told = course.told("round_assigned")
    assert [who for who, _ in told] == [[gp] for gp in dict.fromkeys(one["gp_id"] for one in steps)]
    assert sorted(shift for _, about in told for shift in about["shifts"]) == sorted(one["shift_id"] for one in steps)
    assert [about["assigned"] for _, about in course.told("round_closed")] == [len(steps)]
    assert verify_all(database).troubles == ()


def test_a_gp_sees_the_own_assigned_shifts_with_the_reason(app: FastAPI, database: Database) -> None:
    """And nothing of those of others."""
    course = begun(app, database)
    course.pick(FEW_OPEN)
    course.carry_on(within("closing"))
    mine = course.ask("c", "GET", "round/steps", within("closing")).json()["items"]
    assert {one["gp_id"] for one in mine} == {"c"}
    assert all("Uw aandeel" in one["why"] and "plaats" not in one["why"] for one in mine)
    assert not any({"others", "takers", "place"} & one["figures"].keys() for one in mine)
    assert not any(name in one["why"] for one in mine for name in ("Dokter", " a ", " b "))


def test_a_draft_that_changed_meanwhile_is_asked_about_anew(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner fills a shift while the solver works: that answer is not used, the next one knows of it."""
    from api.rosters import aside

    course = begun(app, database)
    version = course.pick(FEW_OPEN)
    course.carry_on(within("free_locums"))
    real = aside.run_module

    def edited_meanwhile(module: str, request: bytes, task: str) -> bytes:
        monkeypatch.setattr(aside, "run_module", real)
        edit = {"edits": [{"shift_id": "avond/2027-01-29/1", "gp_id": "free"}]}
        assert (
            course.ask("planner", "POST", f"versions/{version}/edits", within("closing"), json=edit).status_code == 200
        )
        return real(module, request, task)

    monkeypatch.setattr(aside, "run_module", edited_meanwhile)
    course.carry_on(within("closing"))
    assert len(course.placed(version)) == len(FEW_OPEN) + 1
    course.carry_on(within("closing"))
    assert len(course.placed(version)) == 31
    assert course.placed(version)["avond/2027-01-29/1"] == "free"


def test_a_closing_that_a_dead_worker_took_on_is_taken_over(app: FastAPI, database: Database) -> None:
    """Not while it may still be at it; after a while by whoever comes by."""
    course = begun(app, database)
    version = course.pick({shift: gp for shift, gp in full().items() if shift < "avond/2027-01-30"})
    at = within("closing")
    course.carry_on(within("free_locums"))
    with database.writing() as session:
        assert closing._taken_on(session, "test", course.round_id, at) is not None
    course.carry_on(at + closing.LONGEST / 2)
    assert len(course.placed(version)) == 29
    course.carry_on(at + closing.LONGEST)
    assert len(course.placed(version)) == 31
