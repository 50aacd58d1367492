"""What the model minimises is what the judges measure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler import wishes
from scheduler.domain.availability import PastHoliday
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Weights
from scheduler.domain.shift import Burden
from scheduler.fairness import mean_hours, measure
from scheduler.model import RosterModel, build
from scheduler.model.objective import (
    COST_SCALE,
    SHIFT_SCALE,
    SQUARE_SCALE,
    Expression,
    fairness,
    keep_within,
    soft_cost,
)
from scheduler.model.wishes import TERMS
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
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


EVENINGS = [a_shift(f"2027-02-0{day}") for day in (1, 2, 3, 4)]
THREE_AND_ONE = a_roster({"G1": EVENINGS[:3], "G2": EVENINGS[3:]})
TWO_EACH = {("G1", Burden.EVENING): 12.0, ("G2", Burden.EVENING): 12.0}


@pytest.mark.parametrize(("most", "holds"), [(0.99, False), (1.0, True), (1.01, True)])
@pytest.mark.parametrize("targets", [TWO_EACH, {("G1", Burden.EVENING): 12.0, ("G2", Burden.EVENING): 6.0}])
def test_no_deviation_is_above_the_bound(most: float, holds: bool, targets: dict[tuple[str, Burden], float]) -> None:
    """Three evenings against a target of two are one shift off, and one against two as well."""
    model = build(a_dossier(a_gp("G1"), a_gp("G2")), EVENINGS, rules=())
    assert model.fix(THREE_AND_ONE.gp_of)
    keep_within(model, targets, mean_hours(EVENINGS), {Burden.EVENING: most})
    assert (cp_model.CpSolver().solve(model.model) == cp_model.OPTIMAL) == holds


def test_a_share_that_cannot_be_given_is_a_deviation_too() -> None:
    """A GP with a target and no shift to take is below it by all of it; a burden without a bound is left free."""
    targets = {("G1", Burden.EVENING): 12.0}
    for most, holds in (({Burden.EVENING: 1.5}, False), ({Burden.EVENING: 2.0}, True), ({}, True)):
        model = build(a_dossier(), EVENINGS, allowed={}, rules=())
        keep_within(model, targets, mean_hours(EVENINGS), most)
        assert (cp_model.CpSolver().solve(model.model) == cp_model.OPTIMAL) == holds


@pytest.mark.parametrize(
    ("days", "expected"), [(["2027-01-01"], 4), (["2026-12-31", "2027-01-01"], 4), (["2027-01-02"], 0)]
)
def test_last_years_christmas_costs_in_the_model_too(days: list[str], expected: float) -> None:
    """Where the HDS would avoid it, the New Year after a Christmas on record costs once."""
    dossier = a_dossier(
        rules={"christmas_and_new_year": "avoid"}, past_holidays=(PastHoliday(gp_id="G1", date=date(2026, 12, 25)),)
    )
    roster = a_roster({"G1": [a_shift(day) for day in days]})
    part = "christmas_and_new_year"
    assert PARTS[part].cost(dossier, roster) == expected
    assert least(dossier, roster, lambda model: soft_cost(model, [part])) == expected * COST_SCALE


@pytest.mark.parametrize(("nights", "expected"), [((1, 2), 0), ((1, 3), 5), ((1, 2, 3), 0), ((1, 2, 4), 5)])
def test_spacing_knows_a_series_in_the_model_too(nights: tuple[int, ...], expected: float) -> None:
    """Nights in a row cost nothing; two days apart they cost five."""
    roster = a_roster({"G1": [a_shift(f"2027-02-0{day}", "night") for day in nights]})
    assert least(a_dossier(), roster, lambda model: soft_cost(model, ["spacing"])) == expected * COST_SCALE


def test_what_is_given_costs_with_what_is_free() -> None:
    """A given evening and a free one three days later are four days short of a week."""
    given, free = a_shift("2027-02-01"), a_shift("2027-02-04")
    model = build(a_dossier(), [free], a_roster({"G1": [given]}))
    model.model.add(model.x[free.id, "G1"] == 1)
    model.model.minimize(soft_cost(model, ["spacing"]))
    solver = cp_model.CpSolver()
    assert solver.solve(model.model) == cp_model.OPTIMAL
    assert solver.objective_value == 4 * COST_SCALE


def test_a_night_alone_is_not_helped_by_nights_that_nobody_has() -> None:
    """Two open nights on the day before do not make a night one of a series."""
    nights = [a_shift(f"2027-02-0{day}", "night", number=number) for day in (1, 2) for number in (1, 2)]
    dossier = a_dossier(weights=Weights(single_night=2))
    roster = a_roster({"G1": nights[2:3]}, unfilled=[*nights[:2], nights[3]])
    assert least(dossier, roster, lambda model: soft_cost(model, ["single_night"])) == 2 * COST_SCALE
