"""The checker and the model say the same of every roster, rule by rule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.roster import Roster
from scheduler.model.build import ALL_RULES, build, trainees_of
from scheduler.model.rules import POST, PRUNE
from scheduler.rules import RULES
from tests.strategies import dossiers, rosters

CHECKS = {rule.name: rule.check for rule in RULES}
# Of shifts that start at the same moment the model lets one be taken, which is what no_overlap asks.
WITH_OVERLAP = {"rest_after_night", "rest_after_series"}
PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def own_trainers_only(dossier: Dossier, roster: Roster) -> Roster:
    """The roster without trainees beside somebody else: the model has no variable for them."""
    trainee_of = {
        shift_id: trainee_id
        for shift_id, trainee_id in roster.trainee_of.items()
        if dossier.gp_by_id[trainee_id].trainer_gp_id == roster.gp_of.get(shift_id)
    }
    return Roster(shifts=roster.shifts, gp_of=roster.gp_of, trainee_of=trainee_of)


def with_locks(data: st.DataObject, dossier: Dossier, roster: Roster) -> Dossier:
    """The dossier with a few locks, kept by the roster or not."""
    shift_ids = data.draw(st.lists(st.sampled_from([s.id for s in roster.shifts]), max_size=2, unique=True))
    gp_ids = [gp.id for gp in dossier.gps]
    return dossier.replace(
        locks=tuple(
            Lock(shift_id=i, gp_id=data.draw(st.sampled_from([roster.gp_of.get(i, gp_ids[0]), *gp_ids])))
            for i in shift_ids
        )
    )


def allows(dossier: Dossier, roster: Roster, rules: set[str], given_ids: frozenset[str] = frozenset()) -> bool:
    """Whether a model with only these rules can be this roster; the shifts of `given_ids` stand outside the window."""
    window = [shift for shift in roster.shifts if shift.id not in given_ids]
    model = build(dossier, window, roster, rules=rules, trainees=trainees_of(dossier))
    if not model.fix(roster.gp_of, roster.trainee_of):
        return False
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def test_every_rule_has_its_place_in_the_model() -> None:
    """A rule that is read but neither prunes nor posts would be broken by every solution."""
    assert {*POST, *PRUNE} == set(ALL_RULES)


@pytest.mark.parametrize("rule", ALL_RULES)
@PROPERTY
@given(data=st.data())
def test_a_model_with_one_rule_allows_a_roster_exactly_when_its_check_finds_nothing(
    rule: str, data: st.DataObject
) -> None:
    """Any roster, legal or not, is fixed in a model that holds this rule alone."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier, able=data.draw(st.booleans())))
    if rule != "trainee":
        roster = own_trainers_only(dossier, roster)
    if rule == "locks" and roster.shifts:
        dossier = with_locks(data, dossier, roster)
    rules = {rule, "no_overlap"} if rule in WITH_OVERLAP else {rule}
    clean = not any(True for name in rules for _ in CHECKS[name](dossier, roster))
    assert allows(dossier, roster, rules) == clean
