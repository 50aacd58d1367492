"""Faults that real dossiers have, put into a fictitious one on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Contract, Role
from scheduler.domain.time import DAY, local
from scheduler.generate.dice import Dice
from scheduler.generate.events import becomes_owner, part_of_agreement
from scheduler.generate.vocabulary import ABSENCE_REASONS


class Defect(StrEnum):
    """A fault to generate: each makes a roster harder, some make part of it impossible."""

    FEW_LEADS = "few_leads"
    FEW_NIGHT_GPS = "few_night_gps"
    ABSENT_CHRISTMAS = "absent_christmas"
    PART_YEAR = "part_year"
    CHANGED_CONTRACT = "changed_contract"


def with_defects(dossier: Dossier, defects: frozenset[Defect], seed: int) -> Dossier:
    """The dossier with each of `defects` in it, in the order of `Defect`."""
    for defect in Defect:
        if defect in defects:
            dossier = _APPLY[defect](dossier, Dice(seed, defect))
    return dossier


def _few_leads(dossier: Dossier, dice: Dice) -> Dossier:
    """Only one in six of those who might lead still may."""

    def fewer(agreement: Agreement) -> Agreement:
        keeps = Role.LEAD not in agreement.roles or dice.chance(1 / 6)
        return agreement if keeps else agreement.replace(roles=agreement.roles - {Role.LEAD})

    return dossier.replace(agreements=tuple(fewer(agreement) for agreement in dossier.agreements))


def _few_night_gps(dossier: Dossier, dice: Dice) -> Dossier:
    """Four in five GPs are exempt from nights."""
    agreements = tuple(a.replace(nights=a.nights and dice.chance(0.2)) for a in dossier.agreements)
    return dossier.replace(agreements=agreements)


def _absent_christmas(dossier: Dossier, dice: Dice) -> Dossier:
    """Nine in ten GPs away from 24 December up to and with 1 January."""
    start = local(date(dossier.period.start.year, 12, 24), time(0))
    end = local(date(dossier.period.start.year + 1, 1, 2), time(0))
    away = [gp.id for gp in dossier.gps if dice.chance(0.9)]
    kept = [a for a in dossier.absences if a.gp_id not in away or a.end <= start]
    added = [Absence(gp_id=gp_id, start=start, end=end, reason=ABSENCE_REASONS[0]) for gp_id in away]
    return dossier.replace(absences=tuple(sorted([*kept, *added], key=lambda a: (a.gp_id, a.start))))


def _part_year(dossier: Dossier, dice: Dice) -> Dossier:
    """A third of the agreements starts late or ends early."""

    def shorter(agreement: Agreement) -> Agreement:
        whole = (agreement.valid_from, agreement.valid_until) == (dossier.period.start, dossier.period.end)
        if not whole or not dice.chance(1 / 3):
            return agreement
        cut = dossier.period.start + DAY * int(dossier.period.length * dice.between(0.3, 0.7))
        if dice.chance(0.5):
            return part_of_agreement(agreement, dossier.period, cut, dossier.period.end)
        return part_of_agreement(agreement, dossier.period, dossier.period.start, cut)

    return dossier.replace(agreements=tuple(shorter(agreement) for agreement in dossier.agreements))


def _changed_contract(dossier: Dossier, dice: Dice) -> Dossier:
    """A third of the employees becomes an owner of the same practice half-way."""
    middle = dossier.period.start + DAY * (dossier.period.length // 2)
    found: list[Agreement] = []
    for agreement in dossier.agreements:
        may = agreement.contract is Contract.SALARIED and agreement.valid_from < middle <= agreement.valid_until
        changes = may and agreement.valid_until == dossier.period.end and dice.chance(1 / 3)
        found += becomes_owner(agreement, dossier.period, middle) if changes else (agreement,)
    return dossier.replace(agreements=tuple(found))


_APPLY: Mapping[Defect, Callable[[Dossier, Dice], Dossier]] = {
    Defect.FEW_LEADS: _few_leads,
    Defect.FEW_NIGHT_GPS: _few_night_gps,
    Defect.ABSENT_CHRISTMAS: _absent_christmas,
    Defect.PART_YEAR: _part_year,
    Defect.CHANGED_CONTRACT: _changed_contract,
}
