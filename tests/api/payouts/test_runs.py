"""Payment runs by the API: the same lines, files and guarantees as those of the command."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pypdf import PdfReader

from api.db.engine import Database
from scheduler.domain.roster import Roster
from scheduler.domain.time import DAY, Period
from scheduler.payout import Tariff, close, corrections, national_tariffs, prepare_run, read_ledger
from scheduler.payout.ledger import ClosedRun, journal
from scheduler.payout.sepa import paid_in
from tests.api.payouts.in_force import (
    EVENING,
    JANUARY,
    ON_SQLITE,
    PAY,
    SATURDAY,
    SHIFTS,
    SMALL,
    STANDBY,
    InForce,
    publish,
)
from tests.payout.paying import HDS_ACCOUNT, IBAN_HDS, YEARS, hds, rostered, shift

Speaker = Callable[..., TestClient]
DEBTOR = {"name": HDS_ACCOUNT.name, "iban": IBAN_HDS}
PAY_ON = "2100-01-04"
DAYS = Period(start=date(2024, 1, 1), end=date(2024, 1, 31))


def closing(finance: TestClient, *, key: str | None = None, **more: Any) -> Response:
    """Ask to close January, with the account of the HDS, unless said otherwise."""
    body = JANUARY | {"pay_on": PAY_ON, "debtor": DEBTOR} | more
    headers = {} if key is None else {"Idempotency-Key": key}
    return finance.post(f"{PAY}/runs", json=body, headers=headers)


def closed(finance: TestClient, **more: Any) -> dict[str, Any]:
    """A run that was closed."""
    answer = closing(finance, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_command(given: InForce, roster: Roster, folder: Path, closed_on: str, **more: Any) -> ClosedRun:
    """The run that the command's functions close in a folder on the same day."""
    plain: dict[str, Any] = {"tariffs": national_tariffs(), "period": DAYS, "debtor": HDS_ACCOUNT}
    asked = plain | more
    run = prepare_run(
        given.dossier, roster, asked["tariffs"], asked["period"], today=date.fromisoformat(closed_on),
        actuals=asked.get("actuals"), ledger=read_ledger(folder, given.dossier.hds_id),
    )  # fmt: skip
    return close(run, debtor=asked["debtor"], pay_on=date.fromisoformat(PAY_ON), with_pdf=False).run


def require_same_files(finance: TestClient, number: int, files: ClosedRun) -> None:
    """Every file of the run, byte for byte."""
    listed = {one["name"] for one in finance.get(f"{PAY}/runs/{number}/files").json() if one["stored"]}
    assert listed == files.files.keys()
    for name, content in files.files.items():
        assert finance.get(f"{PAY}/runs/{number}/files/{name}").content == content, name


def test_a_run_has_the_files_of_the_command_byte_for_byte(database: Database, as_role: Speaker, tmp_path: Path) -> None:
    """Lines, totals, payments, bank file, statements, and the record that seals them; the amounts shown are theirs."""
    given, finance = publish(database), as_role("finance")
    shown = closed(finance)
    run = by_command(given, SMALL, tmp_path, shown["closed_on"])
    require_same_files(finance, 1, run)
    assert (shown["amount_cents"], shown["paid_cents"]) == (run.record["amount_cents"], run.record["paid_cents"])
    assert shown["hash"] == run.digest
    assert paid_in(finance.get(f"{PAY}/runs/1/transfer").content) == shown["paid_cents"] > 0


def test_a_late_swap_gives_the_same_difference_lines(database: Database, as_role: Speaker, tmp_path: Path) -> None:
    """What the next run takes back and pays, why, and the corrections told before it, are those of the command."""
    given, finance = publish(database), as_role("finance")
    by_command(given, SMALL, tmp_path, closed(finance)["closed_on"])
    swapped = given.hand_over(SATURDAY.id, "C")
    expected = corrections(given.dossier, swapped, national_tariffs(), read_ledger(tmp_path, "test"))
    assert finance.get(f"{PAY}/corrections", params={"month": "2024-02"}).json()["payees"] == []
    told = finance.get(f"{PAY}/corrections").json()
    assert [(one["payee"], one["old_cents"], one["new_cents"]) for one in told["payees"]] == [
        (one.account.name, one.old, one.new) for one in expected
    ]
    assert told["difference_cents"] == 0
    assert {shift["reason"] for one in told["payees"] for shift in one["shifts"]} == {"other_gp"}
    second = closed(finance)
    require_same_files(finance, 2, by_command(given, swapped, tmp_path, second["closed_on"]))
    assert second["carried_out_cents"] == -99_200
    lines = finance.get(f"{PAY}/runs/2/lines", params={"corrections": True}).json()["items"]
    assert [(one["gp_id"], one["sign"], one["amount_cents"]) for one in lines] == [("A", -1, -99200), ("C", 1, 99200)]


