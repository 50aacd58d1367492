"""Hours worked whose national maximum nobody knows yet: they wait in the run, and a later one that knows it pays them.

A frame of such hours has the columns of `COLUMNS`, a row for each part of a duty within one kind of clock hour: `start`
and `end` in UTC, `minutes` elapsed and positive, `year` the one whose maximum is not known, `agreed` the rate that the
HDS agreed in cents an hour (missing where it pays the maximum). Each run keeps all that waits after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from scheduler.domain.time import AMSTERDAM, local
from scheduler.errors import Mistake
from scheduler.payout.framefile import frame_csv_bytes, read_frame_csv
from scheduler.payout.money import MINUTES_AN_HOUR, line_amount
from scheduler.payout.rates import Rate, Rates, capped_rate, missing_maximum

OUTSTANDING = "outstanding.csv"
COLUMNS = (
    "month", "day", "gp_id", "contract", "practice_id", "payee", "iban", "basis", "shift_id", "kind", "start", "end",
    "minutes", "year", "agreed",
)  # fmt: skip
_UTC = "datetime64[us, UTC]"
_TYPES = {"start": _UTC, "end": _UTC, "minutes": "int64", "year": "int64", "agreed": "Int64"}
_IDENTITY = ["shift_id", "gp_id", "kind", "start", "end", "payee", "iban"]
_PEOPLE = ("month", "day", "gp_id", "contract", "practice_id", "payee", "iban", "basis", "shift_id", "kind")

_Row = Mapping[Any, Any]


class Waiting(NamedTuple):
    """How many minutes of one kind and year wait for a maximum, and the first shift with such an hour."""

    kind: str
    year: int
    minutes: int
    shift_id: str


def outstanding_of(unrated: pd.DataFrame, rates: Rates) -> pd.DataFrame:
    """The hours that wait, from parts of duties without a rate."""
    years = unrated["start"].dt.tz_convert(AMSTERDAM).dt.year
    agreed = {kind: rates.agreed(kind) for kind in unrated["kind"].unique()}
    told = unrated.assign(year=years, agreed=unrated["kind"].map(agreed))
    ordered = told.sort_values(["day", "shift_id", "start", "gp_id"], kind="stable", ignore_index=True)
    return ordered[list(COLUMNS)].astype(_TYPES)


def no_outstanding() -> pd.DataFrame:
    """A frame of such hours without any."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS}).astype(_TYPES)


def is_same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether the same hours of the same GPs wait for the same payees."""
    return sorted(one[_IDENTITY].itertuples(index=False)) == sorted(other[_IDENTITY].itertuples(index=False))


def newly_waiting(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The hours of `now` that did not wait before."""
    known = set(before[_IDENTITY].itertuples(index=False, name=None))
    is_new = [row not in known for row in now[_IDENTITY].itertuples(index=False, name=None)]
    return now[pd.Series(is_new, index=now.index, dtype=bool)]


def waiting_by_kind(outstanding: pd.DataFrame) -> list[Waiting]:
    """What waits per year and kind."""
    ordered = outstanding.sort_values(["year", "kind", "start", "shift_id"])
    groups = ordered.groupby(["year", "kind"]).agg({"minutes": "sum", "shift_id": "first"})
    return [Waiting(kind, int(year), int(minutes), shift) for (year, kind), minutes, shift in groups.itertuples()]


def missing_maxima(outstanding: pd.DataFrame) -> list[Mistake]:
    """One mistake per year and kind that has no maximum, with its hours and first shift."""
    return [
        missing_maximum(one.kind, one.year, one.minutes / MINUTES_AN_HOUR, one.shift_id)
        for one in waiting_by_kind(outstanding)
    ]


def rate_by_now(outstanding: pd.DataFrame, rates: Rates) -> tuple[list[_Row], pd.DataFrame]:
    """Lines for the hours whose maximum is known by now, at the rate agreed when they were worked; and the others."""
    cuts = [local(day, time(0)) for day in rates.changes]
    lines: list[_Row] = []
    left: list[_Row] = []
    for row in outstanding.to_dict("records"):
        for start, end in _cut(row, cuts):
            maximum = rates.maximum(row["kind"], start.astimezone(AMSTERDAM).date())
            part = {**row, "start": start, "end": end}
            if maximum is None:
                left.append(_waiting(part))
            else:
                agreed = None if pd.isna(row["agreed"]) else int(row["agreed"])
                lines.append(_line(part, capped_rate(agreed, maximum)))
    return lines, _frame(left)


