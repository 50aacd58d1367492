"""The way of a peak: looked at, opened, offered, taken once, standbys called, paid, and closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.payouts import TariffRow
from api.db.tables.peak import OpenOffer
from api.db.tables.people import Hds
from api.peak.taking import tell_those_let_in
from scheduler.domain.people import Contract, Role
from scheduler.domain.settings import PayoutSettings
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.rosters.stage import Stage, set_up, small_dossier
from tests.api.swaps.market import speaks_for
from tests.builders import agreement, dossier, gp, shift_type

AsRole = Callable[..., TestClient]
EVENING, STANDBY, EXTRA = "avond/2027-01-04/1", "achterwacht/2027-01-04/1", "extra-1/2027-01-04/1"
ROLES = {Role.CONSULT, Role.STANDBY}
HOLDERS = {EVENING: "a", STANDBY: "b"}


@pytest.fixture
def stage(database: Database) -> Stage:
    """January 2027 with an evening and a standby a day, `c` a locum."""
    people = [gp("a"), gp("b"), gp("c", contract=Contract.LOCUM)]
    kinds = [shift_type("avond"), shift_type("achterwacht", role=Role.STANDBY)]
    agreements = [agreement(name, roles=ROLES) for name in "abc"]
    found = set_up(database, dossier(people, agreements, kinds, payout=PayoutSettings(standby_rate=Decimal(15))))
    with database.writing() as session:
        session.add(
            TariffRow(
                hds_id="test", kind="evening", valid_from=date(2027, 1, 1), cents_per_hour=10000, source="test",
                certainty="fictitious", entered_at=now(),
            )
        )  # fmt: skip
    return found


@pytest.fixture
def planner(stage: Stage, as_role: AsRole) -> TestClient:
    """A planner of an HDS whose roster is in force."""
    client = as_role("planner")
    stage.put_in_force(client, stage.draft(HOLDERS))
    return client


@pytest.fixture
def gps(app: FastAPI, planner: TestClient, stage: Stage) -> Iterator[dict[str, TestClient]]:
    """A client for each GP."""
    clients = {name: speaks_for(app, stage.database, name) for name in "abc"}
    yield clients
    for client in clients.values():
        client.close()


def body(stage: Stage, **fields: Any) -> dict[str, Any]:
    """Two extra hours on the evening of 4 January."""
    extra = {"post_id": "P", "role": "consult", "days": ["2027-01-04"], "start": "18:00", "end": "20:00"} | fields
    return {"dossier_id": stage.dossier_id, "extras": [extra], "reason": "griepgolf"}


def opened(stage: Stage, planner: TestClient, **fields: Any) -> list[str]:
    """Open extra shifts; their ids."""
    answer = planner.post(stage.url("peak"), json=body(stage, **fields))
    assert answer.status_code == 201, answer.text
    return [one["shift_id"] for one in answer.json()["shifts"]]


def told(database: Database, kind: str) -> list[tuple[str, int]]:
    """The shift of each notice of a kind, and how many GPs it goes to."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == kind).order_by(OutboxEvent.id))
        return [(row.about["shift_id"], len(row.gp_numbers)) for row in rows]


def test_a_preview_names_standbys_and_takers_and_opens_nothing(stage: Stage, planner: TestClient) -> None:
    """The GP of the evening is not free, the standby could be called, the third one could take it."""
    answer = planner.post(stage.url("peak/preview"), json=body(stage, headcount=2))
    assert answer.status_code == 200
    first, second = answer.json()["shifts"]
    assert (first["shift_id"], second["shift_id"]) == (EXTRA, "extra-2/2027-01-04/1")
    [standby] = first["standbys"]
    assert (standby["standby_id"], standby["gp_id"], standby["hours"], standby["legal"]) == (STANDBY, "b", 2.0, True)
    assert [one["gp_id"] for one in first["candidates"]] == ["c"]
    assert second["candidate_count"] == 1
    assert EXTRA not in stage.in_force()


