"""`anw payout` as a finance officer meets it: files in, files out, an exit status."""

import csv
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.cli.run import run as anw
from scheduler.domain.time import Period
from scheduler.dossier import write_dossier
from scheduler.payout.sepa import paid_in
from tests import builders
from tests.payout.paying import IBAN_HDS, YEARS, hds

ROSTER = """shift_id,gp_id
avond/2024-01-10/1,A
avond/2024-01-11/1,B
nacht/2024-01-10/1,C
achter/2024-01-10/1,A
avond/2024-02-07/1,A
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A dossier folder for 2024."""
    types = [
        builders.shift_type("avond", days=["weekday"]),
        builders.shift_type("nacht", "23:00", "08:00"),
        builders.shift_type("achter", "23:00", "08:00", role="standby"),
    ]
    year = Period(start=YEARS.end.replace(month=1, day=1), end=YEARS.end)
    agreements = [
        builders.agreement(
            gp_id, valid_from=year.start, valid_until=year.end, roles=["consult", "standby"],
            hours=None if contract == "practice_owner" else 100.0, contract=contract,
        )
        for gp_id, contract in (("A", "practice_owner"), ("B", "salaried"), ("C", "locum"), ("T", "trainee"))
    ]  # fmt: skip
    folder = tmp_path / "dossier"
    write_dossier(hds().replace(shift_types=types, period=year, agreements=agreements), folder)
    return folder


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A folder with a roster of five duties."""
    folder = tmp_path / "rooster"
    folder.mkdir()
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return folder


def pay(*arguments: object) -> int:
    """Run `anw payout` and return its exit status."""
    return anw(["payout", *map(str, arguments)])


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_out_nothing_is_written(dossier: Path, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A summary on the screen is all."""
    before = sorted(dossier.parent.rglob("*"))
    assert pay(dossier, roster, "--month", "2024-01") == 0
    assert sorted(dossier.parent.rglob("*")) == before
    assert "2.601,30" in capsys.readouterr().out


def test_a_month_is_paid_into_a_closed_run(dossier: Path, roster: Path, tmp_path: Path) -> None:
    """Payout, statements in two shapes, totals and payment file, all of one sum."""
    out = tmp_path / "uit"
    assert pay(dossier, roster, "--month", "2024-01", "--out", out, "--debtor-iban", IBAN_HDS) == 0
    files = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert {"payout.csv", *(f"run-0001/{name}" for name in ("payout.csv", "totals.csv", "payment.xml"))} <= files
    assert len([name for name in files if name.endswith(".pdf")]) == 3
    paid = sum(Decimal(row["amount"]) for row in rows(out / "payout.csv"))
    assert paid == Decimal("2601.30") == Decimal(paid_in((out / "run-0001" / "payment.xml").read_bytes())) / 100
    assert rows(out / "payout.csv")[0] == {
        "month": "2024-01", "gp_id": "A", "payee": "Dokter A", "shift_id": "achter/2024-01-10/1", "kind": "standby",
        "hours": "9", "rate": "15.00", "amount": "135.00", "capped": "no",
    }  # fmt: skip


