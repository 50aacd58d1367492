"""The checker and the model say the same of every roster, rule by rule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.roster import Roster
from scheduler.model.build import ALL_RULES, build
from scheduler.model.rules import POST, PRUNE
from scheduler.rules import RULES
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.model.allowing import allows
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


@pytest.mark.parametrize("rule", ALL_RULES)
@PROPERTY
@given(data=st.data())
def test_what_is_given_outside_the_window_counts(rule: str, data: st.DataObject) -> None:
    """Beside given duties that keep the rule, the rest of a roster is allowed when the whole of it keeps the rule."""
    dossier = data.draw(dossiers())
    roster = own_trainers_only(dossier, data.draw(rosters(dossier, able=True)))
    rules = {rule, "no_overlap"} if rule in WITH_OVERLAP else {rule}
    given_ids = a_clean_part(data, dossier, roster, rules)
    clean = not any(True for name in rules for _ in CHECKS[name](dossier, roster))
    assert allows(dossier, roster, rules, given_ids) == clean


def a_clean_part(data: st.DataObject, dossier: Dossier, roster: Roster, rules: set[str]) -> frozenset[str]:
    """The ids of some filled shifts that by themselves break none of the rules."""
    chosen: list[str] = []
    for shift_id in data.draw(
        st.lists(st.sampled_from(sorted(roster.gp_of)), max_size=8) if roster.gp_of else st.just([])
    ):
        part = part_of(roster, {*chosen, shift_id})
        if not any(True for name in rules for _ in CHECKS[name](dossier, part)):
            chosen.append(shift_id)
    return frozenset(chosen)


def part_of(roster: Roster, ids: set[str]) -> Roster:
    """The roster of these shifts alone."""
    return Roster(
        shifts=tuple(shift for shift in roster.shifts if shift.id in ids),
        gp_of={i: gp for i, gp in roster.gp_of.items() if i in ids},
        trainee_of={i: gp for i, gp in roster.trainee_of.items() if i in ids},
    )


def test_a_window_beside_too_much_given_can_stay_open() -> None:
    """Given duties that break every limit already make no window infeasible: its shifts stay open."""
    nights = [a_shift(f"2027-02-0{day}", "night") for day in range(1, 7)]
    days = [a_shift(f"2027-02-0{day}", "day", number=2) for day in range(1, 7)]
    given = a_roster({"G1": [*nights, *days]})
    window = [a_shift("2027-02-04", "late", number=3), a_shift("2027-02-08", "night")]
    model = build(a_dossier(), window, given)
    model.model.minimize(sum(model.unfilled.values()))
    solver = cp_model.CpSolver()
    assert solver.solve(model.model) == cp_model.OPTIMAL
    assert model.roster(solver.boolean_value).gp_of == {}


def test_only_allowed_pairs_get_a_variable() -> None:
    """`allowed` narrows a window to the pairs that a caller has in mind; a GP who is not named gets none."""
    shifts = [a_shift("2027-02-01"), a_shift("2027-02-02")]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    model = build(dossier, shifts, allowed={"G2": frozenset({shifts[1].id})})
    assert set(model.x) == {(shifts[1].id, "G2")}


def test_a_hint_names_every_variable() -> None:
    """A hint from a legal roster is complete, and the solver finds nothing in it to mend."""
    weekends = [a_shift(f"2027-02-{day:02}", "day", number=n) for day in (6, 13, 20) for n in (1, 2)]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    model = build(dossier, weekends)
    model.hint(a_roster({"G1": weekends[:2:2], "G2": weekends[2:4:2]}, unfilled=weekends[1::2]))
    hint = model.model.proto.solution_hint
    assert len(set(hint.vars)) == len(model.model.proto.variables) - 1, "all but the constant"
    solver = cp_model.CpSolver()
    solver.parameters.fix_variables_to_their_hinted_value = True
    assert solver.solve(model.model) == cp_model.OPTIMAL
    assert model.roster(solver.boolean_value).gp_of == {weekends[0].id: "G1", weekends[2].id: "G2"}


def test_a_later_hint_takes_the_place_of_an_earlier_one() -> None:
    """Two hints of one variable would be an error to the solver."""
    shift = a_shift("2027-02-01")
    model = build(a_dossier(), [shift])
    model.hint(a_roster({}, unfilled=[shift]))
    model.hint(a_roster({"G1": [shift]}))
    hint = model.model.proto.solution_hint
    assert dict(zip(hint.vars, hint.values, strict=True))[model.x[shift.id, "G1"].index] == 1
    assert len(hint.vars) == len(set(hint.vars))
