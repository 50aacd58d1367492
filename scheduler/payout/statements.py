"""The statement (specificatie) that each payee receives, as HTML page and as PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from scheduler.domain.time import Period
from scheduler.errors import OutputError
from scheduler.messages import text
from scheduler.payout.files import STANDBY
from scheduler.payout.linefile import ACCOUNT_COLUMNS
from scheduler.payout.money import euros_dutch, hours_dutch
from scheduler.payout.payees import Account
from scheduler.payout.payment import Payment

_LINE = (
    "day",
    "shift_id",
    "gp_id",
    "kind",
    "start",
    "end",
    "minutes",
    "sign",
    "rate",
    "capped",
    "amount",
    "reason",
    "basis",
)
_ZONE = ZoneInfo("Europe/Amsterdam")


class PdfUnavailable(OutputError):
    """The system libraries that make PDF files are missing."""

    code = "pdf_unavailable"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, ready to show; `correction` says why an earlier payment is changed, else empty."""

    day: date
    shift_id: str
    gp: str
    kind: str
    start: datetime
    end: datetime
    minutes: int
    rate: int
    amount: int
    capped: bool
    correction: str
    basis: str


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
    """What one payee is told about one run; `sections` holds care hours first, then any other line."""

    payment: Payment
    sections: tuple[Section, ...]

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
    lines: pd.DataFrame, payments: Iterable[Payment], gp_names: Mapping[str, str]
) -> tuple[Statement, ...]:
    """One statement per payment; `lines` carry their accounts."""
    own: dict[Account, list[tuple[Any, ...]]] = {}
    columns = [lines[name].tolist() for name in (*ACCOUNT_COLUMNS, *_LINE)]
    for name, iban, gp_id, *rest in zip(*columns, strict=True):
        own.setdefault(Account(name, iban, gp_id), []).append(tuple(rest))
    return tuple(Statement(payment, tuple(_sections(own.get(payment.account, ()), gp_names))) for payment in payments)


def _sections(rows: Iterable[Sequence[Any]], gp_names: Mapping[str, str]) -> Iterator[Section]:
    """Hours of care are exempt from VAT; being on standby is no care, so it stands apart."""
    named = [dict(zip(_LINE, row, strict=True)) for row in rows]
    for section, is_other in (("care", False), ("other", True)):
        chosen = [row for row in named if (row["kind"] == STANDBY) is is_other]
        yield Section(section, tuple(_line(row, gp_names) for row in chosen))


def _line(row: Mapping[str, Any], gp_names: Mapping[str, str]) -> Line:
    sign = row["sign"]
    return Line(
        day=row["day"], shift_id=row["shift_id"], gp=gp_names.get(str(row["gp_id"]), str(row["gp_id"])),
        kind=text(f"payout.kind.{row['kind']}"), start=_local(row["start"]), end=_local(row["end"]),
        minutes=sign * row["minutes"], rate=row["rate"], amount=row["amount"], capped=row["capped"],
        correction=text(f"payout.reason.{row['reason']}") if row["reason"] else "", basis=row["basis"],
    )  # fmt: skip


def _local(moment: object) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(_ZONE)


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


def pdf_writer() -> Callable[[str], bytes]:
    """A function from page to PDF; raises PdfUnavailable, saying what to install, where libraries are missing."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - loads system libraries that may be missing
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    except (OSError, ImportError) as error:
        raise PdfUnavailable(text("payout.statement.no_pdf", reason=str(error).splitlines()[0])) from error
    fonts = FontConfiguration()

    def write(page: str) -> bytes:
        return bytes(HTML(string=page).write_pdf(font_config=fonts))

    return write
