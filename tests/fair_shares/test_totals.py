"""Each GP's share of all hours: agreed hours, and what is left by patients over practices and by time over owners.

The period has ten weekdays with one evening of six hours each: sixty hours to share.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence, Balance
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Contract, Practice, Role
from scheduler.domain.settings import OwnerKey, SharingSettings
from scheduler.domain.shift import Burden, ShiftType
from scheduler.domain.time import Period
from scheduler.fair_shares import FairShares, fair_shares
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

FORTNIGHT = Period(start=date(2027, 1, 4), end=date(2027, 1, 15))
EVENINGS = shift_type("e", days={"weekday"})
PRACTICES = (("X", 1000), ("Y", 2000), ("Z", 5000))
OWNER, SALARIED, LOCUM = Contract.PRACTICE_OWNER, Contract.SALARIED, Contract.LOCUM


def owner(gp_id: str, **fields: Any) -> Agreement:
    """An owner's agreement, without hours."""
    return agreement(gp_id, contract=OWNER, hours=None, **fields)


def salaried(gp_id: str, hours: float, **fields: Any) -> Agreement:
    """A salaried GP's agreement."""
    return agreement(gp_id, contract=SALARIED, hours=hours, **fields)


def locum(gp_id: str, hours: float, **fields: Any) -> Agreement:
    """A locum's agreement."""
    return agreement(gp_id, contract=LOCUM, hours=hours, **fields)


def dossier(*rows: Agreement, types: Sequence[ShiftType] = (EVENINGS,), **fields: Any) -> Dossier:
    """A dossier of these agreements; a GP works at the practice that the id starts with (`X1` at X)."""
    gps = {row.gp_id: gp(row.gp_id, row.contract, practice_id=row.gp_id[0]) for row in rows}
    plain: dict[str, Any] = {
        "period": FORTNIGHT,
        "practices": [Practice(id=practice, name=practice, patients=patients) for practice, patients in PRACTICES],
    }
    return builders.dossier(list(gps.values()), rows, types, **(plain | fields))


def computed(found: Dossier) -> FairShares:
    """The fair shares of the whole demand."""
    return fair_shares(found, shifts_of(found))


def shares(*rows: Agreement, **fields: Any) -> dict[str, float]:
    """Each GP's share in hours, to a millionth."""
    steps = computed(dossier(*rows, **fields)).steps
    return {gp_id: round(step.share, 6) for gp_id, step in steps.items()}


def test_agreed_hours_are_the_share_of_locums_and_salaried_gps() -> None:
    """The practice of the owner has 60 - 20 hours, of which its salaried GP does 10."""
    assert shares(locum("L", 20), salaried("X1", 10), owner("X2")) == {"L": 20, "X1": 10, "X2": 30}


def test_agreed_hours_above_the_demand_are_scaled_down_together() -> None:
    """Twice what there is to do: all get half, and nothing is left for the owner."""
    assert shares(locum("L", 90), salaried("X1", 30), owner("X2")) == {"L": 45, "X1": 15, "X2": 0}


@pytest.mark.parametrize("hours", [61.0, 90.0, 100.1, 170.3, 333.3])
def test_owners_have_no_part_where_all_is_agreed(hours: float) -> None:
    """Exactly nothing, so that an owner who did too little last year gets none of the agreed hours now."""
    behind = Balance(gp_id="X1", burden=Burden.EVENING, hours=-20)
    found = computed(dossier(locum("L", hours), salaried("Y2", hours / 3), owner("X1"), balances=[behind]))
    assert found.steps["X1"].share == 0
    assert {gp_id for gp_id, _ in found.targets} == {"L", "Y2"}


def test_agreed_hours_that_are_the_demand_stay_as_they_are() -> None:
    """Not scaled at the very limit."""
    found = computed(dossier(locum("L", 40), salaried("X1", 20)))
    assert {step.agreed_scale for step in found.steps.values()} == {1.0}


def test_the_rest_goes_over_practices_by_patients() -> None:
    """A thousand patients against two thousand; a practice without an owner in duty does not count."""
    assert shares(owner("X1"), owner("Y1")) == {"X1": 20, "Y1": 40}