def keep_earlier_rates(outstanding: pd.DataFrame, standing: pd.DataFrame) -> tuple[list[_Row], pd.DataFrame]:
    """Lines at the rate that was paid for hours whose maximum was known once; and the hours that were never paid.

    `standing` are lines of closed runs that still stand. A table that was withdrawn takes nothing back as long as no
    other tells what is due.
    """
    places = ["shift_id", "gp_id", "kind"]
    wanted = standing.merge(outstanding[places].drop_duplicates(), on=places).sort_values("start")
    paid: dict[tuple[str, ...], list[_Row]] = {}
    for line in wanted.to_dict("records"):
        paid.setdefault(tuple(line[name] for name in places), []).append(line)
    lines: list[_Row] = []
    left: list[_Row] = []
    for row in outstanding.to_dict("records"):
        moment = row["start"]
        for paid_line in paid.get(tuple(row[name] for name in places), ()):
            start, end = max(moment, paid_line["start"]), min(row["end"], paid_line["end"])
            if start >= end:
                continue
            if moment < start:
                left.append(_waiting({**row, "start": moment, "end": start}))
            maximum: int | None = None if pd.isna(paid_line["maximum"]) else int(paid_line["maximum"])
            rate = Rate(int(paid_line["rate"]), int(paid_line["agreed"]), maximum)
            lines.append(_line({**row, "start": start, "end": end}, rate))
            moment = end
        if moment < row["end"]:
            left.append(_waiting({**row, "start": moment}))
    return lines, _frame(left)


def _cut(row: _Row, cuts: Iterable[datetime]) -> Iterator[tuple[pd.Timestamp, pd.Timestamp]]:
    inside = [pd.Timestamp(cut).tz_convert("UTC") for cut in cuts]
    return pairwise([row["start"], *(cut for cut in inside if row["start"] < cut < row["end"]), row["end"]])


def _minutes(row: _Row) -> int:
    return int((row["end"] - row["start"]).total_seconds()) // 60


def _waiting(row: _Row) -> _Row:
    return {**row, "minutes": _minutes(row)}


def _line(row: _Row, rate: Rate) -> _Row:
    minutes = _minutes(row)
    return {
        **{name: row[name] for name in _PEOPLE}, "start": row["start"], "end": row["end"], "minutes": minutes,
        "sign": 1, "rate": rate.rate, "agreed": rate.agreed, "maximum": rate.maximum, "capped": rate.capped,
        "amount": line_amount(minutes, rate.rate), "reason": "",
    }  # fmt: skip


def _frame(rows: Sequence[_Row]) -> pd.DataFrame:
    if not rows:
        return no_outstanding()
    return pd.DataFrame(rows, dtype=object)[list(COLUMNS)].astype(_TYPES)


def outstanding_file(outstanding: pd.DataFrame) -> bytes:
    """`outstanding.csv`: what waits, moments local with their UTC offset, rates in cents."""
    kept = outstanding[list(COLUMNS)].copy()
    for name in ("start", "end"):
        moments = kept[name].dt.tz_convert(AMSTERDAM)
        kept[name] = moments.map(lambda moment: moment.isoformat(timespec="minutes")).astype(object)
    return frame_csv_bytes(kept)


def read_outstanding(content: bytes) -> pd.DataFrame:
    """The frame that `outstanding_file` was given."""
    read = read_frame_csv(content)
    for name in ("start", "end"):
        read[name] = pd.to_datetime(read[name], utc=True, format="ISO8601")
    read["agreed"] = pd.to_numeric(read["agreed"].where(read["agreed"] != ""))
    read["day"] = read["day"].map({day: date.fromisoformat(day) for day in read["day"].unique()}).astype(object)
    return read[list(COLUMNS)].astype(_TYPES)