def test_running_twice_changes_not_one_byte(dossier: Path, roster: Path, tmp_path: Path) -> None:
    """Nothing is left to pay, so nothing is closed."""
    out = tmp_path / "uit"
    command = (dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf")
    assert pay(*command) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert pay(*command) == 0
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_runs_may_stand_in_the_folder_of_the_roster(dossier: Path, roster: Path) -> None:
    """There `payout.csv` stands beside `roster.csv`."""
    for month in ("2024-01", "2024-02"):
        assert pay(dossier, roster, "--month", month, "--out", roster, "--no-pdf") == 0
    assert (roster / "roster.csv").read_text(encoding="utf-8") == ROSTER
    assert sum(Decimal(row["amount"]) for row in rows(roster / "payout.csv")) == Decimal("3218.60")


def test_a_late_swap_is_shown_and_settled_in_the_next_run(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`correct` writes nothing; the run of February holds the differences of January."""
    out = tmp_path / "uit"
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf")
    (roster / "roster.csv").write_text(ROSTER.replace("avond/2024-01-11/1,B", "avond/2024-01-11/1,C"), encoding="utf-8")
    capsys.readouterr()
    assert pay("correct", dossier, roster, "--out", out) == 0
    told = capsys.readouterr().out
    assert "Waarneming C" in told
    assert "−617,30" in told
    assert "door een andere huisarts gewerkt" in told
    assert not (out / "run-0002").exists()
    assert pay(dossier, roster, "--month", "2024-02", "--out", out, "--no-pdf") == 0
    late = [(row["gp_id"], row["amount"]) for row in rows(out / "run-0002" / "payout.csv") if row["month"] == "2024-01"]
    assert late == [("B", "-80.00"), ("B", "-537.30"), ("C", "80.00"), ("C", "537.30")]


def test_hours_really_worked_are_read_beside_the_roster(dossier: Path, roster: Path, tmp_path: Path) -> None:
    """As a Dutch spreadsheet saves them, and with the offset of roster.csv."""
    (roster / "worked.csv").write_bytes(
        b"\xef\xbb\xbfshift_id;gp_id;start;end\r\navond/2024-01-11/1;C;11-1-2024 17:00;11-1-2024 20:00\r\n"
        b"nacht/2024-01-10/1;;;\r\n"
    )
    (roster / "call_ins.csv").write_text(
        "shift_id,gp_id,start,end\nachter/2024-01-10/1,A,2024-01-11T01:00+01:00,2024-01-11T02:00+01:00\n",
        encoding="utf-8",
    )
    out = tmp_path / "uit"
    assert pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf") == 0
    found = [(row["gp_id"], row["kind"], row["hours"]) for row in rows(out / "payout.csv")]
    assert found == [
        ("A", "standby", "2"), ("A", "night", "1"), ("A", "standby", "6"), ("A", "early_evening", "1"),
        ("A", "evening", "5"), ("C", "early_evening", "1"), ("C", "evening", "2"),
    ]  # fmt: skip


def test_all_bad_input_is_named_at_once_and_nothing_is_written(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A roster, hours, tariffs, an account and a rate, all wrong."""
    (roster / "roster.csv").write_text(ROSTER + "avond/2024-01-12/1,ONBEKEND\n", encoding="utf-8")
    (roster / "worked.csv").write_text("shift_id,gp_id,start,end\navond/2024-01-11/1,X,gisteren,2024-01-11T20:00\n")
    tariffs = tmp_path / "tarieven.csv"
    tariffs.write_text(
        "valid_from,valid_until,kind,cents_per_hour,source,certainty\n2025-01-01,2025-12-31,night,0,x,stated\n"
    )
    payees = (dossier / "payees.csv").read_text(encoding="utf-8")
    (dossier / "payees.csv").write_text(payees.replace("NL91ABNA0417164300", "NL92ABNA0417164300"), encoding="utf-8")
    out = tmp_path / "uit"
    asked = ("--month", "2024-01", "--today", "2024-01-20", "--debtor-iban", "NL00", "--pay-on", "morgen")
    assert pay(dossier, roster, "--out", out, "--tariffs", tariffs, *asked) == 2
    told = capsys.readouterr().err
    for expected in (
        "ONBEKEND", "gisteren", "cents_per_hour", "NL92ABNA0417164300", "nog niet voorbij", "NL00", "morgen",
    ):  # fmt: skip
        assert expected in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (("--month", "2024-01", "--today", "2024-01-31"), "nog niet voorbij"),
        (("--month", "2024-13"), "2024-13"),
        (("--period", "2024-02-01..2024-01-01"), "--period"),
        ((), "--month"),
        (("--month", "2024-01", "--period", "2024-01-01..2024-01-31"), "óf"),
        (("--month", "2030-01"), "2024-01-01..2024-12-31"),
        (("--period", "2024-01-01..2024-12-31", "--debtor-iban", "NL92ABNA0417164300"), "NL92ABNA0417164300"),
        (("--month", "2024-01", "--tariffs", "nergens.csv"), "nergens.csv"),
    ],
)
def test_a_wrong_question_is_refused(
    dossier: Path,
    roster: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extra: tuple[str, ...],
    expected: str,
) -> None:
    """Exit status 2, what is wrong, nothing written."""
    assert pay(dossier, roster, "--out", tmp_path / "uit", *extra) == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "uit").exists()


