"""What sickness does to pay, by the lines of a payment run."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.settings import Payee, PayeeBasis, PayoutSettings
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import Ward, at, evening, open_ward, standby

START = {evening(6): "a", standby(6): "b"}
STANDBY_RATE = Decimal("15.00")
EARLY_RATE = Decimal("80.00")
IBANS = ("NL69INGB0123456789", "NL91ABNA0417164300", "NL39RABO0300065264", "NL20INGB0001234567", "NL02ABNA0123456789")
TARIFFS = [
    {
        "kind": "evening",
        "valid_from": "2027-01-01",
        "cents_per_hour": 12_000,
        "source": "test",
        "certainty": "fictitious",
    }
]
Hours = dict[str, dict[str, float]]


@pytest.fixture
def ward(app: FastAPI, database: Database) -> Ward:
    """Everybody has a payee, and standby and duty have rates far apart."""
    payees = [
        Payee(gp_id=name, valid_from="2027-01-01", payee_name=name, iban=iban, basis=PayeeBasis.SELF_EMPLOYED)
        for name, iban in zip("abcde", IBANS, strict=True)
    ]
    payout = PayoutSettings(early_evening_rate=EARLY_RATE, standby_rate=STANDBY_RATE)
    return open_ward(app, database, START, payees=payees, payout=payout)


def _paid(ward: Ward) -> Hours:
    """Hours that are paid for January once it is over, per GP: on standby and on duty."""
    user_id = add_user(ward.database, "finance", "test", "finance")
    with time_machine.travel(at("2027-02-02"), tick=False):
        headers = {"Authorization": f"Bearer {token_for(ward.database, user_id, 'test', 'finance')}"}
        finance = TestClient(ward.app, headers=headers)
        finance.post(ward.url("tariffs"), json={"rows": TARIFFS, "withdraw": []}).raise_for_status()
        found = finance.get(ward.url("payouts/preview/lines"), params={"month": "2027-01", "limit": 1000})
    assert found.status_code == 200, found.text
    hours: Hours = defaultdict(lambda: defaultdict(float))
    for line in found.json()["items"]:
        kind = "standby" if line["rate_cents"] == int(STANDBY_RATE * 100) else "duty"
        hours[line["gp_id"]][kind] += line["minutes"] / 60
    return {gp_id: dict(one) for gp_id, one in hours.items()}


def test_the_standby_is_paid_as_on_duty_and_who_is_ill_is_not_paid(ward: Ward) -> None:
    """Six hours of duty for the standby, six of standby for whoever stands by instead, none for who was ill."""
    ward.sick("a", shift_id=evening(6))
    ward.tick("2027-01-04T09:01")
    ward.says("c", True)
    assert _paid(ward) == {"b": {"duty": 6}, "c": {"standby": 6}}


@ON_SQLITE
def test_who_falls_ill_on_duty_is_paid_up_to_then(ward: Ward, clock: time_machine.Traveller) -> None:
    """No hour is paid twice, and none is lost: the six hours of the shift are paid once."""
    clock.move_to(at("2027-01-06T19:30"))
    ward.sick("a", shift_id=evening(6))
    assert _paid(ward) == {"a": {"duty": 2.5}, "b": {"standby": 2.5, "duty": 3.5}}


@ON_SQLITE
def test_who_takes_the_shift_over_is_paid_for_it_whole(ward: Ward) -> None:
    """As any handover: by the roster, with nothing told."""
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    assert _paid(ward) == {"b": {"standby": 6}, "c": {"duty": 6}}


@ON_SQLITE
def test_who_takes_over_a_shift_that_runs_is_paid_for_the_rest(ward: Ward, clock: time_machine.Traveller) -> None:
    """From the minute of the yes on; the minutes between belong to nobody."""
    ward.choose(standby="ask_planner")
    clock.move_to(at("2027-01-06T19:00"))
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    clock.move_to(at("2027-01-06T19:30"))
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    assert _paid(ward) == {"a": {"duty": 2}, "b": {"standby": 6}, "c": {"duty": 3.5}}


@ON_SQLITE
def test_each_of_two_who_fall_ill_on_one_shift_is_paid_for_the_own_hours(
    ward: Ward, clock: time_machine.Traveller
) -> None:
    """Who took over in the middle falls ill too: what the first one worked stays as it was told."""
    ward.choose(standby="ask_planner")
    for gp_id, ill, taker, again in (("a", "19:00", "c", "19:30"), ("c", "21:00", "d", "22:00")):
        clock.move_to(at(f"2027-01-06T{ill}"))
        [case] = ward.sick(gp_id, shift_id=evening(6))["cases"]
        clock.move_to(at(f"2027-01-06T{again}"))
        assert ward.decide(case["id"], "assign", gp_id=taker).status_code == 200
    assert _paid(ward) == {"a": {"duty": 2}, "b": {"standby": 6}, "c": {"duty": 1.5}, "d": {"duty": 1}}


@ON_SQLITE
def test_a_standby_called_and_then_ill_is_paid_for_neither(ward: Ward) -> None:
    """Whoever takes both is paid for both."""
    ward.sick("a", shift_id=evening(6))
    ward.sick("b", shift_id=standby(6))
    assert _paid(ward) == {}
