"""Targets that no roster can give are found, with what stands in the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.fair_shares import fair_shares
from scheduler.shortfall import Shortfall, find_shortfalls
from tests.builders import agreement, dossier, gp, moment, shift_type

QUARTER = Period(start=date(2027, 6, 7), end=date(2027, 8, 29))
"""Twelve weeks from a Monday: sixty weekdays, no holiday."""
EVENINGS = shift_type("e", days={"weekday"})
NIGHTS = shift_type("n", "23:00", "08:00", days={"weekday"})


def of_pair(*types: Any, **fields: Any) -> Dossier:
    """A dossier of A and B alike for twelve weeks; evenings of six hours unless types are given."""
    rows = fields.pop("rows", [agreement("A"), agreement("B")])
    return dossier([gp("A"), gp("B")], rows, list(types) or [EVENINGS], **({"period": QUARTER} | fields))


def found(of: Dossier) -> tuple[Shortfall, ...]:
    """The shortfalls of a dossier with its own targets."""
    shifts = shifts_of(of)
    return find_shortfalls(of, shifts, fair_shares(of, shifts).targets)


def away(start: str, end: str, **fields: Any) -> Absence:
    """An absence of A."""
    return Absence(gp_id="A", start=moment(start), end=moment(end), **fields)


def test_nobody_has_a_shortfall_where_everybody_can_do_the_share() -> None:
    """Thirty evenings each of sixty; three a week are thirty-six."""
    assert found(of_pair()) == ()


def test_who_is_away_the_whole_period_can_do_nothing() -> None:
    """The absence is named, the days are counted, and no limit stands in the way."""
    absence = away("2027-05-01", "2027-10-01", reason="sabbatical")
    (one,) = found(of_pair(absences=[absence]))
    assert (one.gp_id, one.absences, one.away_days, one.agreed_days, one.limits) == ("A", (absence,), 84, 84, ())
    (gap,) = one.gaps
    assert (gap.burden, gap.target, gap.most, gap.shifts) == (Burden.EVENING, pytest.approx(180), 0, pytest.approx(30))
    assert (gap.days, gap.demand_days) == (60, 60)


def test_who_is_away_for_a_month_makes_it_up_in_the_rest() -> None:
    """Eight weeks hold twenty evenings by the limit of four weeks, and thirty are asked; a few days take none away."""
    (one,) = found(of_pair(absences=[away("2027-06-07", "2027-07-05")]))
    assert (one.gaps[0].most, one.away_days) == (20 * 6, 28)
    assert found(of_pair(absences=[away("2027-06-07", "2027-06-09")])) == ()


def test_an_excused_absence_lowers_the_share_and_leaves_no_shortfall() -> None:
    """Nothing is asked of A on those days, and B gets it all: that is more than B can do, and is told of B."""
    of = of_pair(absences=[away("2027-06-07", "2027-09-01", reason="ziek")])
    assert [one.gp_id for one in found(of)] == ["A"]
    excused = of.replace(sharing=of.sharing.replace(excused_reasons=("ziek",)))
    assert [(one.gp_id, one.limits) for one in found(excused)] == [("B", ("four_weeks",))]


def test_a_right_of_a_few_days_that_the_limits_fill_is_a_shortfall_by_limits() -> None:
    """Only A may do nights, on one week of five; three a week fit, and no absence is to blame."""
    rows = [
        agreement("A", valid_until=date(2027, 6, 13), hours=50.0),
        agreement("A", valid_from=date(2027, 6, 14), nights=False),
        agreement("B", nights=False),
    ]
    nights = NIGHTS.replace(valid_until=date(2027, 6, 11))
    rules = RuleParameters(max_hours_per_4_weeks=168)
    (one,) = found(of_pair(nights, EVENINGS, rows=rows, absences=[away("2027-08-02", "2027-08-04")], rules=rules))
    (gap,) = (gap for gap in one.gaps if gap.burden is Burden.NIGHT)
    assert (gap.target, gap.most, gap.days, gap.demand_days) == (pytest.approx(45), 27, 5, 5)
    assert one.absences == ()
    assert one.limits == ("week",)


@pytest.mark.parametrize(("hours", "expected"), [(3.0, True), (2.999, False)])
def test_less_than_half_a_shift_is_no_shortfall(hours: float, expected: bool) -> None:
    """Sixty evenings within reach by right; the weeks hold thirty-six, of which the four weeks leave thirty."""
    of = of_pair()
    targets = {("A", Burden.EVENING): 30 * 6 + hours}
    assert bool(find_shortfalls(of, shifts_of(of), targets)) is expected


def test_totals_of_all_burdens_together_are_looked_at_too() -> None:
    """Eighteen shifts of each kind fit by themselves, thirty-six together do not."""
    of = of_pair(EVENINGS, NIGHTS)
    targets = {("A", Burden.EVENING): 100.0, ("A", Burden.NIGHT): 100.0}
    (one,) = find_shortfalls(of, shifts_of(of), targets)
    assert [(gap.burden, gap.target, gap.most) for gap in one.gaps] == [(None, 200, 180)]
    assert one.limits == ("four_weeks",)


def test_a_demand_of_nothing_has_no_shortfalls() -> None:
    """Nor has a dossier without targets."""
    of = of_pair()
    assert find_shortfalls(of, (), {("A", Burden.EVENING): 9.0}) == ()
    assert find_shortfalls(of, shifts_of(of), {}) == ()
