"""Tariffs and payees by the API: what the engine refuses is refused when it is entered, and nothing is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.calendar import HourKind
from scheduler.payout import national_tariffs
from tests.api.conftest import add_hds
from tests.api.payouts.in_force import ON_SQLITE, publish, rates
from tests.payout.paying import IBAN_C, IBAN_PR, LOCAL, hds

Speaker = Callable[..., TestClient]
HDS = "/api/v1/hds/test"
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def enter(finance: TestClient, rows: Any, withdraw: tuple[int, ...] = ()) -> Any:
    """Ask to enter and withdraw rows."""
    return finance.post(f"{HDS}/tariffs", json={"rows": list(rows), "withdraw": list(withdraw)})


def test_both_tables_are_shown_with_source_and_certainty(database: Database, as_role: Speaker) -> None:
    """The national one as the engine has it, the own one below what was entered."""
    add_hds(database)
    finance = as_role("finance")
    entered = enter(finance, rates({"night": 15_000}, YEAR[0], None))
    assert entered.status_code == 201, entered.text
    shown = finance.get(f"{HDS}/tariffs").json()
    assert shown == entered.json()
    assert len(shown["national"]) == len(national_tariffs().national)
    assert {one["certainty"] for one in shown["national"]} == {"stated", "secondary", "derived"}
    (own,) = shown["own"]
    assert (own["kind"], own["cents_per_hour"], own["valid_until"], own["source"]) == ("night", 15_000, None, "test")


@ON_SQLITE
@pytest.mark.parametrize(
    "second",
    [(date(2027, 12, 31), date(2028, 12, 31)), (date(2028, 1, 2), date(2028, 12, 31)), YEAR],
    ids=["overlap of a day", "gap of a day", "the same twice"],
)
def test_overlaps_and_gaps_are_refused_when_entered(
    database: Database, as_role: Speaker, second: tuple[date, date]
) -> None:
    """Also with rows entered before; nothing of the request is kept."""
    add_hds(database)
    finance = as_role("finance")
    enter(finance, rates({"night": 15_000}, *YEAR)).raise_for_status()
    refused = enter(finance, [*rates({"night": 15_500}, *second), *rates({"evening": 12_000}, *YEAR)])
    assert (refused.status_code, refused.json()["code"]) == (422, "dossier_invalid")
    assert [error["column"] for error in refused.json()["errors"]] == ["valid_from"]
    assert len(finance.get(f"{HDS}/tariffs").json()["own"]) == 1
    assert enter(finance, rates({"night": 15_500}, date(2028, 1, 1), None)).status_code == 201


def test_a_year_is_replaced_in_one_act_and_stays_as_history(database: Database, as_role: Speaker) -> None:
    """Withdrawing and entering at once leaves no moment with a gap; withdrawn rows are told of when asked for."""
    add_hds(database)
    finance = as_role("finance")
    spans = [YEAR, (date(2028, 1, 1), date(2028, 12, 31)), (date(2029, 1, 1), None)]
    own = enter(finance, [row for span in spans for row in rates({"night": 15_000}, *span)]).json()["own"]
    middle = own[1]["id"]
    assert finance.delete(f"{HDS}/tariffs/{middle}").json()["code"] == "dossier_invalid"
    replaced = enter(finance, rates({"night": 15_750}, *spans[1]), withdraw=(middle,))
    assert [row["cents_per_hour"] for row in replaced.json()["own"]] == [15_000, 15_750, 15_000]
    history = finance.get(f"{HDS}/tariffs", params={"withdrawn": True}).json()["own"]
    assert {row["id"]: row["withdrawn_at"] is not None for row in history}[middle]
    assert finance.delete(f"{HDS}/tariffs/{middle}").status_code == 404


@ON_SQLITE
def test_a_maximum_below_an_agreed_rate_is_refused_naming_both(database: Database, as_role: Speaker) -> None:
    """The dossier in force agrees 150 for a night in 2027; a maximum of 140 would make it unpayable."""
    from scheduler.domain.time import Period
    from tests.payout.paying import rostered, shift

    agreed = LOCAL.replace(agreed_rates={HourKind.NIGHT: Decimal("150.00")})
    night = shift("2027-01-15T23:00", "2027-01-16T08:00")
    publish(database, rostered([night]), hds(period=Period(start=YEAR[0], end=YEAR[1]), payout=agreed))
    finance = as_role("finance")
    refused = enter(finance, rates({"night": 14_000}, YEAR[0], None))
    assert "150.00" in refused.text
    assert "140.00" in refused.text
    assert enter(finance, rates({"night": 15_000}, YEAR[0], None)).status_code == 201


@ON_SQLITE
@pytest.mark.parametrize(
    "change",
    [
        {"cents_per_hour": 0},
        {"cents_per_hour": -1},
        {"kind": "standby"},
        {"source": ""},
        {"valid_until": "2026-12-31"},
        {"valid_from": "0001-01-01"},
        {"certainty": "sure"},
    ],
)
def test_a_rate_that_cannot_be_is_malformed(database: Database, as_role: Speaker, change: dict[str, Any]) -> None:
    """No amount, no national kind, no source, an end before the start."""
    add_hds(database)
    (row,) = rates({"night": 15_000}, *YEAR)
    refused = enter(as_role("finance"), [row | change])
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")


def test_a_payee_is_added_from_a_day_on_and_taken_away_again(database: Database, as_role: Speaker) -> None:
    """Both ask for what was seen of the dossier; what is paid follows at once."""
    given = publish(database)
    finance = as_role("finance")
    listed = finance.get(f"{HDS}/payees")
    assert [one["gp_id"] for one in listed.json()["items"]] == ["A", "B", "C"]
    entry = {
        "gp_id": "A", "valid_from": "2024-01-10", "payee_name": "BV A", "iban": "nl39 rabo 0300065264",
        "basis": "self_employed",
    }  # fmt: skip
    assert finance.post(f"{HDS}/payees", json=entry).status_code == 428
    seen = {"If-Match": listed.headers["etag"]}
    added = finance.post(f"{HDS}/payees", json=entry, headers=seen)
    assert (added.status_code, added.json()["iban"], added.json()["gp_name"]) == (201, IBAN_C, "Dokter A")
    assert finance.post(f"{HDS}/payees", json=entry, headers=seen).status_code == 412
    preview = finance.get(f"{HDS}/payouts/preview", params={"month": "2024-01"}).json()
    assert "BV A" in {one["payee"] for one in preview["payments"]}
    removed = finance.delete(f"{HDS}/payees/{added.json()['id']}", headers={"If-Match": added.headers["etag"]})
    assert removed.status_code == 204
    assert len(finance.get(f"{HDS}/payees", params={"dossier_id": given.dossier_id}).json()["items"]) == 3
    assert len(finance.get(f"{HDS}/payees", params={"gp_id": "A"}).json()["items"]) == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "column"),
    [({"iban": IBAN_PR[:-1] + "1"}, "iban"), ({"gp_id": "Z"}, "gp_id"), ({"valid_from": "2020-01-01"}, "valid_from"),
     ({"payee_name": "  "}, "payee_name")],
    ids=["check digit", "unknown GP", "second from that day", "blank name"],
)  # fmt: skip
def test_a_payee_that_cannot_be_paid_is_refused_when_entered(
    database: Database, as_role: Speaker, change: dict[str, str], column: str
) -> None:
    """With the mistake of the engine, and the dossier as it was."""
    publish(database)
    finance = as_role("finance")
    entry = {
        "gp_id": "A", "valid_from": "2024-06-01", "payee_name": "BV A", "iban": IBAN_C, "basis": "via_practice"
    }  # fmt: skip
    seen = {"If-Match": finance.get(f"{HDS}/payees").headers["etag"]}
    refused = finance.post(f"{HDS}/payees", json=entry | change, headers=seen)
    assert (refused.status_code, [one["column"] for one in refused.json()["errors"]]) == (422, [column])
    assert finance.post(f"{HDS}/payees", json=entry, headers=seen).status_code == 201


def test_only_finance_enters_and_sees_tariffs_and_payees(database: Database, as_role: Speaker) -> None:
    """Neither planner nor GP; another HDS has its own."""
    publish(database)
    enter(as_role("finance"), rates({"night": 15_000}, *YEAR)).raise_for_status()
    for speaker, expected in ((as_role("planner"), 403), (as_role("gp", gp_id="A"), 403)):
        assert speaker.get(f"{HDS}/tariffs").status_code == expected
        assert speaker.get(f"{HDS}/payees").status_code == expected
        assert enter(speaker, rates({"night": 15_000}, *YEAR)).status_code == expected
    other = as_role("finance", hds_id="other")
    assert other.get(f"{HDS}/tariffs").status_code == 404
    assert other.get("/api/v1/hds/other/tariffs").json()["own"] == []
