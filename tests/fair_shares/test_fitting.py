"""Targets: totals spread over the groups of shifts, with balances, preferences, own limits and who may do what.

Most cases have ten weekdays with an evening and a night of six hours: sixty hours of each burden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import sqrt
from typing import Any

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Balance, Limit, Preference
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Role
from scheduler.domain.shift import Burden, ShiftType
from scheduler.fair_shares import FairShares
from scheduler.fair_shares import fair_shares as computed_shares
from tests.builders import shift_type
from tests.fair_shares.test_totals import dossier, locum

EVENING, NIGHT, HOLIDAY, STANDBY = Burden.EVENING, Burden.NIGHT, Burden.HOLIDAY, Burden.STANDBY
EVENINGS = shift_type("e", "18:00", "00:00", days={"weekday"})
NIGHTS = shift_type("n", "00:00", "06:00", days={"weekday"})
LEADS = shift_type("r", "18:00", "00:00", days={"weekday"}, role=Role.LEAD)
DUTY_OF_STANDBY = shift_type("s", "18:00", "00:00", days={"weekday"}, role=Role.STANDBY, headcount=2)
ALL_ROLES = {"roles": set(Role)}
A, B, C = (locum(gp_id, 50) for gp_id in "ABC")


def shared(
    *rows: Agreement, types: Sequence[ShiftType] = (EVENINGS, NIGHTS), left_out: Iterable[Burden] = (), **fields: Any
) -> FairShares:
    """The fair shares of a dossier of these agreements."""
    burdens = tuple(burden for burden in Burden if burden not in left_out)
    found: Dossier = dossier(*rows, types=types, burdens=burdens, **fields)
    return computed_shares(found, shifts_of(found))


def targets(*rows: Agreement, **fields: Any) -> dict[tuple[str, Burden], float]:
    """Target hours per GP and burden, to a ten-thousandth."""
    return {cell: round(hours, 4) for cell, hours in shared(*rows, **fields).targets.items()}


def totals(*rows: Agreement, **fields: Any) -> dict[str, float]:
    """Target hours per GP, standby left out, to a ten-thousandth."""
    found: dict[str, float] = {}
    for (gp_id, burden), hours in shared(*rows, **fields).targets.items():
        if burden is not STANDBY:
            found[gp_id] = found.get(gp_id, 0) + hours
    return {gp_id: round(hours, 4) for gp_id, hours in found.items()}


def balance(gp_id: str, burden: Burden, hours: float) -> Balance:
    """Hours carried over."""
    return Balance(gp_id=gp_id, burden=burden, hours=hours)


def limit(gp_id: str, burden: Burden | None, hours: float) -> Limit:
    """An own ceiling."""
    return Limit(gp_id=gp_id, burden=burden, max_hours=hours)


def by_odds(ratio: float, hours: float = 60) -> float:
    """Of two GPs with equal totals and two burdens of `hours`: the first one's part of a burden at these odds.

    Fitting keeps the odds of the seed, a*a / (b*b), and the margins say that a + b = hours.
    """
    return round(hours * sqrt(ratio) / (1 + sqrt(ratio)), 4)


def test_equals_get_equal_parts_of_everything() -> None:
    """Half of the evenings and half of the nights each."""
    assert set(targets(A, B).values()) == {30}


def test_every_burden_is_in_proportion_to_the_total() -> None:
    """Twenty agreed hours against forty: a third of each burden."""
    found = targets(locum("A", 20), locum("B", 40))
    assert found == {("A", EVENING): 20, ("A", NIGHT): 20, ("B", EVENING): 40, ("B", NIGHT): 40}


def test_who_did_more_last_year_does_less_now() -> None:
    """Thirty each, less ten for A, scaled back to the sixty there are."""
    assert totals(A, B, types=[EVENINGS], balances=[balance("A", EVENING, 10)]) == {"A": 24, "B": 36}


def test_who_did_less_last_year_does_more_now() -> None:
    """Thirty each and ten more for A, scaled back."""
    found = totals(A, B, types=[EVENINGS], balances=[balance("A", EVENING, -10)])
    assert found == {"A": round(60 * 40 / 70, 4), "B": round(60 * 30 / 70, 4)}


def test_balances_of_several_burdens_are_summed_for_the_total() -> None:
    """Ten evening hours too many and four night hours too few are six."""
    found = totals(A, B, balances=[balance("A", EVENING, 10), balance("A", NIGHT, -4)])
    assert found == {"A": round(120 * 54 / 114, 4), "B": round(120 * 60 / 114, 4)}


def test_a_balance_of_a_burden_without_shifts_counts_in_the_total() -> None:
    """Last year's holidays, in a period that has none."""
    assert totals(A, B, types=[EVENINGS], balances=[balance("A", HOLIDAY, 10)]) == {"A": 24, "B": 36}


