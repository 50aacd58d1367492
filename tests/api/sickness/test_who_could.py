"""Who could take a shift is read in one way by planner, GPs, sickness, extra shifts and offers: who is ill cannot."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp
from api.swaps.grounds import field_of
from api.swaps.illness import find_ill_gps
from api.swaps.market import market_of
from scheduler.domain.availability import Absence
from scheduler.mend.run import mend
from scheduler.standby import standbys_for
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import Ward, at, evening, open_ward, standby
from tests.builders import moment

START = {evening(6): "a", evening(20): "a"}
ILL = [
    pytest.param({"shift_id": evening(6)}, id="for one shift"),
    pytest.param({"start": "2027-01-06T08:00:00+01:00", "until": "2027-01-07T08:00:00+01:00"}, id="for a day"),
    pytest.param({"start": "2027-01-06T08:00:00+01:00"}, id="nobody knows until when"),
]


def _could(ward: Ward, shift_id: str) -> list[str]:
    """Whom the planner is shown for a shift, best first."""
    answer = ward.speaks("planner").get(ward.url(f"swaps/candidates/{shift_id}"))
    return [one["gp_id"] for one in answer.json()["candidates"]]


def _told_of_open(ward: Ward, database: Database, shift_id: str) -> set[str]:
    """Who is told of a shift that is offered to all."""
    asked = {"shift_ids": [shift_id], "reason": "open"}
    assert ward.speaks("planner").post(ward.url("open-shifts"), json=asked).status_code == 200
    with database.reading() as session:
        ids = {number: gp_id for number, gp_id in session.execute(select(Gp.number, Gp.gp_id))}
        [event] = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "open_shift_offered"))
        return {ids[number] for number in event.gp_numbers}


def _refused(ward: Ward, shift_id: str, gp_id: str) -> bool:
    """Whether a verdict on the shift going to a GP is that it may not."""
    asked = {"moves": [{"shift_id": shift_id, "to_gp_id": gp_id}]}
    found = ward.speaks("planner").post(ward.url("swaps/verdict"), json=asked).json()
    return found["legal"] is False


@ON_SQLITE
@pytest.mark.parametrize("ill", ILL)
def test_whoever_asks_who_could_is_told_the_same(app: FastAPI, database: Database, ill: dict[str, Any]) -> None:
    """The list of the planner, those who are asked, those told of an open shift, and verdicts: without the ill."""
    ward = open_ward(app, database, START)
    ward.choose(at_once=9, most_asked=9)
    [case, *_] = ward.sick("a", **ill)["cases"]
    could = _could(ward, evening(6))
    assert could == ["b", "c", "d", "e"]
    assert [one["gp_id"] for one in ward.case(case["id"])["asks"]] == could
    assert _could(ward, evening(6, 2)) == could
    assert _told_of_open(ward, database, evening(6, 2)) == set(could)
    assert [_refused(ward, evening(6, 2), one) for one in "abcde"] == [True, False, False, False, False]
    [mine] = ward.speaks("a").get(ward.url("open-shifts")).json()["items"]
    assert mine["verdict"]["legal"] is False
    assert ward.decide(case["id"], "assign", gp_id="a").json()["code"] == "breaks_rules"
    assert ward.speaks("a").post(ward.url(f"open-shifts/take/{evening(6, 2)}")).json()["code"] == "breaks_rules"


@ON_SQLITE
@pytest.mark.parametrize("ill", ILL)
def test_an_extra_shift_is_offered_to_those_who_could(app: FastAPI, database: Database, ill: dict[str, Any]) -> None:
    """The outlook on a shift beside those of the evening names the same GPs in the same order."""
    ward = open_ward(app, database, START)
    ward.sick("a", **ill)
    extra = {"post_id": "P", "role": "consult", "days": ["2027-01-06"], "start": "17:00", "end": "23:00"}
    asked = {"dossier_id": ward.stage.dossier_id, "extras": [extra], "reason": "druk"}
    answer = ward.speaks("planner").post(ward.url("peak/preview"), json=asked)
    [shown] = answer.json()["shifts"]
    assert [one["gp_id"] for one in shown["candidates"]] == _could(ward, evening(6, 2)) == ["b", "c", "d", "e"]


@ON_SQLITE
@pytest.mark.parametrize("ill", ILL)
def test_searches_give_nothing_to_who_is_ill(app: FastAPI, database: Database, ill: dict[str, Any]) -> None:
    """The repair of a gap and the market of swaps know of the illness too."""
    ward = open_ward(app, database, START)
    ward.sick("a", **ill)
    with database.reading() as session:
        situation = field_of(session, ward.stage.dossier_id).situation(session)
        market = market_of(session, "test", session.get_one(DossierRow, ward.stage.dossier_id), now())
        own = [one for one in market.dossier.absences if one.gp_id == "a"]
    assert any(one.touches(at("2027-01-06T17:00"), at("2027-01-06T23:00")) for one in own)
    everybody_else = tuple(
        Absence(gp_id=gp_id, start=at("2027-01-06T00:00"), end=at("2027-01-07T00:00")) for gp_id in "bcde"
    )
    found = mend(
        situation.dossier, situation.roster, away=everybody_else, vacated=(evening(6, 2),), movable=(),
        time_limit=5.0, seed=1, beside=False,
    )  # fmt: skip
    assert found.changes == ()


@ON_SQLITE
def test_who_is_ill_for_one_shift_could_take_another_day(app: FastAPI, database: Database) -> None:
    """The report says nothing of the day after."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    assert "a" in _could(ward, evening(7))
    assert "a" not in _could(ward, evening(6, 2))


