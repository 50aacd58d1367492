"""Whether one GP may take one shift."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.rules import RULES
from scheduler.rules.verdict import broken_by, broken_by_each
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.strategies import dossiers, rosters

EVENING, DAY_AFTER = a_shift("2027-02-01"), a_shift("2027-02-02", "day")


def test_a_free_gp_may_take_a_shift() -> None:
    """Nothing is broken by it."""
    assert broken_by(a_dossier(), a_roster({}, unfilled=[EVENING]), "G1", EVENING) == ()


def test_what_breaks_is_told() -> None:
    """The day shift leaves nine hours of rest after the evening."""
    roster = a_roster({"G1": [EVENING]}, unfilled=[DAY_AFTER])
    assert [violation.rule for violation in broken_by(a_dossier(), roster, "G1", DAY_AFTER)] == ["rest"]


def test_what_was_broken_before_does_not_count() -> None:
    """A GP whose duties break a rule elsewhere may still take a shift far away."""
    roster = a_roster({"G1": [EVENING, DAY_AFTER]})
    assert broken_by(a_dossier(), roster, "G1", a_shift("2027-05-03")) == ()


def test_a_shift_that_the_gp_has_is_judged_as_if_taken_now() -> None:
    """Asked about an own shift, the answer tells what it breaks."""
    roster = a_roster({"G1": [EVENING, DAY_AFTER]})
    assert [violation.rule for violation in broken_by(a_dossier(), roster, "G1", DAY_AFTER)] == ["rest"]


def test_every_doctor_is_asked() -> None:
    """The batch answers for each GP of the dossier or for those named."""
    dossier = a_dossier(a_gp("G1"), a_gp("G2"))
    roster = a_roster({"G1": [EVENING]}, unfilled=[DAY_AFTER])
    assert {gp_id: bool(found) for gp_id, found in broken_by_each(dossier, roster, DAY_AFTER).items()} == {
        "G1": True,
        "G2": False,
    }
    assert set(broken_by_each(dossier, roster, DAY_AFTER, ["G2"])) == {"G2"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_clean_answer_keeps_a_clean_roster_clean(data: st.DataObject) -> None:
    """Given shift by shift to who may take them, a roster breaks no rule but coverage."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier)).replace(gp_of={}, trainee_of={})
    for shift in roster.shifts[:12]:
        gp_id = data.draw(st.sampled_from([gp.id for gp in dossier.gps]))
        if not broken_by(dossier, roster, gp_id, shift):
            roster = roster.with_gp(shift.id, gp_id)
    assert {violation.rule for rule in RULES for violation in rule.check(dossier, roster)} <= {"coverage"}
