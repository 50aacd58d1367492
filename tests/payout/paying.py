"""A small HDS to pay: GP A owns a practice, B is salaried there, C is a locum, T is A's trainee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract, Role
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Payee, PayeeBasis, PayoutSettings
from scheduler.domain.shift import Shift
from scheduler.domain.time import AMSTERDAM, Period
from scheduler.payout import (
    Actuals,
    ClosedRun,
    Debtor,
    PaymentRun,
    Stretch,
    Tariff,
    TariffTable,
    close,
    national_tariffs,
    payable,
    prepare_run,
    read_ledger,
)
from tests import builders

IBAN_A, IBAN_PR, IBAN_C, IBAN_HDS = (
    "NL69INGB0123456789",
    "NL91ABNA0417164300",
    "NL39RABO0300065264",
    "NL20INGB0001234567",
)
LOCAL = PayoutSettings(early_evening_rate=Decimal("80.00"), standby_rate=Decimal("15.00"))
YEARS = Period(start=date(2023, 1, 1), end=date(2024, 12, 31))
BY_NATIONAL = national_tariffs()


def payee(gp_id: str, name: str, iban: str, valid_from: str = "2020-01-01", via_practice: bool = False) -> Payee:
    """A row of payees.csv."""
    basis = PayeeBasis.VIA_PRACTICE if via_practice else PayeeBasis.SELF_EMPLOYED
    return Payee(
        gp_id=gp_id, valid_from=date.fromisoformat(valid_from), payee_name=name, iban=iban, basis=basis
    )  # fmt: skip


PAYEES = (
    payee("A", "Dokter A", IBAN_A),
    payee("B", "Praktijk PR", IBAN_PR, via_practice=True),
    payee("C", "Waarneming C", IBAN_C),
)


def hds(**fields: Any) -> Dossier:
    """The dossier, for 2023 and 2024 unless said otherwise."""
    gps = [
        builders.gp("A", Contract.PRACTICE_OWNER, practice_id="PR"),
        builders.gp("B", Contract.SALARIED, practice_id="PR"),
        builders.gp("C"),
        builders.gp("T", Contract.TRAINEE, trainer_gp_id="A"),
    ]
    plain: dict[str, Any] = {"period": YEARS, "payout": LOCAL, "payees": PAYEES}
    return builders.dossier(gps, [], [], **(plain | fields))


def shift(start: str, end: str, role: Role = Role.CONSULT, number: int = 1, calendar: Calendar | None = None) -> Shift:
    """A shift at post P; moments as roster.csv has them, or local without an offset."""
    begin, stop = (datetime.fromisoformat(text) for text in (start, end))
    begin, stop = (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM) for moment in (begin, stop))
    return Shift.on_calendar(
        id=f"P-{role}/{start[:10]}/{number}", post_id="P", role=role, start=begin, end=stop,
        calendar=calendar or Calendar(),
    )  # fmt: skip


def rostered(shifts: Sequence[Shift], gp_id: str = "A", **others: str) -> Roster:
    """A roster that gives every shift to one GP."""
    return Roster(shifts=tuple(shifts), gp_of={one.id: gp_id for one in shifts}, **others)


def stretch(of: Shift, gp_id: str, start: str, end: str, line: int | None = None) -> Stretch:
    """A row of worked.csv or call_ins.csv, local times."""
    begin, stop = (datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM) for text in (start, end))
    return Stretch(shift_id=of.id, gp_id=gp_id, start=begin, end=stop, line=line)


def due(
    roster: Roster, dossier: Dossier | None = None, tariffs: TariffTable = BY_NATIONAL, **told: Any
) -> pd.DataFrame:
    """The lines that are due; `worked` and `call_ins` may be given."""
    return payable(dossier or hds(), roster, tariffs, Actuals(**told)).lines


def by_kind(lines: pd.DataFrame) -> dict[str, tuple[float, int]]:
    """Hours and cents per kind."""
    sums = lines.groupby("kind")[["minutes", "amount"]].sum()
    return {str(kind): (minutes / 60, int(cents)) for kind, minutes, cents in sums.itertuples()}


def tariff(kind: HourKind, cents: int, start: str, end: str) -> Tariff:
    """A row of a table of maxima."""
    return Tariff(
        valid_from=date.fromisoformat(start), valid_until=date.fromisoformat(end), kind=kind, cents_per_hour=cents,
        source="test", certainty="fictitious",
    )  # fmt: skip


def own_table(cents: Mapping[HourKind, int], start: str = "2024-01-01", end: str = "2024-12-31") -> TariffTable:
    """The national table with an HDS's own rows laid over it."""
    return BY_NATIONAL.replace(own=[tariff(kind, amount, start, end) for kind, amount in cents.items()])


TODAY = date(2026, 1, 5)
JANUARY, FEBRUARY = (Period(start=date(2024, month, 1), end=date(2024, month, 29)) for month in (1, 2))
HDS_ACCOUNT = Debtor(name="HDS Test", iban=IBAN_HDS)


def prepared(
    folder: Path, roster: Roster, period: Period = JANUARY, dossier: Dossier | None = None, **more: Any
) -> PaymentRun:
    """The next run on the ledger in `folder`; `worked`, `call_ins` and `tariffs` may be given."""
    dossier, tariffs = dossier or hds(), more.pop("tariffs", BY_NATIONAL)
    ledger = read_ledger(folder, dossier.hds_id)
    return prepare_run(dossier, roster, tariffs, period, today=TODAY, actuals=Actuals(**more), ledger=ledger)


def closed(
    folder: Path, roster: Roster, period: Period = JANUARY, debtor: Debtor | None = None, **more: Any
) -> ClosedRun:
    """The next run, closed without PDF."""
    run = prepared(folder, roster, period, **more)
    return close(run, debtor=debtor, pay_on=date(2026, 1, 6), with_pdf=False).run