@ON_SQLITE
def test_corrections_of_an_earlier_month_are_told_after_a_later_one_was_closed(
    database: Database, as_role: Speaker
) -> None:
    """Every closed day of the dossier counts, as the next run settles them all; before the first run there is none."""
    given, finance = publish(database), as_role("finance")
    assert finance.get(f"{PAY}/corrections").status_code == 404
    closed(finance)
    closed(finance, month="2024-02")
    given.hand_over(SATURDAY.id, None)
    told = finance.get(f"{PAY}/corrections").json()
    assert [shift["reason"] for one in told["payees"] for shift in one["shifts"]] == ["not_worked"]
    assert told["difference_cents"] == finance.get(f"{PAY}/preview", params=JANUARY).json()["amount_cents"] == -99_200


def test_a_lowered_tariff_takes_back_the_difference_and_withdrawing_it_gives_it_again(
    database: Database, as_role: Speaker, tmp_path: Path
) -> None:
    """A tariff entered later lowers what was paid to the cent of the command; a withdrawn one holds no longer."""
    given, finance = publish(database), as_role("finance")
    by_command(given, SMALL, tmp_path, closed(finance)["closed_on"])
    row = {
        "kind": "weekend", "valid_from": "2024-01-01", "valid_until": "2024-12-31", "cents_per_hour": 12_000,
        "source": "hof", "certainty": "stated",
    }  # fmt: skip
    entered = finance.post("/api/v1/hds/test/tariffs", json={"rows": [row]})
    assert entered.status_code == 201, entered.text
    lowered = closed(finance)
    own = national_tariffs().replace(own=[Tariff(**row)])
    require_same_files(finance, 2, by_command(given, SMALL, tmp_path, lowered["closed_on"], tariffs=own))
    assert lowered["amount_cents"] == 8 * (12_000 - 12_400)
    assert finance.delete(f"/api/v1/hds/test/tariffs/{entered.json()['own'][0]['id']}").status_code == 204
    assert closed(finance)["amount_cents"] == -lowered["amount_cents"]