def test_a_total_is_never_negative() -> None:
    """A balance above the share leaves nothing to do, and no more than that."""
    assert totals(A, B, types=[EVENINGS], balances=[balance("A", EVENING, 31)]) == {"B": 60}


def test_balances_that_leave_nobody_anything_are_passed_over() -> None:
    """The work is to be done all the same, in proportion to the shares."""
    both = [balance("A", EVENING, 40), balance("B", EVENING, 90)]
    assert totals(A, B, types=[EVENINGS], balances=both) == {"A": 30, "B": 30}


def test_a_balance_shifts_the_mix_too() -> None:
    """Six night hours too many and six evening hours too few, of a share of thirty each: odds 1.2 to 0.8."""
    found = targets(A, B, balances=[balance("A", NIGHT, 6), balance("A", EVENING, -6)])
    assert found["A", EVENING] == found["B", NIGHT] == by_odds(1.2 / 0.8)
    assert found["A", EVENING] + found["A", NIGHT] == pytest.approx(60)


def test_a_large_balance_leaves_a_hundredth_of_the_seed() -> None:
    """Sixty night hours too many of a share of thirty: not below 0.01, or the fitting could not bring any back."""
    found = targets(A, B, balances=[balance("A", NIGHT, 60), balance("A", EVENING, -60)])
    assert found["A", EVENING] == by_odds(3 / 0.01)


def test_a_preference_shifts_the_mix_and_not_the_total() -> None:
    """Who likes nights twice as much does more nights, and as many hours."""
    found = targets(A, B, preferences=[Preference(gp_id="A", burden=NIGHT, factor=2)])
    assert found["A", NIGHT] == found["B", EVENING] == by_odds(2)
    assert found["A", NIGHT] + found["A", EVENING] == pytest.approx(60)


def test_a_preference_against_is_one_for_the_rest() -> None:
    """Half as many nights is the same as twice as many evenings."""
    against = targets(A, B, preferences=[Preference(gp_id="A", burden=NIGHT, factor=0.5)])
    assert against == targets(A, B, preferences=[Preference(gp_id="A", burden=EVENING, factor=2)])
    assert against["A", EVENING] == by_odds(2)


def test_a_total_above_the_own_limit_is_cut_to_it() -> None:
    """Forty each; A stops at twenty and the others do ten more."""
    assert totals(A, B, C, limits=[limit("A", None, 20)]) == {"A": 20, "B": 50, "C": 50}


def test_a_cut_may_push_another_over_the_own_limit() -> None:
    """B would get fifty of the hours that A does not do, and stops at forty-five."""
    assert totals(A, B, C, limits=[limit("A", None, 20), limit("B", None, 45)]) == {"A": 20, "B": 45, "C": 55}


def test_who_stands_at_the_own_limit_takes_nothing_over() -> None:
    """Exactly forty is not above the limit, and not scaled up either."""
    assert totals(A, B, C, limits=[limit("A", None, 40), limit("B", None, 20)]) == {"A": 40, "B": 20, "C": 60}


def test_a_limit_of_nothing_leaves_nothing() -> None:
    """And a limit above the total changes nothing."""
    assert totals(A, B, C, limits=[limit("A", None, 0), limit("B", None, 90)]) == {"B": 60, "C": 60}


