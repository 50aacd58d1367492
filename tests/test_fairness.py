"""How evenly a roster spreads each burden."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.fairness import gini, mean_hours, measure
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift

EVENINGS = [a_shift(f"2027-02-0{day}") for day in (1, 2, 3, 4)]
DOSSIER = a_dossier(a_gp("G1"), a_gp("G2"))


def test_deviations_are_hours_off_target_over_the_mean_shift() -> None:
    """Three evenings of six hours against a target of two, and one against two."""
    targets = {("G1", Burden.EVENING): 12.0, ("G2", Burden.EVENING): 12.0}
    found = measure(DOSSIER, a_roster({"G1": EVENINGS[:3], "G2": EVENINGS[3:]}), targets)[Burden.EVENING]
    assert found.mean_hours == 6
    assert {gp_id: of.deviation for gp_id, of in found.per_gp.items()} == {"G1": 1.0, "G2": -1.0}
    assert (found.largest, found.rms) == (1.0, 1.0)
    assert found.spread == 1.0
    assert found.gini == pytest.approx(0.25)


def test_a_gp_without_any_shift_stays_in() -> None:
    """Who has a share and does nothing is the largest deviation, not a gap in the list."""
    targets = {("G1", Burden.EVENING): 6.0, ("G2", Burden.EVENING): 18.0}
    found = measure(DOSSIER, a_roster({"G1": EVENINGS}), targets)[Burden.EVENING]
    assert found.per_gp["G2"].assigned == 0
    assert found.largest == 3.0


def test_a_shift_without_a_target_counts_too() -> None:
    """Who has no share and works anyway deviates by all of it."""
    found = measure(DOSSIER, a_roster({"G1": EVENINGS[:2]}), {})[Burden.EVENING]
    assert found.largest == 2.0
    assert found.gini == found.spread == 0.0


def test_an_open_shift_counts_in_the_mean_and_for_nobody() -> None:
    """The mean is of the demand; what is open is nobody's hours."""
    standby = [
        a_shift("2027-02-06", "day", role=Role.STANDBY),
        a_shift("2027-02-07", "evening", role=Role.STANDBY),
    ]
    roster = a_roster({"G1": standby[:1]}, unfilled=standby[1:])
    assert mean_hours(roster.shifts) == {Burden.STANDBY: 7.0}
    found = measure(DOSSIER, roster, {("G1", Burden.STANDBY): 8.0})
    assert found[Burden.STANDBY].largest == 0.0


def test_the_spread_is_over_shares_of_one_shift_or_more() -> None:
    """A share of exactly one shift counts; of half a shift nobody can do a tenth more than the share."""
    targets = {("G1", Burden.EVENING): 6.0, ("G2", Burden.EVENING): 3.0, ("G3", Burden.EVENING): 15.0}
    roster = a_roster({"G1": EVENINGS[:2], "G3": EVENINGS[2:]})
    assert measure(DOSSIER, roster, targets)[Burden.EVENING].spread == pytest.approx(2.0 - 0.8)


def test_burdens_without_shifts_are_left_out() -> None:
    """There is nothing to say about them."""
    assert set(measure(DOSSIER, a_roster({"G1": EVENINGS}), {("G1", Burden.NIGHT): 5.0})) == {Burden.EVENING}


def test_gini_of_all_alike_and_of_one_who_has_all() -> None:
    """Nothing for all but one in ten comes to nine tenths."""
    assert gini([1, 1, 1], [5, 1, 9]) == pytest.approx(0)
    assert gini([0] * 9 + [1], [1] * 10) == pytest.approx(0.9)
    assert gini([0, 0], [1, 1]) == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), min_size=1, max_size=8))
def test_gini_is_half_the_mean_difference_over_the_mean(pairs: list[tuple[float, float]]) -> None:
    """The quick formula agrees with the definition by pairs."""
    weight = sum(w for _, w in pairs)
    mean = sum(v * w for v, w in pairs) / weight
    differences = sum(w * u * abs(v - x) for v, w in pairs for x, u in pairs) / weight**2
    expected = differences / (2 * mean) if mean > 1e-9 else 0.0
    if mean > 1e-9 or mean == 0:
        assert gini([v for v, _ in pairs], [w for _, w in pairs]) == pytest.approx(expected, abs=1e-9)