def test_closing_again_finds_nothing_to_pay(database: Database, as_role: Speaker) -> None:
    """Running twice pays nothing twice, and makes no run."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    again = closing(finance)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_pay")
    assert [run["number"] for run in finance.get(f"{PAY}/runs").json()["items"]] == [1]


def test_the_same_key_closes_once_and_gives_the_same_answer(database: Database, as_role: Speaker) -> None:
    """A double click is one run; the key of another request is refused."""
    publish(database)
    finance = as_role("finance")
    first, second = closing(finance, key="click"), closing(finance, key="click")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = closing(finance, key="click", month="2024-02")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_of_closings_at_once_exactly_one_wins(database: Database, as_role: Speaker) -> None:
    """Four at the same time: one run, and the others are refused without a trace."""
    publish(database)
    speakers = [as_role("finance") for _ in range(4)]
    with ThreadPoolExecutor(len(speakers)) as pool:
        answers = list(pool.map(closing, speakers))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"conflict", "nothing_to_pay"}
    sound = speakers[0].get(f"{PAY}/verify").json()
    assert (sound["runs"], sound["amount_cents"]) == (1, _amount(answers))


def _amount(answers: list[Response]) -> int:
    return next(int(answer.json()["amount_cents"]) for answer in answers if answer.status_code == 201)


def test_clicks_at_once_with_one_key_all_get_the_one_run(database: Database, as_role: Speaker) -> None:
    """Whoever comes second is told of the run that the first closed."""
    publish(database)
    speakers = [as_role("finance") for _ in range(4)]
    with ThreadPoolExecutor(len(speakers)) as pool:
        answers = list(pool.map(lambda one: closing(one, key="click"), speakers))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.text for answer in answers}) == 1
    assert speakers[0].get(f"{PAY}/verify").json()["runs"] == 1


@ON_SQLITE
def test_what_stands_in_the_way_is_told_at_once_and_nothing_is_closed(database: Database, as_role: Speaker) -> None:
    """A year without tariffs, and everyone without account number when there is a bank account to pay from."""
    given = publish(database, dossier=hds(payees=()))
    finance = as_role("finance")
    refused = closing(finance)
    assert (refused.status_code, refused.json()["code"]) == (422, "dossier_invalid")
    assert len(refused.json()["errors"]) == 3
    assert finance.get(f"{PAY}/runs").json()["items"] == []
    assert len(finance.get(f"{PAY}/preview", params=JANUARY).json()["missing_accounts"]) == 3
    assert given.dossier.payees == ()


@ON_SQLITE
@pytest.mark.parametrize(
    "asked",
    [
        {"month": "2099-01"},
        {"month": "2024-13"},
        {"period": "2024-02-01..2024-01-01"},
        {},
        {"month": "2024-01", "period": "2024-01-01..2024-01-31"},
        {"period": "0001-01-01..9999-12-31"},
    ],
)
def test_days_that_cannot_be_paid_are_refused(database: Database, as_role: Speaker, asked: dict[str, str]) -> None:
    """No roster in force there, no such month, an end before the start, none or both of the two, or ages."""
    publish(database)
    finance = as_role("finance")
    assert finance.get(f"{PAY}/preview", params=asked).status_code in {409, 422}
    body = {"month": None, "pay_on": PAY_ON} | asked
    assert finance.post(f"{PAY}/runs", json=body).status_code in {409, 422}


@ON_SQLITE
def test_a_month_that_is_not_over_is_refused_with_the_words_of_the_engine(database: Database, as_role: Speaker) -> None:
    """The month is named, and from when it can be paid."""
    day = date.today()  # noqa: DTZ011 - a month that is not over, whenever this runs
    current = shift(f"{day}T18:00", f"{day}T23:00")
    whole = Period(start=YEARS.start, end=day + DAY * 40)
    publish(database, rostered([*SHIFTS, current]), hds(period=whole))
    answer = closing(as_role("finance"), month=f"{day:%Y-%m}")
    assert answer.status_code == 422
    assert f"{day:%Y-%m}" in {error["found"] for error in answer.json()["errors"]}
    assert not any(error["file"].startswith("--") for error in answer.json()["errors"])


def test_the_preview_is_what_closing_then_pays(database: Database, as_role: Speaker) -> None:
    """Amounts per kind, class and payee, and the lines in pages, are those of the run that follows."""
    publish(database)
    finance = as_role("finance")
    preview = finance.get(f"{PAY}/preview", params=JANUARY).json()
    seen = _pages(finance, f"{PAY}/preview/lines", JANUARY)
    run = closed(finance)
    assert (preview["amount_cents"], preview["paid_cents"]) == (run["amount_cents"], run["paid_cents"])
    for sums in (preview["by_kind"], preview["by_class"]):
        assert sum(one["amount_cents"] for one in sums) == run["amount_cents"]
    assert preview["payments"] == finance.get(f"{PAY}/runs/1/statements").json()["items"]
    lines = _pages(finance, f"{PAY}/runs/1/lines", {})
    assert [one | {"run": 1, "statement": line["statement"]} for one, line in zip(seen, lines, strict=True)] == lines
    assert sum(line["amount_cents"] for line in lines) == run["amount_cents"]
    assert {line["gp_name"] for line in lines} == {"Dokter A", "Dokter B", "Dokter C"}
    own = _pages(finance, f"{PAY}/runs/1/lines", {"gp_id": "B", "kind": "evening"})
    assert own == [line for line in lines if line["gp_id"] == "B" and line["kind"] == "evening"] != []


def _pages(finance: TestClient, path: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Every item of a list, two by two."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = finance.get(path, params=params | {"limit": 2} | cursor).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@ON_SQLITE
def test_statements_come_as_page_and_as_pdf(database: Database, as_role: Speaker) -> None:
    """The PDF is made of the sealed page when it is asked for; no script of a page may run."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    name = finance.get(f"{PAY}/runs/1/statements").json()["items"][0]["name"]
    page = finance.get(f"{PAY}/runs/1/files/statements/{name}.html")
    assert "sandbox" in page.headers["content-security-policy"]
    pdf = finance.get(f"{PAY}/runs/1/files/statements/{name}.pdf")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert "992,00" in "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    assert finance.get(f"{PAY}/runs/1/files/statements/nobody.pdf").status_code == 404


