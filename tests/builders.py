"""Small dossiers for tests: whatever a test does not say is filled in with the plainest value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import ShiftType
from scheduler.domain.time import AMSTERDAM, Period

ALL_DAYS = frozenset({"weekday", "saturday", "sunday", "holiday"})
JANUARY = Period(start=date(2027, 1, 1), end=date(2027, 1, 31))


def moment(text: str) -> datetime:
    """A local moment, `2027-01-04` (midnight) or `2027-01-04T17:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def gp(gp_id: str, contract: Contract = Contract.LOCUM, **fields: Any) -> GP:
    """A doctor; a locum unless said otherwise."""
    return GP(id=gp_id, name=f"Dokter {gp_id}", contract=contract, **fields)


def agreement(gp_id: str, **fields: Any) -> Agreement:
    """An agreement of a locum for the whole of 2027, at post P, for consults, nights included, of 100 hours."""
    plain: dict[str, Any] = {
        "valid_from": date(2027, 1, 1),
        "valid_until": date(2027, 12, 31),
        "posts": {"P"},
        "roles": {Role.CONSULT},
        "hours": 100.0,
        "contract": Contract.LOCUM,
    }
    return Agreement(gp_id=gp_id, **(plain | fields))


def shift_type(
    type_id: str, start: str = "17:00", end: str = "23:00", *, days: Iterable[str] = ALL_DAYS, **fields: Any
) -> ShiftType:
    """A line of the demand at post P; one consult shift a day from 17:00 to 23:00 unless said otherwise."""
    plain: dict[str, Any] = {"post_id": "P", "role": Role.CONSULT, "headcount": 1}
    return ShiftType(
        id=type_id, start=time.fromisoformat(start), end=time.fromisoformat(end), days=days, **(plain | fields)
    )


def dossier(
    gps: Sequence[GP], agreements: Sequence[Agreement], shift_types: Sequence[ShiftType], **fields: Any
) -> Dossier:
    """A dossier of one post P and one practice PR for January 2027."""
    plain: dict[str, Any] = {
        "hds_id": "test",
        "hds_name": "Test",
        "period": JANUARY,
        "posts": [Post(id="P", name="Post P", patients=10_000)],
        "practices": [Practice(id="PR", name="Praktijk PR", patients=2_000)],
    }
    return Dossier(gps=gps, agreements=agreements, shift_types=shift_types, **(plain | fields))


def roster(of: Dossier, gp_of: Mapping[str, str] | None = None, trainee_of: Mapping[str, str] | None = None) -> Roster:
    """A roster of all shifts of the dossier with these GPs and trainees."""
    return Roster(shifts=shifts_of(of), gp_of=gp_of or {}, trainee_of=trainee_of or {})
