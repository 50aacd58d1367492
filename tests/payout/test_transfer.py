"""A closed run gets a corrected payment file as long as the first was not sent; what became of each is on record."""

from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import DossierError, LedgerAltered, OutputError
from scheduler.payout import Debtor, read_ledger
from scheduler.payout.sepa import paid_in
from scheduler.payout.transfers_folder import (
    JOURNAL,
    debtor_to_remember,
    make_transfer,
    mark_sent,
    read_bank_files,
    replace_transfer,
)
from tests.payout.paying import HDS_ACCOUNT, IBAN_C, PAYEES, closed, hds, payee, rostered, shift
from tests.payout.test_sepa import texts

SATURDAY = shift("2024-01-13T08:00", "2024-01-13T16:00")
ROSTER = rostered([SATURDAY])
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 2, day) for day in (2, 3, 4))
OTHER_ACCOUNT = Debtor(name="HDS Test", iban=IBAN_C)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with one closed run that has a payment file."""
    closed(tmp_path, ROSTER, debtor=HDS_ACCOUNT)
    return tmp_path


def replaced(runs: Path, day: date, **more: Debtor) -> Path:
    """A next version of the file of the first run, to be paid on `day`."""
    return replace_transfer(hds(), read_ledger(runs, "test"), 1, more.get("debtor"), MONDAY, day, "dag voorbij")


def versions(runs: Path) -> list[tuple[int, date, bool, bool]]:
    """Number, day, whether void and whether sent of each file of the first run."""
    found = read_bank_files(read_ledger(runs, "test"), 1)
    return [(one.version, one.pay_on, one.voided_on is not None, one.sent_on is not None) for one in found]


def test_a_corrected_file_pays_the_same_under_references_of_its_own(runs: Path) -> None:
    """The same cents to the same account on another day; a bank that saw the first can tell them apart."""
    first = (runs / "run-0001" / "payment.xml").read_bytes()
    second = replaced(runs, TUESDAY).read_bytes()
    assert paid_in(first) == paid_in(second) == 99_200
    assert (texts(second, "Dt"), texts(second, "CreDtTm")) == (["2026-02-03"], ["2026-02-02T12:00:00"])
    for tag in ("MsgId", "PmtInfId", "EndToEndId"):
        assert texts(first, tag) != texts(second, tag)
        assert all(len(str(found)) <= 35 for found in texts(second, tag))
    assert texts(second, "IBAN") == texts(first, "IBAN")


def test_the_earlier_file_is_void_on_record_and_the_run_itself_stays_as_it_was(runs: Path) -> None:
    """With day and reason; every run is still sealed."""
    replaced(runs, TUESDAY)
    replaced(runs, WEDNESDAY, debtor=OTHER_ACCOUNT)
    assert versions(runs) == [
        (1, date(2026, 1, 6), True, False),
        (2, TUESDAY, True, False),
        (3, WEDNESDAY, False, False),
    ]
    assert [one.reason for one in read_bank_files(read_ledger(runs, "test"), 1)] == ["dag voorbij", "dag voorbij", ""]


def test_a_file_that_was_sent_is_not_replaced(runs: Path) -> None:
    """Nor is it sent twice; nothing is written."""
    replaced(runs, TUESDAY)
    mark_sent(read_ledger(runs, "test"), 1, MONDAY)
    before = {path.name: path.read_bytes() for path in runs.iterdir() if path.is_file()}
    with pytest.raises(OutputError, match="2026-02-02"):
        replaced(runs, WEDNESDAY)
    with pytest.raises(OutputError, match="2026-02-02"):
        mark_sent(read_ledger(runs, "test"), 1, TUESDAY)
    assert versions(runs)[-1] == (2, TUESDAY, False, True)
    assert {path.name: path.read_bytes() for path in runs.iterdir() if path.is_file()} == before


def test_a_run_without_file_has_nothing_to_replace_or_send(tmp_path: Path) -> None:
    """First one has to be made; then it can be."""
    closed(tmp_path, ROSTER)
    with pytest.raises(OutputError, match="nog geen"):
        replaced(tmp_path, TUESDAY)
    with pytest.raises(OutputError, match="nog geen"):
        mark_sent(read_ledger(tmp_path, "test"), 1, MONDAY)
    make_transfer(hds(), read_ledger(tmp_path, "test"), 1, HDS_ACCOUNT, MONDAY, TUESDAY)
    replaced(tmp_path, WEDNESDAY)
    assert versions(tmp_path) == [(1, TUESDAY, True, False), (2, WEDNESDAY, False, False)]


def test_a_later_account_of_the_same_payee_is_the_one_that_is_paid(tmp_path: Path) -> None:
    """A run closed without account numbers can be paid once they are known, under the same name."""
    closed(tmp_path, ROSTER, dossier=hds(payees=()))
    ledger = read_ledger(tmp_path, "test")
    with pytest.raises(DossierError):
        make_transfer(hds(payees=()), ledger, 1, HDS_ACCOUNT, MONDAY, TUESDAY)
    assert read_bank_files(ledger, 1) == []
    known = hds(payees=(payee("A", "Dokter A", IBAN_C), *PAYEES[1:]))
    content = make_transfer(known, ledger, 1, HDS_ACCOUNT, MONDAY, TUESDAY).read_bytes()
    assert texts(content, "IBAN") == [HDS_ACCOUNT.iban, IBAN_C]


def test_the_account_of_the_latest_file_is_remembered(runs: Path) -> None:
    """Also when it came with a corrected file: the next run must not pay from the wrong one again."""
    assert debtor_to_remember(read_ledger(runs, "test")) == HDS_ACCOUNT
    replaced(runs, TUESDAY, debtor=OTHER_ACCOUNT)
    assert debtor_to_remember(read_ledger(runs, "test")) == OTHER_ACCOUNT


@pytest.mark.parametrize("change", ["file", "journal", "line"])
def test_a_change_of_what_is_on_record_is_noticed(runs: Path, change: str) -> None:
    """One byte of the file, one word of the journal, a line taken out of its middle."""
    replaced(runs, TUESDAY)
    replaced(runs, WEDNESDAY)
    path = runs / ("payment-run-0001-2.xml" if change == "file" else JOURNAL)
    content = path.read_bytes()
    lines = content.splitlines(keepends=True)
    changed = {
        "file": content + b" ", "journal": content.replace(b"dag voorbij", b"dag verbij", 1), "line": lines[-1],
    }  # fmt: skip
    path.write_bytes(changed[change])
    with pytest.raises(LedgerAltered):
        read_bank_files(read_ledger(runs, "test"), 1)


def test_a_command_that_was_interrupted_leaves_the_earlier_file_in_force(runs: Path) -> None:
    """A next file without its line, and half a line, count for nothing and do not stand in the way."""
    replaced(runs, TUESDAY)
    with open(runs / JOURNAL, "ab") as journal:
        journal.write(b'{"run": 1, "act": "rep')
    (runs / "payment-run-0001-3.xml").write_bytes(b"half")
    assert versions(runs)[-1] == (2, TUESDAY, False, False)
    replaced(runs, WEDNESDAY)
    assert versions(runs)[-1] == (3, WEDNESDAY, False, False)


def test_a_file_from_before_there_was_a_journal_counts(tmp_path: Path) -> None:
    """It is no reason to make another first one, and it can be replaced."""
    closed(tmp_path, ROSTER)
    make_transfer(hds(), read_ledger(tmp_path, "test"), 1, HDS_ACCOUNT, MONDAY, TUESDAY)
    (tmp_path / JOURNAL).unlink()
    with pytest.raises(OutputError, match="al een"):
        make_transfer(hds(), read_ledger(tmp_path, "test"), 1, HDS_ACCOUNT, MONDAY, TUESDAY)
    replaced(tmp_path, WEDNESDAY, debtor=HDS_ACCOUNT)
    assert [version for version, *_ in versions(tmp_path)] == [1, 2]
