"""No night before a morning surgery, where the HDS forbids that."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import WEEKDAY_NAMES, Shift
from scheduler.rules.lineup import Lineup
from scheduler.rules.violation import Violation

NAME = "night_before_clinic"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find non-standby nights that end on a clinic day of the GP; only where the dossier says `forbid`."""
    if dossier.rules.night_before_clinic is not Strictness.FORBID:
        return
    for gp_id, shifts in roster.by_gp.items():
        for shift in shifts:
            if ends_before_clinic(dossier, gp_id, shift):
                detail = {"day": str(shift.end.date())}
                yield Violation(rule=NAME, gp_id=gp_id, shift_ids=(shift.id,), detail=detail)


def mask(dossier: Dossier, gp_id: str, lineup: Lineup) -> list[bool]:
    """For each shift whether the GP may do it under this rule."""
    if dossier.rules.night_before_clinic is not Strictness.FORBID or gp_id not in dossier.clinic_days:
        return [True] * len(lineup)
    return [not ends_before_clinic(dossier, gp_id, shift) for shift in lineup.shifts]


def ends_before_clinic(dossier: Dossier, gp_id: str, shift: Shift) -> bool:
    """Whether the shift is a non-standby night that ends on a clinic day of the GP that is no holiday."""
    if not shift.is_night or shift.is_standby or gp_id not in dossier.clinic_days:
        return False
    morning = shift.end.date()
    return WEEKDAY_NAMES[morning.weekday()] in dossier.clinic_days[gp_id] and not dossier.calendar.is_holiday(morning)
