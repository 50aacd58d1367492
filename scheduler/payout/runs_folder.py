"""Closed runs in a folder: numbered folders that appear at once and are never edited."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from scheduler.errors import OutputError
from scheduler.messages import text
from scheduler.payout.ledger import PAYOUT, ClosedRun, Ledger, journal, require_unbroken, run_name, verified_run

_WRITERS = 16
_READ_ONLY = 0o444
_RUN = re.compile(r"run-(\d{4,})")


@dataclass(frozen=True)
class FolderFiles(Mapping[str, bytes]):
    """Every file below a folder under its name there; read each time it is asked for."""

    folder: Path

    @cached_property
    def _paths(self) -> Mapping[str, Path]:
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {file.relative_to(self.folder).as_posix(): file for file in files}

    def __getitem__(self, name: str) -> bytes:
        return self._paths[name].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def read_ledger(folder: Path, hds_id: str) -> Ledger:
    """Read and verify every closed run in `folder` (none when it does not exist yet).

    Raises LedgerAltered when a run was changed, is missing, or belongs to another HDS.
    """
    found = {int(match[1]): entry for entry in _entries(folder) if (match := _RUN.fullmatch(entry.name))}
    require_unbroken(found, str(folder))
    runs: list[ClosedRun] = []
    for number in sorted(found):
        previous = runs[-1].digest if runs else ""
        runs.append(verified_run(FolderFiles(found[number]), number, previous, hds_id, folder=found[number]))
    return Ledger(folder, tuple(runs))


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def keep_run(ledger: Ledger, run: ClosedRun) -> ClosedRun:
    """Put the next run, sealed, in place at once; it can't be edited after.

    Raises OutputError when it can't be written or another process closed the same number first; nothing of it stands
    there then.
    """
    assert ledger.folder is not None
    name = run_name(run.number)
    staged = ledger.folder / f".{name}.new-{uuid.uuid4().hex[:12]}"
    try:
        _sweep(ledger.folder)
        _write(staged, run.files)
        os.rename(staged, ledger.folder / name)
    except OSError as error:
        key = "payout.ledger.taken" if (ledger.folder / name).exists() else "payout.ledger.unwritable"
        raise OutputError(text(key, run=name, folder=ledger.folder, reason=error.strerror or str(error))) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return replace(run, files=FolderFiles(ledger.folder / name), folder=ledger.folder / name)


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
    """Renew `payout.csv` beside the runs (`journal`); without runs nothing is written."""
    whole = journal(runs)
    standing = folder / PAYOUT
    if not whole or (standing.is_file() and standing.read_bytes() == whole):
        return
    fresh = folder / f".{PAYOUT}.new-{uuid.uuid4().hex[:12]}"
    try:
        fresh.write_bytes(whole)
        os.replace(fresh, standing)
    except OSError as error:
        raise OutputError(text("payout.ledger.unwritable", run=PAYOUT, folder=folder, reason=str(error))) from error
    finally:
        fresh.unlink(missing_ok=True)
