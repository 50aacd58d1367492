"""What can stand in the way: never too little, or a bound would claim too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period
from scheduler.mend.reach import in_the_way, loses_nothing
from scheduler.rules import RULES, coverage
from tests.builders import agreement, dossier, gp, shift_type
from tests.strategies import dossiers, shift_sets

DAYS = Period(start=date(2027, 6, 7), end=date(2027, 8, 1))


def _breaks(of: Dossier, gp_id: str, shifts: Sequence[Shift]) -> bool:
    alone = Roster(shifts=tuple(shifts), gp_of={shift.id: gp_id for shift in shifts})
    return any(True for rule in RULES if rule.name != coverage.NAME for _ in rule.check(of, alone))


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_shift_that_has_to_go_for_another_was_in_its_way(data: st.DataObject) -> None:
    """Whatever a GP has: where a further shift breaks a rule with one of these and not without it."""
    of = data.draw(dossiers().filter(lambda one: bool(shifts_of(one))))
    gp_id = data.draw(st.sampled_from([one.id for one in of.gps]))
    own = list(data.draw(shift_sets(of)))
    while own and _breaks(of, gp_id, own):
        own.pop()
    other = data.draw(st.sampled_from(shifts_of(of)))
    assume(own and other not in own)
    limits = of.limits_by_gp.get(gp_id, ())
    if _breaks(of, gp_id, [*own, other]):
        for one in own:
            if not _breaks(of, gp_id, [*(rest for rest in own if rest != one), other]):
                assert in_the_way(of.rules, limits, one, other)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_who_keeps_every_rule_still_does_with_a_shift_less(data: st.DataObject) -> None:
    """As long as no five nights in a row are allowed."""
    of = data.draw(dossiers().filter(lambda one: bool(shifts_of(one)) and loses_nothing(one.rules)))
    gp_id = data.draw(st.sampled_from([one.id for one in of.gps]))
    own = list(data.draw(shift_sets(of)))
    while own and _breaks(of, gp_id, own):
        own.pop()
    assume(own)
    gone = data.draw(st.sampled_from(own))
    assert not _breaks(of, gp_id, [shift for shift in own if shift != gone])


def test_with_five_nights_in_a_row_a_shift_less_may_break_a_rule() -> None:
    """Of five nights the fourth gone: the fifth comes too soon after a series of three."""
    of = dossier(
        [gp("A")],
        [agreement("A")],
        [shift_type("night", "23:00", "08:00")],
        period=DAYS,
        rules=RuleParameters(max_consecutive_nights=5, max_shifts_per_week=7),
    )
    nights = list(shifts_of(of)[:5])
    assert not loses_nothing(of.rules)
    assert not _breaks(of, "A", nights)
    assert _breaks(of, "A", [*nights[:3], nights[4]])


@pytest.mark.parametrize(("days", "expected"), [(27, True), (28, False)])
def test_four_weeks_reach_as_far_as_the_rule(days: int, expected: bool) -> None:
    """Two evenings on weekdays, at the edge of 28 days."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("evening")], period=DAYS)
    shifts = shifts_of(of)
    assert in_the_way(of.rules, (), shifts[0], shifts[days]) is expected


@pytest.mark.parametrize(("days", "expected"), [(28, True), (35, False)])
def test_weekends_reach_five_weeks(days: int, expected: bool) -> None:
    """Two Saturdays, the fifth and the sixth of a row."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("evening")], period=DAYS)
    shifts = shifts_of(of)
    assert in_the_way(of.rules, (), shifts[5], shifts[5 + days]) is expected


def test_standby_is_in_the_way_of_what_it_overlaps_only() -> None:
    """No rule but overlap minds standby."""
    of = dossier([gp("A")], [agreement("A")], [shift_type("evening"), shift_type("standby", role=Role.STANDBY)])
    evening, standby, later = (
        next(shift for shift in shifts_of(of) if shift.id == one)
        for one in ("evening/2027-01-04/1", "standby/2027-01-04/1", "standby/2027-01-05/1")
    )
    assert in_the_way(of.rules, (), standby, evening)
    assert not in_the_way(of.rules, (), later, evening)
