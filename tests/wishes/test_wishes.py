"""What a roster costs beyond the rules."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import wishes
from scheduler.domain.availability import PastHoliday, Wish, WishKind
from scheduler.domain.people import Role
from scheduler.domain.settings import Strictness, Weights
from scheduler.domain.shift import Shift
from scheduler.domain.time import local
from scheduler.wishes.part import duties
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.strategies import dossiers, rosters

MONDAY = date(2027, 2, 1)


def a_wish(wish: WishKind, *, gp_id: str = "G1", start: int = 17, end: int = 23, weight: float = 4) -> Wish:
    """A wish about some hours of Monday 1 February."""
    return Wish(gp_id=gp_id, wish=wish, weight=weight, start=local(MONDAY, time(start)), end=local(MONDAY, time(end)))


def cost(part: str, *shifts: Shift, **fields: Any) -> float:
    """The cost of one part for `G1` with these shifts."""
    return wishes.parts(a_dossier(**fields), a_roster({"G1": shifts}))[part]


@pytest.mark.parametrize(("start", "end", "expected"), [(8, 17, 0), (8, 18, 4), (22, 23, 4)])
def test_a_shift_in_an_interval_to_avoid_costs_its_weight(start: int, end: int, expected: float) -> None:
    """The evening runs from 17 to 23: an interval that ends at 17 does not touch it."""
    wish = a_wish(WishKind.AVOID, start=start, end=end)
    assert cost("avoid_wish", a_shift(MONDAY), wishes=(wish,)) == expected


def test_each_shift_that_touches_costs_again_standby_included() -> None:
    """Two shifts in one interval cost twice."""
    wish = a_wish(WishKind.AVOID, start=8)
    shifts = [a_shift(MONDAY, "day"), a_shift(MONDAY, role=Role.STANDBY)]
    assert cost("avoid_wish", *shifts, wishes=(wish,)) == 8


def test_a_wish_for_work_costs_its_weight_until_it_is_met() -> None:
    """One shift of any role meets it; a GP without any shift counts too."""
    wish = a_wish(WishKind.PREFER)
    assert cost("prefer_wish", wishes=(wish,)) == 4
    assert cost("prefer_wish", a_shift(MONDAY, role=Role.STANDBY), wishes=(wish,)) == 0


def test_the_weight_of_a_part_multiplies_the_weight_of_a_wish() -> None:
    """An HDS may make all wishes count double, or switch them off."""
    wish = a_wish(WishKind.AVOID)
    assert cost("avoid_wish", a_shift(MONDAY), wishes=(wish,), weights=Weights(avoid_wish=2.5)) == 10
    assert cost("avoid_wish", a_shift(MONDAY), wishes=(wish,), weights=Weights(avoid_wish=0)) == 0


def test_a_night_before_a_surgery_costs_five() -> None:
    """The night of Monday ends on Tuesday."""
    clinic = {"G1": frozenset({"tue"})}
    assert cost("night_before_clinic", a_shift(MONDAY, "night"), clinic_days=clinic) == 5
    assert cost("night_before_clinic", a_shift(MONDAY), clinic_days=clinic) == 0


def test_both_days_of_a_weekend_cost_three() -> None:
    """However many shifts each day has."""
    weekend = [a_shift("2027-02-06", "day"), a_shift("2027-02-06", "late"), a_shift("2027-02-07", "day")]
    assert cost("saturday_and_sunday", *weekend) == 3
    assert cost("saturday_and_sunday", *weekend[:2]) == 0


@pytest.mark.parametrize("part", ["night_before_clinic", "saturday_and_sunday", "christmas_and_new_year"])
@pytest.mark.parametrize(("strictness", "costs"), [("forbid", False), ("avoid", True), ("ignore", False)])
def test_a_rule_that_is_softened_costs_and_else_does_not(part: str, strictness: str, costs: bool) -> None:
    """Forbidden it is a hard rule, ignored it is nothing."""
    shifts = {
        "night_before_clinic": [a_shift(MONDAY, "night")],
        "saturday_and_sunday": [a_shift("2027-02-06", "day"), a_shift("2027-02-07", "day")],
        "christmas_and_new_year": [a_shift("2026-12-25"), a_shift("2026-12-31"), a_shift("2027-01-01")],
    }
    clinic = {"G1": frozenset({"tue"})}
    assert bool(cost(part, *shifts[part], rules={part: strictness}, clinic_days=clinic)) == costs


def test_christmas_and_new_year_cost_once_a_year() -> None:
    """Two days of New Year after one Christmas cost once."""
    shifts = [a_shift("2026-12-25"), a_shift("2026-12-31"), a_shift("2027-01-01")]
    assert cost("christmas_and_new_year", *shifts, rules={"christmas_and_new_year": "avoid"}) == 4


@pytest.mark.parametrize(
    ("day", "role", "expected"),
    [
        ("2027-12-25", Role.CONSULT, 4),
        ("2027-12-25", Role.STANDBY, 0),
        ("2027-12-26", Role.CONSULT, 0),
        ("2027-12-24", Role.CONSULT, 0),
    ],
)
def test_the_same_holiday_again_costs_four(day: str, role: Role, expected: float) -> None:
    """Same month and day, a holiday, and really worked; 24 December is on record and no holiday."""
    past = tuple(PastHoliday(gp_id="G1", date=date(2026, 12, number)) for number in (24, 25))
    assert cost("same_holiday_again", a_shift(day, role=role), past_holidays=past) == expected


def test_a_night_alone_costs_where_the_hds_says_so() -> None:
    """Two nights in a row are not alone, and by default it costs nothing."""
    alone, pair = a_shift("2027-02-01", "night"), a_shift("2027-02-02", "night")
    other = a_shift("2027-02-04", "night")
    assert cost("single_night", alone) == 0
    assert cost("single_night", alone, weights=Weights(single_night=2)) == 2
    assert cost("single_night", alone, pair, other, weights=Weights(single_night=2)) == 2


@pytest.mark.parametrize(("days", "expected"), [((1, 8), 0), ((1, 7), 1), ((1, 2), 6), ((1, 4, 6), 9), ((1, 1), 0)])
def test_days_less_than_a_week_apart_cost_what_they_lack(days: tuple[int, ...], expected: float) -> None:
    """Seven days apart is free; only days that follow each other are a pair."""
    shifts = [a_shift(f"2027-02-0{day}", number=n) for n, day in enumerate(days, 1)]
    assert cost("spacing", *shifts) == expected


def test_nights_of_one_series_are_no_gap() -> None:
    """Two nights in a row are free, a night and an evening the day after are not."""
    night, following = a_shift("2027-02-01", "night"), a_shift("2027-02-02", "night")
    assert cost("spacing", night, following) == 0
    assert cost("spacing", night, a_shift("2027-02-02")) == 6
    assert cost("spacing", night, a_shift("2027-02-03", "night")) == 5


def test_standby_is_no_working_day() -> None:
    """Spacing is about shifts that are worked."""
    assert cost("spacing", a_shift("2027-02-01"), a_shift("2027-02-02", role=Role.STANDBY)) == 0


def test_outcomes_tell_which_wishes_are_met() -> None:
    """Each wish in its order, with the shifts that touch it."""
    shift = a_shift(MONDAY)
    asked = (
        a_wish(WishKind.AVOID),
        a_wish(WishKind.PREFER),
        a_wish(WishKind.AVOID, gp_id="G2"),
        a_wish(WishKind.PREFER, gp_id="G2"),
    )
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), wishes=asked)
    roster = a_roster({"G1": [shift]})
    assert [outcome.met for outcome in wishes.outcomes(dossier, roster)] == [False, True, True, False]
    assert [outcome.wish for outcome in wishes.unmet(dossier, roster)] == [asked[0], asked[3]]
    assert wishes.unmet(dossier, roster)[0].shift_ids == (shift.id,)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_costs_of_the_gps_add_up_to_the_cost_of_the_roster(data: st.DataObject) -> None:
    """For each part, one GP at a time comes to the same as all at once."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    each = [wishes.parts_of(dossier, gp_id, shifts) for gp_id, shifts in duties(dossier, roster)]
    for part, whole in wishes.parts(dossier, roster).items():
        assert sum(of_gp[part] for of_gp in each) == pytest.approx(whole)