def test_owners_of_a_practice_share_its_part_equally() -> None:
    """Two owners of two thousand patients do as much as one of a thousand."""
    assert shares(owner("X1"), owner("Y1"), owner("Y2")) == {"X1": 20, "Y1": 20, "Y2": 20}


def test_salaried_hours_come_off_the_practice_they_are_of() -> None:
    """The part of Y is 40 hours, of which the salaried GP takes 10; X keeps its 20."""
    assert shares(owner("X1"), owner("Y1"), salaried("Y2", 10)) == {"X1": 20, "Y1": 30, "Y2": 10}


def test_salaried_hours_never_make_a_part_negative() -> None:
    """The part of X is 20 hours and its salaried GP does 30: its owner does nothing, the other the rest."""
    found = computed(dossier(owner("X1"), salaried("X2", 30), owner("Y1")))
    assert {gp_id: step.share for gp_id, step in found.steps.items()} == {"X1": 0, "X2": 30, "Y1": 30}
    assert found.steps["Y1"].owner_scale == 0.75


def test_salaried_hours_of_a_practice_without_owner_come_off_everyone() -> None:
    """Owners are scaled together, so that all shares add up to the demand."""
    assert shares(owner("X1"), owner("Y1"), salaried("Z1", 30)) == {"X1": 10, "Y1": 20, "Z1": 30}


def test_owners_are_weighed_by_the_part_of_the_period() -> None:
    """Twelve days against the last six."""
    late = owner("X2", valid_from=date(2027, 1, 10))
    assert shares(owner("X1"), late) == {"X1": 40, "X2": 20}


def test_only_days_in_the_period_count() -> None:
    """An agreement of years is no more than one of exactly the period; the first and the last day count."""
    long = owner("X1", valid_from=date(2020, 1, 1), valid_until=date(2039, 12, 31))
    first_day, last_day = owner("X2", valid_until=FORTNIGHT.start), owner("X3", valid_from=FORTNIGHT.end)
    assert shares(long, first_day) == {"X1": round(60 * 12 / 13, 6), "X2": round(60 / 13, 6)}
    assert shares(long, last_day)["X3"] == round(60 / 13, 6)


def test_a_practice_counts_by_the_days_on_which_an_owner_is_in_duty() -> None:
    """Half of the period of a thousand patients against all of two thousand: one part of five."""
    assert shares(owner("X1", valid_until=date(2027, 1, 9)), owner("Y1")) == {"X1": 12, "Y1": 48}


def test_a_practice_counts_a_day_with_two_owners_once() -> None:
    """X1 on the first eight days, X2 on the last eight: twelve days of practice, shared by days."""
    first, last = owner("X1", valid_until=date(2027, 1, 11)), owner("X2", valid_from=date(2027, 1, 8))
    assert shares(first, last, owner("Y1")) == {"X1": 10, "X2": 10, "Y1": 40}


def test_partners_share_by_their_weights() -> None:
    """Twenty hours of the practice over partners of 0.6 and 0.4, and equally where neither has a weight."""
    partners = owner("X1", share=0.6), owner("X2", share=0.4)
    assert shares(*partners, owner("Y1")) == {"X1": 12, "X2": 8, "Y1": 40}


def test_an_equal_key_makes_all_owners_one_practice() -> None:
    """Patients and weights count for nothing; days do, and salaried hours come off the pool of all."""
    rows = owner("X1", share=5), owner("Y1"), owner("Z1", valid_until=date(2027, 1, 9)), salaried("X2", 10)
    found = shares(*rows, sharing=SharingSettings(owner_key=OwnerKey.EQUAL))
    assert found == {"X1": 20, "Y1": 20, "Z1": 10, "X2": 10}


def test_an_fte_key_weighs_owners_by_the_size_of_their_daytime_work() -> None:
    """One full time and one half time."""
    plain = dossier(owner("X1"), owner("Y1"), sharing=SharingSettings(owner_key=OwnerKey.FTE))
    gps = [one.replace(fte=0.5) if one.id == "Y1" else one for one in plain.gps]
    assert {gp_id: step.share for gp_id, step in computed(plain.replace(gps=gps)).steps.items()} == {"X1": 40, "Y1": 20}


