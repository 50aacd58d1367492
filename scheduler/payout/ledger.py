"""The closed payment runs: numbered folders that appear at once and are never edited.

Each run's `run.json` holds a hash of every file of the run and of the run before it, so that one altered, missing or
added file shows when the ledger is next read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from scheduler.domain.time import Period
from scheduler.errors import LedgerAltered, OutputError
from scheduler.messages import text
from scheduler.payout.linefile import no_lines, read_lines
from scheduler.payout.payment import PAYMENTS, Payment, read_payments
from scheduler.payout.tariffs import Tariff

RECORD, LINES, PAYOUT = "run.json", "lines.csv", "payout.csv"
_WRITERS = 16
_READ_ONLY = 0o444
_RUN = re.compile(r"run-(\d{4,})")


@dataclass(frozen=True)
class ClosedRun:
    """One closed run as it stands on disk; `record` is the content of its `run.json`."""

    folder: Path
    record: Mapping[str, Any]

    @property
    def number(self) -> int:
        """The number of the run, from 1."""
        return int(self.record["number"])

    @property
    def digest(self) -> str:
        """The hash that seals the run."""
        return str(self.record["hash"])

    @property
    def period(self) -> Period:
        """The days that the run paid."""
        return Period(start=self.record["period"][0], end=self.record["period"][1])

    @property
    def closed_on(self) -> date:
        """The day on which it was closed."""
        return date.fromisoformat(self.record["closed_on"])

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Its payment lines."""
        return read_lines(self.folder / LINES)

    @cached_property
    def payments(self) -> tuple[Payment, ...]:
        """What it paid and carried over, per account."""
        return read_payments(self.folder / PAYMENTS)


@dataclass(frozen=True)
class Ledger:
    """Every closed run of one HDS, verified."""

    folder: Path | None = None
    runs: tuple[ClosedRun, ...] = ()

    @property
    def next_number(self) -> int:
        """The number of the run to come."""
        return len(self.runs) + 1

    @property
    def digest(self) -> str:
        """The hash of the last run; empty before the first."""
        return self.runs[-1].digest if self.runs else ""

    @cached_property
    def days(self) -> frozenset[date]:
        """Every day that some closed run paid."""
        return frozenset(day for run in self.runs for day in run.period.days())

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines of all closed runs in their order."""
        return pd.concat([run.lines for run in self.runs], ignore_index=True) if self.runs else no_lines()

    @property
    def own_tariffs(self) -> tuple[Tariff, ...]:
        """The HDS's own table that the last run paid by; empty when it paid by the national table alone."""
        rows = self.runs[-1].record["tariffs"] if self.runs else ()
        return tuple(Tariff(**row) for row in rows)

    @property
    def carried(self) -> tuple[Payment, ...]:
        """The accounts with an amount still to be set off, as the last run left them."""
        last = self.runs[-1].payments if self.runs else ()
        return tuple(payment for payment in last if payment.carried_out)


def run_name(number: int) -> str:
    """The name of a run's folder."""
    return f"run-{number:04}"


def read_ledger(folder: Path, hds_id: str) -> Ledger:
    """Read and verify every closed run in `folder` (none when it does not exist yet).

    Raises LedgerAltered when a run was changed, is missing, or belongs to another HDS.
    """
    found = {int(match[1]): entry for entry in _entries(folder) if (match := _RUN.fullmatch(entry.name))}
    missing = [run_name(number) for number in range(1, len(found) + 1) if number not in found]
    if missing:
        raise LedgerAltered(text("payout.ledger.missing", folder=folder, names=", ".join(missing)))
    runs: list[ClosedRun] = []
    for number in sorted(found):
        runs.append(_verified(found[number], runs[-1].digest if runs else "", hds_id))
    return Ledger(folder, tuple(runs))


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _verified(folder: Path, previous: str, hds_id: str) -> ClosedRun:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        sealed = _seal({key: value for key, value in record.items() if key != "hash"})
        wrong = [] if record["hash"] == sealed and record["previous"] == previous else [RECORD]
        named = dict(record["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerAltered(text("payout.ledger.altered", run=folder.name, files=RECORD)) from error
    standing = {str(file.relative_to(folder).as_posix()): file for file in folder.rglob("*") if file.is_file()}
    del standing[RECORD]
    wrong += sorted(standing.keys() ^ named.keys())
    wrong += [name for name in sorted(standing.keys() & named.keys()) if _hash(standing[name]) != named[name]]
    if wrong:
        raise LedgerAltered(text("payout.ledger.altered", run=folder.name, files=", ".join(wrong)))
    if record["hds_id"] != hds_id:
        raise LedgerAltered(text("payout.ledger.other_hds", run=folder.name, found=record["hds_id"], expected=hds_id))
    return ClosedRun(folder, record)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _seal(record: Mapping[str, Any]) -> str:
    """The hash of a record that stays the same however its file is laid out."""
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def close_run(ledger: Ledger, facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> ClosedRun:
    """Put the next run in place at once: `contents` by file name, `facts` in its record; it can't be edited after.

    Raises OutputError when it can't be written or another process closed the same number first; nothing of it stands
    there then.
    """
    assert ledger.folder is not None
    name = run_name(ledger.next_number)
    record = {
        **facts,
        "number": ledger.next_number,
        "previous": ledger.digest,
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in sorted(contents.items())},
    }
    record = {**record, "hash": _seal(record)}
    sealed = json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n"
    staged = ledger.folder / f".{name}.new-{uuid.uuid4().hex[:12]}"
    try:
        _sweep(ledger.folder)
        _write(staged, {**contents, RECORD: sealed})
        os.rename(staged, ledger.folder / name)
    except OSError as error:
        key = "payout.ledger.taken" if (ledger.folder / name).exists() else "payout.ledger.unwritable"
        raise OutputError(text(key, run=name, folder=ledger.folder, reason=error.strerror or str(error))) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return ClosedRun(ledger.folder / name, record)


def _sweep(folder: Path) -> None:
    """Make the folder, and clear what an interrupted run left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.glob(".run-*.new-*"):
        shutil.rmtree(entry, ignore_errors=True)


def _write(staged: Path, contents: Mapping[str, bytes]) -> None:
    """Write every file down to the disk; several at a time, because each waits for the disk alone."""
    for folder in {(staged / name).parent for name in contents}:
        folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(lambda name: _write_one(staged / name, contents[name]), contents))


def _write_one(file: Path, content: bytes) -> None:
    with open(file, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    file.chmod(_READ_ONLY)


def write_journal(folder: Path, runs: Iterable[ClosedRun]) -> None:
    """Renew `payout.csv` beside the runs: the lines of all of them, in order, so that its sum is what was paid net."""
    parts = [(run.folder / PAYOUT).read_bytes() for run in runs]
    if not parts:
        return
    body = b"".join(part.split(b"\n", 1)[1] for part in parts)
    whole = parts[0].split(b"\n", 1)[0] + b"\n" + body
    standing = folder / PAYOUT
    if standing.is_file() and standing.read_bytes() == whole:
        return
    fresh = folder / f".{PAYOUT}.new-{uuid.uuid4().hex[:12]}"
    try:
        fresh.write_bytes(whole)
        os.replace(fresh, standing)
    except OSError as error:
        raise OutputError(text("payout.ledger.unwritable", run=PAYOUT, folder=folder, reason=str(error))) from error
    finally:
        fresh.unlink(missing_ok=True)