@ON_SQLITE
def test_who_does_not_know_until_when_could_take_nothing(app: FastAPI, database: Database) -> None:
    """Not even far ahead, until the GP is better; then everything again."""
    ward = open_ward(app, database, START)
    report = ward.sick("a", start="2027-01-06T08:00:00+01:00")
    assert "a" not in _could(ward, evening(28))
    assert ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json={}).status_code == 200
    assert "a" in _could(ward, evening(28))
    assert "a" in _could(ward, evening(6))


@ON_SQLITE
def test_who_gets_better_later_is_ill_up_to_then(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """Better from the seventh on, as was said on the sixth: not that evening, but the next."""
    ward = open_ward(app, database, START)
    report = ward.sick("a")
    clock.move_to(at("2027-01-06T10:00"))
    body = {"at": "2027-01-07T08:00:00+01:00", "take_back": False}
    assert ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json=body).status_code == 200
    assert ("a" in _could(ward, evening(6, 2)), "a" in _could(ward, evening(7))) == (False, True)
    with database.reading() as session:
        number = session.scalars(select(Gp.number).where(Gp.gp_id == "a")).one()
        assert find_ill_gps(session, "test", at("2027-01-06T17:00"), at("2027-01-06T23:00")) == {number}
        assert find_ill_gps(session, "test", at("2027-01-07T08:00"), at("2027-01-07T23:00")) == frozenset()


@ON_SQLITE
def test_an_absence_is_told_once(app: FastAPI, database: Database) -> None:
    """The report of a period stands in the dossier too: one reason, not two, and that of the part not known there."""
    known = Absence(gp_id="a", start=moment("2027-01-06 17:00"), end=moment("2027-01-06 20:00"), reason="vrij")
    ward = open_ward(app, database, {evening(7): "a"}, absences=[known])
    ward.sick("a", start="2027-01-06T08:00:00+01:00", until="2027-01-08T08:00:00+01:00")
    with database.reading() as session:
        dossier = field_of(session, ward.stage.dossier_id).situation(session).dossier
    assert len(dossier.absences) == 2
    answer = ward.speaks("planner").get(ward.url(f"swaps/candidates/{evening(7)}")).json()
    [excluded] = [one for one in answer["excluded"] if one["gp_id"] == "a"]
    assert [one["rule"] for one in excluded["reasons"]] == ["absence"]


@ON_SQLITE
def test_a_standby_who_is_ill_cannot_be_called(app: FastAPI, database: Database) -> None:
    """A report of the evening shift alone is one of the standby at that time too."""
    ward = open_ward(app, database, {standby(6): "b", evening(6): "a"})
    ward.choose(standby="ask_planner")
    ward.sick("b", start="2027-01-06T18:00:00+01:00", until="2027-01-06T19:00:00+01:00")
    ward.stage.swap(standby(6), "b")
    with database.reading() as session:
        situation = field_of(session, ward.stage.dossier_id).situation(session)
        [option] = standbys_for(situation.dossier, situation.roster, evening(6))
    assert [one.rule for one in option.violations] == ["absence"]
    shown = ward.speaks("planner").get(ward.url(f"peak/standbys/{evening(6)}")).json()["standbys"]
    assert [(one["gp_id"], one["legal"]) for one in shown] == [("b", False)]
