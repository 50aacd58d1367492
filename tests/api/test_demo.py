"""Who tries the service out finds a roster in force, and tariffs to pay it by."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from api.db.engine import Database
from api.db.migrate import upgrade
from api.db.tables.payouts import TariffRow
from api.db.tables.rosters import Duty, Publication
from api.demo import prepare_demo


def test_the_demo_has_a_complete_and_legal_roster_in_force_and_is_loaded_once(tmp_path: Path) -> None:
    """Every duty has a performer, no broken rule was accepted, and a second start adds nothing."""
    database = Database(f"sqlite:///{tmp_path / 'anw.sqlite'}")
    upgrade(database)
    first = prepare_demo(database)
    assert prepare_demo(database).gp_id == first.gp_id
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Duty)) == 6188
        assert session.scalar(select(func.count()).where(Duty.performer_number.is_(None))) == 0
        assert [one.violations for one in session.scalars(select(Publication))] == [{"accepted": []}]
        assert session.scalar(select(func.count()).select_from(TariffRow)) == 4
    database.close()
