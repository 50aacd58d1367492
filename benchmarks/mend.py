"""How long mending a published region takes, and whether the fewest changes are proven.

`python -m benchmarks.mend` makes the roster of `data/demo` (or reads one with `--roster DIR`), lets GPs fall out, puts
a table in `benchmarks/README.md` and leaves with 1 when a norm is missed: 2 s for a single shift, 30 s for a GP's
absence of three months, and in all cases proof that no roster fills more and none as many with fewer changes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from os import cpu_count, getloadavg
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter

from benchmarks.table import replace
from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier import read_dossier, read_roster
from scheduler.mend.run import mend
from scheduler.solve import solve
from scheduler.verify import verify
from scheduler.version import __version__

README = Path(__file__).parent / "README.md"
DEMO = Path(__file__).parents[1] / "data" / "demo"
COLUMNS = (
    "case",
    "fell open",
    "open",
    "others moved",
    "proven",
    "fairest",
    "new violations",
    "seconds",
    "CPU seconds",
    "norm",
)
SINGLE_SECONDS, ABSENCE_SECONDS = 2.0, 30.0
EACH = 125
LOT = 3


@dataclass(frozen=True)
class Case:
    """Who falls out of what, whether the planner may move others, and the seconds that it may take."""

    name: str
    away: Sequence[Absence] = ()
    vacated: Collection[str] = ()
    movable: Collection[str] = ()
    norm: float = ABSENCE_SECONDS


@dataclass(frozen=True)
class Outcome:
    """One case, measured."""

    case: Case
    cells: tuple[str, ...]
    seconds: float
    is_sound: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every case and write the table; 1 when a norm is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--roster", type=Path, help="folder with a roster.csv of data/demo")
    roster_folder: Path | None = parser.parse_args(arguments).roster
    dossier = read_dossier(DEMO).dossier
    shifts = shifts_of(dossier)
    roster = read_roster(dossier, shifts, roster_folder) if roster_folder else solve(dossier, time_limit=30).roster
    singles = [_measure(dossier, roster, case) for case in _singles(roster)]
    slowest = max(singles, key=lambda one: one.seconds)
    found = [_measure(dossier, roster, case) for case in _absences(dossier, roster)]
    rows = [(f"slowest of {len(singles)} single shifts", *slowest.cells[1:]), *(one.cells for one in found)]
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    measured = f"Measured {datetime.now(AMSTERDAM):%Y-%m-%d}, version {__version__}, {len(roster.by_gp)} GPs, "
    replace(
        README, "mend", f"{table}\n\n{measured}{len(shifts)} shifts, load {getloadavg()[0]:.0f} on {cpu_count()} cores."
    )
    print(table)
    return int(any(not one.is_sound for one in (*singles, *found)))


def _singles(roster: Roster) -> Iterator[Case]:
    for shift in roster.shifts[::EACH]:
        yield Case("single shift", vacated=[shift.id], norm=SINGLE_SECONDS)


def _absences(dossier: Dossier, roster: Roster) -> Iterator[Case]:
    spring, quarter = (date(2027, 5, 1), date(2027, 5, 15)), (date(2027, 4, 1), date(2027, 7, 1))
    busiest = sorted(roster.by_gp, key=lambda gp: (-_busy(roster, gp, *quarter), gp))
    leads = sorted({row.gp_id for row in dossier.agreements if Role.LEAD in row.roles})
    Random(LOT).shuffle(leads)
    everything = frozenset(roster.gp_of)
    yield Case("three months of one GP", away=_away(busiest[:1], *quarter))
    yield Case("the same, all others movable", away=_away(busiest[:1], *quarter), movable=everything)
    yield Case("three months of five GPs", away=_away(busiest[:5], *quarter))
    for left in (5, 3):
        gone = _away(leads[: len(leads) - left], *spring)
        name = f"two weeks of {len(gone)} of {len(leads)} leads"
        yield Case(name, away=gone)
        yield Case(f"{name}, all others movable", away=gone, movable=everything)


def _busy(roster: Roster, gp_id: str, first: date, last: date) -> int:
    return sum(first <= shift.day < last for shift in roster.by_gp[gp_id])


def _away(gp_ids: Sequence[str], first: date, last: date) -> list[Absence]:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM) for day in (first, last))
    return [Absence(gp_id=gp_id, start=start, end=end) for gp_id in gp_ids]


def _measure(dossier: Dossier, roster: Roster, case: Case) -> Outcome:
    began, before = perf_counter(), _cpu_seconds()
    result = mend(dossier, roster, away=case.away, vacated=case.vacated, movable=case.movable)
    seconds, cpu = perf_counter() - began, _cpu_seconds() - before
    absent = dossier.replace(absences=(*dossier.absences, *result.absences))
    broken = len(verify(absent, result.roster).violations)
    cells = (
        case.name,
        str(len(result.vacated)),
        f"{len(result.left_open)} (at least {result.open_bound})",
        f"{len(result.moved)} (at least {result.moved_bound})",
        "yes" if result.is_proven else "no",
        "yes" if result.is_fairest else "no",
        str(broken),
        f"{seconds:.2f}",
        f"{cpu:.2f}",
        f"{case.norm:g}",
    )
    return Outcome(case, cells, seconds, result.is_proven and not broken and seconds <= case.norm)


def _cpu_seconds() -> float:
    """Of this process and of those beside it that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


if __name__ == "__main__":
    sys.exit(main())
