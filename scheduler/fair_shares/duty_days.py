"""The days on which each agreement puts its GP on duty, and the work that those days give a right to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Agreement, Role
from scheduler.domain.shift import Shift, ShiftGroup

DayFlags = npt.NDArray[np.bool_]
Hours = npt.NDArray[np.float64]
MIDNIGHT = time(0)


@dataclass(frozen=True)
class DutyRow:
    """An agreement that gives a right to duties, with its duty days.

    `days[n]` tells whether the n-th day of the period is a duty day: within the agreement, up to the end of the
    registration, and not wholly in an absence whose reason is excused. `valid_days` counts the days within the
    agreement alone.
    """

    agreement: Agreement
    days: DayFlags
    valid_days: int

    @cached_property
    def day_count(self) -> int:
        """Number of duty days."""
        return int(self.days.sum())

    @property
    def agreed_hours(self) -> float:
        """The agreed hours, by the part of the agreement's days that are duty days."""
        return (self.agreement.hours or 0.0) * self.day_count / self.valid_days if self.valid_days else 0.0


@dataclass(frozen=True)
class Reach:
    """What each GP may do by the day's own rights: hours of each shift group in the demand.

    `hours[gp_id][j]` are the hours of `groups[j]` on the duty days of agreements that give the right to its post, role
    and nights; only GPs with a qualified agreement are in it.
    """

    rows: tuple[DutyRow, ...]
    groups: tuple[ShiftGroup, ...]
    demand: Hours
    hours: Mapping[str, Hours]

    def groups_of(self, gp_id: str) -> frozenset[ShiftGroup]:
        """The groups of which the GP may do any shift."""
        hours = self.hours.get(gp_id)
        if hours is None:
            return frozenset()
        return frozenset(self.groups[column] for column in np.flatnonzero(hours > 0).tolist())


def compute_reach(dossier: Dossier, shifts: Sequence[Shift]) -> Reach:
    """Compute the reach of every GP (`shifts`: the whole demand of the dossier)."""
    groups = tuple(sorted({shift.group for shift in shifts}))
    column_of = {group: column for column, group in enumerate(groups)}
    by_day = np.zeros((dossier.period.length, len(groups)))
    for shift in shifts:
        by_day[_day_number(dossier, shift.day), column_of[shift.group]] += shift.hours
    rows = tuple(duty_rows(dossier))
    # most agreements give one of a few sets of rights
    rights: dict[tuple[frozenset[str], frozenset[Role], bool], DayFlags] = {}
    hours: dict[str, Hours] = {}
    demand = by_day.sum(axis=0)
    for row in rows:
        own, it = hours.setdefault(row.agreement.gp_id, np.zeros(len(groups))), row.agreement
        on_duty = demand if row.day_count == len(row.days) else by_day[row.days].sum(axis=0)
        key = it.posts, it.roles, it.nights
        if key not in rights:
            rights[key] = rights_in(it, groups)
        own += np.where(rights[key], on_duty, 0.0)
    return Reach(rows, groups, demand, hours)


def duty_rows(dossier: Dossier) -> Iterable[DutyRow]:
    """The agreements that give a right to duties in the period, in the order of the dossier."""
    for agreement in dossier.agreements:
        valid_days = dossier.period.overlap(agreement.valid_from, agreement.valid_until)
        if agreement.contract in QUALIFIED and valid_days:
            days = _days_between(dossier, agreement.valid_from, agreement.valid_until)
            registered_until = dossier.gp_by_id[agreement.gp_id].registered_until
            if registered_until is not None:
                days &= _days_between(dossier, dossier.period.start, registered_until)
            if dossier.sharing.excused_reasons:
                days &= ~excused_days(dossier, agreement.gp_id)
            yield DutyRow(agreement, days, valid_days)


def excused_days(dossier: Dossier, gp_id: str) -> DayFlags:
    """For each day of the period, whether the GP is away all of it for an excused reason."""
    reasons = dossier.sharing.excused_reasons
    return whole_days(dossier, (one for one in dossier.absences_by_gp.get(gp_id, ()) if one.reason in reasons))


def whole_days(dossier: Dossier, absences: Iterable[Absence]) -> DayFlags:
    """For each day of the period, whether one of the absences takes all of it."""
    flags = np.zeros(dossier.period.length, dtype=np.bool_)
    for absence in absences:
        start = _day_number(dossier, absence.start.date()) + (absence.start.time() > MIDNIGHT)
        flags[max(0, start) : max(0, _day_number(dossier, absence.end.date()))] = True
    return flags


def rights_in(agreement: Agreement, groups: Sequence[ShiftGroup]) -> DayFlags:
    """For each group, whether the agreement gives a right to its post, role and nights."""
    return np.array(
        [
            group.post_id in agreement.posts
            and group.role in agreement.roles
            and (agreement.nights or not group.is_night)
            for group in groups
        ],
        dtype=np.bool_,
    )


def _day_number(dossier: Dossier, day: date) -> int:
    return (day - dossier.period.start).days


def _days_between(dossier: Dossier, first: date, last: date) -> DayFlags:
    days = np.zeros(dossier.period.length, dtype=np.bool_)
    days[max(0, _day_number(dossier, first)) : max(0, _day_number(dossier, last) + 1)] = True
    return days