def test_an_altered_run_stops_everything(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is paid on top of runs that were tampered with."""
    out = tmp_path / "uit"
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf")
    with open(out / "run-0001" / "payout.csv", "a", encoding="utf-8") as file:
        file.write("2024-01,A,A,x,night,1,999.00,999.00,no\n")
    assert pay(dossier, roster, "--month", "2024-02", "--out", out) == 2
    assert "run-0001" in capsys.readouterr().err
    assert not (out / "run-0002").exists()


def test_the_account_of_the_hds_is_remembered(dossier: Path, roster: Path, tmp_path: Path) -> None:
    """Given once, used by later runs."""
    out = tmp_path / "uit"
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf", "--debtor-iban", IBAN_HDS)
    pay(dossier, roster, "--month", "2024-02", "--out", out, "--no-pdf")
    assert paid_in((out / "run-0002" / "payment.xml").read_bytes()) == 61730


def test_a_payment_file_can_be_made_afterwards_once(dossier: Path, roster: Path, tmp_path: Path) -> None:
    """Beside the closed run; a second one, or one of a run that has it, is refused."""
    out = tmp_path / "uit"
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf")
    command = ("transfer", dossier, "--out", out, "--run", 1, "--debtor-iban", IBAN_HDS)
    assert pay(*command) == 0
    assert paid_in((out / "payment-run-0001.xml").read_bytes()) == 260130
    assert pay(*command) == 2
    assert pay("transfer", dossier, "--out", out, "--run", 2, "--debtor-iban", IBAN_HDS) == 2
    assert pay(dossier, roster, "--month", "2024-02", "--out", out, "--no-pdf") == 0


def test_a_payment_file_is_replaced_until_it_was_sent(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is void is named; the account of the earlier file holds; an empty reason is none."""
    out = tmp_path / "uit"
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--debtor-iban", IBAN_HDS, "--no-pdf")
    command = ("transfer", dossier, "--out", out, "--run", 1, "--today", "2027-03-25")
    assert pay(*command, "--replace", " ") == 2
    assert pay(*command) == 2
    assert pay(*command, "--replace", "bank was dicht") == 0
    told = capsys.readouterr().out.replace("\n", "")
    assert f"{out}/run-0001/payment.xml" in told.split("payment-run-0001-2.xml")[0]
    content = (out / "payment-run-0001-2.xml").read_bytes()
    assert paid_in(content) == 260130
    assert b"<Dt>2027-03-30</Dt>" in content
    assert pay("sent", dossier, "--out", out, "--run", 1, "--today", "2027-03-25") == 0
    assert pay(*command, "--replace", "nog eens") == 2


@pytest.mark.parametrize(("pay_on", "status"), [("2027-03-24", 2), ("2027-03-26", 2), ("2027-03-30", 0)])
def test_a_day_on_which_no_bank_pays_is_refused_before_anything_is_closed(
    dossier: Path, roster: Path, tmp_path: Path, pay_on: str, status: int
) -> None:
    """A day that has passed, Good Friday, and the day after Easter Monday."""
    out = tmp_path / "uit"
    command = (dossier, roster, "--month", "2024-01", "--out", out, "--debtor-iban", IBAN_HDS, "--no-pdf")
    assert pay(*command, "--today", "2027-03-25", "--pay-on", pay_on) == status
    assert out.exists() is (status == 0)


def test_gps_without_payee_are_paid_under_the_own_name_but_not_by_bank(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a payment file every such GP is named; without one the rest is made."""
    (dossier / "payees.csv").unlink()
    out = tmp_path / "uit"
    assert pay(dossier, roster, "--month", "2024-01", "--out", out, "--debtor-iban", IBAN_HDS) == 2
    told = capsys.readouterr().err
    assert all(f"Dokter {gp_id}" in told for gp_id in "ABC")
    assert not out.exists()
    assert pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf") == 0
    assert {row["payee"] for row in rows(out / "payout.csv")} == {"Dokter A", "Dokter B", "Dokter C"}


def test_a_year_is_forecast_beside_budget_and_paid(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole of 2024, into a table; the last night runs into 2025 and needs its holiday rate."""
    tariffs = tmp_path / "tarieven.csv"
    tariffs.write_text(
        "valid_from,valid_until,kind,cents_per_hour,source,certainty\n2025-01-01,,holiday,14600,x,fictitious\n"
    )
    out, table, budget = tmp_path / "uit", tmp_path / "raming.csv", tmp_path / "begroting.csv"
    budget.write_text("month,kind,amount\n2024-01,evening,12000.00\n", encoding="utf-8")
    pay(dossier, roster, "--month", "2024-01", "--out", out, "--no-pdf")
    command = ("budget", dossier, roster, "--runs", out, "--budget", budget, "--table", table, "--tariffs", tariffs)
    assert pay(*command) == 0
    january = next(row for row in rows(table) if (row["month"], row["kind"]) == ("2024-01", "evening"))
    assert (january["budget"], january["realised"]) == ("12000.00", "1182.06")
    assert "2024-12" in capsys.readouterr().out


def test_without_pdf_libraries_everything_else_is_still_closed(
    dossier: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine on which WeasyPrint cannot load Pango: exit status 1, and what to install."""
    broken = tmp_path / "broken" / "weasyprint"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(broken.parent))
    out = tmp_path / "uit"
    assert pay(dossier, roster, "--month", "2024-01", "--out", out, "--debtor-iban", IBAN_HDS) == 1
    assert "libpango-1.0-0" in capsys.readouterr().err
    names = {path.name for path in (out / "run-0001").rglob("*")}
    assert {"payment.xml", "totals.csv", "payout.csv", "0001-dokter-a.html"} <= names
    assert not any(name.endswith(".pdf") for name in names)
    assert pay(dossier, roster, "--month", "2024-01", "--out", out) == 0