def test_limits_that_leave_hours_over_are_told_by_the_totals() -> None:
    """Nobody may take the rest: totals stay at the limits, and targets end on the demand."""
    found = shared(A, B, types=[EVENINGS], limits=[limit("A", None, 10), limit("B", None, 20)])
    assert found.duty is not None
    assert found.duty.wanted.tolist() == pytest.approx([10, 20])
    assert found.duty.hours.sum() == pytest.approx(60)


def test_a_burden_above_the_own_limit_is_frozen_at_it() -> None:
    """A does ten nights and the rest of the total in the evening; B the other way round."""
    found = targets(A, B, limits=[limit("A", NIGHT, 10)])
    assert found == {("A", NIGHT): 10, ("A", EVENING): 50, ("B", NIGHT): 50, ("B", EVENING): 10}


def test_freezing_one_may_push_another_over_the_own_limit() -> None:
    """Twenty nights each; A stops at ten, then B, at twenty-five by that, stops at twenty-two."""
    found = targets(A, B, C, limits=[limit("A", NIGHT, 10), limit("B", NIGHT, 22)])
    assert [found[gp_id, NIGHT] for gp_id in "ABC"] == [10, 22, 28]
    assert [found[gp_id, EVENING] for gp_id in "ABC"] == [30, 18, 12]


def test_a_limit_of_a_burden_holds_over_all_its_groups() -> None:
    """Nights in two roles, of which A does ten hours in proportion."""
    visits = shift_type("v", "00:00", "06:00", days={"weekday"}, role=Role.VISIT, headcount=3)
    pair = [locum(gp_id, 50, roles=set(Role)) for gp_id in "AB"]
    found = shared(*pair, types=[EVENINGS, NIGHTS, visits], limits=[limit("A", NIGHT, 10)])
    assert found.duty is not None
    nights = [column for column, group in enumerate(found.duty.groups) if group.burden is NIGHT]
    assert found.duty.hours[0, nights].tolist() == pytest.approx([2.5, 7.5])


def test_nobody_has_a_target_where_the_agreement_gives_no_right() -> None:
    """Who is exempt does no nights, of another post no duty here: the total goes to what the GP may do."""
    exempt = shared(locum("A", 50, nights=False), B).targets
    assert ("A", NIGHT) not in exempt
    assert exempt == pytest.approx({("A", EVENING): 60, ("B", NIGHT): 60, ("B", EVENING): 0}, abs=0.01)
    other = shift_type("q", "18:00", "00:00", days={"weekday"}, post_id="Q")
    elsewhere = shared(locum("A", 50, posts={"Q"}), locum("B", 50, posts={"P", "Q"}), types=[NIGHTS, other]).targets
    assert elsewhere == exempt


def test_who_is_exempt_for_half_the_days_is_asked_for_half_the_nights() -> None:
    """Five of the ten nights are within reach, so the seed has odds of one to two; the total stays."""
    before = locum("A", 25, nights=False, valid_until=date(2027, 1, 9))
    after = locum("A", 25, nights=True, valid_from=date(2027, 1, 10))
    found = targets(before, after, B)
    assert found["A", NIGHT] == found["B", EVENING] == by_odds(1 / 2)
    assert found["A", NIGHT] + found["A", EVENING] == pytest.approx(60)


def test_few_who_may_lead_are_a_structural_imbalance() -> None:
    """A alone may lead, sixty hours more than the ninety that are a fair total, and B cannot take any over."""
    twice = LEADS.replace(headcount=2)
    found = shared(locum("A", 50, **ALL_ROLES), B, types=[twice, EVENINGS])
    assert found.duty is not None
    assert found.duty.wanted.tolist() == pytest.approx([90, 90])
    assert found.duty.imbalance.tolist() == pytest.approx([30, -30], abs=1e-4)
    assert found.targets["A", EVENING] == pytest.approx(120)


def test_there_is_no_imbalance_where_others_can_make_room() -> None:
    """A alone may lead, and B does all the rest."""
    found = shared(locum("A", 50, **ALL_ROLES), B, types=[LEADS, EVENINGS])
    assert found.duty is not None
    assert found.duty.imbalance.tolist() == pytest.approx([0, 0], abs=1e-2)


