"""A dossier goes into the database and comes out as it was."""

from __future__ import annotations

from pathlib import Path

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.dossiers.mapping import read_dossier, settings_values, write_parts
from api.rosters.mapping import load_snapshot, store_snapshot
from scheduler.intake import take_in
from tests.api.conftest import add_hds

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


def test_a_dossier_of_a_region_comes_back_as_it_was(database: Database) -> None:
    """Every part of the demo dossier survives writing and reading."""
    dossier = take_in(DEMO).dossier
    add_hds(database, dossier.hds_id)
    with database.writing() as session:
        row = DossierRow(hds_id=dossier.hds_id, changed_at=now(), **settings_values(dossier))
        session.add(row)
        session.flush()
        write_parts(session, row.id, dossier.hds_id, dossier)
        dossier_id = row.id
    with database.reading() as session:
        found = session.get_one(DossierRow, dossier_id)
        assert read_dossier(session, found) == dossier


def test_a_snapshot_is_kept_once_and_comes_back(database: Database) -> None:
    """The same dossier gives the same key, and the dossier is read back equal."""
    dossier = take_in(DEMO).dossier
    with database.writing() as session:
        keys = {store_snapshot(session, dossier), store_snapshot(session, dossier)}
        assert len(keys) == 1
        assert load_snapshot(session, keys.pop()) == dossier
