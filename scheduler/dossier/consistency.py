"""Mistakes that only show when rows are put beside each other: doubles, overlaps, and who belongs to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from scheduler.domain.availability import Absence, PastHoliday
from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import GP, QUALIFIED, Agreement, Contract
from scheduler.domain.settings import OwnerKey, SharingSettings
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.dossier.rows import Placed
from scheduler.dossier.schema import SETTINGS
from scheduler.fair_shares.duty_days import duty_rows
from scheduler.messages.dutch import number

T = TypeVar("T")
EVES = ((12, 24), (12, 31))
_MOST_SHOWN = 10


Many = Iterable[Placed[T]]


def once(these: Many[T], column: str, key: Callable[[T], Hashable]) -> None:
    """Each key stands in one row only."""
    first: dict[Hashable, Row] = {}
    for one in these:
        earlier = first.setdefault(key(one.item), one.row)
        if earlier is not one.row:
            one.row.wrong(column, "only_once", line=earlier.line)


def agreements_do_not_overlap(agreements: Many[Agreement]) -> None:
    """The agreements of one GP follow each other."""
    of_gp: defaultdict[str, list[Placed[Agreement]]] = defaultdict(list)
    for one in agreements:
        of_gp[one.item.gp_id].append(one)
    for those in of_gp.values():
        for before, after in pairwise(sorted(those, key=lambda one: one.item.valid_from)):
            if after.item.valid_from <= before.item.valid_until:
                later, other = sorted((before, after), key=lambda one: one.row.line)[::-1]
                shown = f"{other.item.valid_from} - {other.item.valid_until}"
                later.row.wrong("valid_from", "no_overlap", line=other.row.line, dates=shown)


def gps_in_duty_have_an_agreement(gps: Many[GP], with_agreement: frozenset[str] | None) -> None:
    """A GP of a class that does duty needs at least one agreement, in the period or not."""
    for one in gps:
        if one.item.contract in QUALIFIED and with_agreement is not None and one.item.id not in with_agreement:
            one.row.wrong("gp_id", "agreement", contract=one.item.contract)


def owners_have_a_practice(agreements: Many[Agreement], gp_of: Mapping[str, Placed[GP]]) -> None:
    """Who is an owner under an agreement has a practice: the share follows from its patients."""
    for one in agreements:
        owner = gp_of.get(one.item.gp_id)
        if owner and one.item.contract is Contract.PRACTICE_OWNER and owner.item.practice_id is None:
            one.row.wrong("contract", "practice_of_owner")


def owners_have_no_hours(agreements: Many[Agreement], findings: Findings) -> None:
    """Tell of hours that count for nothing: an owner's share follows from the patients of the practice."""
    for one in agreements:
        if one.item.contract is Contract.PRACTICE_OWNER and one.item.hours is not None:
            findings.notice("hours_of_owner", one.row.file, one.row.line, gp=one.item.gp_id)


def trainers_are_qualified(
    gps: Iterable[Placed[GP]], gp_of: Mapping[str, Placed[GP]], agreements: Many[Agreement], findings: Findings
) -> None:
    """A trainee's trainer is a GP who may do duty; a trainee without one is told, for no shift will follow."""
    under_agreement = {one.item.gp_id for one in agreements if one.item.contract in QUALIFIED}
    for one in gps:
        trainer = gp_of.get(one.item.trainer_gp_id or "")
        if trainer and trainer.item.contract not in QUALIFIED and trainer.item.id not in under_agreement:
            one.row.wrong("trainer_gp_id", "qualified_trainer")
        if one.item.contract is Contract.TRAINEE and one.item.trainer_gp_id is None:
            findings.notice("trainee_without_trainer", one.row.file, one.row.line, gp=one.item.id)


def past_holidays_make_sense(past: Many[PastHoliday], calendar: Calendar, period: Period, findings: Findings) -> None:
    """Tell of dates that no rule or wish looks at: no holiday, or inside the period itself."""
    seen: set[PastHoliday] = set()
    for one in past:
        day = one.item.date
        if one.item in seen:
            findings.notice("past_holiday_twice", one.row.file, one.row.line, date=day)
        seen.add(one.item)
        counts = calendar.is_holiday(day) or (day.month, day.day) in EVES
        if not counts or day >= period.start:
            findings.notice("past_holiday_idle", one.row.file, one.row.line, date=day)


def locks_name_a_shift(locks: Many[Lock], shift_ids: frozenset[str]) -> None:
    """Each lock is about a shift that the demand gives."""
    for one in locks:
        if one.item.shift_id not in shift_ids:
            one.row.wrong("shift_id", "known_shift")


def some_demand(dossier: Dossier, shifts: Iterable[Shift], findings: Findings) -> None:
    """A period in which no shift type asks for anything gives no roster."""
    if not any(True for _ in shifts):
        findings.wrong("shift_types.csv", None, "days", str(dossier.period), "some_demand")


def agreed_hours_fit(dossier: Dossier, shifts: Iterable[Shift], findings: Findings) -> None:
    """Tell when salaried GPs and locums agreed to more hours on their duty days than there are to work.

    And when the least hours of the owners come to more than these leave.
    """
    demand = sum(shift.hours for shift in shifts if not shift.is_standby)
    rows = tuple(duty_rows(dossier))
    agreed = sum(row.agreed_hours for row in rows if row.agreement.contract is not Contract.PRACTICE_OWNER)
    if agreed > demand:
        findings.notice("agreed_hours", "agreements.csv", agreed=number(agreed), demand=number(demand))
    days = sum(row.day_count for row in rows if row.agreement.contract is Contract.PRACTICE_OWNER)
    least, left = dossier.sharing.least_hours * days / dossier.period.length, max(0.0, demand - agreed)
    if least > left:
        findings.notice("least_hours", SETTINGS, least=number(least), left=number(left))


def excused_reasons_are_spelt_alike(absences: Many[Absence], sharing: SharingSettings, findings: Findings) -> None:
    """Tell of a reason that is an excused one but for capitals: as it stands it does not lower a share."""
    spelt = {reason.casefold(): reason for reason in sharing.excused_reasons}
    for one in absences:
        meant = spelt.get(one.item.reason.casefold())
        if meant is not None and one.item.reason not in sharing.excused_reasons:
            findings.notice("excused_spelling", one.row.file, one.row.line, reason=one.item.reason, meant=meant)


def practices_have_an_owner(dossier: Dossier, findings: Findings) -> None:
    """Tell of practices whose patients weigh on nobody, where shares go by patients."""
    owner_ids = {
        one.gp_id
        for one in dossier.agreements
        if one.contract is Contract.PRACTICE_OWNER and dossier.period.overlap(one.valid_from, one.valid_until)
    }
    owned = {gp.practice_id for gp in dossier.gps if gp.id in owner_ids}
    without = [practice.id for practice in dossier.practices if practice.id not in owned]
    if without and dossier.sharing.owner_key is OwnerKey.PATIENTS:
        shown = ", ".join(without[:_MOST_SHOWN]) + (", …" if len(without) > _MOST_SHOWN else "")
        findings.notice("practice_without_owner", "practices.csv", count=len(without), practices=shown)
