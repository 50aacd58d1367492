"""A roster in force in a database, and the same dossier and roster for the functions of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty, Publication, RosterVersion
from api.dossiers.mapping import gp_numbers, settings_values, write_parts
from api.rosters.mapping import store_snapshot
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from tests.api.conftest import add_hds
from tests.payout.paying import hds, shift

SATURDAY = shift("2024-01-13T08:00", "2024-01-13T16:00")
EVENING = shift("2024-01-16T17:00", "2024-01-16T23:00", number=2)
FEBRUARY = shift("2024-02-10T08:00", "2024-02-10T16:00")
STANDBY = shift("2024-01-20T23:00", "2024-01-21T08:00", Role.STANDBY)
SHIFTS = (SATURDAY, EVENING, STANDBY, FEBRUARY)
GP_OF = {SATURDAY.id: "A", EVENING.id: "B", STANDBY.id: "C", FEBRUARY.id: "A"}
SMALL = Roster(shifts=SHIFTS, gp_of=GP_OF)
PAY = "/api/v1/hds/test/payouts"
JANUARY = {"month": "2024-01"}

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""


@dataclass(frozen=True)
class InForce:
    """A dossier whose roster is in force."""

    database: Database
    dossier: Dossier
    dossier_id: int
    roster: Roster

    def hand_over(self, shift_id: str, gp_id: str | None) -> Roster:
        """Give a shift to another GP, after the fact; returns the roster as it is then."""
        with self.database.writing() as session:
            number = session.scalar(select(Gp.number).where(Gp.hds_id == self.dossier.hds_id, Gp.gp_id == gp_id))
            of_shift = (Duty.hds_id == self.dossier.hds_id, Duty.shift_id == shift_id)
            session.execute(update(Duty).where(*of_shift).values(performer_number=number))
        return self.roster.with_gp(shift_id, gp_id)


def publish(database: Database, roster: Roster = SMALL, dossier: Dossier | None = None) -> InForce:
    """Keep the dossier (GPs A to C and trainee T unless given) and put the roster in force."""
    dossier = hds() if dossier is None else dossier
    add_hds(database, dossier.hds_id)
    with database.writing() as session:
        row = DossierRow(hds_id=dossier.hds_id, changed_at=now(), **settings_values(dossier))
        session.add(row)
        session.flush()
        write_parts(session, row.id, dossier.hds_id, dossier)
        version = RosterVersion(
            hds_id=dossier.hds_id, dossier_id=row.id, number=1, snapshot=store_snapshot(session, dossier),
            origin="import", state="published", figures={}, created_at=now(), changed_at=now(),
        )  # fmt: skip
        session.add(version)
        session.flush()
        publication = Publication(
            hds_id=dossier.hds_id, number=row.id, version_id=version.id, freeze_from=dossier.period.start,
            published_at=now(),
        )  # fmt: skip
        session.add(publication)
        session.flush()
        numbers = gp_numbers(session, dossier.hds_id, roster.by_gp)
        common = {"hds_id": dossier.hds_id, "dossier_id": row.id, "publication_id": publication.id}
        session.execute(insert(Duty), [common | _duty(one, roster, numbers) for one in roster.shifts])
        return InForce(database, dossier, row.id, roster)


def _duty(one: Shift, roster: Roster, numbers: Mapping[str, int]) -> dict[str, Any]:
    number = numbers.get(roster.gp_of.get(one.id, ""))
    return {
        "shift_id": one.id, "post_id": one.post_id, "role": one.role, "burden": one.burden, "is_night": one.is_night,
        "starts_at": one.starts_at, "ends_at": one.ends_at, "performer_number": number, "responsible_number": number,
        "trainee_number": numbers.get(roster.trainee_of.get(one.id, "")), "changed_at": now(),
    }  # fmt: skip


def rates(cents: Mapping[str, int], start: date, end: date | None) -> Sequence[dict[str, Any]]:
    """Rows of tariffs as a request has them."""
    return [
        {
            "kind": kind, "valid_from": start.isoformat(), "valid_until": end and end.isoformat(),
            "cents_per_hour": amount, "source": "test", "certainty": "fictitious",
        }
        for kind, amount in cents.items()
    ]  # fmt: skip
