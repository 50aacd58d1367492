"""How long a payout takes: a year of a region, and ten years of a large HDS at once.

`python -m benchmarks.payout` prints a table and leaves with 1 when a norm is missed. Interpreter start and imports are
not counted; statements are made as HTML (PDF is measured apart).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.generate import generate
from scheduler.payout import Ledger, TariffTable, close, national_tariffs, payable, prepare_run, read_ledger
from scheduler.payout.printing import pdfs_of
from scheduler.payout.statements import Letterhead, statement_html, statements_of

T = TypeVar("T")
TODAY = date(2040, 1, 1)


@dataclass(frozen=True)
class Case:
    """A dossier of generated GPs over some years, and the seconds that its payout may take."""

    name: str
    gps: int
    posts: int
    period: Period
    norm: float


CASES = (
    Case("a year of a region", 350, 3, Period(start=date(2027, 1, 1), end=date(2027, 12, 31)), 2),
    Case("ten years of a large HDS", 900, 5, Period(start=date(2027, 1, 1), end=date(2036, 12, 31)), 20),
)


def main() -> int:
    """Measure every case; 1 when one is slower than its norm."""
    print(f"{'case':26} {'shifts':>8} {'lines':>8} {'pay':>7} {'close':>7} {'again':>7} {'corrected':>9} {'norm':>5}")
    missed = [_measure(case) for case in CASES]
    _measure_pdf()
    return max(missed)


def _measure(case: Case) -> int:
    dossier = generate(case.gps, case.posts, 1).replace(period=case.period)
    roster, tariffs = _roster(dossier), _tariffs()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paid, due = _timed(lambda: payable(dossier, roster, tariffs))
        first, run = _timed(
            lambda: prepare_run(dossier, roster, tariffs, case.period, today=TODAY, ledger=Ledger(folder))
        )
        closing, _ = _timed(lambda: close(run, debtor=None, pay_on=TODAY, with_pdf=False))
        again, _ = _timed(lambda: _next(dossier, roster, tariffs, case.period, folder))
        higher = tariffs.replace(own=[row.replace(cents_per_hour=row.cents_per_hour + 100) for row in tariffs.national])
        corrected, _ = _timed(lambda: _next(dossier, roster, higher, case.period, folder))
    seconds = f"{paid:6.2f}s {first + closing:6.2f}s {again:6.2f}s {corrected:8.2f}s {case.norm:4.0f}s"
    print(f"{case.name:26} {len(roster.shifts):8} {len(due.lines):8} {seconds}")
    return int(max(paid, first + closing, again, corrected) > case.norm)


def _next(dossier: Dossier, roster: Roster, tariffs: TariffTable, period: Period, folder: Path) -> int:
    ledger = read_ledger(folder, dossier.hds_id)
    return len(prepare_run(dossier, roster, tariffs, period, today=TODAY, ledger=ledger).lines)


def _measure_pdf() -> None:
    case = CASES[0]
    dossier = generate(case.gps, case.posts, 1)
    month = Period(start=case.period.start, end=case.period.start.replace(day=31))
    run = prepare_run(dossier, _roster(dossier), _tariffs(), month, today=TODAY)
    statements = statements_of(run.lines, run.outstanding, run.payments, {gp.id: gp.name for gp in dossier.gps})
    head = Letterhead(dossier.hds_name, 1, month, TODAY)
    seconds, _ = _timed(lambda: pdfs_of({one.payment.statement: statement_html(one, head) for one in statements}))
    print(f"{len(statements)} statements of a month of a region as PDF: {seconds:.1f}s")


def _roster(dossier: Dossier) -> Roster:
    gp_ids = cycle(gp.id for gp in dossier.gps if gp.contract in QUALIFIED)
    shifts = shifts_of(dossier)
    return Roster(shifts=shifts, gp_of={shift.id: next(gp_ids) for shift in shifts})


def _tariffs() -> TariffTable:
    """The amounts of 2024 for every year of the cases: how fast does not depend on how much."""
    rows = [row for row in national_tariffs().national if row.valid_from.year == 2024]
    spread = [row.replace(valid_from=date(2026, 1, 1), valid_until=date(2038, 12, 31)) for row in rows]
    return TariffTable(national=spread)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    sys.exit(main())
