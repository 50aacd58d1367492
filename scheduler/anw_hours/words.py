"""Gaps in few Dutch words: what comes back every week is told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from scheduler.anw_hours.gaps import Gap
from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.time import Period
from scheduler.messages import text
from scheduler.messages.dutch import clock_span, short_day

HOLIDAY = 7
"""Stands after the seven weekdays: a holiday is a holiday on any weekday."""
_MOST_DATES = 3

Clocks = tuple[time, time]


def describe_gaps(gaps: Iterable[Gap], period: Period, calendar: Calendar) -> str:
    """All gaps of one post in one line: `ma t/m vr 17–18; zaterdag 23–8; za 16 jan (1 dag) 8–17`.

    Every day of a kind is named by the kind, else the first dates with their number.
    """
    days_at: defaultdict[Clocks, list[date]] = defaultdict(list)
    for gap in gaps:
        days_at[gap.start.time(), gap.end.time()].append(gap.day)
    all_days = Counter(_kind_of(day, calendar) for day in period.days())
    return "; ".join(
        f"{part} {clock_span(*clocks)}"
        for clocks, days in sorted(days_at.items())
        for part in _describe_days(days, all_days, calendar)
    )


def _kind_of(day: date, calendar: Calendar) -> int:
    return HOLIDAY if calendar.day_type(day) is DayType.HOLIDAY else day.weekday()


def _describe_days(days: Sequence[date], all_days: Mapping[int, int], calendar: Calendar) -> list[str]:
    of_kind: defaultdict[int, list[date]] = defaultdict(list)
    for day in days:
        of_kind[_kind_of(day, calendar)].append(day)
    always = sorted(kind for kind, found in of_kind.items() if len(set(found)) == all_days[kind])
    rest = sorted({day for kind, found in of_kind.items() if kind not in always for day in found})
    if len(always) == len(all_days):
        return [text("anw_hours.every_day")]
    return [*_describe_kinds(always), *([_describe_dates(rest)] if rest else [])]


def _describe_kinds(kinds: Sequence[int]) -> list[str]:
    """Weekdays that follow each other as a range."""
    runs: list[list[int]] = []
    for kind in kinds:
        if runs and runs[-1][-1] == kind - 1 and kind != HOLIDAY:
            runs[-1].append(kind)
        else:
            runs.append([kind])
    return [_describe_run(run) for run in runs]


def _describe_run(run: Sequence[int]) -> str:
    first, last = (text(f"anw_hours.day.{kind}") for kind in (run[0], run[-1]))
    return first if len(run) == 1 else text("anw_hours.days", first=first, last=last)


def _describe_dates(days: Sequence[date]) -> str:
    shown = ", ".join(short_day(day) for day in days[:_MOST_DATES])
    more = len(days) - _MOST_DATES
    return text("anw_hours.more_dates", dates=shown, count=more) if more > 0 else shown
