"""Who could take a shift, in which order, and why the others could not."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Absence, Wish, WishKind
from scheduler.domain.dossier import Lock
from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden
from scheduler.explain.candidates import qualified
from scheduler.rules import absence, may_work
from scheduler.rules.verdict import broken_by
from scheduler.swaps import Situation
from scheduler.swaps.candidates import rank
from tests.builders import moment
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift, an_agreement
from tests.strategies import dossiers, rosters

EVENING, DAY_AFTER = a_shift("2027-02-01"), a_shift("2027-02-02", "day")
FAR, FAR_AWAY = a_shift("2027-05-03"), a_shift("2027-05-04", post="P2")
BOTH_POSTS = frozenset({"P1", "P2"})


def test_the_one_furthest_below_the_share_comes_first() -> None:
    """Two shifts short before none short."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), a_gp("G3"))
    targets = {("G2", Burden.EVENING): 0.0, ("G3", Burden.EVENING): 12.0}
    found = rank(Situation.of(dossier, a_roster({"G1": [EVENING]}), targets), EVENING.id)
    assert [one.gp_id for one in found.candidates] == ["G3", "G2"]
    assert found.candidates[0].deviation == (-2.0, -1.0)
    assert (found.holder, found.excluded, found.holder_reasons) == ("G1", (), ())


def test_wishes_decide_between_equal_shares() -> None:
    """Who would rather be free comes after who would like to work."""
    times = {"start": moment("2027-02-01"), "end": moment("2027-02-02"), "weight": 5}
    wishes = [Wish(gp_id="G2", wish=WishKind.AVOID, **times), Wish(gp_id="G4", wish=WishKind.PREFER, **times)]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), a_gp("G3"), a_gp("G4"), wishes=wishes)
    found = rank(Situation.of(dossier, a_roster({"G1": [EVENING]}), {}), EVENING.id)
    assert [(one.gp_id, one.soft_total) for one in found.candidates] == [("G4", -5.0), ("G3", 0.0), ("G2", 5.0)]


def test_the_own_post_decides_where_share_and_wishes_do_not() -> None:
    """G2 does most hours at the other post; G3 has no duties and one post."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), a_gp("G3"))
    dossier = dossier.replace(agreements=[an_agreement("G1"), an_agreement("G2", posts=BOTH_POSTS), an_agreement("G3")])
    targets = {("G2", Burden.EVENING): 6.0}
    found = rank(Situation.of(dossier, a_roster({"G1": [EVENING], "G2": [FAR_AWAY]}), targets), EVENING.id)
    assert [(one.gp_id, one.at_own_post) for one in found.candidates] == [("G3", True), ("G2", False)]


def test_the_rest_is_listed_with_the_reason() -> None:
    """One away, one without rest, one for whom the shift is locked to another; trainees are not asked."""
    dossier = a_dossier(
        a_gp("G1"),
        a_gp("G2"),
        a_gp("G3"),
        a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"),
        absences=[Absence(gp_id="G2", start=moment("2027-02-01"), end=moment("2027-02-02"))],
    )
    roster = a_roster({"G1": [EVENING], "G3": [DAY_AFTER]})
    found = rank(Situation.of(dossier, roster, {}), EVENING.id)
    assert {one.gp_id: one.reasons[0].rule for one in found.excluded} == {"G2": "absence", "G3": "rest"}
    assert found.by_rule == {"absence": 1, "rest": 1}
    assert found.excluded[1].reasons[0].others == (DAY_AFTER.id,)
    locked = dossier.replace(locks=[Lock(shift_id=EVENING.id, gp_id="G1")], absences=[])
    reasons = {
        one.gp_id: [r.rule for r in one.reasons] for one in rank(Situation.of(locked, roster), EVENING.id).excluded
    }
    assert reasons == {"G2": ["locks"], "G3": ["rest", "locks"]}


def test_what_giving_it_away_breaks_is_told_apart() -> None:
    """The fourth of five nights cannot go to anybody."""
    nights = [a_shift(f"2027-02-0{day}", "night") for day in range(1, 6)]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), rules={"max_consecutive_nights": 5, "max_shifts_per_week": 7})
    found = rank(Situation.of(dossier, a_roster({"G1": nights}), {}), nights[3].id)
    assert [one.gp_id for one in found.candidates] == ["G2"]
    assert [one.rule for one in found.holder_reasons] == ["rest_after_series"]


def test_an_open_shift_has_no_holder_and_a_group_may_be_asked_alone() -> None:
    """Everyone who is qualified, or those of a group."""
    situation = Situation.of(a_dossier(a_gp("G1"), a_gp("G2")), a_roster({}, unfilled=[EVENING]), {})
    assert [one.gp_id for one in rank(situation, EVENING.id).candidates] == ["G1", "G2"]
    assert [one.gp_id for one in rank(situation, EVENING.id, among={"G2"}).candidates] == ["G2"]


def test_an_own_limit_far_away_counts() -> None:
    """Hours of the whole period, not of the weeks around the shift."""
    limits = [{"gp_id": "G2", "burden": None, "max_hours": 11.0}]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), limits=limits)
    found = rank(Situation.of(dossier, a_roster({"G1": [EVENING], "G2": [FAR]}), {}), EVENING.id)
    assert [[r.rule for r in one.reasons] for one in found.excluded] == [["own_limit"]]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_are_those_of_the_rules(data: st.DataObject) -> None:
    """Legal exactly when `broken_by` finds nothing, and with its reasons; unary rules, where broken, alone."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier, able=data.draw(st.booleans())).filter(lambda one: bool(one.shifts)))
    locked = data.draw(st.sampled_from(roster.shifts))
    dossier = dossier.replace(locks=[Lock(shift_id=locked.id, gp_id="G1")] if data.draw(st.booleans()) else [])
    situation = Situation.of(dossier, roster, {})
    for shift in (locked, *data.draw(st.lists(st.sampled_from(roster.shifts), max_size=6))):
        found = rank(situation, shift.id)
        told = {one.gp_id: [reason.violation for reason in one.reasons] for one in found.excluded}
        told |= {one.gp_id: [] for one in found.candidates}
        expected = {}
        for gp_id in set(qualified(dossier)) - {roster.gp_of.get(shift.id)}:
            broken = broken_by(dossier, roster, gp_id, shift)
            alone = [one for one in broken if one.rule in {may_work.NAME, absence.NAME}]
            expected[gp_id] = alone or list(broken)
        assert told == expected
        assert found.candidates == tuple(sorted(found.candidates, key=lambda one: one.rank))


def test_a_year_of_far_duties_answers_alike() -> None:
    """Duties months away make no difference to rules that look near, and are asked about all the same."""
    far = [a_shift(date(2027, month, 10)) for month in range(4, 12)]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    roster = a_roster({"G1": [EVENING], "G2": [DAY_AFTER, *far]})
    (excluded,) = rank(Situation.of(dossier, roster, {}), EVENING.id).excluded
    assert [one.violation for one in excluded.reasons] == list(broken_by(dossier, roster, "G2", EVENING))
