"""Payment lines: one for each part of a duty within one kind of clock hour and one rate.

A frame of lines has the columns of `COLUMNS`: `start` and `end` in UTC, `minutes` elapsed and positive, `sign` 1 or -1
(a line that takes back an earlier one), `rate`, `agreed` and `maximum` in cents an hour (`maximum` missing for local
rates), `amount` in cents with the sign in it, `reason` empty for ordinary lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import pandas as pd

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.time import AMSTERDAM, local
from scheduler.errors import DossierError, Mistake
from scheduler.payout.amounts import cut_by_kind
from scheduler.payout.duties import UTC_MOMENT
from scheduler.payout.files import STANDBY
from scheduler.payout.money import line_amount
from scheduler.payout.rates import LOCAL_KINDS, Rate, Rates, missing_rate

COLUMNS = (
    "month", "day", "gp_id", "contract", "practice_id", "payee", "iban", "basis", "shift_id", "kind", "start", "end",
    "minutes", "sign", "rate", "agreed", "maximum", "capped", "amount", "reason",
)  # fmt: skip


def lines_of(dossier: Dossier, duties: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """The lines for these duties in order of day, shift and start; raises DossierError naming every missing rate.

    `duties` come with people (`with_people`).
    """
    lines = rated_parts(duties, dossier.calendar, rates)
    lines["sign"] = 1
    lines["reason"] = ""
    ordered = lines.sort_values(["day", "shift_id", "start", "gp_id"], kind="stable", ignore_index=True)
    return ordered[list(COLUMNS)]


def rated_parts(duties: pd.DataFrame, calendar: Calendar, rates: Rates) -> pd.DataFrame:
    """The parts of these duties with month, minutes, rate and amount."""
    parts = _with_rates(_parts(duties, calendar, rates.changes), rates)
    parts["minutes"] = (parts["end"] - parts["start"]).dt.total_seconds().astype("int64") // 60
    parts["amount"] = line_amount(parts["minutes"], parts["rate"])
    parts["month"] = parts["day"].map({day: f"{day:%Y-%m}" for day in parts["day"].unique()}).astype(object)
    return parts


def _parts(duties: pd.DataFrame, calendar: Calendar, changes: Iterable[date]) -> pd.DataFrame:
    """Duties cut where the kind of hour or a maximum changes; each distinct stretch is cut once."""
    standby = duties[duties["standby"]].assign(kind=STANDBY)
    active = duties[~duties["standby"]]
    stretches = active[["start", "end"]].drop_duplicates()
    cuts = [local(day, time(0)) for day in changes]
    cut = [
        (start, end, part_start, part_end, kind)
        for start, end in stretches.itertuples(index=False)
        for part_start, part_end, kind in cut_by_kind(start.to_pydatetime(), end.to_pydatetime(), calendar, cuts)
    ]
    pieces = pd.DataFrame(cut, columns=["start", "end", "part_start", "part_end", "kind"], dtype=object)
    pieces = pieces.astype({name: UTC_MOMENT for name in ("start", "end", "part_start", "part_end")})
    parted = active.merge(pieces, on=["start", "end"], how="left").drop(columns=["start", "end"])
    parted = parted.rename(columns={"part_start": "start", "part_end": "end"})
    return pd.concat([parted, standby], ignore_index=True)


def _with_rates(parts: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    parts["rate_day"] = parts["start"].dt.tz_convert(AMSTERDAM).dt.date
    pairs = parts[["kind", "rate_day"]].drop_duplicates()
    found: list[tuple[str, date, Rate | None]] = [
        (kind, day, rates.on(kind, day)) for kind, day in pairs.itertuples(index=False)
    ]
    if missing := [(kind, day) for kind, day, rate in found if rate is None]:
        raise DossierError(_missing(parts, missing))
    known = pd.DataFrame(
        [(kind, day, rate.rate, rate.agreed, rate.maximum, rate.capped) for kind, day, rate in found if rate],
        columns=["kind", "rate_day", "rate", "agreed", "maximum", "capped"],
        dtype=object,
    ).astype({"rate": "int64", "agreed": "int64", "maximum": "Int64", "capped": bool})
    return parts.merge(known, on=["kind", "rate_day"], how="left").drop(columns="rate_day")


def _missing(parts: pd.DataFrame, pairs: Iterable[tuple[str, date]]) -> list[Mistake]:
    """One mistake per year and kind without a rate (per kind for local rates), with its hours and first shift."""
    unpaid = parts.merge(pd.DataFrame(pairs, columns=["kind", "rate_day"], dtype=object), on=["kind", "rate_day"])
    unpaid["year"] = [
        0 if kind in LOCAL_KINDS else day.year for kind, day in zip(unpaid["kind"], unpaid["rate_day"], strict=True)
    ]
    unpaid["hours"] = (unpaid["end"] - unpaid["start"]).dt.total_seconds() / 3600
    ordered = unpaid.sort_values(["year", "kind", "start", "shift_id"])
    groups = ordered.groupby(["year", "kind"]).agg({"hours": "sum", "shift_id": "first"})
    return [missing_rate(kind, year, hours, shift_id) for (year, kind), hours, shift_id in groups.itertuples()]
