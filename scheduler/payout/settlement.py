"""What a run settles: what is due over its days against closed runs, and hours that waited for a maximum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier.findings import Notice
from scheduler.messages import text
from scheduler.payout.difference import Reason, difference, standing
from scheduler.payout.entitled import payable
from scheduler.payout.ledger import Ledger
from scheduler.payout.lines import COLUMNS, ordered_lines
from scheduler.payout.money import MINUTES_AN_HOUR
from scheduler.payout.outstanding import keep_earlier_rates, rate_by_now, waiting_by_kind
from scheduler.payout.rates import Rates
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.worked import Actuals

_MOMENT = "datetime64[us, UTC]"


@dataclass(frozen=True)
class Settlement:
    """The lines of a next run, the hours that wait after it, and what is due by itself over the days looked at."""

    lines: pd.DataFrame
    outstanding: pd.DataFrame
    due: pd.DataFrame
    notices: tuple[Notice, ...]


def settle(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    ledger: Ledger,
    actuals: Actuals,
    scope: frozenset[date],
    told_of: frozenset[date] | None = None,
) -> Settlement:
    """Settle the days in `scope`, and the hours of any other day that waited and whose maximum is known by now.

    Those others stand in the closed runs alone, as those of a dossier that has ended: they are paid as they were
    recorded, and corrected like any other line when their own dossier is settled again. Raises as `payable` does.
    """
    found = payable(dossier, roster, tariffs, actuals, scope, told_of=told_of)
    closed = ledger.lines[ledger.lines["day"].isin(list(scope))]
    kept, waiting = keep_earlier_rates(found.outstanding, standing(closed))
    due = with_lines(found.lines, kept)
    changed = difference(closed, due, ledger.days, ledger.outstanding)
    elsewhere = ledger.outstanding[~ledger.outstanding["day"].isin(list(scope))]
    paid, still = rate_by_now(elsewhere, Rates(dossier.payout, tariffs))
    late = [{**line, "reason": Reason.TARIFF_KNOWN.value} for line in paid]
    outstanding = pd.concat([part for part in (waiting, still) if len(part)] or [waiting], ignore_index=True)
    notices = (*found.notices, *outstanding_notices(outstanding))
    return Settlement(with_lines(changed, late), outstanding, due, notices)


def with_lines(lines: pd.DataFrame, more: Sequence[Mapping[Any, Any]]) -> pd.DataFrame:
    """The lines with more of them, in order of day, shift and start; as they are when there are no more."""
    if not more:
        return lines
    whole = dict.fromkeys(("minutes", "sign", "rate", "agreed", "amount"), "int64")
    added = pd.DataFrame(more, dtype=object)[list(COLUMNS)].astype(
        {**whole, "maximum": "Int64", "capped": bool, "start": _MOMENT, "end": _MOMENT}
    )
    return ordered_lines(pd.concat([part for part in (lines, added) if len(part)], ignore_index=True))


def outstanding_notices(outstanding: pd.DataFrame) -> tuple[Notice, ...]:
    """A notice for each year and kind whose hours wait."""
    return tuple(
        Notice(
            "payout_outstanding", "roster.csv", None,
            text(
                "payout.notice.outstanding", year=one.year, kind=text(f"payout.kind.{one.kind}"),
                hours=f"{one.minutes / MINUTES_AN_HOUR:g}", shift_id=one.shift_id,
            ),
        )
        for one in waiting_by_kind(outstanding)
    )  # fmt: skip
