"""Who was on duty from when until when, after replacements, splits and call-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.payees import contract_on
from scheduler.payout.worked import CALL_INS, LONGEST, WORKED, Actuals, Stretch

COLUMNS = ("shift_id", "gp_id", "day", "start", "end", "standby")
UTC_MOMENT = "datetime64[us, UTC]"

Duty = tuple[str, str, date, datetime, datetime, bool]
"""An unbroken stretch that one GP is on duty: the values of `COLUMNS`, moments in UTC; `day` is the shift's."""


def duties_of(roster: Roster, actuals: Actuals, days: frozenset[date] | None = None) -> pd.DataFrame:
    """Every duty of the shifts that start on `days` (None: all of them), as a frame with the columns of `COLUMNS`.

    Rows of `worked` take the place of their shift's roster row; a call-in is a duty of its own, and the rest of the
    standby stretch stays standby. `actuals` must have passed `actual_mistakes`.
    """
    worked, called = _grouped(actuals.worked), _grouped(actuals.call_ins)
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


def _grouped(stretches: Iterable[Stretch]) -> Mapping[str, list[Stretch]]:
    grouped: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        grouped[stretch.shift_id].append(stretch)
    return dict(grouped)


def _of_shift(
    shift: Shift, roster: Roster, worked: Mapping[str, list[Stretch]], called: Mapping[str, list[Stretch]]
) -> Iterator[Duty]:
    stretches = list(_on_duty(shift, roster, worked))
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


def _on_duty(
    shift: Shift, roster: Roster, worked: Mapping[str, list[Stretch]]
) -> Iterator[tuple[str, datetime, datetime]]:
    if shift.id in worked:
        for stretch in worked[shift.id]:
            if not stretch.is_empty:
                yield stretch.gp_id, stretch.starts_at, stretch.ends_at
    elif shift.id in roster.gp_of:
        yield roster.gp_of[shift.id], shift.starts_at, shift.ends_at


def _rest(start: datetime, end: datetime, calls: Sequence[Stretch]) -> Iterator[tuple[datetime, datetime]]:
    """What is left of `[start, end)` outside the call-ins."""
    moment = start
    for call in sorted(calls, key=lambda call: call.starts_at):
        if moment < call.starts_at:
            yield moment, min(call.starts_at, end)
        moment = max(moment, call.ends_at)
    if moment < end:
        yield moment, end


def actual_mistakes(dossier: Dossier, roster: Roster, actuals: Actuals) -> Iterator[Mistake]:
    """Everything that is wrong with what was told about the hours really worked."""
    known = [stretch for stretch in actuals.worked if stretch.shift_id in roster.shift_by_id]
    for file, stretches in ((WORKED, actuals.worked), (CALL_INS, actuals.call_ins)):
        for stretch in stretches:
            yield from _wrong_alone(dossier, roster, file, stretch)
    payable = [one for one in known if one.gp_id in dossier.gp_by_id and not one.is_empty]
    payable = [
        one for one in payable if contract_on(dossier, one.gp_id, roster.shift_by_id[one.shift_id].day) in QUALIFIED
    ]
    yield from _overlaps(WORKED, _grouped(payable).values())
    yield from _overlaps(CALL_INS, _by_gp(actuals.call_ins))
    worked = _grouped(known)
    for call in actuals.call_ins:
        if call.shift_id in roster.shift_by_id and call.gp_id in dossier.gp_by_id and call.starts_at < call.ends_at:
            yield from _wrong_call(roster, worked, call)


def _mistake(file: str, stretch: Stretch, column: str, key: str, **values: object) -> Mistake:
    return Mistake(file, stretch.line, column, str(getattr(stretch, column)), text(f"payout.worked.{key}", **values))


def _wrong_alone(dossier: Dossier, roster: Roster, file: str, stretch: Stretch) -> Iterator[Mistake]:
    """Mistakes in one row, without a look at the others."""
    shift = roster.shift_by_id.get(stretch.shift_id)
    if shift is None:
        yield _mistake(file, stretch, "shift_id", "known_shift")
    if stretch.gp_id and stretch.gp_id not in dossier.gp_by_id:
        yield Mistake(file, stretch.line, "gp_id", stretch.gp_id, text("payout.known_gp"))
    if stretch.gp_id and stretch.ends_at < stretch.starts_at:
        yield _mistake(file, stretch, "end", "order", start=stretch.start)
    elif stretch.ends_at - stretch.starts_at > LONGEST:
        yield _mistake(file, stretch, "end", "too_long", start=stretch.start)
    elif shift and file == WORKED and not stretch.is_empty and not stretch.touches(shift.starts_at, shift.ends_at):
        yield _mistake(file, stretch, "start", "elsewhere", start=shift.start, end=shift.end)


def _by_gp(calls: Iterable[Stretch]) -> Iterable[list[Stretch]]:
    grouped: dict[str, list[Stretch]] = defaultdict(list)
    for call in calls:
        grouped[call.gp_id].append(call)
    return grouped.values()


def _overlaps(file: str, groups: Iterable[list[Stretch]]) -> Iterator[Mistake]:
    """An hour that would be paid twice."""
    for group in groups:
        for earlier, later in pairwise(sorted(group, key=lambda stretch: (stretch.starts_at, stretch.ends_at))):
            if later.starts_at < earlier.ends_at and later.starts_at < later.ends_at:
                yield _mistake(file, later, "start", "overlap", line=earlier.line, gp_id=earlier.gp_id)


def _wrong_call(roster: Roster, worked: Mapping[str, list[Stretch]], call: Stretch) -> Iterator[Mistake]:
    shift = roster.shift_by_id[call.shift_id]
    if not shift.is_standby:
        yield _mistake(CALL_INS, call, "shift_id", "not_standby")
        return
    own = [(start, end) for gp_id, start, end in _on_duty(shift, roster, worked) if gp_id == call.gp_id]
    if not own:
        yield _mistake(CALL_INS, call, "gp_id", "not_on_standby")
    elif not any(call.touches(start, end) for start, end in own):
        yield _mistake(CALL_INS, call, "start", "elsewhere", start=shift.start, end=shift.end)
