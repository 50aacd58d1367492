"""Two rosters of one HDS in force, one after the other: the rules go on from the one to the other."""

from __future__ import annotations

from datetime import date

from fastapi import FastAPI

from api.auth.principal import Member, Role
from api.db.engine import Database
from api.rosters.publishing import Order, publish
from scheduler.domain.time import Period
from tests.api.conftest import add_user
from tests.api.rosters.stage import set_up, small_dossier
from tests.api.swaps.market import move, performers, speaks_for
from tests.builders import shift_type

SWAPS = "/api/v1/hds/test/swaps"
NIGHT, MORNING = "nacht/2027-01-31/1", "dag/2027-02-01/1"


def test_a_night_of_the_last_period_leaves_too_little_rest_for_a_morning_of_the_next(
    app: FastAPI, database: Database
) -> None:
    """Neither roster breaks a rule by itself; taking the morning after the own night does."""
    planner = Member(add_user(database, "publisher", "test", "planner"), "test", frozenset({Role.PLANNER}))
    january = small_dossier().replace(shift_types=[shift_type("nacht", "23:00", "08:00")])
    week = Period(start=date(2027, 2, 1), end=date(2027, 2, 7))
    february = small_dossier(period=week).replace(shift_types=[shift_type("dag", "08:00", "16:00")])
    for dossier, gp_of in ((january, {NIGHT: "a"}), (february, {MORNING: "b"})):
        version = set_up(database, dossier).draft(gp_of)
        with database.writing() as session:
            publish(session, planner, version, Order(dossier.period.start), "*", None)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        b.post(f"{SWAPS}/offers", json={"shift_id": MORNING})
        asked = {"moves": [move(MORNING, "b", "a")]}
        assert not a.post(f"{SWAPS}/verdict", json=asked).json()["legal"]
        answer = a.post(f"{SWAPS}/deals", json=asked)
        assert (answer.status_code, answer.json()["code"]) == (409, "breaks_rules")
        found = b.get(f"{SWAPS}/candidates/{MORNING}").json()
        assert [one["gp_id"] for one in found["candidates"]] == ["c"]
    assert performers(database) == {NIGHT: "a", MORNING: "b"}
