"""Payment lines as files: `payout.csv` for people and bookkeeping, `lines.csv` to read back to the cent and minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from scheduler.csv_text import csv_bytes
from scheduler.domain.time import AMSTERDAM
from scheduler.payout.framefile import frame_csv_bytes, read_frame_csv
from scheduler.payout.lines import COLUMNS
from scheduler.payout.money import euros, hours

PAYOUT_COLUMNS = ("month", "gp_id", "payee", "shift_id", "kind", "hours", "rate", "amount", "capped")
ACCOUNT_COLUMNS = ("account_name", "account_iban", "account_gp_id")
LINE_COLUMNS = (*COLUMNS, *ACCOUNT_COLUMNS)
_WHOLE = ("minutes", "sign", "rate", "agreed", "amount")


def payout_file(lines: pd.DataFrame) -> bytes:
    """`payout.csv` as the dossier format has it; a line that takes back has negative hours and a negative amount."""
    names = ["month", "gp_id", "payee", "shift_id", "kind", "minutes", "sign", "rate", "amount", "capped"]
    rows = (
        (month, gp_id, payee, shift_id, kind, hours(sign * minutes), euros(rate), euros(amount), _yes(capped))
        for month, gp_id, payee, shift_id, kind, minutes, sign, rate, amount, capped in _rows(lines, names)
    )
    return csv_bytes(PAYOUT_COLUMNS, rows)


def _rows(lines: pd.DataFrame, names: list[str]) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns as plain Python values, which is much faster than row by row."""
    return zip(*(lines[name].tolist() for name in names), strict=True)


def _yes(capped: object) -> str:
    return "yes" if capped else "no"


def lines_file(lines: pd.DataFrame) -> bytes:
    """`lines.csv`: everything of each line, amounts and rates in cents, moments local with their UTC offset."""
    kept = lines[list(LINE_COLUMNS)].copy()
    for name in ("start", "end"):
        moments = kept[name].drop_duplicates()
        local = moments.dt.tz_convert(AMSTERDAM).map(lambda moment: moment.isoformat(timespec="minutes"))
        kept[name] = kept[name].map(dict(zip(moments, local, strict=True)))
    kept["capped"] = kept["capped"].map({True: "yes", False: "no"})
    return frame_csv_bytes(kept)


def read_lines(content: bytes) -> pd.DataFrame:
    """The frame that `lines_file` was given."""
    read = read_frame_csv(content)
    for name in _WHOLE:
        read[name] = read[name].astype("int64")
    read["maximum"] = pd.to_numeric(read["maximum"].where(read["maximum"] != "")).astype("Int64")
    for name in ("start", "end"):
        read[name] = pd.to_datetime(read[name], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    read["day"] = read["day"].map({day: date.fromisoformat(day) for day in read["day"].unique()}).astype(object)
    read["capped"] = read["capped"] == "yes"
    return read[list(LINE_COLUMNS)]


def no_lines() -> pd.DataFrame:
    """A frame of lines without any."""
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in LINE_COLUMNS})
    moments = dict.fromkeys(("start", "end"), "datetime64[us, UTC]")
    return empty.astype({**dict.fromkeys(_WHOLE, "int64"), **moments, "maximum": "Int64", "capped": bool})
