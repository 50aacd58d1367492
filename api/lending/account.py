"""Who lent what to whom: read off the duties as they stand, so that it is right whatever changed hands since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.errors import Problem
from api.lending import repository
from api.lending.schemas import AccountLine, AccountShown, AccountTotal, Figures
from api.rosters.mapping import shift_of
from api.swaps.grounds import field_of
from scheduler.csv_text import csv_bytes
from scheduler.domain.shift import Burden
from scheduler.domain.time import DAY
from scheduler.domain.time import local as at
from scheduler.messages import text
from scheduler.swaps.pay import ShiftPay

MOST_DAYS = 1100


def account(session: Session, hds_id: str, first: date, last: date) -> AccountShown:
    """Every shift that the HDS lent or borrowed and that starts on these days, and the sums per neighbour and burden.

    Raises Problem `malformed` where the days are not in order, or more than three years.
    """
    if not DAY * 0 <= last - first <= DAY * MOST_DAYS:
        raise Problem("malformed", text("lending.days", most=MOST_DAYS))
    rows = repository.lent(session, hds_id, at(first, time(0)), at(last + DAY, time(0)))
    names = repository.hds_names(session, {one for row in rows for one in (row.hds_id, row.home_hds_id)})
    pays = {one: _pay(session, one) for one in {row.dossier_id for row in rows}}
    lines = [_line(row, hds_id, names, pays[row.dossier_id]) for row in rows]
    return AccountShown(first=first, last=last, totals=totals(lines), lines=lines)


def _pay(session: Session, dossier_id: int) -> ShiftPay | None:
    """What shifts pay where they are, by the tariffs of today."""
    return field_of(session, dossier_id).ground.pay


def _line(row: Any, hds_id: str, names: Mapping[str, str], pay: ShiftPay | None) -> AccountLine:
    borrowed = row.hds_id == hds_id
    other = row.home_hds_id if borrowed else row.hds_id
    cents = None if pay is None else pay.cents(shift_of(row))
    return AccountLine(
        direction="borrowed" if borrowed else "lent", hds_id=other, hds_name=names[other], shift_id=row.shift_id,
        gp_id=row.guest_id if borrowed else row.home_id, gp_name=row.gp_name or "", burden=row.burden,
        start=local(row.starts_at), end=local(row.ends_at), minutes=_minutes(row), cents=cents,
        proof=_proof(row, cents),
    )  # fmt: skip


def _minutes(row: Any) -> int:
    lasted: timedelta = row.ends_at - row.starts_at
    return round(lasted.total_seconds() / 60)


def _proof(row: Any, cents: int | None) -> str:
    told = [
        row.hds_id, row.home_hds_id, row.shift_id, local(row.starts_at).isoformat(), local(row.ends_at).isoformat(),
        row.burden, cents,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def totals(lines: Sequence[AccountLine]) -> list[AccountTotal]:
    """The sums per other HDS and burden; the balance is lent less borrowed, so what one side is owed the other owes."""
    cells = sorted({(line.hds_id, line.burden) for line in lines}, key=lambda cell: (cell[0], _ORDER[cell[1]]))
    found = []
    for hds_id, burden in cells:
        here = [line for line in lines if (line.hds_id, line.burden) == (hds_id, burden)]
        lent, borrowed = (figures(one for one in here if one.direction == way) for way in ("lent", "borrowed"))
        found.append(
            AccountTotal(
                hds_id=hds_id, hds_name=here[0].hds_name, burden=burden, lent=lent, borrowed=borrowed,
                balance=_less(lent, borrowed),
            )
        )  # fmt: skip
    return found


_ORDER = {burden: place for place, burden in enumerate(Burden)}


def figures(lines: Iterable[AccountLine]) -> Figures:
    """Shifts, minutes and cents of lines together; no cents where one line has none."""
    own = list(lines)
    cents = [line.cents for line in own if line.cents is not None]
    return Figures(
        shifts=len(own), minutes=sum(line.minutes for line in own), cents=sum(cents) if len(cents) == len(own) else None
    )


def _less(one: Figures, other: Figures) -> Figures:
    known = one.cents is not None and other.cents is not None
    return Figures(
        shifts=one.shifts - other.shifts,
        minutes=one.minutes - other.minutes,
        cents=(one.cents or 0) - (other.cents or 0) if known else None,
    )


def account_csv(shown: AccountShown) -> bytes:
    """Return the lines as a CSV file, UTF-8 with a header; amounts in EUR with a point."""
    return csv_bytes(_COLUMNS, map(_cells, shown.lines))


def _cells(line: AccountLine) -> tuple[str, ...]:
    return (
        line.direction, line.hds_id, line.shift_id, line.gp_id, line.gp_name, line.burden.value,
        line.start.isoformat(), line.end.isoformat(), f"{line.minutes / 60:g}",
        "" if line.cents is None else f"{line.cents / 100:.2f}", line.proof,
    )  # fmt: skip


_COLUMNS = (
    "direction", "hds_id", "shift_id", "gp_id", "gp_name", "burden", "start", "end", "hours", "amount_eur", "proof",
)  # fmt: skip
