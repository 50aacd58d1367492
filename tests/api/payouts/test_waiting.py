"""Hours whose maximum is not known wait, for finance, the GP who worked them and nobody else; a later run pays them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.time import Period
from scheduler.payout import Tariff, national_tariffs
from tests.api.payouts.in_force import ON_SQLITE, PAY, publish, rates
from tests.api.payouts.test_runs import by_command, closed, require_same_files
from tests.payout.paying import PAYEES, hds, payee, rostered, shift

Speaker = Callable[..., TestClient]
OLD = Period(start=date(2024, 1, 1), end=date(2024, 12, 31))
NEW = Period(start=date(2025, 1, 1), end=date(2025, 12, 31))
SATURDAY = shift("2024-12-14T08:00", "2024-12-14T16:00")
LAST_NIGHT = shift("2024-12-31T23:00", "2025-01-01T08:00")
NEXT = shift("2025-01-11T08:00", "2025-01-11T16:00")
DECEMBER = {"month": "2024-12"}
OF_2025 = rates(
    {"evening": 11_000, "holiday": 14_700, "night": 14_600, "weekend": 13_000}, date(2025, 1, 1), date(2025, 12, 31)
)


def know_2025(finance: TestClient) -> None:
    """Enter the maxima of 2025."""
    answer = finance.post("/api/v1/hds/test/tariffs", json={"rows": OF_2025})
    assert answer.status_code == 201, answer.text


def test_december_is_paid_and_the_rest_by_the_next_run_as_by_the_command(
    database: Database, as_role: Speaker, tmp_path: Path
) -> None:
    """Preview, run and what waits tell of the eight hours; next year's run pays them, file for file the same."""
    given = publish(database, rostered([SATURDAY, LAST_NIGHT]), hds(period=OLD))
    finance = as_role("finance")
    preview = finance.get(f"{PAY}/preview", params=DECEMBER).json()
    (waiting,) = preview["outstanding"]
    assert (waiting["minutes"], waiting["text"]) == (480, "nog te betalen: geen tarief voor 2025")
    first = closed(finance, **DECEMBER)
    assert (first["amount_cents"], first["outstanding_minutes"]) == (99_200 + 10_746, 480)
    days = Period(start=date(2024, 12, 1), end=date(2024, 12, 31))
    run = by_command(given, given.roster, tmp_path, first["closed_on"], period=days)
    require_same_files(finance, 1, run)
    assert finance.get(f"{PAY}/preview", params=DECEMBER).json()["nothing_to_pay"]
    assert finance.get(f"{PAY}/verify").status_code == 200
    later = publish(database, rostered([NEXT]), hds(period=NEW))
    know_2025(finance)
    second = closed(finance, month="2025-01")
    assert (second["amount_cents"], second["outstanding_minutes"]) == (8 * 14_700 + 8 * 13_000, 0)
    table = national_tariffs().replace(own=[Tariff(**row) for row in OF_2025])
    month = Period(start=date(2025, 1, 1), end=date(2025, 1, 31))
    require_same_files(
        finance, 2, by_command(later, later.roster, tmp_path, second["closed_on"], period=month, tariffs=table)
    )
    (line,) = finance.get(f"{PAY}/runs/2/lines", params={"corrections": True}).json()["items"]
    assert (line["reason"], line["shift_id"]) == ("tariff_known", LAST_NIGHT.id)
    assert finance.get(f"{PAY}/outstanding").json() == {"sums": [], "hours": []}
    assert finance.get(f"{PAY}/verify").status_code == 200


@ON_SQLITE
def test_each_gp_sees_the_own_hours_that_wait(database: Database, as_role: Speaker) -> None:
    """Nobody else's; finance sees all; before the first run there are none."""
    evening = shift("2024-12-31T20:00", "2025-01-01T04:00", number=2)
    roster = rostered([SATURDAY, LAST_NIGHT, evening]).with_gp(evening.id, "C")
    publish(database, roster, hds(period=OLD))
    finance = as_role("finance")
    assert finance.get(f"{PAY}/outstanding").json()["hours"] == []
    closed(finance, **DECEMBER)
    told = finance.get(f"{PAY}/outstanding").json()
    assert [(one["gp_id"], one["minutes"]) for one in told["hours"]] == [("A", 480), ("C", 240)]
    assert [one["minutes"] for one in told["sums"]] == [720]
    for gp_id, minutes in (("A", [480]), ("B", []), ("C", [240])):
        own = as_role("gp", gp_id=gp_id).get(f"{PAY}/mine/outstanding").json()
        assert [one["minutes"] for one in own["hours"]] == minutes


@ON_SQLITE
def test_a_statement_on_which_hours_of_a_colleague_wait_is_shown_to_no_gp(database: Database, as_role: Speaker) -> None:
    """Two of one practice: A is paid, C's hours wait, and both stand on one statement."""
    shared = [payee(gp_id, "Praktijk PR", PAYEES[1].iban, via_practice=True) for gp_id in "AC"]
    from_midnight = shift("2024-12-31T23:59", "2025-01-01T08:00")
    roster = rostered([SATURDAY, from_midnight]).with_gp(from_midnight.id, "C")
    publish(database, roster, hds(period=OLD, payees=[shared[0], shared[1]]))
    finance = as_role("finance")
    closed(finance, **DECEMBER)
    assert as_role("gp", gp_id="A").get(f"{PAY}/mine/statements").json()["items"] == []


@ON_SQLITE
def test_a_month_of_which_nothing_is_known_is_refused(database: Database, as_role: Speaker) -> None:
    """In the words of the service, with year and kind; nothing is closed."""
    publish(database, rostered([NEXT]), hds(period=NEW))
    finance = as_role("finance")
    refused = finance.get(f"{PAY}/preview", params={"month": "2025-01"})
    assert refused.status_code == 422
    assert [(one["file"], one["found"]) for one in refused.json()["errors"]] == [("tariffs", "2025")]
    lines = finance.post(f"{PAY}/forecast", json={"month": "2025-01", "budget": []})
    assert lines.status_code == 422


@ON_SQLITE
def test_a_forecast_tells_which_hours_have_no_amount(database: Database, as_role: Speaker) -> None:
    """The last night of the year does not hold up the forecast of all the rest."""
    publish(database, rostered([SATURDAY, LAST_NIGHT]), hds(period=OLD))
    lines = as_role("finance").post(f"{PAY}/forecast", json={"month": "2024-12", "budget": []}).json()["lines"]
    assert {one["kind"]: one["unrated_minutes"] for one in lines} == {"weekend": 0, "evening": 0, "holiday": 480}
