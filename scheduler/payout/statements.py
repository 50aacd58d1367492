"""The statement (specificatie) that each payee receives, as a page; `printing` makes the PDF of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from scheduler.domain.time import AMSTERDAM, Period
from scheduler.messages import text
from scheduler.payout.files import STANDBY
from scheduler.payout.linefile import ACCOUNT_COLUMNS
from scheduler.payout.money import euros_dutch, hours_dutch
from scheduler.payout.payees import Account
from scheduler.payout.payment import Payment

T = TypeVar("T")


class Line(NamedTuple):
    """One line of a statement, ready to show; `correction` says why an earlier payment is changed, else empty.

    `times` are local clock times, `minutes` carry the sign of the line, `rate` and `amount` are in cents.
    """

    day: date
    times: str
    shift_id: str
    gp: str
    kind: str
    minutes: int
    rate: int
    capped: bool
    amount: int
    correction: str
    basis: str
    is_care: bool


class WaitingLine(NamedTuple):
    """Hours that are not paid yet, ready to show; `year` is the one whose maximum is not known."""

    day: date
    times: str
    shift_id: str
    gp: str
    kind: str
    minutes: int
    year: int


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that are treated alike for VAT."""

    name: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """Cents of the section."""
        return sum(line.amount for line in self.lines)

    @property
    def minutes(self) -> int:
        """Minutes of the section."""
        return sum(line.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one payee is told about one run; `sections` holds care hours first, then any other line.

    `waiting` are hours that wait for a maximum.
    """

    payment: Payment
    sections: tuple[Section, ...]
    waiting: tuple[WaitingLine, ...] = ()

    @property
    def total(self) -> int:
        """Cents of all lines."""
        return sum(section.total for section in self.sections)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every statement of a run."""

    hds_name: str
    run: int
    period: Period
    closed_on: date


def statements_of(
    lines: pd.DataFrame, outstanding: pd.DataFrame, payments: Iterable[Payment], gp_names: Mapping[str, str]
) -> tuple[Statement, ...]:
    """One statement per payment; `lines` and `outstanding` carry their accounts."""
    own = _by_account(lines, _shown(lines, gp_names))
    waiting = _by_account(outstanding, _shown_waiting(outstanding, gp_names))
    return tuple(
        Statement(payment, _sections(own.get(payment.account, [])), tuple(waiting.get(payment.account, [])))
        for payment in payments
    )


def _by_account(rows: pd.DataFrame, shown: Iterable[T]) -> dict[Account, list[T]]:
    found: dict[Account, list[T]] = defaultdict(list)
    accounts = zip(*(rows[name].tolist() for name in ACCOUNT_COLUMNS), strict=True)
    for account, one in zip(accounts, shown, strict=True):
        found[Account(*account)].append(one)
    return found


def _sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Hours of care are exempt from VAT; being on standby is no care, so it stands apart."""
    care = Section("care", tuple(line for line in lines if line.is_care))
    return care, Section("other", tuple(line for line in lines if not line.is_care))


def _shown(lines: pd.DataFrame, gp_names: Mapping[str, str]) -> Iterable[Line]:
    """Every line in words; each distinct word and clock time is made once."""
    reasons = {code: text(f"payout.reason.{code}") if code else "" for code in lines["reason"].unique()}
    columns = {
        **_duty_columns(lines, gp_names),
        "minutes": lines["minutes"] * lines["sign"],
        "rate": lines["rate"],
        "capped": lines["capped"],
        "amount": lines["amount"],
        "correction": lines["reason"].map(reasons),
        "basis": lines["basis"],
        "is_care": lines["kind"] != STANDBY,
    }
    return map(Line._make, zip(*(columns[name].tolist() for name in Line._fields), strict=True))


def _shown_waiting(outstanding: pd.DataFrame, gp_names: Mapping[str, str]) -> Iterable[WaitingLine]:
    columns = {
        **_duty_columns(outstanding, gp_names),
        "minutes": outstanding["minutes"],
        "year": outstanding["year"],
    }
    return map(WaitingLine._make, zip(*(columns[name].tolist() for name in WaitingLine._fields), strict=True))


def _duty_columns(rows: pd.DataFrame, gp_names: Mapping[str, str]) -> dict[str, pd.Series[Any]]:
    """Which duty a row is of, in words."""
    kinds = {kind: text(f"payout.kind.{kind}") for kind in rows["kind"].unique()}
    starts, ends = (_clock_times(rows[name]) for name in ("start", "end"))
    return {
        "day": rows["day"],
        "times": pd.Series([f"{start}–{end}" for start, end in zip(starts, ends, strict=True)], dtype=object),
        "shift_id": rows["shift_id"],
        "gp": rows["gp_id"].map(lambda gp_id: gp_names.get(gp_id, gp_id)),
        "kind": rows["kind"].map(kinds),
    }


def _clock_times(moments: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Local clock times `HH:MM`."""
    distinct = moments.drop_duplicates()
    clocks = distinct.dt.tz_convert(AMSTERDAM).dt.strftime("%H:%M")
    return moments.map(dict(zip(distinct, clocks, strict=True)))


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("scheduler.payout"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.globals["text"] = text
    found.filters.update({"euros": euros_dutch, "hours": hours_dutch, "date": _date})
    return found


def _date(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


def statement_html(statement: Statement, head: Letterhead) -> str:
    """The statement as one page that needs nothing beside it."""
    template = _environment().get_template("statement.html.j2")
    bases = sorted({line.basis for section in statement.sections for line in section.lines if line.basis})
    return template.render(statement=statement, head=head, payment=statement.payment, bases=bases)