def test_a_second_shift_for_a_long_wish_gains_nothing() -> None:
    """One shift meets it, however far from the other."""
    start, end = (local(MONDAY + timedelta(days=day), time(0)) for day in (0, 30))
    wish = Wish(gp_id="G1", wish=WishKind.PREFER, weight=4, start=start, end=end)
    first, later = a_shift(MONDAY), a_shift(MONDAY + timedelta(days=20))
    dossier = a_dossier(wishes=(wish,), weights=Weights(spacing=0))
    assert wishes.gain_of(dossier, "G1", (), gets=[first]) == {"prefer_wish": -4}
    assert wishes.gain_of(dossier, "G1", (first,), gets=[later]) == {}
    assert wishes.gain_of(dossier, "G1", (first, later), gives=[later]) == {}


@pytest.mark.parametrize(("christmas", "new_year"), [("12-25", "01-01"), ("12-25", "12-31"), ("12-26", "01-01")])
def test_new_year_after_a_worked_christmas_gains_its_weight(christmas: str, new_year: str) -> None:
    """Up to a week lies between them."""
    rules = {"christmas_and_new_year": Strictness.AVOID}
    dossier = a_dossier(rules=rules, weights=Weights(christmas_and_new_year=3, spacing=0))
    worked, asked = a_shift(f"2027-{christmas}"), a_shift(f"{2027 + (new_year < christmas)}-{new_year}")
    assert wishes.gain_of(dossier, "G1", (worked,), gets=[asked]) == {"christmas_and_new_year": 3}
    assert wishes.gain_of(dossier, "G1", (asked,), gets=[worked]) == {"christmas_and_new_year": 3}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_gain_of_getting_and_giving_shifts_is_the_difference_of_two_costs(data: st.DataObject) -> None:
    """Whatever lies near or far, for each part."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    if not roster.shifts:
        return
    gp_id = data.draw(st.sampled_from(sorted(gp.id for gp in dossier.gps)))
    own = roster.by_gp.get(gp_id, ())
    others = [shift for shift in roster.shifts if shift not in own]
    gets = data.draw(st.lists(st.sampled_from(others), max_size=3, unique_by=lambda shift: shift.id)) if others else []
    gives = data.draw(st.lists(st.sampled_from(own), max_size=3, unique_by=lambda shift: shift.id)) if own else []
    after = [shift for shift in roster.shifts if (shift in own or shift in gets) and shift not in gives]
    before, then = (wishes.parts_of(dossier, gp_id, shifts) for shifts in (own, after))
    found = wishes.gain_of(dossier, gp_id, own, gets, gives)
    assert {part: then[part] - cost for part, cost in before.items()} == pytest.approx(
        {part.name: found.get(part.name, 0.0) for part in wishes.WISHES}
    )
