"""Standbys: who covers which shift, what a call gives to payment, and what it leaves without anyone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Post, Role
from scheduler.domain.roster import Roster
from scheduler.domain.time import HOUR, Period
from scheduler.errors import StandbyUnfit, UnknownSubject
from scheduler.payout.duties import duties_of
from scheduler.payout.mistaken import actual_mistakes
from scheduler.standby import call_in, standbys_for
from tests.builders import agreement, dossier, gp, moment, roster, shift_type

DAY = Period(start=date(2027, 6, 7), end=date(2027, 6, 8))
EVENING, NIGHT = "evening/2027-06-07/1", "night/2027-06-07/1"
STANDBY, NEAR, FAR = "standby/2027-06-07/1", "near/2027-06-07/1", "far/2027-06-07/1"
ROLES = {Role.CONSULT, Role.STANDBY}


def _of(**posts: set[str]) -> Dossier:
    """Evening 17-23 and night 23-8 at P; standby 17-23 and 20-8 at P, and 17-23 at Q."""
    names = "ABCDE"
    return dossier(
        [gp(name) for name in names],
        [agreement(name, roles=ROLES, posts=posts.get(name, {"P", "Q"})) for name in names],
        [
            shift_type("evening"),
            shift_type("night", "23:00", "08:00"),
            shift_type("standby", role=Role.STANDBY),
            shift_type("near", "20:00", "08:00", role=Role.STANDBY),
            shift_type("far", role=Role.STANDBY, post_id="Q"),
        ],
        period=DAY,
        posts=[Post(id="P", name="P", patients=1), Post(id="Q", name="Q", patients=1)],
    )


def _roster(of: Dossier) -> Roster:
    return roster(of, {EVENING: "A", NIGHT: "B", STANDBY: "C", NEAR: "D", FAR: "E"})


def test_the_longest_overlap_comes_first_and_the_same_post_before_another() -> None:
    """Two standbys of the whole block, one of the own post; a third for three of its hours."""
    of = _of()
    found = standbys_for(of, _roster(of), EVENING)
    assert [(one.gp_id, one.hours, one.is_whole, one.is_same_post) for one in found] == [
        ("C", 6.0, True, True),
        ("E", 6.0, True, False),
        ("D", 3.0, False, True),
    ]
    assert all(one.is_legal for one in found)


def test_a_standby_that_only_touches_the_shift_is_none() -> None:
    """The night begins when two of the three end."""
    of = _of()
    assert [one.gp_id for one in standbys_for(of, _roster(of), NIGHT)] == ["D"]


def test_who_may_not_do_the_shift_comes_last_with_the_rule() -> None:
    """C has no agreement for post P any more: D, who covers less of it, comes first."""
    of = _of(C={"Q"})
    found = standbys_for(of, _roster(of), EVENING)
    assert [one.gp_id for one in found] == ["E", "D", "C"]
    assert [violation.rule for violation in found[-1].violations] == ["may_work"]


def test_nobody_is_standby_for_the_own_shift_or_for_a_standby() -> None:
    """The GP who falls ill cannot be called, and an open standby has nobody to call."""
    of = _of()
    assert not standbys_for(of, _roster(of), STANDBY)
    without = _roster(of).with_gp(STANDBY, "A").with_gp(FAR, None)
    assert [one.gp_id for one in standbys_for(of, without, EVENING)] == ["D"]


def test_what_is_left_of_a_shift_is_what_counts() -> None:
    """At 21 o'clock, with some seconds, two hours are left and D covers them all."""
    of = _of()
    since = moment("2027-06-07T21:00").replace(second=42)
    assert {one.gp_id: (one.hours, one.is_whole) for one in standbys_for(of, _roster(of), EVENING, since=since)} == {
        name: (2.0, True) for name in "CDE"
    }
    assert not standbys_for(of, _roster(of), EVENING, since=moment("2027-06-07T23:00"))


def test_a_call_is_paid_as_duty_and_the_shift_itself_to_nobody() -> None:
    """C works 17-23 on call, A gets nothing, and no hour is counted twice."""
    of = _of()
    call = call_in(_roster(of), EVENING, STANDBY)
    assert not list(actual_mistakes(of, _roster(of), call.actuals))
    duties = duties_of(_roster(of), call.actuals)
    mine = duties[duties["shift_id"].isin([EVENING, STANDBY])]
    assert [(row.gp_id, row.standby, row.end - row.start) for row in mine.itertuples()] == [("C", False, 6 * HOUR)]
    assert not call.uncovered
    assert (call.to_refill.start, call.to_refill.end) == (moment("2027-06-07T17:00"), moment("2027-06-07T23:00"))


