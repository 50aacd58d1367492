"""A year's forecast from a roster per month and kind, against the budget of the HDS and against what was paid."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from scheduler.csv_text import csv_bytes
from scheduler.domain.calendar import HourKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier.findings import Findings
from scheduler.errors import DossierError, Mistake, OutputError
from scheduler.messages import text
from scheduler.payout.duties import frame_of
from scheduler.payout.files import STANDBY, read_rows
from scheduler.payout.ledger import Ledger
from scheduler.payout.lines import rated_parts
from scheduler.payout.money import euros, hours, whole_cents
from scheduler.payout.outstanding import missing_maxima
from scheduler.payout.rates import Rates, rate_mistakes
from scheduler.payout.tariffs import TariffTable

KINDS = (*(kind.value for kind in HourKind), STANDBY)
_COLUMNS = (
    "month", "kind", "forecast_hours", "forecast", "budget", "forecast_minus_budget", "realised_hours", "realised",
    "realised_minus_forecast", "hours_without_tariff",
)  # fmt: skip
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_AMOUNT = re.compile(r"\d{1,10}([.,]\d{1,2})?", re.ASCII)

Cell = tuple[str, str]
"""A month `YYYY-MM` and a kind of hour."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One month and kind; amounts in cents. `budget` is None where the HDS set none, `realised` None before payment.

    `unrated_minutes` of the forecast have no known maximum: they count in its hours and not in its amount.
    """

    month: str
    kind: str
    forecast_minutes: int
    forecast: int
    budget: int | None
    realised_minutes: int | None
    realised: int | None
    unrated_minutes: int = 0


def forecast(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    budget: Mapping[Cell, int] | None = None,
    ledger: Ledger | None = None,
) -> tuple[BudgetLine, ...]:
    """What the roster will cost per month and kind, beside budget and what closed runs paid.

    Every shift counts, filled or not: an open shift costs the same once somebody does it. A month counts as realised
    from the first closed run that paid some day of it. Raises DossierError on unsound or missing local rates, and on
    missing maxima when nothing at all can be forecast.
    """
    unsound = list(rate_mistakes(dossier.payout, tariffs, dossier.period))
    if unsound:
        raise DossierError(unsound)
    expected = _expected(dossier, roster, tariffs)
    paid, months = _paid(ledger or Ledger())
    budget = budget or {}
    cells = sorted({*expected, *budget, *paid}, key=lambda cell: (cell[0], KINDS.index(cell[1])))
    return tuple(_line(cell, expected, budget, paid.get(cell, (0, 0)) if cell[0] in months else None) for cell in cells)


def _line(
    cell: Cell, expected: Mapping[Cell, tuple[int, int, int]], budget: Mapping[Cell, int], paid: tuple[int, int] | None
) -> BudgetLine:
    minutes, amount, unrated = expected.get(cell, (0, 0, 0))
    realised_minutes, realised = paid or (None, None)
    return BudgetLine(*cell, minutes, amount, budget.get(cell), realised_minutes, realised, unrated)


def _expected(dossier: Dossier, roster: Roster, tariffs: TariffTable) -> dict[Cell, tuple[int, int, int]]:
    """Minutes, cents, and those of the minutes that have no known maximum, per month and kind."""
    duties = frame_of(roster.shifts, [""] * len(roster.shifts))
    rated, unrated = rated_parts(duties, dossier.calendar, Rates(dossier.payout, tariffs))
    if rated.empty and len(unrated):
        raise DossierError(missing_maxima(unrated.assign(year=unrated["start"].dt.tz_convert(AMSTERDAM).dt.year)))
    parts = pd.concat([rated.assign(without=0), unrated.assign(amount=0, without=unrated["minutes"])])
    sums = parts.groupby(["month", "kind"])[["minutes", "amount", "without"]].sum()
    return {
        (month, kind): (int(minutes), int(amount), int(without))
        for (month, kind), minutes, amount, without in sums.itertuples()
    }


def _paid(ledger: Ledger) -> tuple[dict[Cell, tuple[int, int]], frozenset[str]]:
    lines = ledger.lines.assign(minutes=ledger.lines["minutes"] * ledger.lines["sign"])
    sums = lines.groupby(["month", "kind"])[["minutes", "amount"]].sum()
    paid = {(month, kind): (int(minutes), int(amount)) for (month, kind), minutes, amount in sums.itertuples()}
    return paid, frozenset(f"{day:%Y-%m}" for day in ledger.days)


def read_budget(path: Path) -> dict[Cell, int]:
    """The budget in cents per month and kind, from a file with the columns `month,kind,amount` (EUR).

    Raises DossierError naming every wrong cell and every month and kind that stands there twice.
    """
    findings = Findings()
    found: dict[Cell, int] = {}
    for row in read_rows(path, "month kind amount", findings):
        cell = row.text("month"), row.text("kind")
        amount = row.text("amount")
        wrong = [
            ("month", not _MONTH.fullmatch(cell[0])),
            ("kind", cell[1] not in KINDS),
            ("amount", not _AMOUNT.fullmatch(amount)),
            ("twice", cell in found),
        ]
        keys = [key for key, is_wrong in wrong if is_wrong]
        for key in keys:
            column = "month" if key == "twice" else key
            expected = text(f"payout.budget.{key}", kinds=", ".join(KINDS))
            findings.mistakes.append(Mistake(row.file, row.line, column, row.text(column), expected))
        if not keys:
            found[cell] = whole_cents(Decimal(amount.replace(",", "."))) or 0
    findings.refuse_if_wrong()
    return found


def budget_file(lines: Iterable[BudgetLine]) -> bytes:
    """`budget.csv`: the lines with their differences; empty cells where there is no budget or nothing was paid yet."""
    return csv_bytes(_COLUMNS, (_row(line) for line in lines))


def write_budget(path: Path, lines: Iterable[BudgetLine]) -> None:
    """Write `budget_file` to `path` in one step; raises OutputError when that can't be done."""
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")
    try:
        fresh.write_bytes(budget_file(lines))
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OutputError(text("payout.file.unwritable", path=path, reason=reason)) from error


def _row(line: BudgetLine) -> tuple[str, ...]:
    return (
        line.month,
        line.kind,
        hours(line.forecast_minutes),
        euros(line.forecast),
        _shown(line.budget),
        _shown(None if line.budget is None else line.forecast - line.budget),
        "" if line.realised_minutes is None else hours(line.realised_minutes),
        _shown(line.realised),
        _shown(None if line.realised is None else line.realised - line.forecast),
        hours(line.unrated_minutes),
    )


def _shown(cents: int | None) -> str:
    return "" if cents is None else euros(cents)