def test_work_that_nobody_may_do_has_no_target() -> None:
    """The rest ends on its own demand; what is missing shows as imbalance."""
    found = shared(A, B, types=[LEADS, NIGHTS])
    assert found.duty is not None
    assert {cell: round(hours, 4) for cell, hours in found.targets.items()} == {("A", NIGHT): 30, ("B", NIGHT): 30}
    assert found.duty.imbalance.sum() == pytest.approx(-60)


def test_standby_is_shared_among_those_who_have_the_role() -> None:
    """In proportion to their totals: ten and thirty of forty, of 120 hours; B has none."""
    rows = [locum("A", 10, **ALL_ROLES), locum("B", 20), locum("C", 30, **ALL_ROLES)]
    found = targets(*rows, types=[EVENINGS, DUTY_OF_STANDBY])
    assert found == {
        ("A", EVENING): 10, ("B", EVENING): 20, ("C", EVENING): 30, ("A", STANDBY): 30, ("C", STANDBY): 90,
    }  # fmt: skip


def test_balances_of_standby_and_of_the_rest_do_not_mix() -> None:
    """Sixty standby hours and thirty evening hours each, less what each pool carries over."""
    pair = [locum(gp_id, 30, **ALL_ROLES) for gp_id in "AB"]
    both = [balance("A", STANDBY, 20), balance("B", EVENING, 15)]
    found = targets(*pair, types=[EVENINGS, DUTY_OF_STANDBY], balances=both)
    assert found == {("A", EVENING): 40, ("B", EVENING): 20, ("A", STANDBY): 48, ("B", STANDBY): 72}


def test_a_total_limit_is_not_about_standby() -> None:
    """It is of all other hours."""
    pair = [locum(gp_id, 30, **ALL_ROLES) for gp_id in "AB"]
    found = targets(*pair, types=[EVENINGS, DUTY_OF_STANDBY], limits=[limit("A", None, 10)])
    assert found == {("A", EVENING): 10, ("B", EVENING): 50, ("A", STANDBY): 60, ("B", STANDBY): 60}


def test_a_limit_of_standby_is_not_about_the_rest() -> None:
    """It freezes standby alone."""
    pair = [locum(gp_id, 30, **ALL_ROLES) for gp_id in "AB"]
    found = targets(*pair, types=[EVENINGS, DUTY_OF_STANDBY], limits=[limit("B", STANDBY, 20)])
    assert found == {("A", EVENING): 30, ("B", EVENING): 30, ("A", STANDBY): 100, ("B", STANDBY): 20}


def test_without_standby_or_without_takers_there_is_no_standby_pool() -> None:
    """A dossier of duties alone, and one in which nobody has the role."""
    assert shared(A, B).standby is None
    unmet = shared(A, B, types=[EVENINGS, DUTY_OF_STANDBY])
    assert unmet.standby is None
    assert {burden for _, burden in unmet.targets} == {EVENING}


def test_a_dossier_in_which_nobody_shares_has_no_targets() -> None:
    """Agreed hours of nothing at all."""
    found = shared(locum("A", 0))
    assert found.duty is None
    assert found.targets == {}


def test_a_burden_left_out_has_no_part_in_the_total() -> None:
    """A balance of nights moves the mix still, and an own limit of nights freezes nothing."""
    carried = [balance("A", NIGHT, 6), balance("A", EVENING, -6)]
    found = targets(A, B, left_out=[NIGHT], balances=carried)
    assert found["A", EVENING] + found["A", NIGHT] == pytest.approx(120 * 66 / 126, abs=1e-3)
    assert found["A", NIGHT] < 30 < found["A", EVENING]
    assert targets(A, B, left_out=[NIGHT], limits=[limit("A", NIGHT, 10)])["A", NIGHT] == 30


def test_standby_left_out_is_still_shared() -> None:
    """Its own pool knows one burden alone."""
    pair = [locum(gp_id, 30, **ALL_ROLES) for gp_id in "AB"]
    found = targets(*pair, types=[EVENINGS, DUTY_OF_STANDBY], left_out=[STANDBY], balances=[balance("A", STANDBY, 20)])
    assert (found["A", STANDBY], found["B", STANDBY]) == (48, 72)
