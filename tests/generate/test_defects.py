"""Faults put into a generated dossier on purpose."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract, Role
from scheduler.generate import Defect, generate


def _leads(dossier: Dossier) -> int:
    return sum(Role.LEAD in agreement.roles for agreement in dossier.agreements)


def _night_gps(dossier: Dossier) -> int:
    return sum(agreement.nights for agreement in dossier.agreements)


def _away_at_christmas(dossier: Dossier) -> int:
    day = date(2027, 12, 25)
    return len({a.gp_id for a in dossier.absences if a.start.date() <= day < a.end.date()})


def _partial(dossier: Dossier) -> int:
    whole = (dossier.period.start, dossier.period.end)
    return sum((a.valid_from, a.valid_until) != whole for a in dossier.agreements)


def _changed(dossier: Dossier) -> int:
    return sum(len({a.contract for a in those}) > 1 for those in dossier.agreements_by_gp.values())


@pytest.fixture(scope="module")
def sound() -> Dossier:
    """A dossier without defects, of the size used below."""
    return generate(150, 1, 4)


def test_few_leads_leave_a_handful(sound: Dossier) -> None:
    """Less than a third of the leads is left, and everyone else keeps the roles."""
    broken = generate(150, 1, 4, defects=[Defect.FEW_LEADS])
    assert 0 < _leads(broken) < _leads(sound) / 3
    assert broken.absences == sound.absences


def test_few_night_gps_are_left(sound: Dossier) -> None:
    """Most GPs are exempt from nights."""
    assert _night_gps(generate(150, 1, 4, defects=[Defect.FEW_NIGHT_GPS])) < _night_gps(sound) / 3


def test_almost_all_are_away_at_christmas(sound: Dossier) -> None:
    """More than three in four, where at most one in four is in a sound dossier; no absence overlaps another."""
    broken = generate(150, 1, 4, defects=[Defect.ABSENT_CHRISTMAS])
    assert _away_at_christmas(sound) <= len(sound.gps) / 4 < 0.75 * len(sound.gps) < _away_at_christmas(broken)
    for absences in broken.absences_by_gp.values():
        assert all(one.end <= two.start for one, two in pairwise(absences))


def test_part_year_agreements_multiply(sound: Dossier) -> None:
    """About a third of the agreements covers part of the year, with hours in proportion."""
    broken = generate(150, 1, 4, defects=[Defect.PART_YEAR])
    assert _partial(sound) + 30 < _partial(broken)
    assert sum(a.hours or 0 for a in broken.agreements) < sum(a.hours or 0 for a in sound.agreements)


def test_contracts_change_half_way(sound: Dossier) -> None:
    """Employees become owners; their two agreements meet and do not overlap."""
    broken = generate(150, 1, 4, defects=[Defect.CHANGED_CONTRACT])
    assert _changed(sound) + 3 < _changed(broken)
    for those in broken.agreements_by_gp.values():
        assert all(one.valid_until < two.valid_from for one, two in pairwise(those))
        if len(those) > 1:
            assert (those[0].contract, those[1].contract) == (Contract.SALARIED, Contract.PRACTICE_OWNER)
            assert those[1].hours is None


def test_defects_add_up() -> None:
    """Several defects at once are all there."""
    broken = generate(150, 1, 4, defects=Defect)
    assert _leads(broken) < 20
    assert _changed(broken) > 3
    assert _away_at_christmas(broken) > 100
