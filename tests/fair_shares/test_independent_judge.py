"""Demand and targets against a program that shares no code with the project, where it is there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.dossier import read_dossier, write_dossier
from scheduler.fair_shares import fair_shares
from tests.fair_shares.strategies import examples, sharing_dossiers
from tests.shared_cases import has_independent_judge, independent_judge, shared_case, shared_case_names
from tests.strategies import dossiers

HOURS_APART = 0.05
pytestmark = pytest.mark.skipif(not has_independent_judge(), reason="there is no other judge beside the project")


def theirs(folder: Path) -> tuple[Mapping[str, Any], Mapping[tuple[str, str], float]]:
    """The demand by shift id and the target hours by GP and burden, as the other program has them."""
    judge = independent_judge()
    settings_of, shifts, _ = judge.expand(folder)
    gps = {row["gp_id"]: row for row in judge.rows(folder, "gps.csv")}
    targets, _, _ = judge.quotas(folder, settings_of, shifts, gps, judge.agreements(folder, gps))
    return shifts, targets


def assert_agrees(dossier: Dossier, folder: Path) -> None:
    """The same shifts with the same weight, and the same targets."""
    shifts = shifts_of(dossier)
    their_shifts, their_targets = theirs(folder)
    assert {shift.id: weight(shift) for shift in shifts} == {
        shift_id: (shift.u0, shift.u1, shift.hours, shift.burden, shift.is_night)
        for shift_id, shift in their_shifts.items()
    }
    found = fair_shares(dossier, shifts)
    # where more is agreed than there is to do, what rounding leaves decides theirs for an owner with a balance or a
    # least;
    # where balances leave nobody any hours they have no answer
    all_agreed = any(step.agreed_scale < 1 for step in found.steps.values())
    unanswered = any(math.isnan(hours) for hours in their_targets.values())
    if not unanswered and not (all_agreed and (dossier.balances or dossier.sharing.least_hours)):
        ours = {(gp_id, burden.value): hours for (gp_id, burden), hours in found.targets.items()}
        apart = {cell: (ours.get(cell, 0.0), their_targets.get(cell, 0.0)) for cell in {*ours, *their_targets}}
        assert not {cell: pair for cell, pair in apart.items() if abs(pair[0] - pair[1]) > HOURS_APART}


def weight(shift: Shift) -> tuple[object, ...]:
    """What a shift weighs."""
    return shift.starts_at, shift.ends_at, shift.hours, shift.burden.value, shift.is_night


@pytest.mark.parametrize("name", shared_case_names())
def test_a_shared_case_has_the_same_demand_and_targets(name: str) -> None:
    """Real sizes."""
    folder = shared_case(name)
    assert_agrees(read_dossier(folder).dossier, folder)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@examples(60)
@given(sharing_dossiers())
def test_any_dossier_has_the_same_demand_and_targets(dossier: Dossier) -> None:
    """Everything that the fair shares look at, written to files and read by the other program."""
    with TemporaryDirectory() as folder:
        write_dossier(dossier, Path(folder))
        assert_agrees(dossier, Path(folder))


@examples(40)
@given(dossiers())
def test_dossiers_drawn_for_the_rules_agree_too(dossier: Dossier) -> None:
    """Clock changes, own limits, exempt GPs and agreements that end."""
    with TemporaryDirectory() as folder:
        write_dossier(dossier, Path(folder))
        assert_agrees(dossier, Path(folder))
