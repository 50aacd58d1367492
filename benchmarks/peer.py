"""What the peers share: the same command line as `anw roster`, the same files out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scheduler.csv_text import csv_bytes
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier import read_dossier
from scheduler.fair_shares import fair_shares
from scheduler.report.tables import QUOTA_COLUMNS, ROSTER_COLUMNS, quota_rows, roster_rows


@dataclass(frozen=True)
class Options:
    """What a peer may use."""

    time_limit: float
    workers: int
    seed: int
    work_limit: float | None = None
    """The solver's deterministic time for each goal, which ends a search alike on every machine; None: no limit."""


def main(make: Callable[[Dossier, Options], Roster | None], name: str) -> None:
    """Read a dossier, make a roster and write `roster.csv` and `quota.csv`; nothing when `make` found none."""
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dossier = read_dossier(given.dossier).dossier
    roster = make(dossier, Options(given.time_limit, given.workers, given.seed))
    if roster is None:
        return
    given.out.mkdir(parents=True, exist_ok=True)
    targets = fair_shares(dossier, roster.shifts).targets
    (given.out / "roster.csv").write_bytes(csv_bytes(ROSTER_COLUMNS, roster_rows(roster)))
    (given.out / "quota.csv").write_bytes(csv_bytes(QUOTA_COLUMNS, quota_rows(roster, targets)))
