"""The allocation: whole shifts, all of them, to those who may do them, as near to the targets as can be."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.solve.allocate import allocate
from scheduler.solve.bounds import deviation_bounds
from scheduler.solve.problem import Problem, build_problem
from tests.builders import agreement, dossier, gp, shift_type

NAMES = tuple(f"G{number}" for number in range(6))
MARCH = Period(start=date(2027, 3, 1), end=date(2027, 3, 31))


def _standby(exempt: frozenset[str] = frozenset()) -> Dossier:
    """Standby of 6, 9 and 15 hours, and on the night the clock goes forward 8."""
    kinds = [
        shift_type("s-evening", "17:00", "23:00", days=["weekday"], role=Role.STANDBY),
        shift_type("s-day", "08:00", "23:00", days=["saturday", "sunday", "holiday"], role=Role.STANDBY),
        shift_type("s-night", "23:00", "08:00", role=Role.STANDBY),
        shift_type("evening", days=["mon"]),
    ]
    roles = {Role.CONSULT, Role.STANDBY}
    agreements = [agreement(name, roles=roles, nights=name not in exempt) for name in NAMES]
    return dossier([gp(name) for name in NAMES], agreements, kinds, period=MARCH)


def _problem(of: Dossier, parts: list[float]) -> Problem:
    shifts = shifts_of(of)
    total = sum(shift.hours for shift in shifts if shift.is_standby)
    whole = sum(parts)
    targets = {(name, Burden.STANDBY): part / whole * total for name, part in zip(NAMES, parts, strict=True)}
    return build_problem(of, shifts, targets)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.2, 1), min_size=6, max_size=6))
def test_every_shift_of_each_length_is_allocated_within_reach_of_the_bound(parts: list[float]) -> None:
    """Three lengths and a rare fourth over six GPs with any targets; within the steps by which the bound is widened."""
    problem = _problem(_standby(), parts)
    burden = problem.burdens.index(Burden.STANDBY)
    bound = deviation_bounds(problem)[Burden.STANDBY]
    quota = allocate(problem, burden, bound, 20)
    assert quota is not None
    own = problem.burden == burden
    for kind in np.unique(problem.kind[own]):
        assert quota[:, kind].sum() == (problem.kind == kind).sum()
    minutes = np.array([problem.minutes[problem.kind == kind][0] for kind in range(quota.shape[1])])
    off = np.abs(quota @ minutes - problem.target[:, burden]) / problem.mean[burden]
    assert bound - 1e-6 <= off.max() <= bound + 0.4


def test_who_is_exempt_from_nights_gets_none_of_them() -> None:
    """G0 has evenings and days only, and still comes near the target."""
    problem = _problem(_standby(frozenset({"G0"})), [1.0] * 6)
    burden = problem.burdens.index(Burden.STANDBY)
    quota = allocate(problem, burden, deviation_bounds(problem)[Burden.STANDBY], 20)
    assert quota is not None
    nights = {
        int(problem.kind[n]) for n, shift in enumerate(problem.shifts) if shift.is_night and shift.is_standby
    }  # fmt: skip
    assert quota[0, sorted(nights)].sum() == 0
    assert quota[0].sum() > 0


def test_a_burden_that_nobody_may_do_has_no_allocation() -> None:
    """Lead shifts without a GP who may lead."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("lead", role=Role.LEAD)], period=MARCH)
    problem = build_problem(of, shifts_of(of), {})
    assert allocate(problem, 0, 0.5, 5) is None
