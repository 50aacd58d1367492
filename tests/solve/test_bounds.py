"""The lower bounds hold for every roster there is, and are met where nothing but whole shifts stands in the way."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence, Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.solve.bounds import deviation_bounds, soft_cost_bound
from scheduler.solve.capacity import most_minutes
from scheduler.solve.problem import Problem, build_problem
from scheduler.solve.soft_cost import soft_cost
from scheduler.solve.state import State
from tests.builders import agreement, dossier, gp, moment, shift_type

GPS = ("A", "B", "C")
LOOSE = RuleParameters(max_shifts_per_week=7, max_hours_per_4_weeks=168)
CLOCK_GOES_BACK = Period(start=date(2027, 10, 28), end=date(2027, 11, 2))


def _small(nights: bool, exempt: bool, period: Period = CLOCK_GOES_BACK) -> Dossier:
    kind = shift_type("night", "23:00", "08:00") if nights else shift_type("evening")
    agreements = [agreement(name, nights=not (exempt and name == "A")) for name in GPS]
    return dossier([gp(name) for name in GPS], agreements, [kind], period=period, rules=LOOSE)


def _every_roster(problem: Problem) -> np.ndarray:
    choices = [np.flatnonzero(problem.may[:, shift]).tolist() for shift in range(len(problem.shifts))]
    return np.array(list(product(*choices)))


def _smallest_largest(problem: Problem) -> dict[Burden, float]:
    found = {}
    for burden, name in enumerate(problem.burdens):
        own = np.flatnonzero(problem.burden == burden)
        rosters = _every_roster(problem)[:, own]
        minutes = np.stack([((rosters == gp_row) * problem.minutes[own]).sum(axis=1) for gp_row in range(3)], axis=1)
        off = np.abs(minutes - problem.target[:, burden]).max(axis=1) / problem.mean[burden]
        found[name] = float(off.min())
    return found


@settings(max_examples=40, deadline=None)
@given(st.booleans(), st.booleans(), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_no_roster_at_all_has_a_smaller_largest_deviation_than_the_bound(
    nights: bool, exempt: bool, parts: list[float]
) -> None:
    """Against all rosters that agreements allow, rules on time left out, with a night of ten hours among nine."""
    of = _small(nights, exempt)
    shifts = shifts_of(of)
    total = sum(shift.hours for shift in shifts)
    whole = sum(parts) or 1.0
    targets = {(name, burden): part / whole * total for name, part in zip(GPS, parts, strict=True) for burden in Burden}
    problem = build_problem(of, shifts, targets)
    best = _smallest_largest(problem)
    for burden, bound in deviation_bounds(problem).items():
        assert bound <= best[burden] + 1e-3


def test_the_bound_is_met_by_the_best_roster_when_all_shifts_are_alike() -> None:
    """Seven evenings over three GPs with targets of 2.6, 2.6 and 1.8: rounding leaves 0.6 for somebody."""
    of = _small(nights=False, exempt=False, period=Period(start=date(2027, 6, 7), end=date(2027, 6, 11)))
    shifts = shifts_of(of)
    targets = {("A", Burden.EVENING): 11.4, ("B", Burden.EVENING): 11.4, ("C", Burden.EVENING): 7.2}
    problem = build_problem(of, shifts, targets)
    assert deviation_bounds(problem)[Burden.EVENING] == pytest.approx(
        _smallest_largest(problem)[Burden.EVENING], abs=1e-3
    )
    assert deviation_bounds(problem)[Burden.EVENING] == pytest.approx(0.2, abs=1e-3)


def test_who_alone_may_lead_raises_the_bound() -> None:
    """Five lead shifts that only A may do, of which A should do one third: A ends at least two above."""
    kinds = [shift_type("lead", role=Role.LEAD)]
    agreements = [agreement(name, roles={Role.LEAD} if name == "A" else {Role.CONSULT}) for name in GPS]
    period = Period(start=date(2027, 6, 7), end=date(2027, 6, 11))
    of = dossier([gp(name) for name in GPS], agreements, kinds, period=period, rules=LOOSE)
    problem = build_problem(of, shifts_of(of), {(name, Burden.EVENING): 10.0 for name in GPS})
    assert deviation_bounds(problem)[Burden.EVENING] == pytest.approx(20 / 6, abs=1e-3)


def test_a_right_on_one_day_counts_for_that_day_alone() -> None:
    """A should do two of five leads and may do one, on the first day; B, who does no other work, does the fourth."""
    kinds = [shift_type("lead", role=Role.LEAD), shift_type("consult")]
    first = date(2027, 6, 7)
    agreements = [
        agreement("A", roles={Role.CONSULT, Role.LEAD}, valid_until=first),
        agreement("A", valid_from=date(2027, 6, 8)),
        agreement("B", roles={Role.LEAD}),
        agreement("C"),
    ]
    loose = LOOSE.replace(min_rest_hours=0)
    period = Period(start=first, end=date(2027, 6, 11))
    of = dossier([gp(name) for name in GPS], agreements, kinds, period=period, rules=loose)
    targets = {("A", Burden.EVENING): 30.0, ("B", Burden.EVENING): 18.0, ("C", Burden.EVENING): 12.0}
    assert deviation_bounds(build_problem(of, shifts_of(of), targets))[Burden.EVENING] == pytest.approx(1.0, abs=1e-3)


def test_a_bound_for_rosters_with_open_shifts_is_no_higher_than_that_for_complete_ones() -> None:
    """What may stay open leaves room."""
    of = _small(nights=True, exempt=True)
    shifts = shifts_of(of)
    problem = build_problem(of, shifts, {(name, burden): 18.0 for name in GPS for burden in Burden})
    complete, open_ = deviation_bounds(problem), deviation_bounds(problem, unfilled=2)
    assert all(open_[burden] <= complete[burden] + 1e-9 for burden in complete)


def test_a_gp_left_aside_does_not_raise_the_bound_of_the_others() -> None:
    """Of five evenings A should do all and may do none, five off; B and C do two and three, of which none is asked."""
    of = _small(nights=False, exempt=False, period=Period(start=date(2027, 6, 7), end=date(2027, 6, 12)))
    of = of.replace(absences=[Absence(gp_id="A", start=moment("2027-06-01"), end=moment("2027-07-01"))])
    evenings = of.replace(shift_types=[of.shift_types[0].replace(days={"weekday"}, headcount=1)])
    problem = build_problem(evenings, shifts_of(evenings), {("A", Burden.EVENING): 30.0})
    assert deviation_bounds(problem)[Burden.EVENING] == pytest.approx(5.0, abs=1e-3)
    aside = np.array([gp_id == "A" for gp_id in problem.gp_ids])
    assert deviation_bounds(problem, aside=aside)[Burden.EVENING] == pytest.approx(3.0, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(GPS), st.integers(0, 4), st.integers(1, 10)), min_size=1, max_size=5))
def test_no_roster_at_all_costs_less_than_the_soft_cost_bound(wished: list[tuple[str, int, int]]) -> None:
    """Wishes to work on one of five evenings, some of them on the same evening, against every roster."""
    wishes = [
        Wish(gp_id=name, start=moment(f"2027-06-{7 + day:02}"), end=moment(f"2027-06-{8 + day:02}"),
             wish=WishKind.PREFER, weight=weight)
        for name, day, weight in wished
    ]  # fmt: skip
    period = Period(start=date(2027, 6, 7), end=date(2027, 6, 11))
    of = _small(nights=False, exempt=False, period=period).replace(wishes=wishes)
    problem = build_problem(of, shifts_of(of), {})
    cheapest = np.inf
    for roster in _every_roster(problem):
        state = State(problem)
        state.load_roster(roster)
        cheapest = min(cheapest, soft_cost(state))
    assert soft_cost_bound(problem) <= cheapest + 1e-6


def test_two_who_wish_the_only_shift_of_a_day_leave_the_lighter_wish_unmet_in_the_bound() -> None:
    """Weights 7 and 4 for one evening."""
    day = {"start": moment("2027-06-07"), "end": moment("2027-06-08"), "wish": WishKind.PREFER}
    wishes = [Wish(gp_id="A", weight=7, **day), Wish(gp_id="B", weight=4, **day)]
    of = _small(nights=False, exempt=False, period=Period(start=date(2027, 6, 7), end=date(2027, 6, 9)))
    problem = build_problem(of.replace(wishes=wishes), shifts_of(of), {})
    assert soft_cost_bound(problem) == 4


def test_the_rule_on_weekends_limits_what_a_gp_can_do_of_them() -> None:
    """Ten Saturdays in a row, two weekends in any five: four of six hours for each GP, so that two of ten stay open.

    With three GPs of whom A should do eight, A can do four at most and ends four below.
    """
    period = Period(start=date(2027, 7, 3), end=date(2027, 9, 4))
    of = dossier(
        [gp(name) for name in GPS], [agreement(name) for name in GPS], [shift_type("sat", days=["saturday"])],
        period=period,
    )  # fmt: skip
    targets = {("A", Burden.WEEKEND): 48.0, ("B", Burden.WEEKEND): 6.0, ("C", Burden.WEEKEND): 6.0}
    problem = build_problem(of, shifts_of(of), targets)
    assert most_minutes(problem, 0).tolist() == [24 * 60.0] * 3
    assert deviation_bounds(problem)[Burden.WEEKEND] == pytest.approx(4.0, abs=1e-3)
