"""Trainees beside their trainers."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.people import Contract, Role
from scheduler.domain.shift import Shift
from scheduler.rules import trainee
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift, an_agreement

EVENING = a_shift("2027-02-01")
THREE = [EVENING, a_shift("2027-02-03"), a_shift("2027-02-05")]


def reasons(
    *shifts: Shift, trainer: str = "G1", on: str = "G1", until: date | None = None, **agreement: Any
) -> list[Any]:
    """Why trainee `T1` of `trainer` may not stand beside `on` on these shifts."""
    gps = (a_gp("G1"), a_gp("G2"), a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1", registered_until=until))
    rows = (an_agreement("G1"), an_agreement("G2"), an_agreement("T1", Contract.TRAINEE, **agreement))
    roster = a_roster({on: shifts}, trainees={shift.id: "T1" for shift in shifts})
    return [violation.detail["reason"] for violation in trainee.check(a_dossier(*gps, agreements=rows), roster)]


def test_beside_the_own_trainer_is_allowed() -> None:
    """The smallest case that holds."""
    assert reasons(EVENING) == []


def test_beside_somebody_else_is_not() -> None:
    """The trainer must be the own one."""
    assert reasons(EVENING, on="G2") == ["not_own_trainer"]


@pytest.mark.parametrize("trainer", ["G1", None])
def test_on_an_open_shift_is_not(trainer: str | None) -> None:
    """Without a GP there is nobody to stand beside, and who has no trainer stands beside nobody."""
    dossier = a_dossier(a_gp("G1"), a_gp("T1", Contract.TRAINEE, trainer_gp_id=trainer))
    (found,) = trainee.check(dossier, a_roster({}, unfilled=[EVENING], trainees={EVENING.id: "T1"}))
    assert found.detail["reason"] == "not_own_trainer"


@pytest.mark.parametrize("contract", [Contract.JUNIOR, Contract.LOCUM])
def test_only_a_trainee_stands_beside_a_gp(contract: Contract) -> None:
    """A junior never, and a GP has no need to."""
    dossier = a_dossier(a_gp("G1"), a_gp("X", contract, trainer_gp_id="G1"))
    (found,) = trainee.check(dossier, a_roster({"G1": [EVENING]}, trainees={EVENING.id: "X"}))
    assert found.detail["reason"] == "no_trainee"


@pytest.mark.parametrize(
    "agreement",
    [
        {"valid_until": date(2027, 1, 31)},
        {"posts": frozenset({"P2"})},
        {"roles": frozenset({Role.VISIT})},
    ],
)
def test_the_shift_lies_within_the_trainees_agreement(agreement: dict[str, Any]) -> None:
    """Day, post and role, as for a GP."""
    assert reasons(EVENING, **agreement) == ["outside_agreement"]


def test_a_trainee_may_be_exempt_from_nights() -> None:
    """Then only nights are ruled out."""
    assert reasons(EVENING, nights=False) == []
    assert reasons(a_shift("2027-02-01", "night"), nights=False) == ["outside_agreement"]


def test_registration_holds_for_a_trainee() -> None:
    """After its end there is no training."""
    assert reasons(EVENING, until=date(2027, 2, 1)) == []
    assert reasons(EVENING, until=date(2027, 1, 31)) == ["outside_agreement"]


@pytest.mark.parametrize(("hours", "expected"), [(17.75, ["hours"]), (18.0, []), (18.25, [])])
def test_the_agreed_hours_are_the_most(hours: float, expected: list[str]) -> None:
    """Three evenings are eighteen hours."""
    assert reasons(*THREE, hours=hours) == expected
