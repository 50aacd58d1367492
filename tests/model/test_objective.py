"""What the model minimises is what the judges measure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler import wishes
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.fairness import mean_hours, measure
from scheduler.model import RosterModel, build
from scheduler.model.objective import COST_SCALE, SHIFT_SCALE, SQUARE_SCALE, Expression, fairness, soft_cost
from scheduler.model.wishes import TERMS
from tests.strategies import dossiers, rosters

PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
PARTS = {part.name: part for part in wishes.WISHES}


def least(dossier: Dossier, roster: Roster, goal: Callable[[RosterModel], Expression]) -> int:
    """The least value of a goal in a model without rules in which `roster` is fixed."""
    model = build(dossier, roster.shifts, rules=())
    assert model.fix(roster.gp_of)
    model.model.minimize(goal(model))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model.model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@pytest.mark.parametrize("part", TERMS)
@PROPERTY
@given(data=st.data())
def test_a_soft_part_costs_the_same_in_the_model(part: str, data: st.DataObject) -> None:
    """The least cost of a fixed roster in the model is the cost that the soft part reads."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    cost = PARTS[part].cost(dossier, roster)
    assert least(dossier, roster, lambda model: soft_cost(model, [part])) == pytest.approx(cost * COST_SCALE)


def test_every_soft_part_has_its_place_in_the_model() -> None:
    """A part that the model does not know would never be made cheaper by it."""
    assert list(TERMS) == list(PARTS)


@PROPERTY
@given(data=st.data())
def test_the_largest_deviation_is_the_measured_one(data: st.DataObject) -> None:
    """Minimised for a fixed roster, `worst` is the largest deviation, to the thousandth of a shift and its rounding."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    cells = st.tuples(st.sampled_from([gp.id for gp in dossier.gps]), st.sampled_from(Burden))
    drawn = data.draw(st.dictionaries(cells, st.floats(0, 60)))
    means = mean_hours(roster.shifts)
    targets = {cell: hours for cell, hours in drawn.items() if cell[1] in means}
    measured = measure(dossier, roster, targets)
    worst = max((burden.largest for burden in measured.values()), default=0.0)
    found = least(dossier, roster, lambda model: fairness(model, targets, means).worst)
    assert found / SHIFT_SCALE == pytest.approx(worst, abs=0.02)
    squares = sum(gp.deviation**2 for burden in measured.values() for gp in burden.per_gp.values())
    if worst < 6:
        cells_measured = sum(len(burden.per_gp) for burden in measured.values())
        summed = least(dossier, roster, lambda model: fairness(model, targets, means).squares) / SQUARE_SCALE
        assert summed == pytest.approx(squares, rel=0.03, abs=0.03 * (cells_measured + 1))