def test_opening_says_everything_that_is_wrong(stage: Stage, planner: TestClient) -> None:
    """Two posts that are not there, and a day outside the period: nothing is opened."""
    asked = body(stage, post_id="Q")
    asked["extras"] += [asked["extras"][0] | {"post_id": "R", "days": ["2028-01-01"]}]
    answer = planner.post(stage.url("peak"), json=asked)
    assert (answer.status_code, answer.json()["code"], len(answer.json()["errors"])) == (422, "extra_refused", 3)
    assert planner.get(stage.url("peak")).json()["items"] == []


def test_the_same_key_opens_once(stage: Stage, planner: TestClient) -> None:
    """A retry, also at the same moment, gives the escalation that was made; any other request under it is refused."""
    headers, asked = {"Idempotency-Key": "k1"}, body(stage, headcount=2)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: planner.post(stage.url("peak"), json=asked, headers=headers), range(2)))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len(planner.get(stage.url("peak")).json()["items"]) == 1
    for other in (asked | {"reason": "brand"}, body(stage), body(stage, headcount=2, start="18:30")):
        refused = planner.post(stage.url("peak"), json=other, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


def test_an_open_shift_is_told_to_those_who_may_take_it(
    stage: Stage, planner: TestClient, gps: dict[str, TestClient]
) -> None:
    """On offer it shows with the verdict for who asks, also to who may not take it."""
    [shift_id] = opened(stage, planner)
    assert gps["c"].get(stage.url("open-shifts")).json() == {"items": []}
    [offered] = planner.post(stage.url("open-shifts"), json={"shift_ids": [shift_id]}).json()["offered"]
    assert offered["told"] == 1
    assert told(stage.database, "open_shift_offered") == [(shift_id, 1)]
    verdicts = {name: gps[name].get(stage.url("open-shifts")).json()["items"][0]["verdict"] for name in "abc"}
    assert {name: one["legal"] for name, one in verdicts.items()} == {"a": False, "b": False, "c": True}
    assert planner.get(stage.url("open-shifts")).json()["items"][0]["verdict"] is None


@ON_SQLITE
def test_all_that_can_be_opened_at_once_can_be_offered_at_once(stage: Stage, planner: TestClient) -> None:
    """A planner who opens sixty shifts is not left with sixty that nobody hears of."""
    shift_ids = opened(stage, planner, start="06:00", end="07:00", headcount=30, days=["2027-01-04", "2027-01-05"])
    answer = planner.post(stage.url("open-shifts"), json={"shift_ids": shift_ids})
    assert answer.status_code == 200, answer.text
    assert {one["told"] for one in answer.json()["offered"]} == {2}
    assert len(told(stage.database, "open_shift_offered")) == 60


def test_an_open_shift_is_taken_exactly_once(stage: Stage, planner: TestClient, gps: dict[str, TestClient]) -> None:
    """Two GPs at once: one has it and pay follows, the other is refused; it is work outside the published roster."""
    [shift_id] = opened(stage, planner, start="06:00", end="07:00")
    planner.post(stage.url("open-shifts"), json={"shift_ids": [shift_id]})
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(gps[name].post, stage.url(f"open-shifts/take/{shift_id}")) for name in "ac"]
        answers = sorted(one.result().status_code for one in asked)
    assert answers == [200, 409]
    performer, responsible = stage.in_force()[shift_id]
    assert performer in {"a", "c"}
    assert responsible is None
    assert gps["c"].get(stage.url("open-shifts")).json() == {"items": []}
    assert not verify_all(stage.database).troubles


