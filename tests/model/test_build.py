"""A whole small dossier as one model."""

from __future__ import annotations

from pathlib import Path

import pytest
from ortools.sat.python import cp_model

from scheduler.demand import shifts_of
from scheduler.dossier import read_dossier
from scheduler.model import build
from scheduler.model.build import trainees_of
from scheduler.model.objective import open_shifts
from scheduler.verify import verify

EILAND = Path(__file__).resolve().parents[3] / "shared" / "cases" / "eiland"


@pytest.mark.skipif(not EILAND.exists(), reason="the shared cases are not beside the project")
def test_the_island_has_two_shifts_that_nobody_can_fill() -> None:
    """Every rule at once on a real dossier: the proven minimum is two open shifts, and the roster found is legal."""
    dossier = read_dossier(EILAND).dossier
    shifts = shifts_of(dossier)
    model = build(dossier, shifts, trainees=trainees_of(dossier))
    model.model.minimize(open_shifts(model))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    assert solver.solve(model.model) == cp_model.OPTIMAL
    assert solver.objective_value == 2
    verdict = verify(dossier, model.roster(solver.boolean_value))
    assert verdict.is_legal
    assert len(verdict.unfilled) == 2
