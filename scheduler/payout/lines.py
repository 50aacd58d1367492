"""Payment lines: one for each part of a duty within one kind of clock hour and one rate.

A frame of lines has the columns of `COLUMNS`: `start` and `end` in UTC, `minutes` elapsed and positive, `sign` 1 or -1
(a line that takes back an earlier one), `rate`, `agreed` and `maximum` in cents an hour (`maximum` missing for local
rates), `amount` in cents with the sign in it, `reason` empty for ordinary lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import pairwise

import pandas as pd

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import split_by_kind
from scheduler.domain.time import AMSTERDAM, local
from scheduler.errors import DossierError
from scheduler.payout.duties import Duty
from scheduler.payout.files import STANDBY
from scheduler.payout.money import line_amount
from scheduler.payout.payees import PayeeBook, contract_on
from scheduler.payout.rates import Rate, Rates, missing_rate

COLUMNS = (
    "month", "day", "gp_id", "contract", "practice_id", "payee", "iban", "basis", "shift_id", "kind", "start", "end",
    "minutes", "sign", "rate", "agreed", "maximum", "capped", "amount", "reason",
)  # fmt: skip
_UTC = "datetime64[us, UTC]"


def lines_of(dossier: Dossier, duties: Sequence[Duty], rates: Rates) -> pd.DataFrame:
    """The lines for these duties in order of day, shift and start; raises DossierError naming every missing rate."""
    lines = _with_people(rated_parts(duties, dossier.calendar, rates), dossier)
    lines["sign"] = 1
    lines["reason"] = ""
    ordered = lines.sort_values(["day", "shift_id", "start", "gp_id"], kind="stable", ignore_index=True)
    return ordered[list(COLUMNS)]


def rated_parts(duties: Sequence[Duty], calendar: Calendar, rates: Rates) -> pd.DataFrame:
    """The parts of these duties with month, minutes, rate and amount, without who receives it."""
    frame = pd.DataFrame(duties, columns=list(Duty._fields))
    frame = frame.astype({"start": _UTC, "end": _UTC, "standby": bool})
    parts = _with_rates(_parts(frame, calendar, rates.changes), rates)
    parts["minutes"] = (parts["end"] - parts["start"]).dt.total_seconds().astype("int64") // 60
    parts["amount"] = line_amount(parts["minutes"], parts["rate"])
    parts["month"] = parts["day"].map(_cached(lambda day: f"{day:%Y-%m}"))
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
        for part_start, part_end, kind in _cut(start.to_pydatetime(), end.to_pydatetime(), calendar, cuts)
    ]
    pieces = pd.DataFrame(cut, columns=["start", "end", "part_start", "part_end", "kind"])
    pieces = pieces.astype({name: _UTC for name in ("start", "end", "part_start", "part_end")})
    parted = active.merge(pieces, on=["start", "end"], how="left").drop(columns=["start", "end"])
    parted = parted.rename(columns={"part_start": "start", "part_end": "end"})
    return pd.concat([parted, standby], ignore_index=True)


def _cut(
    start: datetime, end: datetime, calendar: Calendar, cuts: Iterable[datetime]
) -> Iterator[tuple[datetime, datetime, str]]:
    for part in split_by_kind(start, end, calendar):
        inside = [cut for cut in cuts if part.start < cut.astimezone(part.start.tzinfo) < part.end]
        moments = [part.start, *(cut.astimezone(part.start.tzinfo) for cut in inside), part.end]
        yield from ((begin, stop, part.kind.value) for begin, stop in pairwise(moments))


def _with_rates(parts: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    parts["rate_day"] = parts["start"].dt.tz_convert(AMSTERDAM).dt.date
    pairs = parts[["kind", "rate_day"]].drop_duplicates()
    found: list[tuple[str, date, Rate | None]] = [
        (kind, day, rates.on(kind, day)) for kind, day in pairs.itertuples(index=False)
    ]
    missing = sorted({(kind, day.year) for kind, day, rate in found if rate is None}, key=lambda gap: (gap[1], gap[0]))
    if missing:
        raise DossierError(list(dict.fromkeys(missing_rate(kind, year) for kind, year in missing)))
    known = pd.DataFrame(
        [(kind, day, rate.rate, rate.agreed, rate.maximum, rate.capped) for kind, day, rate in found if rate],
        columns=["kind", "rate_day", "rate", "agreed", "maximum", "capped"],
    ).astype({"rate": "int64", "agreed": "int64", "maximum": "Int64", "capped": bool})
    return parts.merge(known, on=["kind", "rate_day"], how="left").drop(columns="rate_day")


def _with_people(parts: pd.DataFrame, dossier: Dossier) -> pd.DataFrame:
    payees = PayeeBook(dossier)
    pairs = parts[["gp_id", "day"]].drop_duplicates()
    people = [
        (gp_id, day, contract_on(dossier, gp_id, day).value, dossier.gp_by_id[gp_id].practice_id or "",
         *payees.of(gp_id, day))
        for gp_id, day in pairs.itertuples(index=False)
    ]  # fmt: skip
    columns = ["gp_id", "day", "contract", "practice_id", "payee", "iban", "basis"]
    return parts.merge(pd.DataFrame(people, columns=columns), on=["gp_id", "day"], how="left")


def _cached(make: Callable[[date], str]) -> Callable[[date], str]:
    known: dict[date, str] = {}

    def find(day: date) -> str:
        if day not in known:
            known[day] = make(day)
        return known[day]

    return find
