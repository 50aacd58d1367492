"""Replacements, splits, cuts and call-ins take the place of what was planned."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.errors import DossierError
from scheduler.payout import Actuals, Stretch, payable
from scheduler.payout.duties import duties_of
from tests.payout.paying import BY_NATIONAL, by_kind, due, hds, rostered, shift, stretch

EVENING = shift("2024-01-10T17:00", "2024-01-10T23:00")
STANDBY = shift("2024-01-10T23:00", "2024-01-11T08:00", Role.STANDBY)
ROSTER = rostered([EVENING, STANDBY])


def refused(
    worked: tuple[Stretch, ...] = (), call_ins: tuple[Stretch, ...] = ()
) -> list[tuple[str, int | None, str | None]]:
    """File, line and column of each mistake in these rows."""
    with pytest.raises(DossierError) as error:
        payable(hds(), ROSTER, BY_NATIONAL, Actuals(worked=worked, call_ins=call_ins))
    return [(mistake.file, mistake.line, mistake.column) for mistake in error.value.mistakes]


def row(gp_id: str, start: str, end: str, line: int = 2) -> Stretch:
    """A row about the evening."""
    return stretch(EVENING, gp_id, f"2024-01-10T{start}", f"2024-01-10T{end}", line)


def call(gp_id: str, start: str, end: str, line: int = 2) -> Stretch:
    """A call-in during the standby night."""
    return stretch(STANDBY, gp_id, start, end, line)


def test_a_replacement_is_paid_instead_of_the_planned_gp() -> None:
    """C came for A."""
    lines = due(rostered([EVENING]), worked=[row("C", "17:00", "23:00")])
    assert set(lines["gp_id"]) == {"C"}


def test_a_shift_cut_short_is_paid_for_its_hours() -> None:
    """Home at 21:30."""
    assert by_kind(due(rostered([EVENING]), worked=[row("A", "18:00", "21:30")])) == {"evening": (3.5, 37611)}


@pytest.mark.parametrize("nobody", [row("", "17:00", "23:00"), row("A", "17:00", "17:00")])
def test_a_shift_that_was_not_worked_is_not_paid(nobody: Stretch) -> None:
    """A row without GP, or without length."""
    assert due(rostered([EVENING]), worked=[nobody]).empty


def test_an_unfilled_shift_is_not_paid_and_told() -> None:
    """Nobody to pay; unless worked.csv says who came."""
    found = payable(hds(), Roster(shifts=(EVENING,)), BY_NATIONAL)
    assert found.lines.empty
    assert [notice.code for notice in found.notices] == ["payout_unfilled"]
    told = payable(hds(), Roster(shifts=(EVENING,)), BY_NATIONAL, Actuals(worked=[row("C", "17:00", "23:00")]))
    assert len(told.lines) == 2
    assert not told.notices


def test_only_the_asked_days_are_paid_and_a_night_belongs_to_its_first() -> None:
    """The standby night starts on the 10th."""
    assert len(payable(hds(), ROSTER, BY_NATIONAL, days=frozenset({date(2024, 1, 10)})).lines) == 3
    assert payable(hds(), ROSTER, BY_NATIONAL, days=frozenset({date(2024, 1, 11)})).lines.empty


def test_a_call_in_may_run_on_after_the_standby() -> None:
    """The patient of 07:30 takes until 08:30; the working morning after eight has the local rate."""
    lines = due(rostered([STANDBY]), call_ins=[call("A", "2024-01-11T07:30", "2024-01-11T08:30")])
    assert by_kind(lines) == {"standby": (8.5, 12750), "night": (0.5, 7027), "early_evening": (0.5, 4000)}


def test_a_call_in_over_both_halves_of_a_split_standby_is_paid_once() -> None:
    """One GP, two rows of worked.csv that touch."""
    halves = [
        stretch(STANDBY, "A", "2024-01-10T23:00", "2024-01-11T03:00"),
        stretch(STANDBY, "A", "2024-01-11T03:00", "2024-01-11T08:00"),
    ]
    lines = due(rostered([STANDBY]), worked=halves, call_ins=[call("A", "2024-01-11T02:00", "2024-01-11T04:00")])
    assert by_kind(lines) == {"standby": (7, 10500), "night": (2, 28106)}


MOMENTS = st.integers(0, 9 * 60)


@settings(deadline=None)
@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=4))
def test_standby_and_call_ins_together_fill_the_night_once(spans: list[tuple[int, int]]) -> None:
    """Call-ins that do not overlap: every minute of the night is paid exactly once."""
    minute = timedelta(minutes=1)
    cuts = sorted({moment for span in spans for moment in span})
    calls = [
        Stretch(
            shift_id=STANDBY.id, gp_id="A", start=STANDBY.starts_at + minute * a, end=STANDBY.starts_at + minute * b
        )
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    paid = duties_of(rostered([STANDBY]), Actuals(call_ins=calls)).sort_values("start")
    assert paid["start"].iloc[0] == STANDBY.starts_at
    assert paid["end"].iloc[-1] == STANDBY.ends_at
    assert (paid["end"].iloc[:-1].to_numpy() == paid["start"].iloc[1:].to_numpy()).all()
    active = paid[~paid["standby"]]
    called = (active["end"] - active["start"]).sum() // minute
    assert called == sum(b - a for a, b in zip(cuts[::2], cuts[1::2], strict=False))


def test_an_hour_of_a_shift_cannot_be_paid_to_two_gps() -> None:
    """A until 20:00 and C from 19:59; from 20:00 would be fine."""
    assert refused(worked=(row("A", "17:00", "20:00", 2), row("C", "19:59", "23:00", 3))) == [
        ("worked.csv", 3, "start")
    ]


def test_call_ins_of_one_gp_cannot_overlap() -> None:
    """Also across two standby shifts."""
    calls = (call("A", "2024-01-11T01:00", "2024-01-11T02:00", 2), call("A", "2024-01-11T01:59", "2024-01-11T03:00", 3))
    assert refused(call_ins=calls) == [("call_ins.csv", 3, "start")]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (row("X", "17:00", "23:00"), "gp_id"),
        (row("A", "23:00", "17:00"), "end"),
        (row("A", "10:00", "17:00"), "start"),
        (row("A", "17:00", "23:00").replace(shift_id="elders/2024-01-10/1"), "shift_id"),
        (stretch(EVENING, "A", "2024-01-10T17:00", "2024-01-11T17:01", 2), "end"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(wrong: Stretch, column: str) -> None:
    """An unknown GP or shift, an end before the start, another time than the shift, more than a day."""
    assert refused(worked=(wrong,)) == [("worked.csv", 2, column)]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (call("C", "2024-01-11T01:00", "2024-01-11T02:00"), "gp_id"),
        (call("A", "2024-01-11T09:00", "2024-01-11T10:00"), "start"),
        (row("A", "18:00", "19:00"), "shift_id"),
        (call("X", "2024-01-11T01:00", "2024-01-11T02:00"), "gp_id"),
    ],
)
def test_a_call_in_needs_a_gp_on_standby_at_that_time(wrong: Stretch, column: str) -> None:
    """Another GP, another time, a shift that is no standby, an unknown GP."""
    assert refused(call_ins=(wrong,)) == [("call_ins.csv", 2, column)]


def test_every_mistake_is_told_at_once() -> None:
    """In both files."""
    found = refused((row("X", "17:00", "20:00"), row("A", "23:00", "22:00", 3)), (row("A", "18:00", "19:00"),))
    assert [place[0] for place in found] == ["worked.csv", "worked.csv", "call_ins.csv"]


def test_hours_paid_twice_to_one_gp_are_told() -> None:
    """Two consults at once: paid as told, but somebody should look."""
    other = shift("2024-01-10T22:00", "2024-01-11T08:00", number=2)
    assert [notice.code for notice in payable(hds(), rostered([EVENING, other]), BY_NATIONAL).notices] == [
        "payout_twice"
    ]
    after = shift("2024-01-10T23:00", "2024-01-11T08:00", number=2)
    assert not payable(hds(), rostered([EVENING, after]), BY_NATIONAL).notices


def test_an_unknown_gp_in_a_roster_is_refused() -> None:
    """A roster that does not come from a file is checked as well."""
    with pytest.raises(DossierError):
        due(rostered([EVENING], "X"))
