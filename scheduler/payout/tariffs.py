"""The national maximum an hour, read from a table: no amount stands in code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from scheduler.domain.calendar import HourKind
from scheduler.domain.time import DAY
from scheduler.domain.value import Value
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.files import kind_name, read_rows

NATIONAL_KINDS = (HourKind.EVENING, HourKind.NIGHT, HourKind.WEEKEND, HourKind.HOLIDAY)
COLUMNS = "valid_from valid_until kind cents_per_hour source certainty"
_POSITIVE = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_PLACES = (Path(__file__).parent / "nza.csv", Path(__file__).parents[2] / "data" / "tariffs" / "nza.csv")


class Certainty(StrEnum):
    """How sure an amount is: read at the NZa, read elsewhere, calculated, or made up for a demonstration."""

    STATED = "stated"
    SECONDARY = "secondary"
    DERIVED = "derived"
    FICTITIOUS = "fictitious"


class Tariff(Value):
    """The most that may be paid for an hour of one kind, on both dates and those between."""

    valid_from: date
    valid_until: date
    kind: HourKind
    cents_per_hour: int = Field(gt=0)
    source: str
    certainty: Certainty

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("a tariff ends on or after the day it starts")
        if self.kind not in NATIONAL_KINDS:
            raise ValueError("this kind of hour has a local rate only")
        return self

    def covers(self, day: date) -> bool:
        """Whether the tariff is valid on `day`."""
        return self.valid_from <= day <= self.valid_until


class TariffTable(Value):
    """Maxima per kind and day; where `own` rows of an HDS cover a day they go before the `national` ones.

    `own_is_all`: the HDS has no other rows of its own; without it, those that the last run paid by stay in force.
    """

    national: tuple[Tariff, ...]
    own: tuple[Tariff, ...] = ()
    own_is_all: bool = False

    def maximum(self, kind: HourKind, day: date) -> int | None:
        """Cents an hour that may be paid at most for `kind` on `day`; None when no row covers that day."""
        rows = (*self.own, *self.national)
        return next((row.cents_per_hour for row in rows if row.kind is kind and row.covers(day)), None)

    def highest(self, kind: HourKind, start: date, end: date) -> int | None:
        """The highest maximum of `kind` in any row, own or national, that touches `start`..`end` (both included)."""
        rows = (*self.own, *self.national)
        found = [
            row.cents_per_hour
            for row in rows
            if row.kind is kind and row.valid_from <= end and start <= row.valid_until
        ]
        return max(found, default=None)

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Days on which a maximum may differ from the day before."""
        rows = (*self.own, *self.national)
        ends = {row.valid_until + DAY for row in rows if row.valid_until < date.max}
        return tuple(sorted({row.valid_from for row in rows} | ends))


@cache
def national_tariffs() -> TariffTable:
    """The table that comes with the program."""
    return TariffTable(national=read_tariffs(next(place for place in _PLACES if place.is_file())))


def tariffs_with(own: Path | None) -> TariffTable:
    """The national table, with an HDS's own table laid over it; raises DossierError with every mistake in that file."""
    table = national_tariffs()
    return table if own is None else TariffTable(national=table.national, own=read_tariffs(own))


def read_tariffs(path: Path) -> tuple[Tariff, ...]:
    """Read one table; raises DossierError naming every wrong cell, overlap and gap."""
    findings = Findings()
    rows = read_rows(path, COLUMNS, findings)
    read = [(row, tariff) for row in rows if (tariff := _tariff(row, findings)) is not None]
    findings.mistakes += unconnected(path.name, ((row.line, tariff) for row, tariff in read))
    if not findings.mistakes and not read:
        findings.mistakes.append(Mistake(path.name, None, None, "", text("payout.tariff.empty")))
    findings.refuse_if_wrong()
    return tuple(tariff for _, tariff in read)


def _tariff(row: Row, findings: Findings) -> Tariff | None:
    start, end = row.day("valid_from"), row.optional_day("valid_until") or date.max
    certainty = row.choice("certainty", Certainty)
    cents, kind = row.text("cents_per_hour"), row.text("kind")
    wrong = [
        ("cents_per_hour", not _POSITIVE.fullmatch(cents)),
        ("kind", kind not in NATIONAL_KINDS),
        ("source", not row.text("source")),
        ("valid_until", not row.bad and end < start),
    ]
    for column in (column for column, is_wrong in wrong if is_wrong):
        expected = text(f"payout.tariff.{column}", start=start, kinds=", ".join(NATIONAL_KINDS))
        findings.mistakes.append(Mistake(row.file, row.line, column, row.text(column), expected))
        row.bad = True
    if row.bad:
        return None
    return Tariff(
        valid_from=start, valid_until=end, kind=HourKind(kind), cents_per_hour=int(cents),
        source=row.text("source"), certainty=certainty,
    )  # fmt: skip


def unconnected(file: str, numbered: Iterable[tuple[int, Tariff]]) -> Iterator[Mistake]:
    """Overlaps and gaps between the rows of each kind within one table; each row comes with its line number."""
    ordered = sorted(numbered, key=lambda pair: (pair[1].kind, pair[1].valid_from))
    for (first, earlier), (line, later) in pairwise(ordered):
        if earlier.kind is not later.kind:
            continue
        names = {"kind": kind_name(later.kind), "line": first, "end": earlier.valid_until}
        if later.valid_from <= earlier.valid_until:
            expected = text("payout.tariff.overlap", **names)
            yield Mistake(file, line, "valid_from", str(later.valid_from), expected)
        elif later.valid_from > earlier.valid_until + DAY:
            expected = text("payout.tariff.gap", **names, first=earlier.valid_until + DAY, last=later.valid_from - DAY)
            yield Mistake(file, line, "valid_from", str(later.valid_from), expected)