def test_a_call_that_covers_a_part_leaves_the_rest_of_both() -> None:
    """D covers 20-23 of the evening: 17-20 has nobody, and 23-8 stays standby."""
    of = _of()
    call = call_in(_roster(of), EVENING, NEAR)
    duties = duties_of(_roster(of), call.actuals)
    mine = duties[duties["gp_id"] == "D"].sort_values("start")
    assert [(row.standby, (row.end - row.start) / HOUR) for row in mine.itertuples()] == [(False, 3.0), (True, 9.0)]
    (span,) = call.uncovered
    assert (span.start, span.end) == (moment("2027-06-07T17:00"), moment("2027-06-07T20:00"))


def test_a_call_may_cover_the_whole_shift_beyond_the_standby() -> None:
    """D comes at 17 already; the standby to refill is still from 20."""
    of = _of()
    call = call_in(_roster(of), EVENING, NEAR, whole=True)
    assert not call.uncovered
    assert call.call_in.start == moment("2027-06-07T17:00")
    assert call.to_refill.start == moment("2027-06-07T20:00")
    assert not list(actual_mistakes(of, _roster(of), call.actuals))


def test_a_call_beyond_the_standby_is_judged_for_all_its_hours() -> None:
    """Till 20 C could come and still do the next day's shift at 8; until 23 there are nine hours of rest."""
    shifts = [
        shift_type("evening"), shift_type("early", role=Role.STANDBY, end="20:00"),
        shift_type("morning", "08:00", "12:00"),
    ]  # fmt: skip
    of = dossier([gp("A"), gp("C")], [agreement(name, roles=ROLES) for name in "AC"], shifts, period=DAY)
    given = roster(of, {EVENING: "A", "early/2027-06-07/1": "C", "morning/2027-06-08/1": "C"})
    (part,), (whole,) = (standbys_for(of, given, EVENING, whole=one) for one in (False, True))
    assert (part.hours, part.is_whole, part.is_legal) == (3.0, False, True)
    assert (whole.hours, whole.is_whole, [one.rule for one in whole.violations]) == (6.0, True, ["rest"])


def test_who_falls_ill_during_a_shift_is_paid_up_to_then() -> None:
    """A worked 17-19; C works the other four hours."""
    of = _of()
    call = call_in(_roster(of), EVENING, STANDBY, since=moment("2027-06-07T19:00"))
    duties = duties_of(_roster(of), call.actuals)
    worked = {(row.gp_id, row.standby): (row.end - row.start) / HOUR for row in duties.itertuples()}
    assert (worked["A", False], worked["C", False], worked["C", True]) == (2.0, 4.0, 2.0)


@pytest.mark.parametrize("standby_id", [FAR, NIGHT, "standby/2027-06-08/1"])
def test_what_cannot_be_called_is_refused(standby_id: str) -> None:
    """An open standby, a shift that is none, a standby of another day."""
    of = _of()
    with pytest.raises(StandbyUnfit):
        call_in(_roster(of).with_gp(FAR, None), EVENING, standby_id)


def test_who_is_ill_cannot_be_called_for_the_own_shift() -> None:
    """One GP with both."""
    of = _of()
    with pytest.raises(StandbyUnfit):
        call_in(_roster(of).with_gp(STANDBY, "A"), EVENING, STANDBY)


def test_an_unknown_shift_is_refused() -> None:
    """By its id."""
    of = _of()
    with pytest.raises(UnknownSubject):
        standbys_for(of, _roster(of), "no/1")


@given(st.integers(0, 24 * 60), st.sampled_from((EVENING, NIGHT)), st.sampled_from((STANDBY, NEAR, FAR)), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_hour_of_the_shift_and_the_standby_is_accounted_for_once(
    minute: int, shift_id: str, standby_id: str, whole: bool
) -> None:
    """Worked before, covered by the call, and uncovered make up the shift; call and rest make up the standby."""
    of = _of()
    before = _roster(of)
    shift, standby = before.shift_by_id[shift_id], before.shift_by_id[standby_id]
    since = moment("2027-06-07T12:00") + minute * HOUR / 60
    try:
        call = call_in(before, shift_id, standby_id, since=since, whole=whole)
    except StandbyUnfit:
        assert not any(one.standby_id == standby_id for one in standbys_for(of, before, shift_id, since=since))
        return
    assert not list(actual_mistakes(of, before, call.actuals))
    duties = duties_of(before, call.actuals)
    called = (call.call_in.ends_at - call.call_in.starts_at) / HOUR
    worked = (call.worked.ends_at - call.worked.starts_at) / HOUR
    uncovered = sum((span.ends_at - span.starts_at) / HOUR for span in call.uncovered)
    assert worked + called + uncovered == pytest.approx(shift.hours)
    rest = duties[(duties["shift_id"] == standby_id) & duties["standby"]]
    idle = sum((row.end - row.start) / HOUR for row in rest.itertuples())
    refill = (call.to_refill.ends_at - call.to_refill.starts_at) / HOUR
    assert idle + refill == pytest.approx(standby.hours)
