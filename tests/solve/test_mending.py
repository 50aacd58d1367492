"""Questions about gaps: exact beside what is given, a bound where shifts are loose, one answer at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.time import Period
from scheduler.fair_shares import fair_shares
from scheduler.fairness import mean_hours
from scheduler.solve.clock import Clock
from scheduler.solve.mending import Answer, Gaps, Mender, Question, answers
from tests.builders import agreement, dossier, gp, roster, shift_type

EVENING = Period(start=date(2027, 6, 7), end=date(2027, 6, 7))
CONSULT, LEAD = "consult/2027-06-07/1", "lead/2027-06-07/1"
ALL = frozenset("AB")


def _of() -> Dossier:
    """One evening with a consult and a lead shift; A may do both, B consults only."""
    return dossier(
        [gp("A"), gp("B")],
        [agreement("A", roles={Role.CONSULT, Role.LEAD}), agreement("B")],
        [shift_type("consult"), shift_type("lead", role=Role.LEAD)],
        period=EVENING,
    )


def _gaps(of: Dossier, gp_of: Mapping[str, str], *vacated: str) -> Gaps:
    shifts = shifts_of(of)
    targets = fair_shares(of, shifts).targets
    return Gaps(of, roster(of, gp_of), vacated, targets, mean_hours(shifts), frozenset())


def _question(window: tuple[str, ...] = (), loose: tuple[str, ...] = (), *, fair: bool = False) -> Question:
    may = {CONSULT: ALL, LEAD: frozenset("A")}
    return Question(window, loose, may, {}, fair=fair, floor=0.0, budget=5.0, seconds=20.0, seed=1)


def _last(gaps: Gaps, question: Question) -> Answer:
    return list(answers(gaps, question))[-1]


def test_what_nobody_can_do_beside_the_rest_stays_open_and_that_is_the_bound() -> None:
    """A has the consult at the same time and may not move."""
    found = _last(_gaps(_of(), {CONSULT: "A"}, LEAD), _question())
    assert (found.gp_of, found.open_bound, found.is_fewest) == ({}, 1, True)


def test_a_loose_shift_is_let_go_at_the_price_of_one_change() -> None:
    """The consult needs no taker yet: a bound, no roster."""
    found = _last(_gaps(_of(), {CONSULT: "A"}, LEAD), _question(loose=(CONSULT,)))
    assert (found.gp_of, found.open_bound, found.moved_bound) == ({LEAD: "A"}, 0, 1)


def test_a_shift_of_the_window_goes_to_another() -> None:
    """B takes the consult, A the lead shift."""
    found = _last(_gaps(_of(), {CONSULT: "A"}, LEAD), _question(window=(CONSULT,), fair=True))
    assert (found.gp_of, found.moved_bound, found.is_fairest) == ({LEAD: "A", CONSULT: "B"}, 1, True)


def test_nothing_moves_that_need_not() -> None:
    """The consult fell open and B can do it: A keeps the lead shift, whatever would be fairer."""
    found = _last(_gaps(_of(), {LEAD: "A"}, CONSULT), _question(window=(LEAD,), fair=True))
    assert (found.gp_of, found.moved_bound) == ({CONSULT: "B", LEAD: "A"}, 0)


def test_of_fillings_with_as_many_changes_the_fairest_is_chosen() -> None:
    """Two evenings and two GPs of the same share: one each, though either could do both."""
    days = Period(start=date(2027, 6, 7), end=date(2027, 6, 8))
    of = dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [shift_type("consult")], period=days)
    ids = tuple(shift.id for shift in shifts_of(of))
    may = dict.fromkeys(ids, ALL)
    question = Question((), (), may, dict.fromkeys(ids, "A"), fair=True, floor=0.0, budget=5.0, seconds=20.0, seed=1)
    found = _last(_gaps(of, {}, *ids), question)
    assert found.gp_of is not None
    assert set(found.gp_of.values()) == {"A", "B"}


def test_the_process_answers_each_question_in_turn() -> None:
    """Two answers to a fair question, and then another question to the same process."""
    heard: list[Answer] = []
    mender = Mender(_gaps(_of(), {CONSULT: "A"}, LEAD))
    try:
        mender.ask(_question(window=(CONSULT,), fair=True), Clock(60), heard.append)
        mender.ask(_question(), Clock(60), heard.append)
    finally:
        mender.close()
    assert [one.is_last for one in heard] == [False, True, False, True]
    assert heard[-1].gp_of == {}


def test_a_run_that_is_stopped_hears_nothing_more() -> None:
    """The wish to stop is looked at while waiting, and ends the process."""
    cancel = threading.Event()
    cancel.set()
    heard: list[Answer] = []
    mender = Mender(_gaps(_of(), {CONSULT: "A"}, LEAD))
    try:
        mender.ask(_question(), Clock(60, cancel.is_set), heard.append)
    finally:
        mender.close()
    assert not heard


def test_what_is_given_counts_and_is_not_judged() -> None:
    """A already breaks the rest of another day; that keeps nobody from anything else."""
    days = Period(start=date(2027, 6, 7), end=date(2027, 6, 9))
    kinds = [shift_type("consult"), shift_type("night", "23:00", "08:00")]
    of = dossier([gp("A")], [agreement("A")], kinds, period=days)
    before = {"consult/2027-06-07/1": "A", "night/2027-06-07/1": "A"}
    gap = "consult/2027-06-09/1"
    question = Question((), (), {gap: frozenset("A")}, {}, fair=False, floor=0.0, budget=5.0, seconds=20.0, seed=1)
    found = _last(_gaps(of, before, gap), question)
    assert found.gp_of == {gap: "A"}
