"""Explanations and couplings on whole dossiers, where these stand beside the project."""

from __future__ import annotations

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier import read_dossier
from scheduler.explain import drop_outs, explain_gp, explain_shift, structural_imbalances
from scheduler.explain.candidates import qualified
from scheduler.fair_shares import fair_shares
from scheduler.rules import RULES
from scheduler.rules.verdict import broken_by
from scheduler.trainees import couple_trainees, trainee_hours
from tests.shared_cases import shared_case, shared_case_names

SMALL = [name for name in shared_case_names() if name != "regio"]
pytestmark = pytest.mark.skipif(not SMALL, reason="no shared cases beside the project")


def partly_filled(dossier: Dossier) -> Roster:
    """Each trainer has every third shift, from the start, that no rule forbids; the rest is open."""
    roster = Roster(shifts=shifts_of(dossier))
    trainers = sorted({gp.trainer_gp_id for gp in dossier.gps if gp.trainer_gp_id})
    for number, shift in enumerate(roster.shifts):
        trainer = trainers[number // 3 % len(trainers)]
        if number % 3 == 0 and not broken_by(dossier, roster, trainer, shift):
            roster = roster.with_gp(shift.id, trainer)
    return roster


@pytest.fixture(scope="module", params=SMALL)
def case(request: pytest.FixtureRequest) -> tuple[Dossier, Roster]:
    """A dossier and a legal roster of its trainers, trainees beside them."""
    dossier = read_dossier(shared_case(request.param)).dossier
    return dossier, couple_trainees(dossier, partly_filled(dossier))


def test_trainees_are_coupled_within_every_rule(case: tuple[Dossier, Roster]) -> None:
    """No rule objects, and no trainee lacks more than the shortest shift of six hours."""
    dossier, roster = case
    assert not [violation for rule in RULES if rule.name != "coverage" for violation in rule.check(dossier, roster)]
    assert trainee_hours(dossier, roster)
    assert all(those.lacking_hours < 6 for those in trainee_hours(dossier, roster))


def test_the_cases_have_no_structural_imbalance(case: tuple[Dossier, Roster]) -> None:
    """Their fitted shares reach every total, and so does the explanation."""
    dossier, roster = case
    shares = fair_shares(dossier, roster.shifts)
    pools = [pool for pool in (shares.duty, shares.standby) if pool is not None]
    assert all(abs(pool.imbalance).max() < 1 for pool in pools)
    assert structural_imbalances(dossier, shares, roster.shifts) == ()


def test_every_gp_and_any_shift_can_be_explained(case: tuple[Dossier, Roster]) -> None:
    """A text for each class of doctor and for filled and open shifts; the numbers of GPs add up."""
    dossier, roster = case
    contracts = {gp.contract: gp.id for gp in dossier.gps}
    some = {*contracts.values(), *list(roster.by_gp)[:1]}
    assert all(explain_gp(dossier, roster, gp_id).text for gp_id in sorted(some))
    for shift in (*roster.unfilled[:2], *(roster.shift_by_id[shift_id] for shift_id in list(roster.gp_of)[:2])):
        found = explain_shift(dossier, roster, shift.id)
        others = len(qualified(dossier)) - (found.gp_id is not None)
        assert found.taker_count + sum(found.dropped.values()) == others
        assert sum(drop_outs(dossier, roster, [shift])[0].values()) == len(qualified(dossier))
