"""What a swap does to pay is told before anybody agrees, to the cent what a payment run would make of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.calendar import HourKind
from scheduler.domain.settings import PayoutSettings
from tests.api.payouts.in_force import EVENING, SATURDAY, publish, rates
from tests.api.swaps.market import move, published, shift, speaks_for

HDS = "/api/v1/hds/test"
PAY = PayoutSettings(early_evening_rate=Decimal(80), agreed_rates={HourKind.EVENING: Decimal(101)})
START = {shift(4): "a", shift(9): "b", shift(18): "a"}
MOVES = [move(shift(4), "a", "b"), move(shift(9), "b", "a")]


def _enter(finance: TestClient, withdraw: tuple[int, ...] = (), **cents: int) -> list[int]:
    rows = list(rates(cents, date(2027, 1, 1), None))
    answer = finance.post(f"{HDS}/tariffs", json={"rows": rows, "withdraw": list(withdraw)})
    assert answer.status_code == 201, answer.text
    return [row["id"] for row in answer.json()["own"]]


def _told(client: TestClient) -> dict[str, tuple[int | None, str]]:
    parties = client.post(f"{HDS}/swaps/verdict", json={"moves": MOVES}).json()["parties"]
    return {one["gp_id"]: (one["pay_cents"], one["pay_text"]) for one in parties}


def _to_pay(finance: TestClient) -> dict[str, int]:
    lines = finance.get(f"{HDS}/payouts/preview/lines?month=2024-01").json()["items"]
    gp_ids = {line["gp_id"] for line in lines}
    return {gp_id: sum(line["amount_cents"] for line in lines if line["gp_id"] == gp_id) for gp_id in gp_ids}


def test_the_effect_on_pay_is_what_payment_makes_of_it(database: Database, as_role: Callable[..., TestClient]) -> None:
    """The difference between two previews of a payment run, before and after an exchange."""
    in_force = publish(database)
    finance, planner = as_role("finance"), as_role("planner")
    moves = [move(SATURDAY.id, "A", "B"), move(EVENING.id, "B", "A")]
    told, before = planner.post(f"{HDS}/swaps/verdict", json={"moves": moves}).json()["parties"], _to_pay(finance)
    for shift_id, gp_id in ((SATURDAY.id, None), (EVENING.id, "A"), (SATURDAY.id, "B")):
        in_force.hand_over(shift_id, gp_id)
    after = _to_pay(finance)
    effect = {one["gp_id"]: one["pay_cents"] for one in told}
    assert effect == {gp_id: after[gp_id] - before[gp_id] for gp_id in "AB"}
    assert effect["A"] < 0 < effect["B"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_gp_is_told_the_own_effect_alone(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """What the colleague gains or loses is not told."""
    published(database, START, payout=PAY)
    _enter(as_role("finance"), evening=12_000, weekend=14_321)
    with speaks_for(app, database, "b") as b:
        assert set(_told(b)) == {"b"}


def test_other_tariffs_give_another_effect_at_once(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """What is kept in memory for verdicts follows each change of tariffs, also one that only withdraws."""
    published(database, START, payout=PAY)
    finance, planner = as_role("finance"), as_role("planner")
    unknown = "Wat dit met de vergoeding doet is niet bekend: van een van de uren is er geen tarief."
    assert _told(planner)["a"] == (None, unknown)
    ids = _enter(finance, evening=12_000, weekend=14_321)
    # 80 + 5 x 101 on Monday 4 January against 6 x 143.21 on Saturday the 9th
    assert _told(planner)["a"] == (27_426, "De vergoeding wordt € 274,26 hoger.")
    assert _told(planner)["b"] == (-27_426, "De vergoeding wordt € 274,26 lager.")
    ids = _enter(finance, tuple(ids), evening=12_000, weekend=9_753)
    assert _told(planner)["a"] == (18, "De vergoeding wordt € 0,18 hoger.")
    for one in ids:
        finance.delete(f"{HDS}/tariffs/{one}").raise_for_status()
    assert _told(planner)["a"] == (None, unknown)
