"""A small HDS with a published January: three GPs, two evening shifts a day."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.principal import Member, Role
from api.db.engine import Database
from api.db.tables.rosters import Duty
from api.rosters.publishing import Order, publish
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import Stage, set_up, small_dossier

FIRST = date(2027, 1, 1)


def published(database: Database, gp_of: dict[str, str], **fields: Any) -> Stage:
    """January 2027 with these GPs on duty, in force; `fields` of the dossier."""
    stage = set_up(database, small_dossier(headcount=2).replace(**fields))
    planner = add_user(database, "publisher", "test", "planner")
    version = stage.draft(gp_of)
    with database.writing() as session:
        member = Member(planner, "test", frozenset({Role.PLANNER}))
        publish(session, member, version, Order(FIRST, "test"), "*", None)
    return stage


def speaks_for(app: FastAPI, database: Database, gp_id: str) -> TestClient:
    """A client that speaks for this GP."""
    user_id = add_user(database, f"user-{gp_id}", "test", "gp", gp_id=gp_id)
    secret = token_for(database, user_id, "test", "gp")
    return TestClient(app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)


def shift(day: int, n: int = 1) -> str:
    """The id of an evening shift of January."""
    return f"avond/2027-01-{day:02}/{n}"


def move(shift_id: str, giver: str, taker: str) -> dict[str, str]:
    """A move as the API takes it."""
    return {"shift_id": shift_id, "from_gp_id": giver, "to_gp_id": taker}


def performers(database: Database, *, responsible: bool = False) -> dict[str, str]:
    """Who performs each filled duty now, or was responsible when it was published."""
    from api.dossiers.mapping import gp_ids

    with database.reading() as session:
        ids = gp_ids(session, "test")
        rows = session.query(Duty).all()
        found = {row.shift_id: row.responsible_number if responsible else row.performer_number for row in rows}
        return {shift_id: ids[number] for shift_id, number in found.items() if number is not None}


def wait_for_a_lock(database: Database) -> None:
    """Until somebody waits for a lock that another transaction holds."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 10
    with database.engine.connect() as connection:
        while not connection.scalar(asked):
            connection.rollback()
            assert time.monotonic() < deadline, "nobody waits"
