"""A first roster comes before all else: complete, repaired, fair, however short the time and slow the machine."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.result import EndedBy
from scheduler.domain.time import Period
from scheduler.dossier import read_dossier
from scheduler.fair_shares import fair_shares
from scheduler.generate import generate
from scheduler.solve import solve
from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import NO_QUOTA, FairCost, QuotaCost
from scheduler.solve.place import place
from scheduler.solve.problem import build_problem
from scheduler.solve.rebuild import rebuild
from scheduler.solve.state import NOBODY, State
from scheduler.verify import verify
from tests.builders import agreement, dossier, gp, shift_type
from tests.shared_cases import shared_case, shared_case_names

NO_TIME = 0.01


def _part_of_a_year(gps: int, posts: int, seed: int, start: date, end: date) -> Dossier:
    return generate(gps=gps, posts=posts, seed=seed).replace(period=Period(start=start, end=end), limits=())


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("gps", "posts", "seed", "start", "end"),
    [
        (25, 1, 3, date(2027, 4, 5), date(2027, 6, 20)),
        (40, 1, 8, date(2027, 2, 10), date(2027, 4, 1)),
        (60, 3, 7, date(2027, 9, 20), date(2027, 11, 4)),
    ],
)
def test_without_any_time_a_roster_is_complete_legal_and_as_fair_as_it_gets(
    gps: int, posts: int, seed: int, start: date, end: date, workers: int
) -> None:
    """Periods that begin and end anywhere; no deviation is a shift above its bound."""
    of = _part_of_a_year(gps, posts, seed, start, end)
    result = solve(of, time_limit=NO_TIME, workers=workers, seed=seed)
    verdict = verify(of, result.roster, result.targets)
    assert (verdict.violations, verdict.unfilled) == ((), ())
    assert all(each.largest < result.deviation_bound[burden] + 1 for burden, each in verdict.fairness.items())
    assert result.ended_by is EndedBy.CLOCK


@pytest.mark.skipif("eiland" not in shared_case_names(), reason="the shared cases are not here")
def test_without_any_time_an_island_has_one_shift_more_open_than_any_roster_at_most() -> None:
    """Two of its shifts must stay open; the rest is found without an exact model, whatever the seed."""
    of = read_dossier(shared_case("eiland")).dossier
    for seed in (1, 2, 3):
        result = solve(of, time_limit=NO_TIME, workers=1, seed=seed)
        assert len(result.roster.unfilled) <= 3
        assert not verify(of, result.roster).violations


def _two_leads() -> Dossier:
    """Two GPs who may lead and eight who may not; each evening asks for a lead and for a GP beside."""
    period = Period(start=date(2027, 6, 7), end=date(2027, 6, 13))
    names = [f"g{number}" for number in range(10)]
    agreements = [agreement(name, roles={Role.CONSULT, Role.LEAD} if name < "g2" else {Role.CONSULT}) for name in names]
    kinds = [shift_type("evening"), shift_type("lead", role=Role.LEAD)]
    return dossier([gp(name) for name in names], agreements, kinds, period=period)


def _state(of: Dossier) -> tuple[State, FairCost]:
    shifts = shifts_of(of)
    problem = build_problem(of, shifts, fair_shares(of, shifts).targets)
    return State(problem), FairCost(problem, np.full(problem.target.shape, 0.5))


def test_shifts_that_few_may_do_are_placed_before_those_of_many() -> None:
    """Two leads with three shifts a week each lead six evenings of seven: neither has a shift that others could do."""
    for seed in range(5):
        state, fair = _state(_two_leads())
        place(state, QuotaCost(np.full_like(state.count, NO_QUOTA), fair), np.random.default_rng(seed))
        given = {state.problem.shifts[n].role: state.gp_of[n] for n in np.flatnonzero(state.gp_of == NOBODY)}
        assert set(given) == {Role.LEAD}
        assert int((state.gp_of == NOBODY).sum()) == 1


def test_rebuilding_gives_shifts_away_until_an_open_one_is_taken_and_never_loses_any() -> None:
    """Leads who are full with other shifts give these away, and lead six evenings of seven."""
    of = _two_leads()
    state, fair = _state(of)
    consults = [n for n, shift in enumerate(state.problem.shifts) if shift.role is Role.CONSULT]
    for place_in_week, shift in enumerate(consults[:6]):
        state.add(np.array([place_in_week % 2]), np.array([shift]))
    for place_in_week, shift in enumerate(consults[6:]):
        state.add(np.array([2 + place_in_week]), np.array([shift]))
    movable, rng = np.ones(len(state.gp_of), dtype=np.bool_), np.random.default_rng(1)
    open_before = int((state.gp_of == NOBODY).sum())
    counts = []
    for _ in range(6):
        rebuild(state, fair, movable, rng, Clock(600), 5)
        counts.append(int((state.gp_of == NOBODY).sum()))
    assert open_before == 7
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1


def test_what_is_locked_stays_when_a_roster_is_rebuilt() -> None:
    """A lead's shift beside the lead, locked, leaves one evening more without a lead."""
    state, fair = _state(_two_leads())
    consult = next(n for n, shift in enumerate(state.problem.shifts) if shift.role is Role.CONSULT)
    state.add(np.array([0]), np.array([consult]))
    movable = np.ones(len(state.gp_of), dtype=np.bool_)
    movable[consult] = False
    rebuild(state, fair, movable, np.random.default_rng(1), Clock(600), 30)
    assert state.gp_of[consult] == 0
    assert int((state.gp_of == NOBODY).sum()) == 2
