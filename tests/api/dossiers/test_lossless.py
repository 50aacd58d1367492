"""Any dossier survives the store and its export."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.db.engine import Database
from api.dossiers.export import Format, exported
from api.dossiers.mapping import read_dossier
from api.dossiers.reading import read_source
from api.dossiers.service import import_dossier, keep
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from tests.api.conftest import add_hds
from tests.api.dossiers.samples import full_dossier
from tests.strategies import dossiers


def _kept(database: Database, dossier: Dossier) -> Dossier:
    with database.writing() as session:
        row = keep(session, None, dossier.hds_id, dossier)
        session.expire_all()
        return read_dossier(session, row)


def _read_back(dossier: Dossier, as_format: Format, room: Path) -> Dossier:
    path = room / f"out.{as_format}"
    path.write_bytes(exported(dossier, as_format))
    if as_format is Format.XLSX:
        return read_source(path, dossier.hds_id).dossier
    with zipfile.ZipFile(path) as archive:
        archive.extractall(room / "out")
    return read_source(room / "out", dossier.hds_id).dossier


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_store_and_files_give_back_what_went_in(database: Database, tmp_path: Path, data: st.DataObject) -> None:
    """Stored and read, exported as zip and as workbook and read: each gives the dossier that was drawn."""
    # what a GP does at another HDS is read off that one, and is no part of a dossier
    dossier = data.draw(dossiers()).with_elsewhere(())
    assume(shifts_of(dossier))  # one without any is refused when it is read
    add_hds(database, dossier.hds_id)
    assert _kept(database, dossier) == dossier
    for as_format in Format:
        assert _read_back(dossier, as_format, tmp_path) == dossier


def test_an_export_goes_in_again_as_a_dossier_of_its_own(database: Database, tmp_path: Path) -> None:
    """Two dossiers of one HDS share its GPs and nothing else."""
    dossier = full_dossier()
    add_hds(database, dossier.hds_id)
    first = _kept(database, dossier)
    _read_back(first, Format.ZIP, tmp_path)
    with database.writing() as session:
        again = import_dossier(session, None, dossier.hds_id, tmp_path / "out")
        session.expire_all()
        assert read_dossier(session, again) == first == dossier
