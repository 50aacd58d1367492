"""Payment lines: one for each part of a duty within one kind of clock hour and one rate.

A frame of lines has the columns of `COLUMNS`: `start` and `end` in UTC, `minutes` elapsed and positive, `sign` 1 or -1
(a line that takes back an earlier one), `rate`, `agreed` and `maximum` in cents an hour (`maximum` missing for local
rates), `amount` in cents with the sign in it, `reason` empty for ordinary lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

import pandas as pd

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.time import AMSTERDAM, local
from scheduler.errors import DossierError, Mistake
from scheduler.payout.amounts import cut_by_kind
from scheduler.payout.duties import UTC_MOMENT
from scheduler.payout.files import STANDBY
from scheduler.payout.money import MINUTES_AN_HOUR, line_amount
from scheduler.payout.outstanding import outstanding_of
from scheduler.payout.rates import LOCAL_KINDS, Rate, Rates, missing_local_rate

COLUMNS = (
    "month", "day", "gp_id", "contract", "practice_id", "payee", "iban", "basis", "shift_id", "kind", "start", "end",
    "minutes", "sign", "rate", "agreed", "maximum", "capped", "amount", "reason",
)  # fmt: skip


class Parts(NamedTuple):
    """Parts of duties within one kind of clock hour: those with a rate, and those whose maximum nobody knows yet."""

    rated: pd.DataFrame
    unrated: pd.DataFrame


def lines_of(dossier: Dossier, duties: pd.DataFrame, rates: Rates) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines for these duties in order of day, shift and start, and the hours without a known maximum.

    `duties` come with people (`with_people`); the hours are as `scheduler.payout.outstanding` describes. Raises
    DossierError naming every local rate that is missing.
    """
    parts = rated_parts(duties, dossier.calendar, rates)
    lines = parts.rated.assign(sign=1, reason="")
    return ordered_lines(lines), outstanding_of(parts.unrated, rates)


def ordered_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines in order of day, shift and start, with exactly the columns of `COLUMNS`."""
    ordered = lines.sort_values(["day", "shift_id", "start", "gp_id"], kind="stable", ignore_index=True)
    return ordered[list(COLUMNS)]


def rated_parts(duties: pd.DataFrame, calendar: Calendar, rates: Rates) -> Parts:
    """The parts of these duties with month and minutes, rated ones with rate and amount too.

    Raises DossierError naming every local rate that is missing.
    """
    parts = _parts(duties, calendar, rates.changes)
    parts["minutes"] = (parts["end"] - parts["start"]).dt.total_seconds().astype("int64") // 60
    parts["month"] = parts["day"].map({day: f"{day:%Y-%m}" for day in parts["day"].unique()}).astype(object)
    rated, unrated = _with_rates(parts, rates)
    rated["amount"] = line_amount(rated["minutes"], rated["rate"])
    return Parts(rated, unrated)


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


def _with_rates(parts: pd.DataFrame, rates: Rates) -> tuple[pd.DataFrame, pd.DataFrame]:
    parts["rate_day"] = parts["start"].dt.tz_convert(AMSTERDAM).dt.date
    pairs = parts[["kind", "rate_day"]].drop_duplicates()
    found: list[tuple[str, date, Rate | None]] = [
        (kind, day, rates.on(kind, day)) for kind, day in pairs.itertuples(index=False)
    ]
    if missing := [kind for kind, _, rate in found if rate is None and kind in LOCAL_KINDS]:
        raise DossierError(_missing_local_rates(parts[parts["kind"].isin(missing)]))
    known = pd.DataFrame(
        [(kind, day, rate.rate, rate.agreed, rate.maximum, rate.capped) for kind, day, rate in found if rate],
        columns=["kind", "rate_day", "rate", "agreed", "maximum", "capped"],
        dtype=object,
    )
    merged = parts.merge(known, on=["kind", "rate_day"], how="left", indicator=True)
    is_known = merged.pop("_merge") == "both"
    rated = merged[is_known].drop(columns="rate_day").reset_index(drop=True)
    typed = rated.astype({"rate": "int64", "agreed": "int64", "maximum": "Int64", "capped": bool})
    return typed, merged.loc[~is_known, list(parts.columns)].reset_index(drop=True)


def _missing_local_rates(parts: pd.DataFrame) -> list[Mistake]:
    """One mistake per local kind without a rate, with its hours and first shift."""
    ordered = parts.sort_values(["kind", "start", "shift_id"])
    groups = ordered.groupby("kind").agg({"minutes": "sum", "shift_id": "first"})
    return [
        missing_local_rate(str(kind), minutes / MINUTES_AN_HOUR, shift_id)
        for kind, minutes, shift_id in groups.itertuples()
    ]
