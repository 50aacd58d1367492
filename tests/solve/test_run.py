"""The one door: complete and legal rosters, the same again from the same seed, and whatever may come between."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract, Role
from scheduler.domain.result import EndedBy, Phase, Progress, RosterResult
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.dossier import read_dossier
from scheduler.generate import generate
from scheduler.shortfall import find_shortfalls
from scheduler.solve import solve
from scheduler.verify import verify
from tests.builders import agreement, dossier, gp, moment, shift_type
from tests.shared_cases import shared_case, shared_case_names

PLENTY = 3600
"""Seconds that no run here needs, on a machine however busy."""
SPRING = Period(start=date(2027, 3, 1), end=date(2027, 5, 30))


@pytest.fixture(scope="module")
def village() -> Dossier:
    """A generated HDS of one post, a quarter of a year."""
    return generate(gps=40, posts=1, seed=6).replace(period=SPRING, limits=())


@pytest.fixture(scope="module")
def made(village: Dossier) -> RosterResult:
    """Its roster, from one worker, who has all the time that the work takes."""
    return solve(village, time_limit=4, clock_limit=PLENTY, workers=1, seed=3)


def test_a_roster_is_complete_and_legal(village: Dossier, made: RosterResult) -> None:
    """Every shift filled and no rule broken, by the checker that knows no solver."""
    verdict = verify(village, made.roster, made.targets)
    assert not verdict.violations
    assert not verdict.unfilled


def test_no_deviation_lies_under_its_bound(village: Dossier, made: RosterResult) -> None:
    """The bound of each burden is at most what the roster reaches."""
    for burden, fairness in verify(village, made.roster, made.targets).fairness.items():
        assert made.deviation_bound[burden] <= fairness.largest + 1e-6


def test_the_others_are_as_fair_as_they_can_be_when_one_could_not_be_there(
    village: Dossier, made: RosterResult
) -> None:
    """One GP is away all quarter: the bound of all is that GP's, and the others stay within half a shift of theirs."""
    nights = {gp_id: hours for (gp_id, burden), hours in made.targets.items() if burden is Burden.NIGHT}
    owners = [gp.id for gp in village.gps if gp.contract is Contract.PRACTICE_OWNER]
    gp_id = max(owners, key=lambda one: nights.get(one, 0.0))
    away = Absence(gp_id=gp_id, start=moment("2027-02-01"), end=moment("2027-07-01"))
    changed = village.replace(absences=(*village.absences, away))
    result = solve(changed, time_limit=4, clock_limit=PLENTY, workers=1, seed=3)
    short = {one.gp_id for one in find_shortfalls(changed, result.roster.shifts, result.targets)}
    assert gp_id in short
    for burden, measured in verify(changed, result.roster, result.targets).fairness.items():
        others = max(abs(own.deviation) for other, own in measured.per_gp.items() if other not in short)
        assert 0 <= others - result.deviation_bound_within_reach[burden] + 1e-6 < 0.5
    assert max(result.deviation_bound.values()) > max(result.deviation_bound_within_reach.values()) + 0.5


def test_the_soft_cost_is_not_under_its_bound(village: Dossier, made: RosterResult) -> None:
    """Nor is the cost of the wishes."""
    assert made.soft_cost_bound <= sum(verify(village, made.roster).soft_cost.values()) + 1e-6


def test_one_worker_and_a_seed_give_the_same_roster_again(village: Dossier, made: RosterResult) -> None:
    """Shift for shift; the work that the time limit stands for ends the run, and not the clock."""
    again = solve(village, time_limit=4, clock_limit=PLENTY, workers=1, seed=3)
    assert again.roster == made.roster
    assert again.ended_by is made.ended_by is EndedBy.WORK


def test_one_worker_repeats_where_an_exact_model_has_to_help() -> None:
    """Too tight a week for its GPs, and too small for CP-SAT to need its whole budget; then one that it cuts short."""
    tight = generate(gps=30, posts=1, seed=11).replace(
        period=Period(start=date(2027, 12, 20), end=date(2028, 1, 9)), limits=()
    )
    first, again = (solve(tight, time_limit=1, clock_limit=PLENTY, workers=1, seed=2) for _ in range(2))
    assert first.seconds[Phase.REPAIR] > 0
    assert first.roster == again.roster
    assert first.ended_by is again.ended_by is EndedBy.WORK


def test_a_run_that_the_clock_ends_before_its_work_is_done_says_so(village: Dossier, made: RosterResult) -> None:
    """Its roster, complete and legal, may differ from the one that more time gives."""
    cut = solve(village, time_limit=600, clock_limit=0.01, workers=1, seed=3)
    assert (cut.ended_by, cut.may_differ_again, made.may_differ_again) == (EndedBy.CLOCK, True, False)
    verdict = verify(village, cut.roster)
    assert (verdict.violations, verdict.unfilled) == ((), ())


def test_two_workers_make_a_legal_roster_too(village: Dossier) -> None:
    """The halves that the processes trade in are put together again."""
    result = solve(village, time_limit=3, workers=2, seed=1)
    verdict = verify(village, result.roster)
    assert not verdict.violations
    assert not verdict.unfilled


