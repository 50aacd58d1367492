"""What a publication would put in force, apart from any database."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.rosters.plan import Given, Held, Plan, plan_of
from scheduler.demand import shifts_of
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from tests.api.rosters.stage import small_dossier

DOSSIER = small_dossier(headcount=2)
SHIFTS = shifts_of(DOSSIER)[:12]
GPS = st.sampled_from([None, "a", "b", "c"])
DAYS = st.integers(-1, 7).map(lambda days: DOSSIER.period.start + timedelta(days=days))


@st.composite
def _duties(draw: st.DrawFn) -> list[Held]:
    """Some shifts in force, swapped or not, of this dossier or of another, worked or not."""
    chosen = draw(st.lists(st.sampled_from(SHIFTS), unique_by=lambda shift: shift.id))
    return [
        Held(shift, draw(GPS), draw(GPS), None, dossier_id=draw(st.integers(1, 2)), worked=draw(st.booleans()))
        for shift in chosen
    ]


@st.composite
def _rosters(draw: st.DrawFn) -> Roster:
    """Some of the shifts, with or without a GP."""
    shifts: list[Shift] = draw(st.lists(st.sampled_from(SHIFTS), unique_by=lambda shift: shift.id))
    chosen = {shift.id: draw(GPS) for shift in shifts}
    return Roster(shifts=tuple(shifts), gp_of={one: gp_id for one, gp_id in chosen.items() if gp_id is not None})


def _plan(duties: list[Held], roster: Roster, day: date) -> Plan:
    return plan_of(duties, roster, freeze_from=day, period=DOSSIER.period, dossier_id=1)


@given(_duties(), _rosters(), DAYS)
def test_what_starts_before_the_day_stays_and_the_rest_is_the_version(
    duties: list[Held], roster: Roster, day: date
) -> None:
    """Nothing is lost, nothing is twice: each duty is kept or replaced, each later shift of the version is given."""
    plan = _plan(duties, roster, day)
    assert {held.shift.id for held in plan.kept} == {held.shift.id for held in duties if held.shift.day < day}
    assert {*plan.replaced} == {held.shift.id for held in duties if held.shift.day >= day}
    assert {one: given.performer for one, given in plan.given.items()} == {
        shift.id: roster.gp_of.get(shift.id) for shift in roster.shifts if shift.day >= day
    }


@given(_duties(), _rosters(), DAYS)
def test_responsibility_moves_only_with_the_duty(duties: list[Held], roster: Roster, day: date) -> None:
    """Who keeps a duty leaves its responsibility where it was; who gets one takes it over."""
    before = {held.shift.id: held for held in duties}
    for shift_id, given_ in _plan(duties, roster, day).given.items():
        held = before.get(shift_id)
        stays = held is not None and held.performer == given_.performer
        assert given_.responsible == (held.responsible if held is not None and stays else given_.performer)


@given(_duties(), _rosters(), DAYS)
def test_no_worked_duty_changes_unseen(duties: list[Held], roster: Roster, day: date) -> None:
    """A plan either leaves every worked duty to its performer, or names it as rewritten."""
    plan = _plan(duties, roster, day)
    rewritten = {held.shift.id for held in plan.rewritten}
    for held in duties:
        if held.worked and held.shift.id not in rewritten:
            after: Given = plan.given.get(held.shift.id, held)
            assert after.performer == held.performer
            assert held in plan.kept or held.shift.id in plan.given


@given(_duties(), _rosters(), DAYS)
def test_counts_add_up(duties: list[Held], roster: Roster, day: date) -> None:
    """What was there, less what goes, plus what comes, is what is in force."""
    plan = _plan(duties, roster, day)
    counts = plan.counts()
    assert len(plan.replaced) - counts["removed"] + counts["added"] == counts["in_force"]
    assert counts["undone_swaps"] <= counts["changed"]


def test_duties_of_another_period_are_not_touched() -> None:
    """A publication for January leaves the duties of the dossier for February as they are."""
    far = SHIFTS[0].replace(
        id="avond/2027-02-01/1", start=SHIFTS[0].start + timedelta(days=31), end=SHIFTS[0].end + timedelta(days=31)
    )
    plan = _plan([Held(far, "a", "a", None, dossier_id=2)], Roster(shifts=SHIFTS), DOSSIER.period.start)
    assert [held.shift.id for held in plan.kept] == [far.id]
