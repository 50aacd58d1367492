"""Demand: the shifts of a period, from shift types and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift, ShiftType
from scheduler.domain.time import DAY, local


def shifts_of(dossier: Dossier) -> tuple[Shift, ...]:
    """Every shift of the period, ordered by start and id; ids are `{shift_type_id}/{date}/{n}`, n from 1."""
    found = [
        shift
        for kind in dossier.shift_types
        for day in dossier.period.days()
        if kind.applies_on(day, dossier.calendar)
        for shift in _shifts_on(day, kind, dossier.calendar)
    ]
    return tuple(sorted(found, key=lambda shift: (shift.starts_at, shift.id)))


def _shifts_on(day: date, kind: ShiftType, calendar: Calendar) -> Iterator[Shift]:
    start = local(day, kind.start)
    end = local(day if kind.end > kind.start else day + DAY, kind.end)
    first = Shift.on_calendar(
        id=f"{kind.id}/{day}/1", post_id=kind.post_id, role=kind.role, start=start, end=end, calendar=calendar
    )
    yield first
    for number in range(2, kind.headcount + 1):
        yield first.model_copy(update={"id": f"{kind.id}/{day}/{number}"})
