"""The model at the very limit of each rule, with every part of the duties given or free."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, NamedTuple

import pytest

from scheduler.domain.availability import Limit
from scheduler.domain.people import Contract, Role
from scheduler.domain.shift import Burden, Shift
from scheduler.rules import RULES
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift, an_agreement
from tests.model.allowing import allows

CHECKS = {rule.name: rule.check for rule in RULES}
MONDAY, SATURDAY = date(2027, 2, 1), date(2027, 2, 6)


class Edge(NamedTuple):
    """A rule, its parameters, duties of one GP, and whether these keep the rule.

    Duties that break it do so only all together, so that any part of them may be given beforehand.
    """

    rule: str
    parameters: dict[str, Any]
    duties: list[Shift]
    holds: bool


def evening(days: int) -> Shift:
    """An evening of six hours, so many days after Monday 1 February."""
    return a_shift(MONDAY + timedelta(days=days))


def night(days: int) -> Shift:
    """A night of nine hours, so many days after Monday 1 February."""
    return a_shift(MONDAY + timedelta(days=days), "night")


def day(days: int, hour: int, minute: int = 0) -> Shift:
    """A shift in the daytime that starts then, so many days after Monday 1 February."""
    return a_shift(MONDAY + timedelta(days=days), "day", start=time(hour, minute))


def saturday(weeks: int) -> Shift:
    """A day shift on a Saturday, so many weeks after 6 February."""
    return a_shift(SATURDAY + timedelta(weeks=weeks), "day")


def late(hour: int, minute: int = 0) -> Shift:
    """A standby shift that starts on Monday 1 February then and ends at night."""
    return a_shift(MONDAY, "night", role=Role.STANDBY, start=time(hour, minute))


FOUR_WEEKS = "max_hours_per_4_weeks"
EDGES = [
    Edge("no_overlap", {}, [evening(0), late(23)], True),
    Edge("no_overlap", {}, [evening(0), late(22, 45)], False),
    Edge("rest", {}, [evening(0), day(1, 10)], True),
    Edge("rest", {}, [evening(0), day(1, 9, 45)], False),
    Edge("rest_after_night", {}, [night(0), a_shift("2027-02-02", start=time(22))], True),
    Edge("rest_after_night", {}, [night(0), a_shift("2027-02-02", start=time(21, 45))], False),
    Edge("night_series", {}, [night(0), night(1), night(2)], True),
    Edge("night_series", {}, [night(0), night(1), night(2), night(3)], False),
    Edge("night_series", {}, [night(0), night(1), night(2), night(4), night(5)], True),
    Edge("rest_after_series", {}, [night(0), night(1), night(2), day(5, 6)], True),
    Edge("rest_after_series", {}, [night(0), night(1), night(2), day(5, 5, 45)], False),
    Edge("rest_after_series", {}, [night(0), night(1), day(3, 8)], True),
    Edge("rest_after_series", {}, [night(0), night(1), night(2), night(4)], False),
    Edge("rest_after_series", {}, [night(0), night(1), night(2), night(3), night(4)], True),
    Edge("week", {}, [evening(0), evening(3), evening(6)], True),
    Edge("week", {}, [evening(0), evening(2), evening(4), evening(6)], False),
    Edge("week", {}, [evening(0), evening(2), evening(4), evening(7)], True),
    Edge("four_weeks", {FOUR_WEEKS: 6}, [evening(0), evening(28)], True),
    Edge("four_weeks", {FOUR_WEEKS: 6}, [evening(0), evening(27)], False),
    Edge("four_weeks", {FOUR_WEEKS: 12}, [evening(0), evening(27)], True),
    Edge("four_weeks", {FOUR_WEEKS: 11.75}, [evening(0), evening(27)], False),
    Edge("four_weeks", {FOUR_WEEKS: 15}, [evening(0), night(15), evening(30)], True),
    Edge("four_weeks", {FOUR_WEEKS: 20}, [evening(0), night(10), evening(15)], False),
    Edge("weekends", {}, [saturday(0), saturday(4)], True),
    Edge("weekends", {}, [saturday(0), saturday(1), saturday(4)], False),
    Edge("weekends", {}, [saturday(0), saturday(1), saturday(5)], True),
    Edge("christmas_and_new_year", {}, [a_shift("2026-12-26"), a_shift("2027-01-02")], True),
    Edge("christmas_and_new_year", {}, [a_shift("2026-12-26"), a_shift("2027-01-01")], False),
    Edge("saturday_and_sunday", {"saturday_and_sunday": "forbid"}, [saturday(0), day(12, 8)], True),
    Edge("saturday_and_sunday", {"saturday_and_sunday": "forbid"}, [saturday(0), day(6, 8)], False),
]


def parts(duties: list[Shift]) -> list[frozenset[str]]:
    """Nothing given, each duty given by itself, and all but one."""
    ids = [shift.id for shift in duties]
    return [frozenset(), *(frozenset({i}) for i in ids), *(frozenset(ids) - {i} for i in ids)]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.rule}-{'holds' if edge.holds else 'breaks'}")
def test_the_model_knows_the_limit_whatever_is_given(edge: Edge) -> None:
    """Checker and model agree on the duties, wherever the window begins and ends."""
    dossier, roster = a_dossier(rules=edge.parameters), a_roster({"G1": edge.duties})
    assert edge.holds == (not list(CHECKS[edge.rule](dossier, roster)))
    for given in parts(edge.duties):
        assert allows(dossier, roster, {edge.rule}, given) == edge.holds, given


def test_the_four_weeks_with_the_most_given_hours_decide() -> None:
    """A free night with given hours before and after it: whichever side has more rules it out."""
    dossier = a_dossier(rules={FOUR_WEEKS: 17})
    for before, after in ((evening(0), night(30)), (night(0), evening(30))):
        roster = a_roster({"G1": [before, night(15), after]})
        assert not allows(dossier, roster, {"four_weeks"}, frozenset({before.id, after.id}))
    light = a_roster({"G1": [evening(0), night(15), evening(30)]})
    assert allows(dossier, light, {"four_weeks"}, frozenset({light.shifts[0].id, light.shifts[2].id}))


@pytest.mark.parametrize(("most", "holds"), [(15, True), (14.75, False)])
def test_an_own_limit_counts_what_is_given(most: float, holds: bool) -> None:
    """An evening and a night are fifteen hours; standby does not count in the total."""
    duties = [evening(0), night(3), late(8)]
    dossier = a_dossier(
        limits=(Limit(gp_id="G1", burden=None, max_hours=most), Limit(gp_id="G1", burden=Burden.NIGHT, max_hours=9))
    )
    for given in parts(duties[:2]):
        assert allows(dossier, a_roster({"G1": duties}), {"own_limit"}, given) == holds


@pytest.mark.parametrize(("hours", "holds"), [(12.0, True), (11.75, False)])
def test_a_trainee_has_at_most_the_agreed_hours_given_ones_included(hours: float, holds: bool) -> None:
    """Two evenings beside the trainer are twelve hours."""
    duties = [evening(0), evening(3)]
    dossier = a_dossier(
        a_gp("G1"),
        a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"),
        agreements=(an_agreement("G1"), an_agreement("T1", Contract.TRAINEE, hours=hours)),
    )
    roster = a_roster({"G1": duties}, trainees={shift.id: "T1" for shift in duties})
    for given in parts(duties):
        assert allows(dossier, roster, {"trainee"}, given) == holds


def test_rests_together_leave_no_moment_between_them() -> None:
    """A shift that starts just when the rest after a night is over is still within the rest after the series."""
    short = a_shift("2027-02-04", start=time(23), end=time(23, 30))
    rules = {"rest_after_night", "rest_after_series"}
    dossier = a_dossier(rules={"rest_after_night_hours": 15})
    assert allows(dossier, a_roster({"G1": [night(1), night(2), short]}), rules)
    assert not allows(dossier, a_roster({"G1": [night(0), night(1), night(2), short]}), rules)


def test_one_minute_over_an_own_limit_is_over() -> None:
    """Hours are counted in whole minutes, none of which is lost."""
    dossier = a_dossier(limits=(Limit(gp_id="G1", burden=None, max_hours=6),))
    assert allows(dossier, a_roster({"G1": [evening(0)]}), {"own_limit"})
    assert not allows(dossier, a_roster({"G1": [a_shift(MONDAY, end=time(23, 1))]}), {"own_limit"})
