"""Two rosters of one HDS in force, one after the other: the rules go on from the one to the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from fastapi import FastAPI

from api.auth.principal import Member, Role
from api.clock import now
from api.db.engine import Database
from api.db.tables.market import SwapSearch
from api.dossiers.mapping import gp_ids
from api.rosters.publishing import Order, publish
from api.swaps import market_repository, repository
from api.swaps.market import market_of
from api.swaps.proposing import propose_found
from api.swaps.rings_request import RingsAnswer
from scheduler.domain.time import Period
from scheduler.swaps.moves import Move
from tests.api.conftest import add_user
from tests.api.rosters.stage import set_up, small_dossier
from tests.api.swaps.market import move, performers, speaks_for, wait_for_a_lock
from tests.builders import shift_type

SWAPS = "/api/v1/hds/test/swaps"
NIGHT, MORNING = "nacht/2027-01-31/1", "dag/2027-02-01/1"


def _published(database: Database) -> None:
    """A week of mornings after a month of nights, one of each filled."""
    planner = Member(add_user(database, "publisher", "test", "planner"), "test", frozenset({Role.PLANNER}))
    january = small_dossier().replace(shift_types=[shift_type("nacht", "23:00", "08:00")])
    week = Period(start=date(2027, 2, 1), end=date(2027, 2, 7))
    february = small_dossier(period=week).replace(shift_types=[shift_type("dag", "08:00", "16:00")])
    for dossier, gp_of in ((january, {NIGHT: "a"}), (february, {MORNING: "b"})):
        version = set_up(database, dossier).draft(gp_of)
        with database.writing() as session:
            publish(session, planner, version, Order(dossier.period.start), "*", None)


def test_a_night_of_the_last_period_leaves_too_little_rest_for_a_morning_of_the_next(
    app: FastAPI, database: Database
) -> None:
    """Neither roster breaks a rule by itself; taking the morning after the own night does."""
    _published(database)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        b.post(f"{SWAPS}/offers", json={"shift_id": MORNING})
        asked = {"moves": [move(MORNING, "b", "a")]}
        assert not a.post(f"{SWAPS}/verdict", json=asked).json()["legal"]
        answer = a.post(f"{SWAPS}/deals", json=asked)
        assert (answer.status_code, answer.json()["code"]) == (409, "breaks_rules")
        found = b.get(f"{SWAPS}/candidates/{MORNING}").json()
        assert [one["gp_id"] for one in found["candidates"]] == ["c"]
    assert performers(database) == {NIGHT: "a", MORNING: "b"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_found_in_two_rosters_is_proposed_without_holding_up_a_swap_for_ever(
    app: FastAPI, database: Database
) -> None:
    """All GPs of all proposals are held first, as every step does: who holds one of them gets at the offers."""
    _published(database)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": NIGHT}).raise_for_status()
        b.post(f"{SWAPS}/offers", json={"shift_id": MORNING}).raise_for_status()
    with database.reading() as session:
        numbers = {gp_id: number for number, gp_id in gp_ids(session, "test").items()}
        rows = market_repository.dossiers_to_come(session, "test", now())
        markets = [market_of(session, "test", row, now()) for row in rows]
    found = [Move(shift_id=NIGHT, from_gp="a", to_gp="c"), Move(shift_id=MORNING, from_gp="b", to_gp="c")]
    answers = [RingsAnswer(proposals=((one,),), bound=1) for one in found]

    def propose() -> None:
        with database.writing() as session:
            row = SwapSearch(hds_id="test", begun_at=now())
            session.add(row)
            session.flush()
            propose_found(session, row, list(zip(markets, answers, strict=True)))

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            repository.hold_still(session, [numbers["b"]])
            proposing = pool.submit(propose)
            wait_for_a_lock(database)
            assert repository.locked_offers_of(session, "test", [NIGHT])
        proposing.result()
