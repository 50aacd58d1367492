"""Every minute is paid once, as its own kind."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.calendar import Calendar
from scheduler.domain.time import AMSTERDAM
from tests.payout.paying import due, hds, rostered, shift, stretch

MINUTE = timedelta(minutes=1)
DAYS = ["2024-01-01", "2024-03-30", "2024-03-31", "2024-04-27", "2024-05-05", "2024-10-26", "2024-10-27", "2024-12-25"]


@settings(max_examples=40, deadline=None)
@given(
    day=st.sampled_from(DAYS), start=st.integers(0, 24 * 60 - 1), minutes=st.integers(1, 24 * 60), is_open=st.booleans()
)
def test_every_minute_counts_once_as_the_kind_of_its_clock_hour(
    day: str, start: int, minutes: int, is_open: bool
) -> None:
    """Against a reading minute by minute, around holidays, clock changes and midnight."""
    calendar = Calendar(open_on_liberation_day=is_open)
    begin = datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM).astimezone(UTC) + MINUTE * start
    one = shift(begin.isoformat(), (begin + MINUTE * minutes).isoformat(), calendar=calendar)
    lines = due(rostered([one]), hds(calendar=calendar))
    expected = Counter(calendar.hour_kind((begin + MINUTE * n).astimezone(AMSTERDAM)).value for n in range(minutes))
    assert lines.groupby("kind")["minutes"].sum().to_dict() == dict(expected)
    ordered = lines.sort_values("start")
    assert (ordered["end"].iloc[:-1].to_numpy() == ordered["start"].iloc[1:].to_numpy()).all()


def test_lines_are_in_order_of_day_shift_and_start() -> None:
    """The same input gives the same file."""
    shifts = [shift("2024-01-13T08:00", "2024-01-13T16:00", number=number) for number in (2, 1)]
    shifts.append(shift("2024-01-10T17:00", "2024-01-10T23:00"))
    lines = due(rostered(shifts))
    assert lines[["shift_id", "kind"]].values.tolist() == [
        [shifts[2].id, "early_evening"],
        [shifts[2].id, "evening"],
        [shifts[1].id, "weekend"],
        [shifts[0].id, "weekend"],
    ]


def test_a_minute_of_work_is_a_line() -> None:
    """One minute of night at EUR 140.53 an hour is EUR 2.34."""
    night = shift("2024-01-11T00:00", "2024-01-11T08:00")
    lines = due(rostered([night]), worked=[stretch(night, "A", "2024-01-11T00:00", "2024-01-11T00:01")])
    assert lines["amount"].tolist() == [234]