@ON_SQLITE
def test_an_account_that_is_asked_for_must_be_one(database: Database, as_role: Speaker) -> None:
    """A wrong check digit, and a day of payment that has passed."""
    publish(database)
    finance = as_role("finance")
    wrong = closing(finance, debtor={"iban": IBAN_HDS[:-1] + "0"})
    assert (wrong.status_code, wrong.json()["errors"][0]["file"]) == (422, "debtor.iban")
    assert closing(finance, pay_on="2020-01-06").json()["errors"][0]["file"] == "pay_on"
    assert closed(finance, debtor={"iban": IBAN_HDS})["debtor_name"] == "Test"


@ON_SQLITE
def test_the_account_is_remembered_by_the_runs(database: Database, as_role: Speaker) -> None:
    """Given once, it holds for the next run too."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    assert closed(finance, month="2024-02", debtor=None)["debtor_iban"] == IBAN_HDS


@ON_SQLITE
def test_a_forecast_stands_beside_budget_and_paid(database: Database, as_role: Speaker) -> None:
    """A month that was paid shows what it cost, one that was not shows nothing yet."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    budget = [{"month": "2024-01", "kind": "weekend", "amount_cents": 100_000}]
    lines = finance.post(f"{PAY}/forecast", json={"month": "2024-01", "budget": budget}).json()["lines"]
    weekend = {one["month"]: one for one in lines if one["kind"] == "weekend"}
    assert weekend["2024-01"]["forecast_cents"] == weekend["2024-01"]["realised_cents"] == 99_200
    assert (weekend["2024-01"]["budget_cents"], weekend["2024-02"]["realised_cents"]) == (100_000, None)


@ON_SQLITE
def test_days_over_two_dossiers_are_refused(database: Database, as_role: Speaker) -> None:
    """Nothing of them is left out unseen: each dossier is paid by itself."""
    early, late = shift("2023-12-16T08:00", "2023-12-16T16:00"), SATURDAY
    publish(database, rostered([early]), hds(period=Period(start=date(2023, 1, 1), end=date(2023, 12, 31))))
    publish(database, rostered([late]), hds(period=Period(start=date(2024, 1, 1), end=date(2024, 12, 31))))
    finance = as_role("finance")
    both = finance.get(f"{PAY}/preview", params={"period": "2023-12-01..2024-01-31"})
    assert (both.status_code, both.json()["errors"][0]["file"]) == (422, "period")
    for month in ("2023-12", "2024-01"):
        closed(finance, month=month)
    assert finance.get(f"{PAY}/verify").json()["runs"] == 2


def test_only_finance_sees_and_closes_runs(database: Database, as_role: Speaker) -> None:
    """A planner does not see pay, nor does a GP; another HDS does not see that there are runs."""
    publish(database)
    closed(as_role("finance"))
    for speaker, expected in (
        (as_role("planner"), 403),
        (as_role("gp", gp_id="A"), 403),
        (as_role("insurer"), 403),
        (as_role("administrator"), 403),
        (as_role("finance", hds_id="other"), 404),
    ):
        for path in ("preview?month=2024-01", "runs", "runs/1", "runs/1/lines", "runs/1/files/payout.csv", "verify"):
            assert speaker.get(f"{PAY}/{path}").status_code == expected, path
        assert closing(speaker).status_code == expected


@ON_SQLITE
def test_the_whole_ledger_is_one_file(database: Database, as_role: Speaker, tmp_path: Path) -> None:
    """The lines of all runs together, as the command keeps them beside its runs."""
    given, finance = publish(database), as_role("finance")
    by_command(given, SMALL, tmp_path, closed(finance)["closed_on"])
    swapped = given.hand_over(EVENING.id, "A")
    by_command(given, swapped, tmp_path, closed(finance)["closed_on"])
    whole = journal(read_ledger(tmp_path, "test").runs)
    assert finance.get(f"{PAY}/journal").content == whole == (tmp_path / "payout.csv").read_bytes()
    assert STANDBY.id.encode() in whole