def test_locks_are_kept(village: Dossier, made: RosterResult) -> None:
    """Shifts locked to whoever had them stay there, whatever the seed."""
    locks = tuple(Lock(shift_id=sid, gp_id=gp_id) for sid, gp_id in sorted(made.roster.gp_of.items())[::9])
    result = solve(village.replace(locks=locks), time_limit=3, clock_limit=PLENTY, workers=1, seed=8)
    assert all(result.roster.gp_of[lock.shift_id] == lock.gp_id for lock in locks)
    assert not verify(village.replace(locks=locks), result.roster).violations


def test_a_start_is_changed_little(village: Dossier, made: RosterResult) -> None:
    """When one GP falls out for a month, the shifts of that month move and hardly any other."""
    busiest = max(made.roster.by_gp, key=lambda gp_id: len(made.roster.by_gp[gp_id]))
    away = Absence(gp_id=busiest, start=moment("2027-04-01"), end=moment("2027-05-01"))
    changed = village.replace(absences=(*village.absences, away))
    lost = sum(1 for shift in made.roster.by_gp[busiest] if shift.touches(*away.interval))
    result = solve(changed, time_limit=3, clock_limit=PLENTY, workers=1, start=made.roster)
    moved = sum(1 for sid, gp_id in result.roster.gp_of.items() if made.roster.gp_of.get(sid) != gp_id)
    assert lost > 0
    assert not verify(changed, result.roster).unfilled
    assert lost <= moved <= 2 * lost + 2


def test_a_shift_that_nobody_may_do_stays_open_and_that_is_proven() -> None:
    """Five lead shifts and nobody who may lead."""
    week = Period(start=date(2027, 6, 7), end=date(2027, 6, 11))
    kinds = [shift_type("evening"), shift_type("lead", role=Role.LEAD)]
    of = dossier([gp("A"), gp("B"), gp("C")], [agreement(name) for name in "ABC"], kinds, period=week)
    result = solve(of, time_limit=3, clock_limit=PLENTY, workers=1)
    assert {shift.role for shift in result.roster.unfilled} == {Role.LEAD}
    assert result.unfilled_bound == 5 == len(result.roster.unfilled)


def test_what_one_gp_cannot_do_alone_stays_open_and_no_more_than_that() -> None:
    """Two GPs, one shift an evening, three shifts a week at most: six of seven are filled."""
    week = Period(start=date(2027, 6, 7), end=date(2027, 6, 13))
    of = dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [shift_type("evening")], period=week)
    result = solve(of, time_limit=3, clock_limit=PLENTY, workers=1)
    assert len(result.roster.unfilled) == 1 == result.unfilled_bound


def test_a_run_that_is_cancelled_gives_back_what_it_has(village: Dossier) -> None:
    """Cancelled at the first word of the exchange: the roster of that moment, complete and legal."""
    cancel = threading.Event()

    def stop_at_exchange(progress: Progress) -> None:
        if progress.phase is Phase.EXCHANGE:
            cancel.set()

    result = solve(village, time_limit=30, workers=2, progress=stop_at_exchange, cancel=cancel)
    assert result.cancelled
    verdict = verify(village, result.roster)
    assert not verdict.violations
    assert not verdict.unfilled


def test_progress_goes_through_the_phases_and_never_loses_a_shift(village: Dossier) -> None:
    """Phases in their order, every shift kept, and an exchange that does not end dearer than it began."""
    told: list[Progress] = []
    solve(village, time_limit=3, workers=1, progress=told.append)
    order = list(Phase)
    assert [p.phase for p in told] == sorted((p.phase for p in told), key=order.index)
    costs = [p.soft_cost for p in told if p.phase is Phase.EXCHANGE and p.soft_cost is not None]
    assert costs[-1] <= costs[0]
    assert told[-1].filled == len(shifts_of(village))


@pytest.mark.skipif("eiland" not in shared_case_names(), reason="the shared cases are not here")
def test_an_island_keeps_two_shifts_open_and_proves_that_no_roster_fills_them() -> None:
    """A dossier too tight for its GPs, small enough for an exact model."""
    of = read_dossier(shared_case("eiland")).dossier
    result = solve(of, time_limit=12, clock_limit=PLENTY, workers=1)
    assert len(result.roster.unfilled) == 2 == result.unfilled_bound
    assert not verify(of, result.roster).violations


def test_a_small_dossier_that_starts_from_a_roster_is_not_made_anew() -> None:
    """A shift more than the two GPs can fill: what they had stays theirs, and the new shift stays open."""
    week = Period(start=date(2027, 6, 7), end=date(2027, 6, 13))
    of = dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [shift_type("evening")], period=week)
    before = solve(of, time_limit=3, clock_limit=PLENTY, workers=1).roster
    after = solve(of, time_limit=3, clock_limit=PLENTY, workers=1, seed=9, start=before).roster
    assert after.gp_of == before.gp_of
