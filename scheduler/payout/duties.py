"""Who was on duty from when until when, after replacements, splits and call-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import pandas as pd

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.payout.mistaken import grouped, on_duty
from scheduler.payout.worked import Actuals, Stretch

COLUMNS = ("shift_id", "gp_id", "day", "start", "end", "standby")
UTC_MOMENT = "datetime64[us, UTC]"

Duty = tuple[str, str, date, datetime, datetime, bool]
"""An unbroken stretch that one GP is on duty: the values of `COLUMNS`, moments in UTC; `day` is the shift's."""


def duties_of(roster: Roster, actuals: Actuals, days: frozenset[date] | None = None) -> pd.DataFrame:
    """Every duty of the shifts that start on `days` (None: all of them), as a frame with the columns of `COLUMNS`.

    Rows of `worked` take the place of their shift's roster row; a call-in is a duty of its own, and the rest of the
    standby stretch stays standby. `actuals` must have passed `actual_mistakes`.
    """
    worked, called = grouped(actuals.worked), grouped(actuals.call_ins)
    shifts = [shift for shift in roster.shifts if days is None or shift.day in days]
    plain = [one for one in shifts if one.id in roster.gp_of and one.id not in worked and one.id not in called]
    found = [
        duty
        for shift in shifts
        if shift.id in worked or shift.id in called
        for duty in _of_shift(shift, roster, worked, called)
    ]
    gp_ids = [roster.gp_of[shift.id] for shift in plain]
    return pd.concat([frame_of(plain, gp_ids), _frame(found)], ignore_index=True)


def frame_of(shifts: Sequence[Shift], gp_ids: Sequence[str]) -> pd.DataFrame:
    """Whole shifts, each worked by the GP in the same place of `gp_ids`, as duties."""
    return _typed(
        {
            "shift_id": [shift.id for shift in shifts],
            "gp_id": list(gp_ids),
            "day": [shift.day for shift in shifts],
            "start": [shift.starts_at for shift in shifts],
            "end": [shift.ends_at for shift in shifts],
            "standby": [shift.is_standby for shift in shifts],
        }
    )


def _frame(duties: Sequence[Duty]) -> pd.DataFrame:
    return _typed({name: [duty[place] for duty in duties] for place, name in enumerate(COLUMNS)})


def _typed(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Plain Python strings and dates stay objects: pandas is slower with its own strings when rows are taken apart."""
    frame = pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in columns.items()})
    return frame.astype({"start": UTC_MOMENT, "end": UTC_MOMENT, "standby": bool})


def _of_shift(
    shift: Shift, roster: Roster, worked: Mapping[str, list[Stretch]], called: Mapping[str, list[Stretch]]
) -> Iterator[Duty]:
    stretches = list(on_duty(shift, roster, worked))
    calls = [
        call
        for call in called.get(shift.id, ())
        if any(call.gp_id == gp_id and call.touches(start, end) for gp_id, start, end in stretches)
    ]
    for call in calls:
        if call.starts_at < call.ends_at:
            yield shift.id, call.gp_id, shift.day, call.starts_at, call.ends_at, False
    for gp_id, start, end in stretches:
        for rest_start, rest_end in _rest(start, end, [call for call in calls if call.gp_id == gp_id]):
            yield shift.id, gp_id, shift.day, rest_start, rest_end, shift.is_standby


def _rest(start: datetime, end: datetime, calls: Sequence[Stretch]) -> Iterator[tuple[datetime, datetime]]:
    """What is left of `[start, end)` outside the call-ins."""
    moment = start
    for call in sorted(calls, key=lambda call: call.starts_at):
        if moment < call.starts_at:
            yield moment, min(call.starts_at, end)
        moment = max(moment, call.ends_at)
    if moment < end:
        yield moment, end
