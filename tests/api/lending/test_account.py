"""The account of what neighbours lent each other adds up, and is the same from both sides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.db.engine import Database
from api.lending.account import totals
from api.lending.schemas import AccountLine
from scheduler.domain.calendar import HourKind
from scheduler.domain.settings import PayoutSettings
from scheduler.domain.shift import Burden
from scheduler.domain.time import AMSTERDAM
from tests.api.lending.test_lending import neighbours, opened, take
from tests.api.neighbours.two_hdss import EAST, WEST, shift, url
from tests.api.payouts.in_force import rates

START = datetime(2027, 1, 14, 17, tzinfo=AMSTERDAM)
SPAN = {"first": "2027-01-01", "last": "2027-01-31"}


@st.composite
def lines(draw: st.DrawFn) -> AccountLine:
    """A shift that was lent to one of three HDSs, or borrowed from one; now and then without a rate."""
    hds_id, minutes = draw(st.sampled_from(("n", "e", "s"))), draw(st.integers(1, 900))
    return AccountLine(
        direction=draw(st.sampled_from(("lent", "borrowed"))), hds_id=hds_id, hds_name=hds_id.upper(), shift_id="1",
        gp_id="g", gp_name="", burden=draw(st.sampled_from(Burden)), start=START,
        end=START + timedelta(minutes=minutes), minutes=minutes,
        cents=draw(st.one_of(st.none(), st.integers(0, 200_000), st.integers(0, 200_000))), proof="",
    )  # fmt: skip


@given(st.lists(lines(), max_size=12))
def test_every_line_is_in_one_sum(drawn: list[AccountLine]) -> None:
    """Shifts and minutes of all sums are those of all lines, one way and the other."""
    found = totals(drawn)
    assert len({(one.hds_id, one.burden) for one in found}) == len(found)
    for way in ("lent", "borrowed"):
        own = [line for line in drawn if line.direction == way]
        sums = [getattr(one, way) for one in found]
        assert sum(one.shifts for one in sums) == len(own)
        assert sum(one.minutes for one in sums) == sum(line.minutes for line in own)
        if all(line.cents is not None for line in own):
            assert sum(one.cents for one in sums) == sum(line.cents or 0 for line in own)


@given(st.lists(lines(), max_size=12))
def test_what_one_side_is_owed_the_other_owes(drawn: list[AccountLine]) -> None:
    """The same lines seen from the other side have the opposite balance."""
    turned = [
        line.model_copy(update={"direction": "borrowed" if line.direction == "lent" else "lent"}) for line in drawn
    ]
    for one, other in zip(totals(drawn), totals(turned), strict=True):
        assert (one.balance.shifts, one.balance.minutes) == (-other.balance.shifts, -other.balance.minutes)
        if one.balance.cents is None:
            assert other.balance.cents is None
        else:
            assert one.balance.cents == -(other.balance.cents or 0)


def test_both_sides_see_the_same_lines(app: FastAPI, database: Database) -> None:
    """With the same proof, the GP by the own id of each side, and nothing else of the GP but the name."""
    two = neighbours(app, database, {}, {})
    for name, opening in zip("xxy", opened(two, shift(5), shift(14), shift(15)), strict=True):
        assert take(two.client(EAST, "gp", name), opening).status_code == 200
    west, east = (
        two.client(hds_id, "finance").get(url(hds_id, "neighbours/account"), params=SPAN).json()
        for hds_id in (WEST, EAST)
    )
    assert [one["proof"] for one in west["lines"]] == [one["proof"] for one in east["lines"]]
    assert [one["gp_id"] for one in west["lines"]] == ["gast-1", "gast-1", "gast-2"]
    assert [(one["gp_id"], one["gp_name"]) for one in east["lines"]] == [
        ("x", "Huisarts x"), ("x", "Huisarts x"), ("y", "Huisarts y"),
    ]  # fmt: skip
    assert [one["direction"] for one in west["lines"]] == ["borrowed"] * 3
    (total,) = east["totals"]
    assert (total["hds_id"], total["burden"]) == (WEST, "evening")
    assert (total["lent"]["shifts"], total["lent"]["minutes"]) == (3, 1080)
    assert (total["balance"]["shifts"], total["borrowed"]["shifts"]) == (3, 0)


def test_the_account_has_the_pay_of_the_tariffs_of_who_borrows(app: FastAPI, database: Database) -> None:
    """An hour of early evening at 80 and five of evening at 101 EUR; the tariffs at home say nothing."""
    pay = PayoutSettings(early_evening_rate=Decimal(80), agreed_rates={HourKind.EVENING: Decimal(101)})
    two = neighbours(app, database, {}, {}, payout=pay)
    rows = list(rates({"evening": 12_000}, date(2027, 1, 1), None))
    entered = two.client(WEST, "finance").post(url(WEST, "tariffs"), json={"rows": rows, "withdraw": []})
    assert entered.status_code == 201, entered.text
    (opening,) = opened(two, shift(14))
    gp = two.client(EAST, "gp", "x")
    assert gp.get(url(EAST, "neighbours/shifts")).json()["items"][0]["cents"] == 58_500
    take(gp, opening)
    for hds_id in (WEST, EAST):
        found = two.client(hds_id, "finance").get(url(hds_id, "neighbours/account"), params=SPAN).json()
        assert found["lines"][0]["cents"] == 58_500
        assert abs(found["totals"][0]["balance"]["cents"]) == 58_500


def test_the_account_comes_as_csv(app: FastAPI, database: Database) -> None:
    """A line a shift under a header; no name starts a formula."""
    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    take(two.client(EAST, "gp", "x"), opening)
    answer = two.client(WEST, "finance").get(url(WEST, "neighbours/account.csv"), params=SPAN)
    header, line = answer.text.splitlines()
    assert header.startswith("direction,hds_id,shift_id")
    assert line.startswith(f"borrowed,{EAST},{shift(14)},gast-1,Huisarts x,evening,2027-01-14T17:00:00+01:00")
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_an_account_is_of_days_in_order(app: FastAPI, database: Database) -> None:
    """And of three years at most."""
    two = neighbours(app, database, {}, {})
    client = two.client(WEST, "finance")
    for first, last in (("2027-02-01", "2027-01-31"), ("2027-01-01", "2031-01-01")):
        answer = client.get(url(WEST, "neighbours/account"), params={"first": first, "last": last})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_hds_where_the_shift_is_pays_the_guest(app: FastAPI, database: Database) -> None:
    """Once finance there has told whom to pay, the payment is what the account says; at home nothing is paid."""
    pay = PayoutSettings(early_evening_rate=Decimal(80), agreed_rates={HourKind.EVENING: Decimal(101)})
    two = neighbours(app, database, {}, {}, payout=pay)
    finance = two.client(WEST, "finance")
    rows = list(rates({"evening": 12_000}, date(2027, 1, 1), None))
    finance.post(url(WEST, "tariffs"), json={"rows": rows, "withdraw": []})
    (opening,) = opened(two, shift(14))
    guest = take(two.client(EAST, "gp", "x"), opening).json()["guest_id"]
    payee = {
        "gp_id": guest, "valid_from": "2027-01-01", "payee_name": "X", "iban": "NL91ABNA0417164300",
        "basis": "self_employed",
    }  # fmt: skip
    preview = url(WEST, "payouts/preview/lines?month=2027-01")
    with time_machine.travel(datetime(2027, 2, 10, 12, tzinfo=AMSTERDAM), tick=True):
        finance = two.client(WEST, "finance")
        entered = finance.post(url(WEST, "payees"), json=payee, headers={"If-Match": "*"})
        assert entered.status_code == 201, entered.text
        lines = finance.get(preview).json()["items"]
    assert {line["gp_id"] for line in lines} == {guest}
    assert sum(line["amount_cents"] for line in lines) == 58_500
