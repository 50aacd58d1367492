"""Dates of phases, the phase at a moment, reminders, and how much may be given back: plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.planning.allowance import allowance_of
from api.planning.phases import Dates, Phase, due_reminder, objections, phase_at
from tests.api.planning.stage import PHASES, START, WEEK, opening
from tests.builders import moment

PLAN = {
    Phase(name): Dates(opening(name), None if name == "published" else opening(name) + WEEK) for name in PHASES
}  # fmt: skip


def _at(when: datetime, **known: bool) -> Phase | None:
    return phase_at(PLAN, when, has_draft=known.get("has_draft", True), assigned=known.get("assigned", True))


@pytest.mark.parametrize("name", PHASES)
def test_a_phase_holds_from_its_opening_until_its_close(name: str) -> None:
    """The moment of opening belongs to it, the moment of closing to the next."""
    assert _at(opening(name)) is Phase(name)
    before = None if name == PHASES[0] else Phase(PHASES[PHASES.index(name) - 1])
    assert _at(opening(name) - timedelta(seconds=1)) is before


def test_the_making_lasts_until_there_is_a_draft() -> None:
    """Whatever the dates say, nothing can be shown that was not made."""
    assert _at(opening("closing"), has_draft=False) is Phase.MAKING
    assert _at(opening("making") - timedelta(seconds=1), has_draft=False) is Phase.REGISTRATION


def test_the_closing_lasts_until_everything_was_assigned() -> None:
    """The date of publication waits for it, unless the closing is skipped."""
    assert _at(opening("published"), assigned=False) is Phase.CLOSING
    without = PLAN | {Phase.CLOSING: replace(PLAN[Phase.CLOSING], skipped=True)}
    assert phase_at(without, opening("published"), has_draft=True, assigned=False) is Phase.PUBLISHED


def test_between_two_phases_there_is_none() -> None:
    """A skipped phase leaves a gap in which nothing can be done."""
    gap = PLAN | {Phase.FREE_LOCUMS: replace(PLAN[Phase.FREE_LOCUMS], skipped=True)}
    assert phase_at(gap, opening("free_locums"), has_draft=True, assigned=False) is None


def test_sound_dates_meet_no_objection() -> None:
    """Phases may follow each other at once."""
    assert list(objections(PLAN)) == []


def test_every_mistake_in_the_dates_is_told() -> None:
    """Missing, backwards, overlapping, without a close, with one too many, and skipped where that cannot be."""
    late = replace(PLAN[Phase.REGISTRATION], closes_at=opening("making") + timedelta(seconds=1))
    wrong = {
        Phase.REGISTRATION: late,
        Phase.MAKING: replace(PLAN[Phase.MAKING], skipped=True),
        Phase.DRAFT_PUBLISHED: replace(PLAN[Phase.DRAFT_PUBLISHED], closes_at=None),
        Phase.CLOSING: replace(PLAN[Phase.CLOSING], closes_at=START),
        Phase.PUBLISHED: replace(PLAN[Phase.PUBLISHED], closes_at=opening("published") + WEEK),
    }
    assert {phase for phase, _ in objections(wrong)} == set(Phase) - {Phase.REGISTRATION}
    overlapping = PLAN | {Phase.REGISTRATION: late}
    assert [phase for phase, _ in objections(overlapping)] == [Phase.MAKING]


def test_reminders_count_days_of_the_local_calendar() -> None:
    """The clocks go back on 25 October 2026: two days before Monday 18:00 is Saturday 18:00."""
    dates = Dates(moment("2026-10-01"), moment("2026-10-26T18:00"))
    due = moment("2026-10-24T18:00")
    assert due_reminder([7, 2], dates, due - timedelta(seconds=1)) == 7
    assert due_reminder([7, 2], dates, due) == 2
    assert due_reminder([7, 2], dates, moment("2026-10-26T18:00")) is None


def test_no_reminder_is_due_for_a_day_not_after_the_opening() -> None:
    """Who could not hand in yet is reminded of nothing."""
    dates = Dates(moment("2026-10-01"), moment("2026-10-04"))
    assert due_reminder([7], dates, moment("2026-10-02")) is None
    assert due_reminder([3], dates, moment("2026-10-03")) is None
    assert due_reminder([2], dates, moment("2026-10-03")) == 2


@dataclass(frozen=True)
class _Step:
    kind: str
    shift_id: str
    minutes: int


def _given(shift_id: str, minutes: int) -> _Step:
    return _Step("given_back", shift_id, minutes)


def _picked(shift_id: str, minutes: int) -> _Step:
    return _Step("picked_up", shift_id, minutes)


@given(st.decimals(0, 100, places=2), st.integers(1, 60_000), st.integers(0, 5_000))
def test_a_shift_may_go_up_to_the_percentage_and_not_a_minute_more(percent: Decimal, own: int, given: int) -> None:
    """The largest whole number of minutes within the percentage may go, one more may not."""
    steps = [_given("x", given)] if given else []
    allowance = allowance_of(percent, own - given, steps)
    most = int(percent * own // 100) - given
    assert allowance.own_minutes == own
    assert allowance.permits("y", most) is True
    assert allowance.permits("y", most + 1) is False


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(60, 900)), max_size=8, unique_by=lambda one: one[0]))
def test_what_is_given_back_and_taken_again_counts_for_nothing(shifts: list[tuple[str, int]]) -> None:
    """Both ways round, and whatever the GP has now."""
    there = [step for shift, minutes in shifts for step in (_given(shift, minutes), _picked(shift, minutes))]
    back = [step for shift, minutes in shifts for step in (_picked(shift, minutes), _given(shift, minutes))]
    for steps in (there, back):
        found = allowance_of(Decimal(10), 6000, steps)
        assert (found.own_minutes, found.given_minutes) == (6000, 0)


def test_a_shift_that_was_picked_up_may_go_whatever_was_given_back() -> None:
    """It was never among the own hours."""
    found = allowance_of(Decimal(0), 6360, [_picked("x", 360)])
    assert (found.own_minutes, found.permits("x", 360), found.permits("y", 360)) == (6000, True, False)
