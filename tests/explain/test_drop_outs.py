"""Counts of who drops out of an open shift, and by which rule."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Limit
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import Period
from scheduler.explain import drop_outs
from scheduler.explain.candidates import first_broken, qualified
from scheduler.explain.drop_outs import AVAILABLE, told
from tests import builders
from tests.builders import agreement, gp, shift_type
from tests.explain.test_candidates import TUESDAY, crowd
from tests.strategies import dossiers, rosters

YEAR = Period(start=date(2026, 11, 30), end=date(2027, 12, 5))


def test_each_qualified_gp_is_counted_once_under_the_first_rule() -> None:
    """Away, rest, another role, no agreement, registration; trainees and juniors do not count."""
    dossier = crowd()
    roster = builders.roster(dossier, {"d/2027-01-05/1": "rested"})
    (counts,) = drop_outs(dossier, roster, [roster.shift_by_id[TUESDAY]])
    assert counts == {"may_work": 3, AVAILABLE: 2, "absence": 1, "rest": 1}
    assert sum(counts.values()) == len(qualified(dossier))


def test_reasons_are_told_most_first_and_without_those_available() -> None:
    """A list of drop-outs lists nobody who did not drop out."""
    assert told({"rest": 1, AVAILABLE: 9, "may_work": 3, "absence": 1}) == [
        ("may_work", 3),
        ("absence", 1),
        ("rest", 1),
    ]


def one_by_one(dossier: Dossier, roster: Roster, shift: Shift) -> Counter[str]:
    """The same counts from asking every rule about every GP and the whole period."""
    broken = (first_broken(dossier, roster, gp_id, shift) for gp_id in qualified(dossier))
    return Counter(AVAILABLE if found is None else found.rule for found in broken)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_counts_are_those_of_the_rules_own_checks(data: st.DataObject) -> None:
    """Asked of hundreds at once or one by one, filled shifts included: the same rules rule out as many GPs."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier, able=data.draw(st.booleans())))
    found = drop_outs(dossier, roster, roster.shifts)
    assert [dict(counts) for counts in found] == [dict(one_by_one(dossier, roster, s)) for s in roster.shifts]


@st.composite
def years(draw: st.DrawFn) -> tuple[Dossier, Roster]:
    """One GP with duties on some days of a year, limits that a few duties far apart reach, two of them open."""
    limits = RuleParameters(
        max_hours_per_4_weeks=draw(st.sampled_from((9.0, 18.0, 27.0))),
        max_weekends_in_5=draw(st.integers(0, 3)),
        max_consecutive_nights=draw(st.sampled_from((1, 3, 40))),
        rest_after_night_series_hours=draw(st.sampled_from((46.0, 24.0 * 60))),
        max_shifts_per_week=7,
    )
    most = draw(st.sampled_from((36.0, 90.0, 1000.0)))
    dossier = builders.dossier(
        [gp("A")], [agreement("A")], [shift_type("n", "23:00", "08:00")], period=YEAR, rules=limits,
        limits=[Limit(gp_id="A", burden=Burden.NIGHT, max_hours=most)],
    )  # fmt: skip
    start = draw(st.integers(0, 250))
    days = draw(st.sets(st.integers(start, start + 110), max_size=9)) | {
        start + n for n in range(draw(st.integers(0, 5)))
    }
    worked = {f"n/{YEAR.start + timedelta(days=day)}/1": "A" for day in days}
    return dossier, builders.roster(dossier, worked)


@settings(max_examples=25, deadline=None)
@given(case=years())
def test_no_rule_reaches_further_than_is_looked(case: tuple[Dossier, Roster]) -> None:
    """Over a year, with weekends and series months apart: what lies out of reach changes no count."""
    dossier, roster = case
    asked = roster.shifts[::3]
    found = drop_outs(dossier, roster, asked)
    assert [dict(counts) for counts in found] == [dict(one_by_one(dossier, roster, shift)) for shift in asked]