def test_nobody_takes_what_is_not_on_offer_or_breaks_a_rule(
    stage: Stage, planner: TestClient, gps: dict[str, TestClient]
) -> None:
    """404 for an open shift that is not on offer, 409 for who works at that time."""
    [shift_id] = opened(stage, planner)
    assert gps["c"].post(stage.url(f"open-shifts/take/{shift_id}")).status_code == 404
    planner.post(stage.url("open-shifts"), json={"shift_ids": [shift_id]})
    refused = gps["a"].post(stage.url(f"open-shifts/take/{shift_id}"))
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert stage.in_force()[shift_id] == (None, None)


def test_locums_wait_for_their_turn(stage: Stage, planner: TestClient, gps: dict[str, TestClient]) -> None:
    """The order of access of swaps holds: who is not let in yet neither sees nor takes it, and is told in time."""
    with stage.database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": {"access_hours": {"locum": 48}}}
    [shift_id] = opened(stage, planner)
    [offered] = planner.post(stage.url("open-shifts"), json={"shift_ids": [shift_id]}).json()["offered"]
    assert offered["told"] == 0
    assert gps["c"].get(stage.url("open-shifts")).json() == {"items": []}
    assert gps["c"].post(stage.url(f"open-shifts/take/{shift_id}")).json()["code"] == "wrong_state"
    assert tell_those_let_in(stage.database, now() + timedelta(hours=47)) == 0
    assert tell_those_let_in(stage.database, now() + timedelta(hours=49)) == 1
    assert tell_those_let_in(stage.database, now() + timedelta(hours=50)) == 0
    assert told(stage.database, "open_shift_offered") == [(shift_id, 0), (shift_id, 1)]


@ON_SQLITE
def test_those_let_in_later_are_told_of_shifts_far_ahead_too(database: Database, as_role: AsRole) -> None:
    """However many that start before are on offer; of those they were told already."""
    stage = set_up(database, small_dossier(headcount=7))
    stage.put_in_force(as_role("planner"), stage.draft({}))
    at = now()
    with database.writing() as session:
        for shift_id in stage.in_force():
            told = at if shift_id.startswith("avond/2027-01-31") else at + timedelta(days=3)
            session.add(OpenOffer(hds_id="test", shift_id=shift_id, offered_at=at, told_until=told))
        session.get_one(Hds, "test").settings = {"swaps": {"access_hours": {"locum": 48}}}
    assert tell_those_let_in(database, at + timedelta(hours=49)) == 7


def test_a_standby_is_called_for_an_extra_shift_and_paid_for_it(stage: Stage, planner: TestClient) -> None:
    """The hours stand as a call-in, the shift as worked by nobody, a second standby runs meanwhile, all on account."""
    [shift_id] = opened(stage, planner)
    asked = {"shift_id": shift_id, "standby_id": STANDBY, "refill": True, "reason": "brand"}
    called = planner.post(stage.url("peak/call"), json=asked)
    assert called.status_code == 201, called.text
    assert (called.json()["gp_id"], called.json()["uncovered"], called.json()["refill"]) == (
        "b", [], ["extra-2/2027-01-04/1"]
    )  # fmt: skip
    assert told(stage.database, "standby_called") == [(shift_id, 1)]
    [stretch] = planner.get(stage.url(f"call-ins/{STANDBY}")).json()["stretches"]
    assert (stretch["gp_id"], stretch["start"][11:16], stretch["end"][11:16]) == ("b", "18:00", "20:00")
    worked = planner.get(stage.url(f"worked/{shift_id}")).json()
    assert (worked["told"], worked["stretches"]) == (True, [])
    refill, peak = planner.get(stage.url("peak")).json()["items"]
    assert (refill["kind"], refill["shifts"][0]["role"]) == ("refill", "standby")
    assert (peak["shifts"][0]["state"], peak["calls"][0]["hours"], peak["hours"]) == ("covered", 2.0, 2.0)
    assert peak["cents"] == 2 * (10000 - 1500)
    assert {one["gp_id"] for one in peak["balances"]} == {"b"}
    assert planner.post(stage.url("peak/call"), json=asked).json()["code"] == "conflict"


