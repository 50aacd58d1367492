"""Closed runs can't be edited unseen, and an interruption leaves the last good state."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from scheduler.errors import LedgerAltered, OutputError
from scheduler.payout import close, read_ledger
from scheduler.payout.linefile import PAYOUT_COLUMNS, no_lines
from tests.payout.paying import FEBRUARY, TODAY, closed, prepared, rostered, shift

SATURDAY = shift("2024-01-13T08:00", "2024-01-13T16:00")
LATER = shift("2024-02-10T08:00", "2024-02-10T16:00")
ROSTER = rostered([SATURDAY, LATER])


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A folder with two closed runs."""
    closed(tmp_path, ROSTER)
    closed(tmp_path, ROSTER, FEBRUARY)
    return tmp_path


def amounts(folder: Path) -> list[str]:
    """The amounts in the journal beside the runs."""
    with open(folder / "payout.csv", encoding="utf-8", newline="") as file:
        return [row["amount"] for row in csv.DictReader(file)]


def test_a_folder_that_does_not_exist_has_no_runs(tmp_path: Path) -> None:
    """The first run makes it."""
    found = read_ledger(tmp_path / "nieuw", "test")
    assert (found.next_number, found.digest, len(found.lines)) == (1, "", 0)
    assert list(no_lines().columns) == list(found.lines.columns)


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    """To the minute, the cent and the type of each column."""
    run = prepared(tmp_path, ROSTER)
    close(run, debtor=None, pay_on=TODAY, with_pdf=False)
    back = read_ledger(tmp_path, "test").lines
    assert back.to_dict("records") == run.lines[list(back.columns)].to_dict("records")


@pytest.mark.parametrize(
    "name", ["lines.csv", "payout.csv", "payments.csv", "totals.csv", "statements/0001-dokter-a.html"]
)
def test_a_changed_file_of_any_closed_run_is_noticed(ledger: Path, name: str) -> None:
    """One added byte, in the first run as well as in the last."""
    for run in ("run-0001", "run-0002"):
        file = ledger / run / name
        good = file.read_bytes()
        file.write_bytes(good + b" ")
        with pytest.raises(LedgerAltered, match=run):
            read_ledger(ledger, "test")
        file.write_bytes(good)
    assert len(read_ledger(ledger, "test").runs) == 2


def test_a_missing_or_added_file_is_noticed(ledger: Path) -> None:
    """A run holds exactly what it was closed with."""
    (ledger / "run-0001" / "extra.csv").write_text("x")
    with pytest.raises(LedgerAltered, match=r"extra\.csv"):
        read_ledger(ledger, "test")
    (ledger / "run-0001" / "extra.csv").unlink()
    (ledger / "run-0001" / "totals.csv").unlink()
    with pytest.raises(LedgerAltered, match=r"totals\.csv"):
        read_ledger(ledger, "test")


@pytest.mark.parametrize("change", ["hash", "previous", "amount_cents", "files"])
def test_a_changed_record_is_noticed(ledger: Path, change: str) -> None:
    """Whatever in it is changed or left out."""
    path = ledger / "run-0002" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record[change]
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(LedgerAltered):
        read_ledger(ledger, "test")


def test_a_run_replaced_by_one_of_another_ledger_is_noticed(
    ledger: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is sealed in itself, but the next one was closed on top of another."""
    other = tmp_path_factory.mktemp("other")
    closed(other, ROSTER.with_gp(SATURDAY.id, "C"))
    shutil.rmtree(ledger / "run-0001")
    shutil.copytree(other / "run-0001", ledger / "run-0001")
    with pytest.raises(LedgerAltered, match="run-0002"):
        read_ledger(ledger, "test")


def test_a_missing_run_is_noticed(ledger: Path) -> None:
    """Run 2 stands there without run 1."""
    shutil.rmtree(ledger / "run-0001")
    with pytest.raises(LedgerAltered, match="run-0001"):
        read_ledger(ledger, "test")


def test_the_ledger_of_another_hds_is_refused(ledger: Path) -> None:
    """Each HDS has its own folder."""
    with pytest.raises(LedgerAltered, match="elders"):
        read_ledger(ledger, "elders")


def test_what_an_interrupted_run_left_behind_does_no_harm(ledger: Path) -> None:
    """A half-written folder is no run: the next one gets its number and clears it away."""
    half = ledger / ".run-0003.new-0123456789ab"
    half.mkdir()
    (half / "lines.csv").write_text("half")
    assert len(read_ledger(ledger, "test").runs) == 2
    assert closed(ledger, ROSTER.with_gp(SATURDAY.id, "C")).number == 3
    assert not half.exists()


def test_two_closings_at_once_give_one_run(ledger: Path) -> None:
    """The second one finds the number taken and writes nothing."""
    changed = ROSTER.with_gp(SATURDAY.id, "C")
    one, other = prepared(ledger, changed), prepared(ledger, changed)
    close(one, debtor=None, pay_on=TODAY, with_pdf=False)
    with pytest.raises(OutputError, match="intussen"):
        close(other, debtor=None, pay_on=TODAY, with_pdf=False)
    assert sorted(entry.name for entry in ledger.iterdir()) == ["payout.csv", "run-0001", "run-0002", "run-0003"]
    assert prepared(ledger, changed).is_empty


def test_a_folder_that_cannot_be_written_closes_nothing(tmp_path: Path) -> None:
    """A file stands where the folder should come."""
    (tmp_path / "in-de-weg").write_text("bestand")
    with pytest.raises(OutputError):
        closed(tmp_path / "in-de-weg", ROSTER)


def test_the_journal_beside_the_runs_adds_up_what_was_paid(ledger: Path) -> None:
    """Every line of every run, with exactly the columns of the format."""
    assert amounts(ledger) == ["992.00", "992.00"]
    closed(ledger, ROSTER.with_gp(SATURDAY.id, "C"))
    assert amounts(ledger) == ["992.00", "992.00", "-992.00", "992.00"]
    header = (ledger / "payout.csv").read_text(encoding="utf-8").splitlines()[0]
    assert tuple(header.split(",")) == PAYOUT_COLUMNS
