"""A dossier as arrays: what the fast reading of the rules and wishes works on.

Time is minutes since local midnight of the period's first day, in UTC steps, so differences are elapsed minutes. Shifts
that take the same hours in the same way share a *slot*: whatever depends on time alone is kept per slot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scheduler.capacity import Weeks, weeks_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import Period
from scheduler.rules.christmas_and_new_year import christmas_of, new_year_after, past_christmases
from scheduler.solve.elsewhere import Elsewhere, clear_of, elsewhere_of, grid_of
from scheduler.solve.nearness import MINUTE, Times, minutes_since, too_near
from scheduler.solve.personal import PreferWishes, nights_before_clinic, personal_costs, prefer_wishes

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Slots:
    """The distinct times at which there are shifts, in order of start; `conflict[a, b]`: no GP can do both."""

    start: Ints
    end: Ints
    day: Ints
    night: Bools
    standby: Bools
    minutes: Ints
    conflict: npt.NDArray[np.int8]


@dataclass(frozen=True)
class Days:
    """The days by what the rules ask of them; indices are days since the first.

    They are those of the period, and those around it on which somebody is on duty elsewhere.
    """

    count: int
    week_starts: Ints
    weeks: Weeks
    saturday: Ints
    sunday: Ints
    partner: Ints


@dataclass(frozen=True)
class ChristmasYear:
    """Days of a Christmas and the New Year after it that lie in the period, and who worked that Christmas already."""

    christmas: Ints
    new_year: Ints
    worked: Bools


@dataclass(frozen=True)
class Problem:
    """Everything the solver needs to know of a dossier; GPs (rows) are those who may be on duty at all.

    `may[i, s]`: the rules about one GP and one shift alone allow it; `personal[i, k]`: soft cost of slot k for GP i;
    `again[i, d]`: soft cost of working the holiday on day d; `target[i, b]` and `limit[i, b]` in minutes per burden
    (`limit[:, -1]`: total of all non-standby); `mean[b]`: mean minutes of that burden's shifts. `elsewhere` is what
    GPs do at other HDSs (None: nothing), which counts for the rules and for no wish.
    """

    dossier: Dossier
    shifts: tuple[Shift, ...]
    gp_ids: tuple[str, ...]
    burdens: tuple[Burden, ...]
    slots: Slots
    days: Days
    slot: Ints
    burden: Ints
    minutes: Ints
    kind: Ints
    may: Bools
    personal: npt.NDArray[np.float32]
    again: npt.NDArray[np.float32]
    prefer: PreferWishes
    christmases: tuple[ChristmasYear, ...]
    target: Floats
    limit: Floats
    mean: Floats
    elsewhere: Elsewhere | None = None

    @property
    def standby(self) -> Bools:
        """Per shift, whether it is standby."""
        return self.slots.standby[self.slot]


def build_problem(dossier: Dossier, shifts: Sequence[Shift], targets: Mapping[tuple[str, Burden], float]) -> Problem:
    """Turn a dossier into arrays; `targets` in hours."""
    gp_ids = tuple(
        gp.id for gp in dossier.gps if any(a.contract in QUALIFIED for a in dossier.agreements_by_gp.get(gp.id, ()))
    )
    grid = grid_of(dossier)
    slots, slot = _slots(dossier, shifts, grid)
    burdens = tuple(b for b in Burden if any(shift.burden is b for shift in shifts))
    burden = np.array([burdens.index(shift.burden) for shift in shifts], dtype=np.int64)
    minutes = slots.minutes[slot]
    kinds = {pair: n for n, pair in enumerate(sorted(set(zip(burden.tolist(), minutes.tolist(), strict=True))))}
    personal, again = personal_costs(dossier, gp_ids, shifts, slot, len(slots.start), grid)
    return Problem(
        dossier=dossier,
        shifts=tuple(shifts),
        gp_ids=gp_ids,
        burdens=burdens,
        slots=slots,
        days=_days(grid),
        slot=slot,
        burden=burden,
        minutes=minutes,
        kind=np.array([kinds[pair] for pair in zip(burden.tolist(), minutes.tolist(), strict=True)], dtype=np.int64),
        may=_may(dossier, gp_ids, shifts) & clear_of(dossier, gp_ids, shifts),
        personal=personal,
        again=again,
        prefer=prefer_wishes(dossier, gp_ids, shifts, slot, len(slots.start)),
        christmases=_christmases(dossier, gp_ids, grid),
        target=np.array([[targets.get((gp, b), 0.0) * MINUTE for b in burdens] for gp in gp_ids]).reshape(
            len(gp_ids), len(burdens)
        ),
        limit=_limits(dossier, gp_ids, burdens),
        mean=np.array([minutes[burden == b].mean() for b in range(len(burdens))]),
        elsewhere=elsewhere_of(dossier, gp_ids, min(shift.starts_at for shift in shifts), grid),
    )


def _slots(dossier: Dossier, shifts: Sequence[Shift], grid: Period) -> tuple[Slots, Ints]:
    origin = min(shift.starts_at for shift in shifts)
    keys = [
        (minutes_since(origin, s.starts_at), minutes_since(origin, s.ends_at), s.is_standby, s.is_night, s.day)
        for s in shifts
    ]
    distinct = sorted(set(keys))
    index = {key: n for n, key in enumerate(distinct)}
    start, end = (np.array([key[n] for key in distinct], dtype=np.int64) for n in (0, 1))
    standby, night = (np.array([key[n] for key in distinct], dtype=np.bool_) for n in (2, 3))
    days = [key[4] for key in distinct]
    day = np.array([(d - grid.start).days for d in days], dtype=np.int64)
    conflict = _conflicts(dossier, start, end, standby, night, days)
    slots = Slots(start, end, day, night, standby, end - start, conflict)
    return slots, np.array([index[key] for key in keys], dtype=np.int64)


def _conflicts(
    dossier: Dossier, start: Ints, end: Ints, standby: Bools, night: Bools, days: Sequence[date]
) -> npt.NDArray[np.int8]:
    """Pairs of slots that one GP cannot both do: overlap, rest, and the rules that forbid a pair of days."""
    rules, times = dossier.rules, Times(start, end, standby, night)
    near, pair = too_near(rules, times, times), np.zeros((len(start), len(start)), dtype=np.bool_)
    both = ~standby[:, None] & ~standby
    if rules.christmas_and_new_year is Strictness.FORBID:
        pair |= _christmas_pairs(days) & both
    if rules.saturday_and_sunday is Strictness.FORBID:
        ordinal = np.array([d.toordinal() for d in days])
        saturday = np.array([d.weekday() == 5 for d in days])
        next_day = saturday[:, None] & (ordinal[:, None] + 1 == ordinal)
        pair |= (next_day | next_day.T) & both
    return (near | pair).astype(np.int8)


def _christmas_pairs(days: Sequence[date]) -> Bools:
    christmas = np.array([christmas_of(day) or -1 for day in days])
    turn = np.array([new_year_after(day) or -2 for day in days])
    pairs: Bools = christmas[:, None] == turn
    return pairs | pairs.T


def _christmases(dossier: Dossier, gp_ids: Sequence[str], grid: Period) -> tuple[ChristmasYear, ...]:
    days = list(grid.days())
    years = sorted({year for day in days if (year := new_year_after(day)) is not None})
    past = [past_christmases(dossier, gp) for gp in gp_ids]
    return tuple(
        ChristmasYear(
            np.array([n for n, day in enumerate(days) if christmas_of(day) == year], dtype=np.int64),
            np.array([n for n, day in enumerate(days) if new_year_after(day) == year], dtype=np.int64),
            np.array([year in theirs for theirs in past], dtype=np.bool_),
        )
        for year in years
    )


def _days(grid: Period) -> Days:
    count = grid.length
    dates = list(grid.days())
    weeks = weeks_of(dates)
    weekends = int(weeks.weekend.max(initial=-1)) + 1
    saturday, sunday = np.full(weekends, count), np.full(weekends, count)
    for n, d in enumerate(dates):
        if d.weekday() == 5:
            saturday[weeks.weekend[n]] = n
        elif d.weekday() == 6:
            sunday[weeks.weekend[n]] = n
    partner = np.full(count, count)
    inside = (saturday < count) & (sunday < count)
    partner[saturday[inside]], partner[sunday[inside]] = sunday[inside], saturday[inside]
    week_starts = np.flatnonzero(np.diff(weeks.week, prepend=-1))
    return Days(count, week_starts, weeks, saturday, sunday, partner)


def _limits(dossier: Dossier, gp_ids: Sequence[str], burdens: Sequence[Burden]) -> Floats:
    limit = np.full((len(gp_ids), len(burdens) + 1), np.inf)
    row = {gp: n for n, gp in enumerate(gp_ids)}
    for own in dossier.limits:
        if own.gp_id in row and own.burden in (None, *burdens):
            column = len(burdens) if own.burden is None else burdens.index(own.burden)
            limit[row[own.gp_id], column] = min(limit[row[own.gp_id], column], own.max_hours * MINUTE)
    return limit


def _may(dossier: Dossier, gp_ids: Sequence[str], shifts: Sequence[Shift]) -> Bools:
    """The rules on one GP and one shift alone: agreement, registration, nights, absence, last year's Christmas."""
    post = np.array([s.post_id for s in shifts])
    role = np.array([s.role.value for s in shifts])
    night = np.array([s.is_night for s in shifts])
    standby = np.array([s.is_standby for s in shifts])
    day = np.array([s.day.toordinal() for s in shifts])
    turn = np.array([new_year_after(s.day) or -1 for s in shifts])
    starts = np.array([s.starts_at.timestamp() for s in shifts])
    ends = np.array([s.ends_at.timestamp() for s in shifts])
    may = np.zeros((len(gp_ids), len(shifts)), dtype=np.bool_)
    for row, gp_id in enumerate(gp_ids):
        gp = dossier.gp_by_id[gp_id]
        for own in dossier.agreements_by_gp[gp_id]:
            if own.contract in QUALIFIED:
                valid = (day >= own.valid_from.toordinal()) & (day <= own.valid_until.toordinal())
                valid &= np.isin(post, list(own.posts)) & np.isin(role, [r.value for r in own.roles])
                may[row] |= valid & (own.nights | ~night)
        if gp.registered_until is not None:
            may[row] &= day <= gp.registered_until.toordinal()
        for absence in dossier.absences_by_gp.get(gp_id, ()):
            start, end = (moment.timestamp() for moment in absence.interval)
            may[row] &= (starts >= end) | (ends <= start)
        if dossier.rules.christmas_and_new_year is Strictness.FORBID and (last := past_christmases(dossier, gp_id)):
            may[row] &= standby | ~np.isin(turn, list(last))
        if dossier.rules.night_before_clinic is Strictness.FORBID:
            may[row] &= ~nights_before_clinic(dossier, gp_id, shifts)
    return may