@ON_SQLITE
def test_a_call_whose_hours_were_taken_back_can_be_made_again(stage: Stage, planner: TestClient) -> None:
    """It was a mistake, or the standby comes after all: it counts and costs once."""
    [shift_id] = opened(stage, planner)
    asked = {"shift_id": shift_id, "standby_id": STANDBY, "reason": "brand"}
    assert planner.post(stage.url("peak/call"), json=asked).status_code == 201
    assert planner.delete(stage.url(f"call-ins/{STANDBY}"), headers={"If-Match": "*"}).status_code == 204
    [shown] = planner.get(stage.url("peak")).json()["items"]
    assert (shown["calls"], shown["hours"], shown["cents"]) == ([], 0, 0)
    assert planner.get(stage.url("peak/figures")).json()["call_ins"] == 0
    assert planner.post(stage.url("peak/call"), json=asked).status_code == 201
    assert planner.get(stage.url("peak/figures")).json()["call_ins"] == 1


@ON_SQLITE
def test_a_standby_called_by_mistake_is_called_off(stage: Stage, planner: TestClient) -> None:
    """As if there had been no call: the other of the evening stays, and the shift can be closed."""
    short, long = (
        opened(stage, planner, start=start, end=end)[0] for start, end in (("18:00", "19:00"), ("20:00", "22:00"))
    )
    calls = [{"shift_id": one, "standby_id": STANDBY} for one in (short, long)]
    for one in calls:
        assert planner.post(stage.url("peak/call"), json=one | {"reason": "brand"}).status_code == 201
    assert planner.post(stage.url("peak/uncall"), json=calls[0]).status_code == 204
    [stretch] = planner.get(stage.url(f"call-ins/{STANDBY}")).json()["stretches"]
    assert (stretch["start"][11:16], stretch["end"][11:16]) == ("20:00", "22:00")
    assert told(stage.database, "standby_called_off") == [(short, 1)]
    assert planner.post(stage.url("peak/close"), json={"shift_ids": [short]}).status_code == 200
    again = planner.post(
        stage.url("peak/uncall"), json=calls[0] | {"shift_id": long, "standby_id": "avond/2027-01-05/1"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_two_calls_of_one_standby_cost_what_it_is_paid_more(stage: Stage, planner: TestClient) -> None:
    """One hour and two of the same evening: shared out by their hours, to the cent of what payment makes of both."""
    [short] = opened(stage, planner, start="18:00", end="19:00")
    [long] = opened(stage, planner, start="20:00", end="22:00")
    for shift_id in (long, short):
        asked = {"shift_id": shift_id, "standby_id": STANDBY, "reason": "brand"}
        assert planner.post(stage.url("peak/call"), json=asked).status_code == 201
    later, first = planner.get(stage.url("peak")).json()["items"]
    assert (first["cents"], later["cents"]) == (8500, 2 * 8500)


def test_other_calls_of_a_standby_are_not_what_an_escalation_costs(stage: Stage, planner: TestClient) -> None:
    """One hour for a fire; two more of that evening, as for somebody ill, are on no account of it."""
    [shift_id] = opened(stage, planner, start="18:00", end="19:00")
    planner.post(stage.url("peak/call"), json={"shift_id": shift_id, "standby_id": STANDBY, "reason": "brand"})
    where = stage.url(f"call-ins/{STANDBY}")
    [first] = planner.get(where).json()["stretches"]
    more = {"gp_id": "b", "start": "2027-01-04T20:00:00+01:00", "end": "2027-01-04T22:00:00+01:00"}
    told = planner.put(where, json={"stretches": [first, more]}, headers={"If-Match": "*"})
    assert told.status_code == 200, told.text
    [shown] = planner.get(stage.url("peak")).json()["items"]
    assert (shown["hours"], shown["cents"]) == (1, 8500)


def test_who_dropped_out_of_a_shift_is_replaced_by_a_standby(stage: Stage, planner: TestClient) -> None:
    """Also a shift that was there already: it is worked by who was called, as a call of its own escalation."""
    assert planner.get(stage.url(f"peak/standbys/{EVENING}")).json()["standbys"][0]["gp_id"] == "b"
    asked = {"shift_id": EVENING, "standby_id": STANDBY, "reason": "ziek"}
    assert planner.post(stage.url("peak/call"), json=asked).status_code == 201
    unfit = planner.post(stage.url("peak/call"), json=asked | {"standby_id": "avond/2027-01-05/1"})
    assert (unfit.status_code, unfit.json()["code"]) == (409, "standby_unfit")


def test_hours_told_of_a_shift_are_not_paid_beside_a_call(stage: Stage, planner: TestClient) -> None:
    """Who was told to have worked it all worked up to the call."""
    whole = {"gp_id": "a", "start": "2027-01-04T17:00:00+01:00", "end": "2027-01-04T23:00:00+01:00"}
    where = stage.url(f"worked/{EVENING}")
    assert planner.put(where, json={"stretches": [whole]}, headers={"If-Match": "*"}).status_code == 200
    asked = {"shift_id": EVENING, "standby_id": STANDBY, "since": "2027-01-04T20:00:00+01:00", "reason": "ziek"}
    assert planner.post(stage.url("peak/call"), json=asked).status_code == 201
    [left] = planner.get(where).json()["stretches"]
    assert (left["gp_id"], left["start"][11:16], left["end"][11:16]) == ("a", "17:00", "20:00")


def test_extra_shifts_that_nobody_took_are_closed_again(
    stage: Stage, planner: TestClient, gps: dict[str, TestClient]
) -> None:
    """One that was taken stays; closed ones leave roster and dossier, and their ids do not come back."""
    kept, closed = opened(stage, planner, start="06:00", end="07:00", headcount=2)
    planner.post(stage.url("open-shifts"), json={"shift_ids": [kept, closed]})
    assert gps["c"].post(stage.url(f"open-shifts/take/{kept}")).status_code == 200
    refused = planner.post(stage.url("peak/close"), json={"shift_ids": [kept, closed]})
    assert (refused.status_code, len(refused.json()["errors"])) == (409, 1)
    assert planner.post(stage.url("peak/close"), json={"shift_ids": [closed]}).json() == {"closed": [closed]}
    assert closed not in stage.in_force()
    assert opened(stage, planner) == ["extra-3/2027-01-04/1"]
    assert planner.post(stage.url("peak/close"), json={"shift_ids": [EVENING]}).status_code == 404
    states = {
        one["shift_id"]: one["state"] for row in planner.get(stage.url("peak")).json()["items"] for one in row["shifts"]
    }
    assert states == {kept: "filled", closed: "closed", "extra-3/2027-01-04/1": "open"}


def test_an_insurer_sees_figures_and_nobody(
    stage: Stage, planner: TestClient, gps: dict[str, TestClient], as_role: AsRole
) -> None:
    """Counts and hours of the days asked for."""
    [shift_id] = opened(stage, planner, start="06:00", end="07:00")
    planner.post(stage.url("open-shifts"), json={"shift_ids": [shift_id]})
    gps["c"].post(stage.url(f"open-shifts/take/{shift_id}"))
    insurer = as_role("insurer")
    found = insurer.get(stage.url("peak/figures?start=2027-01-01&end=2027-01-31")).json()
    assert (found["escalations"], found["filled_shifts"], found["filled_hours"]) == (1, 1, 1.0)
    assert insurer.get(stage.url("peak/figures?start=2027-01-05")).json()["extra_shifts"] == 0
    assert insurer.get(stage.url("peak")).status_code == 403
    coverage = insurer.get(stage.url("coverage")).json()
    assert coverage["whole"]["shifts"] == 63
    assert coverage["outside_roster"]["shifts"] == 1
