"""The closed payment runs, chained by hash and never edited, wherever they are kept.

Each run's `run.json` holds a hash of every file of the run and of the run before it, so that one altered, missing or
added file shows when the ledger is next read. `runs_folder` keeps runs in folders; a service may keep them elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from scheduler.domain.time import Period
from scheduler.errors import LedgerAltered
from scheduler.messages import text
from scheduler.payout.linefile import no_lines, read_lines
from scheduler.payout.outstanding import OUTSTANDING, no_outstanding, read_outstanding
from scheduler.payout.payment import PAYMENTS, Payment, read_payments
from scheduler.payout.tariffs import Tariff

RECORD, LINES, PAYOUT = "run.json", "lines.csv", "payout.csv"
READ_TO_PAY = frozenset({LINES, PAYMENTS, OUTSTANDING})
"""The files of closed runs that a next run is reckoned from."""


@dataclass(frozen=True)
class ClosedRun:
    """One closed run: the content of its `run.json`, and all of its files by name, read when asked for.

    `folder` is where it stands on disk, if it does.
    """

    record: Mapping[str, Any]
    files: Mapping[str, bytes]
    folder: Path | None = None

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
        return read_lines(self.files[LINES])

    @cached_property
    def outstanding(self) -> pd.DataFrame:
        """The hours that wait for a maximum after it (`scheduler.payout.outstanding`)."""
        return read_outstanding(self.files[OUTSTANDING]) if OUTSTANDING in self.files else no_outstanding()

    @cached_property
    def payments(self) -> tuple[Payment, ...]:
        """What it paid and carried over, per account."""
        return read_payments(self.files[PAYMENTS])


@dataclass(frozen=True)
class Ledger:
    """Every closed run of one HDS, verified; `folder` is where they stand on disk, if they do."""

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
    def outstanding(self) -> pd.DataFrame:
        """The hours that still wait for a maximum, as the last run left them."""
        return self.runs[-1].outstanding if self.runs else no_outstanding()

    @property
    def carried(self) -> tuple[Payment, ...]:
        """The accounts with an amount still to be set off, as the last run left them."""
        last = self.runs[-1].payments if self.runs else ()
        return tuple(payment for payment in last if payment.carried_out)


def run_name(number: int) -> str:
    """The name of a run."""
    return f"run-{number:04}"


def require_unbroken(numbers: Collection[int], place: str) -> None:
    """Raise LedgerAltered unless these are the numbers of all runs from 1 on; `place` says where they were sought."""
    missing = [run_name(number) for number in range(1, len(numbers) + 1) if number not in numbers]
    if missing:
        raise LedgerAltered(text("payout.ledger.missing", folder=place, names=", ".join(missing)))


def verified_run(
    files: Mapping[str, bytes],
    number: int,
    previous: str,
    hds_id: str,
    *,
    folder: Path | None = None,
    only: Collection[str] | None = None,
) -> ClosedRun:
    """The run that these files are; `previous` is the hash of the run before it.

    Every file is checked; with `only`, all names are, and the content of those files and of the record.
    Raises LedgerAltered when anything is not what it was when the run was closed, or belongs to another HDS.
    """
    name = run_name(number)
    try:
        record = json.loads(files[RECORD])
        sealed = _seal({key: value for key, value in record.items() if key != "hash"})
        sound = record["hash"] == sealed and record["previous"] == previous and record["number"] == number
        named = dict(record["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerAltered(text("payout.ledger.altered", run=name, files=RECORD)) from error
    contents = files.items() if only is None else ((one, files[one]) for one in only if one in files)
    wrong = ([] if sound else [RECORD]) + sorted((files.keys() - {RECORD}) ^ named.keys())
    wrong += sorted(one for one, content in contents if one in named and _hash(content) != named[one])
    if wrong:
        raise LedgerAltered(text("payout.ledger.altered", run=name, files=", ".join(wrong)))
    if record["hds_id"] != hds_id:
        raise LedgerAltered(text("payout.ledger.other_hds", run=name, found=record["hds_id"], expected=hds_id))
    return ClosedRun(record, files, folder)


def sealed_run(ledger: Ledger, facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> ClosedRun:
    """The next run of the ledger with these files, its record added; it is closed once it is kept."""
    record = {
        **facts,
        "number": ledger.next_number,
        "previous": ledger.digest,
        "files": {file: _hash(content) for file, content in sorted(contents.items())},
    }
    record = {**record, "hash": _seal(record)}
    written = json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n"
    return ClosedRun(record, {**contents, RECORD: written})


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _seal(record: Mapping[str, Any]) -> str:
    """The hash of a record that stays the same however its file is laid out."""
    return _hash(json.dumps(record, sort_keys=True, ensure_ascii=False).encode())


def journal(runs: Iterable[ClosedRun]) -> bytes:
    """The `payout.csv` of all runs together, in order, so that its sum is what was paid net; empty without runs."""
    parts = [run.files[PAYOUT] for run in runs]
    if not parts:
        return b""
    body = b"".join(part.split(b"\n", 1)[1] for part in parts)
    return parts[0].split(b"\n", 1)[0] + b"\n" + body
