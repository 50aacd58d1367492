"""Who may be put on duty."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.people import Contract, Role
from scheduler.domain.shift import Shift
from scheduler.rules import absence, christmas_and_new_year, locks, may_work, night_before_clinic
from scheduler.rules.lineup import Lineup
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift, an_agreement
from tests.strategies import dossiers, rosters

EVENING, NIGHT = a_shift("2027-02-01"), a_shift("2027-02-01", "night")
STANDBY_NIGHT = a_shift("2027-02-01", "night", role=Role.STANDBY)


def reason(shift: Shift, contract: Contract = Contract.LOCUM, **agreement: Any) -> str | float | None:
    """Why `G1` may not do the shift under this agreement."""
    dossier = a_dossier(a_gp("G1", contract), agreements=(an_agreement("G1", contract, **agreement),))
    found = [violation.detail["reason"] for violation in may_work.check(dossier, a_roster({"G1": [shift]}))]
    return found[0] if found else None


@pytest.mark.parametrize("contract", Contract)
def test_only_three_classes_may_work(contract: Contract) -> None:
    """A trainee and a junior are never on duty by themselves."""
    qualified = contract in (Contract.PRACTICE_OWNER, Contract.SALARIED, Contract.LOCUM)
    assert (reason(EVENING, contract) is None) == qualified


@pytest.mark.parametrize(
    ("agreement", "shift", "expected"),
    [
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 2, 1)}, EVENING, None),
        ({"valid_from": date(2027, 2, 2)}, EVENING, "no_agreement"),
        ({"valid_until": date(2027, 1, 31)}, EVENING, "no_agreement"),
        ({"posts": frozenset({"P2"})}, EVENING, "other_post"),
        ({"roles": frozenset({Role.LEAD})}, EVENING, "other_role"),
        ({"nights": False}, EVENING, None),
        ({"nights": False}, NIGHT, "night_exempt"),
        ({"nights": False}, STANDBY_NIGHT, "night_exempt"),
    ],
)
def test_the_agreement_covers_day_post_role_and_nights(
    agreement: dict[str, Any], shift: Shift, expected: str | None
) -> None:
    """Both dates of the agreement are included; who is exempt from nights has no standby at night either."""
    assert reason(shift, **agreement) == expected


def test_registration_holds_on_its_last_day() -> None:
    """The day after, the GP may not work."""
    dossier = a_dossier(a_gp("G1", registered_until=date(2027, 2, 1)))
    after = a_shift("2027-02-02")
    (found,) = may_work.check(dossier, a_roster({"G1": [EVENING, after]}))
    assert found.shift_ids == (after.id,)
    assert found.detail["reason"] == "registration_ended"


def test_the_agreement_of_the_day_counts() -> None:
    """A GP who is exempt from nights in the second half of the year may have them in the first."""
    rows = (
        an_agreement("G1", valid_until=date(2027, 6, 30)),
        an_agreement("G1", valid_from=date(2027, 7, 1), nights=False),
    )
    autumn = a_shift("2027-09-01", "night")
    (found,) = may_work.check(a_dossier(agreements=rows), a_roster({"G1": [NIGHT, autumn]}))
    assert found.shift_ids == (autumn.id,)


def test_an_unknown_doctor_may_not_work() -> None:
    """A name that is not in the dossier is a breach, not a crash."""
    (found,) = may_work.check(a_dossier(), a_roster({"X": [EVENING]}))
    assert found.detail["reason"] == "not_qualified"


UNARY = [may_work, absence, locks, night_before_clinic, christmas_and_new_year]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_mask_says_what_the_check_says_of_one_shift(data: st.DataObject) -> None:
    """For each GP and each shift of a dossier the quick reading is the reading of the rule."""
    dossier = data.draw(dossiers())
    shifts = data.draw(rosters(dossier)).shifts[:20]
    lineup = Lineup.of(shifts)
    for rule in UNARY:
        for gp in dossier.gps:
            alone = [not list(rule.check(dossier, a_roster({gp.id: [shift]}))) for shift in shifts]
            assert rule.mask(dossier, gp.id, lineup) == alone


def test_the_quick_reading_includes_both_dates() -> None:
    """At the edges of agreement and registration the mask says what the check says."""
    rows = (an_agreement("G1", valid_from=date(2027, 2, 2), valid_until=date(2027, 2, 5)),)
    dossier = a_dossier(a_gp("G1", registered_until=date(2027, 2, 4)), agreements=rows)
    lineup = Lineup.of([a_shift(f"2027-02-0{day}") for day in (1, 2, 3, 4, 5)])
    assert may_work.mask(dossier, "G1", lineup) == [False, True, True, True, False]
