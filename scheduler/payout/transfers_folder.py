"""Payment files beside the closed runs of a folder, and the journal of what became of each.

`transfers.jsonl` has a line for every file made after its run was closed, for every one that took the place of another,
and for every one that was sent. Each line holds a hash over itself and the line before, so that a change shows.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.atomic import replace_file
from scheduler.domain.dossier import Dossier
from scheduler.errors import LedgerAltered, OutputError, UnknownSubject
from scheduler.messages import text
from scheduler.payout.ledger import ClosedRun, Ledger, run_name
from scheduler.payout.sepa import Debtor, last_debtor
from scheduler.payout.transfer import BankFile, require_none_yet, require_unsent, sealed_bank_file, transfer_of

JOURNAL = "transfers.jsonl"
_Entry = Mapping[str, Any]
_NOBODY = Debtor(name="", iban="")


def read_bank_files(ledger: Ledger, number: int) -> list[BankFile]:
    """Every version of the payment file of a run, the one in force last.

    Raises UnknownSubject without such a run, LedgerAltered when the journal or a file is not what it was.
    """
    run, folder = _run_of(ledger, number)
    return _files_of(run, folder, _read_journal(folder))


def make_transfer(dossier: Dossier, ledger: Ledger, number: int, debtor: Debtor, today: date, pay_on: date) -> Path:
    """Write the payment file of a run that was closed without one, and return where.

    Raises OutputError when it has one already or it can't be written, and as `transfer_of` and `read_bank_files` do.
    """

    def make(run: ClosedRun, files: Sequence[BankFile]) -> tuple[bytes, dict[str, Any]]:
        require_none_yet(files, number)
        content = transfer_of(dossier, run, debtor, today, pay_on)
        return content, {"act": "made", "version": 1, "reason": ""}

    return _write(ledger, number, {"on": today, "pay_on": pay_on, "debtor": debtor}, make)


def replace_transfer(
    dossier: Dossier, ledger: Ledger, number: int, debtor: Debtor | None, today: date, pay_on: date, reason: str
) -> Path:
    """Write a next version of a payment file that was not sent; the earlier one is void from then on, for `reason`.

    Without `debtor` the account of the earlier one holds. Raises OutputError when there is none, it was sent, or the
    next can't be written, and as `transfer_of` and `read_bank_files` do.
    """
    facts: dict[str, Any] = {"on": today, "pay_on": pay_on, "debtor": debtor}

    def make(run: ClosedRun, files: Sequence[BankFile]) -> tuple[bytes, dict[str, Any]]:
        earlier = require_unsent(files, number)
        facts["debtor"] = debtor or earlier.debtor
        content = transfer_of(dossier, run, facts["debtor"], today, pay_on, earlier.version + 1)
        return content, {"act": "replaced", "version": earlier.version + 1, "reason": reason}

    return _write(ledger, number, facts, make)


def mark_sent(ledger: Ledger, number: int, today: date) -> BankFile:
    """Put on record that the payment file in force has gone to the bank: from then on no other takes its place."""
    run, folder = _run_of(ledger, number)
    with _locked(folder):
        entries = _read_journal(folder)
        file = require_unsent(_files_of(run, folder, entries), number)
        _append(folder, entries, {"run": number, "act": "sent", "version": file.version, "on": str(today)})
    return replace(file, sent_on=today)


def debtor_to_remember(ledger: Ledger) -> Debtor | None:
    """The account that the latest payment file was made for, with a run or after one; None before the first."""
    if ledger.folder is None or not ledger.folder.is_dir():
        return last_debtor(ledger)
    entries = [entry for entry in _read_journal(ledger.folder) if entry["act"] != "sent"]
    latest = max(entries, key=lambda entry: (entry["run"], entry["version"]), default=None)
    sealed = [run.number for run in ledger.runs if run.record["debtor"]]
    if latest is None or (sealed and latest["run"] < sealed[-1]):
        return last_debtor(ledger)
    return Debtor(**latest["debtor"])


def _run_of(ledger: Ledger, number: int) -> tuple[ClosedRun, Path]:
    run = next((run for run in ledger.runs if run.number == number), None)
    if run is None or ledger.folder is None:
        raise UnknownSubject(text("payout.transfer.unknown", run=run_name(number)))
    return run, ledger.folder


def _files_of(run: ClosedRun, folder: Path, entries: Sequence[_Entry]) -> list[BankFile]:
    sealed = sealed_bank_file(run) or _from_before_the_journal(run, folder, entries)
    files = [] if sealed is None else [sealed]
    for entry in (entry for entry in entries if entry["run"] == run.number):
        day = date.fromisoformat(entry["on"])
        if entry["act"] == "sent":
            files[-1] = replace(files[-1], sent_on=day)
            continue
        if files:
            files[-1] = replace(files[-1], voided_on=day, reason=entry["reason"])
        files.append(_bank_file(entry, folder))
    return files


def _bank_file(entry: _Entry, folder: Path) -> BankFile:
    name = entry["file"]
    try:
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    except OSError:
        found = ""
    if found != entry["sha256"]:
        raise _altered(name)
    pay_on, made_on = (date.fromisoformat(entry[key]) for key in ("pay_on", "on"))
    return BankFile(entry["run"], entry["version"], name, found, pay_on, Debtor(**entry["debtor"]), made_on)


def _from_before_the_journal(run: ClosedRun, folder: Path, entries: Sequence[_Entry]) -> BankFile | None:
    """A file that an earlier version of the program, or an interrupted command, left without a line."""
    path = folder / _file_name(run.number, 1)
    if any(entry["run"] == run.number and entry["version"] == 1 and "file" in entry for entry in entries):
        return None
    if not path.is_file():
        return None
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return BankFile(run.number, 1, path.name, digest, run.closed_on, _NOBODY, run.closed_on)


def _file_name(number: int, version: int) -> str:
    return f"payment-{run_name(number)}{f'-{version}' if version > 1 else ''}.xml"


def _write(
    ledger: Ledger,
    number: int,
    facts: Mapping[str, Any],
    make: Callable[[ClosedRun, Sequence[BankFile]], tuple[bytes, dict[str, Any]]],
) -> Path:
    """Put a file in place, then the line that puts it in force: an interruption between them leaves the earlier one."""
    run, folder = _run_of(ledger, number)
    with _locked(folder):
        entries = _read_journal(folder)
        content, said = make(run, _files_of(run, folder, entries))
        name = _file_name(number, said["version"])
        replace_file(folder / name, content)
        digest = hashlib.sha256(content).hexdigest()
        dated = {"on": str(facts["on"]), "pay_on": str(facts["pay_on"]), "debtor": facts["debtor"].model_dump()}
        _append(folder, entries, {"run": number, **said, **dated, "file": name, "sha256": digest})
    return folder / name


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One command at a time reads the journal and adds to it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _append(folder: Path, entries: Sequence[_Entry], said: Mapping[str, Any]) -> None:
    sealed = {**said, "previous": entries[-1]["hash"] if entries else ""}
    line = json.dumps({**sealed, "hash": _hash(sealed)}, ensure_ascii=False).encode() + b"\n"
    try:
        with open(folder / JOURNAL, "ab") as journal:
            journal.truncate(len(_whole_lines(folder)))
            journal.write(line)
            journal.flush()
            os.fsync(journal.fileno())
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(text("payout.ledger.unwritable", run=JOURNAL, folder=folder, reason=reason)) from error


def _whole_lines(folder: Path) -> bytes:
    """The journal without a last line that an interruption cut short: what it was to say never came into force."""
    content = (folder / JOURNAL).read_bytes()
    return content[: content.rfind(b"\n") + 1]


def _read_journal(folder: Path) -> list[_Entry]:
    try:
        lines = _whole_lines(folder).splitlines()
    except FileNotFoundError:
        return []
    entries: list[_Entry] = []
    try:
        for line in lines:
            entry = json.loads(line)
            sealed = {key: value for key, value in entry.items() if key != "hash"}
            if entry["hash"] != _hash(sealed) or entry["previous"] != (entries[-1]["hash"] if entries else ""):
                raise _altered(JOURNAL)
            entries.append(entry)
    except (ValueError, KeyError, TypeError) as error:
        raise _altered(JOURNAL) from error
    return entries


def _hash(entry: _Entry) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _altered(name: str) -> LedgerAltered:
    return LedgerAltered(text("payout.transfer.altered", name=name))
