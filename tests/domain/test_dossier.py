"""What belongs to one GP in a dossier, and what a changed copy keeps."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from scheduler.domain.availability import Absence, Limit, PastHoliday, Preference, Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

SPRING = agreement("A", valid_until=date(2027, 6, 30))
AUTUMN = agreement("A", valid_from=date(2027, 9, 1), contract=Contract.SALARIED)
TRAINING = agreement("T", contract=Contract.TRAINEE)


def dossier() -> Dossier:
    """GP A with a gap between two agreements, B without any, trainee T."""
    return builders.dossier(
        [gp("A"), gp("B"), gp("T", Contract.TRAINEE)],
        [SPRING, TRAINING, AUTUMN],
        [shift_type("e")],
        absences=[Absence(gp_id="A", start=moment("2027-01-04"), end=moment("2027-01-05"))],
        wishes=[Wish(gp_id="B", start=moment("2027-07-04"), end=moment("2027-07-05"), wish=WishKind.AVOID, weight=1)],
        limits=[Limit(gp_id="A", burden=None, max_hours=9), Limit(gp_id="A", burden=Burden.NIGHT, max_hours=8)],
        past_holidays=[PastHoliday(gp_id="B", date=date(2026, 12, 25)), PastHoliday(gp_id="B", date=date(2026, 5, 5))],
    )


def test_what_belongs_to_a_gp_is_found_under_the_gp() -> None:
    """In the order of the dossier; who has nothing is not there."""
    found = dossier()
    assert found.gp_by_id["B"] == gp("B")
    assert found.practice_by_id["PR"].patients == 2_000
    assert found.agreements_by_gp == {"A": (SPRING, AUTUMN), "T": (TRAINING,)}
    assert list(found.absences_by_gp) == ["A"]
    assert list(found.wishes_by_gp) == ["B"]
    assert [limit.burden for limit in found.limits_by_gp["A"]] == [None, Burden.NIGHT]
    assert found.past_holidays_by_gp == {"B": {date(2026, 12, 25), date(2026, 5, 5)}}


def test_the_agreement_of_a_day() -> None:
    """The one that covers it; none in a gap, without agreement, or for who may not be on duty alone."""
    found = dossier()
    assert found.agreement_on("A", date(2027, 6, 30)) == SPRING
    assert found.agreement_on("A", date(2027, 7, 1)) is None
    assert found.agreement_on("A", date(2027, 9, 1)) == AUTUMN
    assert found.agreement_on("B", date(2027, 6, 30)) is None
    assert found.agreement_on("T", date(2027, 6, 30)) is None


def test_a_changed_copy_looks_things_up_afresh() -> None:
    """The copy knows its own agreements, and the first dossier keeps its own."""
    first = dossier()
    assert first.agreement_on("A", date(2027, 6, 30)) == SPRING
    second = first.replace(agreements=(AUTUMN,))
    assert second.agreement_on("A", date(2027, 6, 30)) is None
    assert first.agreement_on("A", date(2027, 6, 30)) == SPRING


def test_values_cannot_change_and_are_checked_when_copied() -> None:
    """A frozen value, its bounds and its fields."""
    liking = Preference(gp_id="A", burden=Burden.NIGHT, factor=4)
    with pytest.raises(ValidationError, match="frozen"):
        liking.factor = 2  # type: ignore[misc]
    with pytest.raises(ValidationError):
        liking.replace(factor=4.01)
    with pytest.raises(ValidationError):
        liking.replace(colour="blue")
    assert liking.replace(factor=0.25) == Preference(gp_id="A", burden=Burden.NIGHT, factor=0.25)


def test_a_dossier_goes_through_json_and_back() -> None:
    """Nothing is lost, zones included."""
    first = dossier()
    again = Dossier.model_validate_json(first.model_dump_json())
    assert again == first
    assert again.absences[0].interval == first.absences[0].interval


def test_intervals_are_in_utc() -> None:
    """So that a comparison is one of elapsed time."""
    found = dossier()
    assert found.absences[0].interval[0].isoformat() == "2027-01-03T23:00:00+00:00"
    assert found.wishes[0].interval[1].isoformat() == "2027-07-04T22:00:00+00:00"


def test_a_dossier_is_logged_without_names() -> None:
    """Its id, period and size."""
    assert str(dossier()) == "test 2027-01-01..2027-01-31: 3 GPs"