@pytest.mark.parametrize(("least", "found"), [(10, {"X1": 10, "Y1": 20, "Z1": 30}), (0, None), (60, None)])
def test_an_owner_does_no_less_than_the_least_hours(least: float, found: dict[str, float] | None) -> None:
    """X would do 5 of 60 hours by patients; the others are scaled down. Everybody has the least where that is more."""
    practices = [Practice(id=name, name=name, patients=patients) for name, patients in (("X", 5), ("Y", 22), ("Z", 33))]
    rows = owner("X1"), owner("Y1"), owner("Z1")
    given = shares(*rows, practices=practices, sharing=SharingSettings(least_hours=least))
    assert given == (found or ({"X1": 5, "Y1": 22, "Z1": 33} if not least else {"X1": 60, "Y1": 60, "Z1": 60}))


def test_the_least_hours_go_by_the_days_in_duty() -> None:
    """Half the period, half of twenty hours."""
    late = owner("X1", valid_from=date(2027, 1, 10))
    assert shares(late, owner("Z1"), sharing=SharingSettings(least_hours=20)) == {"X1": 10, "Z1": 50}


def test_an_owner_whose_salaried_gp_does_all_still_does_the_least_hours() -> None:
    """The part of X is 20 hours, of which its salaried GP does 30."""
    found = shares(owner("X1"), salaried("X2", 30), owner("Y1"), sharing=SharingSettings(least_hours=6))
    assert found == {"X1": 6, "X2": 30, "Y1": 24}


def test_an_owner_does_the_least_hours_where_all_is_agreed_with_others() -> None:
    """Of 60 hours 90 are agreed, which leaves nothing to share: the owner's six stand, before all is scaled to 60."""
    found = shares(owner("X1"), salaried("Y2", 90), owner("Y1"), sharing=SharingSettings(least_hours=6))
    assert (found["X1"], found["Y2"]) == (6, 60)


def test_a_registration_that_ends_ends_the_share() -> None:
    """Six of the twelve days of a locum of 24 hours; the others do the rest."""
    plain = dossier(locum("L", 24), owner("X1"))
    gps = [one.replace(registered_until=date(2027, 1, 9)) if one.id == "L" else one for one in plain.gps]
    assert {gp_id: step.share for gp_id, step in computed(plain.replace(gps=gps)).steps.items()} == {"L": 12, "X1": 48}


@pytest.mark.parametrize(
    ("start", "end", "reason", "hours"),
    [
        ("2027-01-04", "2027-01-10", "ziek", 12),
        ("2027-01-04", "2027-01-10", "verlof", 24),
        ("2027-01-04T00:01", "2027-01-10", "ziek", 14),
        ("2027-01-04", "2027-01-09T23:59", "ziek", 14),
        ("2026-12-01", "2027-02-01", "ziek", None),
    ],
)
def test_whole_days_of_an_excused_absence_lower_the_share(
    start: str, end: str, reason: str, hours: float | None
) -> None:
    """Six of twelve days; not for another reason, and a day that is begun or ended at home counts."""
    away = Absence(gp_id="L", start=moment(start), end=moment(end), reason=reason)
    found = shares(locum("L", 24), owner("X1"), absences=[away], sharing=SharingSettings(excused_reasons=("ziek",)))
    assert found == ({"L": hours, "X1": 60 - hours} if hours else {"X1": 60})


def test_shares_of_a_changed_contract_add_up() -> None:
    """Six days an owner and then a locum of 12 hours: a third of the practice's 48 hours, and 12."""
    before, after = (
        owner("X1", valid_until=date(2027, 1, 9)),
        locum("X1", 12, valid_from=date(2027, 1, 10)),
    )
    assert shares(before, after, owner("X2")) == {"X1": 28, "X2": 32}


