"""Illness is forgotten in time, and with the GP."""

from __future__ import annotations

from fastapi import FastAPI
from sqlalchemy import func, select

from api.db.engine import Database
from api.db.tables.people import Gp
from api.db.tables.sickness import SicknessAsk, SicknessCase, SicknessReport
from api.privacy.retention import apply_retention
from api.sickness.forgetting import forget_illness_of
from tests.api.sickness.ward import Ward, at, evening, open_ward

START = {evening(6): "a", evening(12): "c"}


def _left(ward: Ward) -> tuple[int, ...]:
    with ward.database.reading() as session:
        tables = (SicknessReport, SicknessCase, SicknessAsk)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_reports_go_when_absences_lose_their_reasons(app: FastAPI, database: Database) -> None:
    """Two years after the shift, with all that hangs on them; not a day before."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    ward.tick("2027-01-06T23:00")
    apply_retention(database, at("2029-01-06T22:00"))
    assert _left(ward) == (1, 1, 1)
    assert apply_retention(database, at("2029-01-07T00:00"))["test"]["sickness"] == 1
    assert _left(ward) == (0, 0, 0)


def test_an_erased_gp_was_never_ill_and_said_nothing(app: FastAPI, database: Database) -> None:
    """Reports of others stay, without the words of who is erased."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    ward.sick("c", shift_id=evening(12))
    ward.says("a", False, reason="ben zelf ziek")
    with database.writing() as session:
        number = session.scalars(select(Gp.number).where(Gp.gp_id == "a")).one()
        forget_illness_of(session, "test", number)
    with database.reading() as session:
        [report] = session.scalars(select(SicknessReport)).all()
        assert report.gp_number != number
        assert {ask.words for ask in session.scalars(select(SicknessAsk))} == {""}
