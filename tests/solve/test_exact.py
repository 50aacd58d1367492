"""Exact questions are answered in a process of their own, which may be lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.generate import generate
from scheduler.solve.clock import Clock
from scheduler.solve.exact import NOTHING, Question, Solver, Within, solve_question
from tests.builders import agreement, dossier, gp, shift_type


def _week() -> Dossier:
    """Two GPs and two evening shifts on each of five days; three shifts a week at most."""
    week = Period(start=date(2027, 6, 7), end=date(2027, 6, 11))
    kinds = [shift_type("evening", headcount=2)]
    return dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], kinds, period=week)


def _question(of: Dossier, within: Within | None = None) -> Question:
    shifts = shifts_of(of)
    return Question(shifts, None, Roster(shifts=shifts), ("A", "B"), within, budget=10, seconds=10, seed=1)


def _within(most: float, open_shifts: int) -> Within:
    targets = {("A", Burden.EVENING): 18.0, ("B", Burden.EVENING): 12.0}
    return Within(targets, {Burden.EVENING: 6.0}, most, open_shifts)


def test_the_fewest_open_shifts_are_found_and_proven() -> None:
    """Six of ten can be filled."""
    found = solve_question(_week(), _question(_week()))
    assert found.gp_of is not None
    assert len(found.gp_of) == 6
    assert found.bound == 4


def test_a_roster_within_limits_of_fairness_is_found_where_there_is_one() -> None:
    """Three for A and two or three for B lie within one shift of their targets of three and two."""
    found = solve_question(_week(), _question(_week(), _within(1.0, open_shifts=5)))
    assert found.gp_of is not None
    assert sorted(found.gp_of.values()).count("A") >= 2


def test_no_roster_is_given_where_the_limits_leave_none() -> None:
    """With four open shifts at most, B has three, one above the target of two."""
    assert solve_question(_week(), _question(_week(), _within(0.5, open_shifts=4))).gp_of is None


def test_the_process_answers_what_the_function_answers_and_nothing_once_it_is_lost() -> None:
    """One question before the process is ended and one after."""
    solver = Solver(_week())
    try:
        assert solver.ask(_question(_week()), Clock(30)).bound == 4
    finally:
        solver.close()
    assert solver.ask(_question(_week()), Clock(30)) == NOTHING


def test_a_question_without_time_is_not_answered_and_the_next_one_is() -> None:
    """The process, which may still be starting, is not ended for it; that the clock cut an answer is kept in mind."""
    solver = Solver(_week())
    try:
        assert solver.ask(replace(_question(_week()), seconds=0), Clock(0)) == NOTHING
        assert solver.was_cut
        assert solver.ask(replace(_question(_week()), seconds=600), Clock(600)).bound == 4
    finally:
        solver.close()


def test_an_answer_says_whether_the_clock_cut_its_search() -> None:
    """Not where it is proven, nor where the solver's own time was over first."""
    of = generate(gps=30, posts=1, seed=2).replace(period=Period(start=date(2027, 9, 1), end=date(2027, 10, 15)))
    shifts = shifts_of(of)
    whole = Question(shifts, None, Roster(shifts=shifts), [one.id for one in of.gps], None, 600, seconds=0.2, seed=1)
    assert solve_question(of, whole).is_cut
    assert not solve_question(of, replace(whole, budget=0.0, seconds=600)).is_cut
    assert not solve_question(_week(), _question(_week())).is_cut


def test_a_run_that_is_stopped_does_not_wait_for_the_answer() -> None:
    """A wish to stop ends the process at the next look."""
    solver = Solver(_week())
    try:
        assert solver.ask(_question(_week()), Clock(30, cancelled=lambda: True)) == NOTHING
    finally:
        solver.close()
