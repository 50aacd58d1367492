"""One judgement of a whole roster."""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.dossier import read_dossier
from scheduler.fair_shares import fair_shares
from scheduler.rules.lineup import Lineup
from scheduler.rules.may_work import mask
from scheduler.rules.violation import Violation
from scheduler.verify import Verdict, verify
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.shared_cases import has_independent_judge, independent_judge, shared_case

EVENING, DAY_AFTER, OPEN = a_shift("2027-02-01"), a_shift("2027-02-02", "day"), a_shift("2027-02-03")


def test_a_verdict_has_violations_open_shifts_cost_and_fairness() -> None:
    """Open shifts stand apart from the breaches."""
    roster = a_roster({"G1": [EVENING, DAY_AFTER]}, unfilled=[OPEN])
    verdict = verify(a_dossier(), roster, {("G1", Burden.EVENING): 12.0})
    assert verdict.violations_by_rule == {"rest": 1}
    assert verdict.unfilled == (OPEN.id,)
    assert verdict.soft_cost["spacing"] == verdict.total_soft_cost == 6
    assert not verdict.is_legal
    assert not verdict.is_complete
    assert verdict.largest_deviation == pytest.approx(0.3)


def test_a_clean_roster_is_legal_and_complete() -> None:
    """The smallest roster that holds."""
    verdict = verify(a_dossier(), a_roster({"G1": [EVENING]}), {("G1", Burden.EVENING): 6.0})
    assert verdict.is_legal
    assert verdict.is_complete
    assert verdict.largest_deviation == 0.0


def test_targets_are_computed_where_they_are_not_given() -> None:
    """Two GPs with the same agreement have half the hours each."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    verdict = verify(dossier, a_roster({"G1": [EVENING], "G2": [OPEN]}))
    assert verdict.fairness[Burden.EVENING].per_gp["G1"].target == pytest.approx(6)


@cache
def case(name: str) -> tuple[Dossier, tuple[Shift, ...], Mapping[tuple[str, Burden], float]]:
    """A shared dossier with its demand and targets."""
    dossier = read_dossier(shared_case(name)).dossier
    shifts = shifts_of(dossier)
    return dossier, shifts, fair_shares(dossier, shifts).targets


def drawn_roster(dossier: Dossier, shifts: tuple[Shift, ...], seed: int, *, even: bool) -> Roster:
    """A roster by lot among GPs whose agreement allows the shift, with trainees beside their trainers."""
    lot, lineup, hours = random.Random(seed), Lineup.of(shifts), Counter[str]()
    masks = {gp.id: mask(dossier, gp.id, lineup) for gp in dossier.gps}
    trainee_of_trainer = {gp.trainer_gp_id: gp.id for gp in dossier.gps if gp.contract is Contract.TRAINEE}
    gp_of, trainee_of = {}, {}
    for index, shift in enumerate(shifts):
        able = [gp_id for gp_id, may in masks.items() if may[index]]
        if able and lot.random() < 0.95:
            able = sorted(able, key=lambda gp_id: hours[gp_id])[:12] if even else able
            gp_id = gp_of[shift.id] = lot.choice(able)
            hours[gp_id] += int(shift.hours)
            if gp_id in trainee_of_trainer and lot.random() < 0.3:
                trainee_of[shift.id] = trainee_of_trainer[gp_id]
    return Roster(shifts=shifts, gp_of=gp_of, trainee_of=trainee_of)


def write(roster: Roster, folder: Path) -> None:
    """Write the roster as the format has it."""
    with (folder / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["shift_id", "post_id", "role", "start", "end", "burden", "gp_id", "trainee_gp_id"])
        for shift in roster.shifts:
            who = roster.gp_of.get(shift.id, ""), roster.trainee_of.get(shift.id, "")
            times = shift.start.isoformat(), shift.end.isoformat()
            rows.writerow([shift.id, shift.post_id, shift.role.value, *times, shift.burden.value, *who])


def by_the_judges_count(verdict: Verdict) -> dict[str, int]:
    """Our violations by the names of the independent judge and counted as it does: pairs, GPs or shifts."""
    found: defaultdict[str, set[tuple[str | None, ...]]] = defaultdict(set)
    for violation in verdict.violations:
        name, count = THEIR_COUNT.get(violation.rule, ("", lambda _: ()))
        found[name].add((violation.gp_id, *count(violation)))
    return {name: len(those) for name, those in found.items() if name}


def nothing(violation: Violation) -> tuple[str, ...]:
    """Counted once for each GP."""
    return ()


def all_shifts(violation: Violation) -> tuple[str, ...]:
    """Counted once for the shifts that it names."""
    return violation.shift_ids


def figures(violation: Violation) -> tuple[str, ...]:
    """Counted once for its figures, such as a week or a year."""
    return tuple(str(figure) for figure in violation.detail.values())


THEIR_COUNT: dict[str, tuple[str, Callable[[Violation], tuple[str, ...]]]] = {
    "absence": ("absent", all_shifts),
    "no_overlap": ("overlap", all_shifts),
    "rest": ("rest", all_shifts),
    "rest_after_night": ("rest", all_shifts),
    "rest_after_series": ("rest", all_shifts),
    "week": ("week_limit", figures),
    "weekends": ("weekends", nothing),
    "four_weeks": ("four_week_limit", nothing),
    "christmas_and_new_year": ("christmas_and_new_year", figures),
    "own_limit": ("own_limit", figures),
}


@pytest.mark.skipif(not has_independent_judge(), reason="the shared cases are not beside the project")
@pytest.mark.parametrize(
    ("name", "seed", "even"),
    [("eiland", 1, True), ("eiland", 2, False), ("dorp", 1, True), ("dorp-2024", 2, False), ("regio", 1, False)],
)
def test_the_independent_judge_agrees(name: str, seed: int, even: bool, tmp_path: Path) -> None:
    """On rosters by lot, it counts the same breaches, open shifts, soft cost and deviations."""
    dossier, shifts, targets = case(name)
    roster = drawn_roster(dossier, shifts, seed, even=even)
    write(roster, tmp_path)
    theirs = independent_judge().check(shared_case(name), tmp_path, False)
    verdict = verify(dossier, roster, targets)
    breaches = dict(theirs["violations_by_rule"])
    assert bool(breaches.pop("too_many_nights", 0)) == ("night_series" in verdict.violations_by_rule)
    assert by_the_judges_count(verdict) == breaches
    assert len(verdict.unfilled) == theirs["unfilled"]
    for part, cost in theirs["soft_by_kind"].items():
        assert verdict.soft_cost[part] == pytest.approx(cost, abs=0.051), part
    for burden, fairness in verdict.fairness.items():
        assert fairness.largest == pytest.approx(theirs["fairness"][burden.value]["max"], abs=0.002), burden
        assert fairness.rms == pytest.approx(theirs["fairness"][burden.value]["rms"], abs=0.002), burden
