"""Measure rosters of known dossiers, one at a time: `python -m benchmarks.run [--only NAME] [--peers]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cases import CASES, PROJECT, Case
from benchmarks.child import cores, run
from benchmarks.judge import ANW, judge
from benchmarks.table import Measurement, doubling, markdown, misses, replace, replace_rows, row
from scheduler.version import __version__

README = Path(__file__).parent / "README.md"
INDEPENDENT = PROJECT.parent / "shared" / "tools" / "check_roster.py"
GRACE = 120.0
"""Seconds past the time limit after which a command is killed; what it took still counts against the norm."""

PEERS = ("peer_greedy", "peer_cpsat")
PEER_CASES = ("dorp", "regio", "demo")


def main() -> int:
    """Measure, print and write the table; status 1 when a dossier misses its norm."""
    options = _options()
    cases = [case for case in CASES if not options.only or case.name in options.only]
    if not cases:
        sys.exit(f"unknown dossier; there are: {', '.join(case.name for case in CASES)}")
    found: list[Measurement] = []
    for measurement in _measured(cases, options):
        found.append(measurement)
        print(markdown([row(measurement)]).splitlines()[-1], flush=True)
        if measurement.judgement is None:
            print(measurement.run.output, file=sys.stderr)
    own = [measurement for measurement in found if measurement.engine == "anw"]
    if not options.dry:
        replace_rows(README, "measures", [row(measurement) for measurement in own])
        pair = {measurement.case.name: measurement for measurement in own}
        if {"half", "double"} <= set(pair):
            replace(README, "doubling", doubling(pair["half"], pair["double"]))
        if options.peers:
            compared = [m for m in found if m.case.name in PEER_CASES]
            replace_rows(README, "peers", [row(measurement) for measurement in compared])
    return int(any(misses(measurement) for measurement in own))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="this dossier alone; may be given again")
    parser.add_argument("--time-limit", type=float, metavar="S", help="instead of each dossier's own limit")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judge", type=Path, default=INDEPENDENT, help="the independent checker; skipped when absent")
    parser.add_argument("--peers", action="store_true", help="also two other ways to make a roster, in the same run")
    parser.add_argument("--dry", action="store_true", help="print only, leave the README alone")
    return parser.parse_args()


def _measured(cases: Sequence[Case], options: argparse.Namespace) -> Iterator[Measurement]:
    for case in cases:
        with tempfile.TemporaryDirectory() as work:
            folder = case.folder(Path(work))
            limit = str(options.time_limit or case.time_limit)
            for engine in ("anw", *(PEERS if options.peers and case.name in PEER_CASES else ())):
                yield _measure(case, engine, folder, Path(work) / engine, limit, options)


def _measure(
    case: Case, engine: str, folder: Path, output: Path, limit: str, options: argparse.Namespace
) -> Measurement:
    start = [str(ANW), "roster"] if engine == "anw" else [sys.executable, "-m", f"benchmarks.{engine}"]
    command = [*start, str(folder), "--out", str(output), "--time-limit", limit]
    command += ["--workers", str(options.workers), "--seed", str(options.seed)]
    done = run(command, PROJECT, float(limit) + GRACE)
    today = f"{datetime.now(UTC).date()}, {__version__}, {cores()} cores"
    has_roster = (output / "roster.csv").exists()
    return Measurement(case, engine, done, judge(folder, output, options.judge) if has_roster else None, today)


if __name__ == "__main__":
    sys.exit(main())