def test_several_agreements_of_one_class_add_up() -> None:
    """Two of a locum by hours, two of an owner by days."""
    half, rest = {"valid_until": date(2027, 1, 9)}, {"valid_from": date(2027, 1, 10)}
    assert shares(locum("L", 8, **half), locum("L", 4, **rest), owner("X1")) == {"L": 12, "X1": 48}
    assert shares(owner("X1", **half), owner("X1", **rest), owner("X2")) == {"X1": 30, "X2": 30}


def test_an_agreement_outside_the_period_gives_no_share() -> None:
    """Neither hours nor a part of a practice."""
    over = {"valid_until": date(2027, 1, 3)}
    assert shares(locum("L", 30, **over), owner("X1", **over), owner("X2")) == {"X2": 60}


def test_trainees_and_juniors_have_no_share() -> None:
    """Only who may be on duty alone."""
    training = agreement("T", contract=Contract.TRAINEE, hours=40)
    junior = agreement("J", contract=Contract.JUNIOR, hours=40)
    assert shares(training, junior, owner("X1")) == {"X1": 60}


def test_a_trainee_who_becomes_a_locum_has_a_share() -> None:
    """The class under the agreement counts, not the one of the GP."""
    training = agreement("T", contract=Contract.TRAINEE, hours=40, valid_until=date(2027, 1, 9))
    assert shares(training, locum("T", 15, valid_from=date(2027, 1, 10)), owner("X1")) == {"T": 15, "X1": 45}


def test_who_may_do_none_of_the_work_has_no_share() -> None:
    """Of another post, for standby alone, or exempt where all work is at night."""
    elsewhere, standby = locum("L", 30, posts={"Q"}), locum("S", 30, roles={Role.STANDBY})
    types = [EVENINGS, shift_type("s", days={"weekday"}, role=Role.STANDBY)]
    assert shares(elsewhere, standby, owner("X1"), types=types) == {"X1": 60}
    nights = shift_type("n", "00:00", "06:00", days={"weekday"})
    assert shares(locum("L", 30, nights=False), owner("X1"), types=[nights]) == {"X1": 60}


def test_standby_hours_are_not_in_the_demand() -> None:
    """The shares add up to all other hours."""
    types = [EVENINGS, shift_type("s", days={"weekday"}, role=Role.STANDBY, headcount=3)]
    everything = {"roles": set(Role)}
    assert shares(locum("L", 90, **everything), owner("X1", **everything), types=types) == {"L": 60, "X1": 0}


def test_without_owners_the_locums_share_it_all() -> None:
    """Targets add up to the demand, in proportion to the agreed hours."""
    found = computed(dossier(locum("L", 10), locum("M", 20)))
    assert found.duty is not None
    assert dict(zip(found.duty.gp_ids, found.duty.share.tolist(), strict=True)) == pytest.approx({"L": 20, "M": 40})
    assert found.steps["L"].share == 10


def test_owners_of_practices_without_patients_share_nothing() -> None:
    """There is nothing to go by; the locums do the work."""
    empty = [Practice(id="X", name="X", patients=0)]
    found = computed(dossier(owner("X1"), locum("L", 10), practices=empty))
    assert sum(found.targets.values()) == pytest.approx(60)
    assert {gp_id for gp_id, _ in found.targets} == {"L"}


def test_each_step_can_be_told() -> None:
    """All figures of an owner who was a locum before, in the order in which they were computed."""
    rows = (
        locum("Y1", 6, valid_until=date(2027, 1, 9)),
        owner("Y1", valid_from=date(2027, 1, 10)),
        owner("Y2"),
        owner("X1"),
        salaried("Y3", 9),
        salaried("Z1", 15),
    )
    step = computed(dossier(*rows)).steps["Y1"]
    assert (step.agreed, step.agreed_scale) == (6, 1)
    assert (step.practice_id, step.practice_patients, step.pool_patients) == ("Y", 2000, 3000)
    assert (step.pool_hours, step.practice_hours, step.salaried_off) == pytest.approx((54, 36, 9))
    assert (step.owner_part, step.owner_hours) == pytest.approx((1 / 3, 9))
    assert step.owner_scale == pytest.approx((54 - 24) / (27 + 18))
    assert step.share == pytest.approx(6 + 9 * 30 / 45)
