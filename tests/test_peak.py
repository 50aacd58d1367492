"""Extra shifts: opened as demand like any other, with the standbys that can be called for them."""

from __future__ import annotations

from datetime import date, time

import pytest

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.errors import ExtraRefused
from scheduler.fair_shares import fair_shares
from scheduler.mend.run import mend
from scheduler.payout.duties import duties_of
from scheduler.peak import Extra, callable_standbys, open_extra, refill_of
from scheduler.standby import call_in
from tests.builders import agreement, dossier, gp, moment, roster, shift_type

WEEK = Period(start=date(2027, 6, 7), end=date(2027, 6, 13))
EVENING, STANDBY = "evening/2027-06-08/1", "standby/2027-06-08/1"


def _of() -> Dossier:
    kinds = [shift_type("evening"), shift_type("standby", role=Role.STANDBY)]
    roles = {Role.CONSULT, Role.STANDBY}
    return dossier([gp(n) for n in "ABC"], [agreement(n, roles=roles) for n in "ABC"], kinds, period=WEEK)


def _extra(*days: int, **fields: object) -> Extra:
    plain = {"post_id": "P", "role": Role.CONSULT, "start": time(18), "end": time(22)}
    return Extra(days=tuple(date(2027, 6, day) for day in days), **(plain | fields))


def test_extra_shifts_are_demand_like_any_other() -> None:
    """The shifts of the new dossier are those of the new roster, and nobody's duties change."""
    of = _of()
    before = roster(of, {EVENING: "A", STANDBY: "B"})
    opened = open_extra(of, before, [_extra(8, 9, 12, headcount=2)])
    assert opened.roster.shifts == shifts_of(opened.dossier)
    assert opened.roster.gp_of == before.gp_of
    assert [str(shift.day) for shift in opened.shifts] == [f"2027-06-{day:02}" for day in (8, 8, 9, 9, 12, 12)]
    assert len(opened.dossier.shift_types) == len(of.shift_types) + 2


def test_an_id_that_was_given_out_before_does_not_come_back() -> None:
    """Extra shifts that were closed again took their types with them; the next ones go on from the last number."""
    opened = open_extra(_of(), roster(_of()), [_extra(8)], last=7)
    assert [shift.id for shift in opened.shifts] == ["extra-8/2027-06-08/1"]


def test_the_fair_shares_hold_the_extra_hours() -> None:
    """Three times four hours more, an evening counted as evening and a Saturday as weekend."""
    of = _of()
    opened = open_extra(of, roster(of), [_extra(8, 9, 12)])
    more = {
        burden: sum(h for (_, b), h in fair_shares(opened.dossier, opened.roster.shifts).targets.items() if b is burden)
        - sum(h for (_, b), h in fair_shares(of, shifts_of(of)).targets.items() if b is burden)
        for burden in (Burden.EVENING, Burden.WEEKEND)
    }
    assert more == {Burden.EVENING: pytest.approx(8), Burden.WEEKEND: pytest.approx(4)}


def test_an_extra_night_ends_on_the_next_day() -> None:
    """From 23 to 8, also when the day is the last of the period."""
    of = _of()
    (shift,) = open_extra(of, roster(of), [_extra(13, start=time(23), end=time(8))]).shifts
    assert (shift.hours, shift.is_night) == (9.0, True)


def test_opening_twice_gives_other_shifts() -> None:
    """Ids are never used again."""
    of = _of()
    once = open_extra(of, roster(of), [_extra(8)])
    twice = open_extra(once.dossier, once.roster, [_extra(8)])
    assert {shift.id for shift in once.shifts}.isdisjoint(shift.id for shift in twice.shifts)
    assert twice.roster.shifts == shifts_of(twice.dossier)


def test_the_standbys_to_call_are_told_per_extra_shift() -> None:
    """B stands by on the eighth; on the ninth nobody does."""
    of = _of()
    opened = open_extra(of, roster(of, {EVENING: "A", STANDBY: "B"}), [_extra(8, 9)])
    found = {shift_id: [one.gp_id for one in those] for shift_id, those in callable_standbys(opened).items()}
    assert found == {"extra-1/2027-06-08/1": ["B"], "extra-1/2027-06-09/1": []}


def test_everything_wrong_is_told_at_once() -> None:
    """An unknown post, no days, and a day outside the period."""
    of = _of()
    with pytest.raises(ExtraRefused) as refused:
        open_extra(of, roster(of), [_extra(8, post_id="Z"), _extra(), _extra(14)])
    assert len(refused.value.objections) == 3


def test_a_standby_who_is_called_is_replaced_by_one_for_the_same_hours() -> None:
    """A falls ill at 19: B works 19-23 on call, and C stands by in the meantime, each hour paid once."""
    of = _of()
    before = roster(of, {EVENING: "A", STANDBY: "B"})
    call = call_in(before, EVENING, STANDBY, since=moment("2027-06-08T19:00"))
    opened = open_extra(of, before, [refill_of(before, call)])
    (refill,) = opened.shifts
    now = moment("2027-06-08T19:00")
    ill = Absence(gp_id="A", start=now, end=moment("2027-06-10"))
    result = mend(opened.dossier, opened.roster, away=[ill], vacated=[refill.id], since=now, beside=False)
    assert result.roster.gp_of == {EVENING: "A", STANDBY: "B", refill.id: "C"}
    assert (refill.start, refill.end) == (moment("2027-06-08T19:00"), moment("2027-06-08T23:00"))
    duties = duties_of(result.roster, call.actuals)
    standby = duties[duties["standby"]]
    assert sum((row.end - row.start).total_seconds() for row in standby.itertuples()) == 6 * 3600
