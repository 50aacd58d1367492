"""The sums of one run, per kind, performer, payee, practice and class, and the proof that they agree to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

import pandas as pd

from scheduler.csv_text import csv_bytes
from scheduler.domain.dossier import Dossier
from scheduler.errors import PayoutUnbalanced
from scheduler.messages import text
from scheduler.payout.linefile import ACCOUNT_COLUMNS
from scheduler.payout.money import MINUTES_AN_HOUR, euros, hours, line_amount
from scheduler.payout.outstanding import waiting_by_kind
from scheduler.payout.payment import Payment
from scheduler.payout.sepa import paid_in

TOTALS = "totals.csv"
_COLUMNS = ("section", "id", "name", "rate", "lines", "hours", "amount", "hours_times_rate", "rounding")
_SECTIONS = (("performer", "gp_id"), ("practice", "practice_id"), ("class", "contract"), ("month", "month"))


def require_balance(
    lines: pd.DataFrame, payments: Sequence[Payment], statements: int, payment_file: bytes | None
) -> None:
    """Raise PayoutUnbalanced unless lines, statements, payments and hours times rates are the same to the cent.

    `statements` is the sum of the statements. A payee's negative balance can't be transferred, so lines plus what was
    carried in must be what is paid plus what is carried out. Each line must be its time times its rate, and a line
    that pays must not be above its maximum: the last guard before money leaves.
    """
    total = int(lines["amount"].sum())
    paid = sum(payment.paid for payment in payments)
    moved = sum(payment.carried_out - payment.carried_in for payment in payments)
    sums = {"lines": total, "statements": statements, "payments": paid + moved}
    if payment_file is not None:
        sums["payment_file"] = paid_in(payment_file) + moved
    if len(set(sums.values())) > 1:
        shown = ", ".join(f"{name} {euros(amount)}" for name, amount in sums.items())
        raise PayoutUnbalanced(text("payout.totals.unbalanced", sums=shown))
    off = lines["amount"] != lines["sign"] * line_amount(lines["minutes"], lines["rate"])
    above = (lines["sign"] > 0) & (lines["rate"] > lines["maximum"]).fillna(False)
    for key, wrong in (("unbalanced", off), ("above_maximum", above)):
        if wrong.any():
            raise PayoutUnbalanced(text(f"payout.totals.{key}", sums=", ".join(lines.loc[wrong, "shift_id"].head(5))))


def _signed(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with minutes that carry the sign, and `exact`: minutes times rate, in sixtieths of a cent."""
    minutes = lines["minutes"] * lines["sign"]
    return lines.assign(minutes=minutes, exact=minutes * lines["rate"])


def _groups(signed: pd.DataFrame) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """The lines of each kind and rate."""
    for key, group in signed.groupby(["kind", "rate"]):
        kind, rate = cast(tuple[str, int], key)
        yield kind, int(rate), group


def _exact(group: pd.DataFrame) -> Fraction:
    return Fraction(int(group["exact"].sum()), MINUTES_AN_HOUR)


def totals_file(
    dossier: Dossier,
    lines: pd.DataFrame,
    outstanding: pd.DataFrame,
    payments: Sequence[Payment],
    statements: int,
    payment_file: bytes | None,
) -> bytes:
    """`totals.csv`: the reconciliation, then the sums.

    Per kind and rate, what waits for a maximum, and per performer, payee, practice, class and month.
    """
    signed = _signed(lines)
    rows = [*_reconciliation(signed, payments, statements, payment_file), *_kinds(signed), *_waiting(outstanding)]
    names = {
        "performer": {gp.id: gp.name for gp in dossier.gps},
        "practice": {practice.id: practice.name for practice in dossier.practices},
        "class": {contract: text(f"terms.contract.{contract}") for contract in signed["contract"].unique()},
    }
    for section, column in _SECTIONS:
        for key, group in signed.groupby(column):
            rows.append(_sum(section, str(key), names.get(section, {}).get(str(key), ""), group))
    for account, group in signed.groupby(list(ACCOUNT_COLUMNS)):
        name, iban, gp_id = cast(tuple[str, str, str], account)
        rows.append(_sum("payee", iban or gp_id, name, group))
    return csv_bytes(_COLUMNS, rows)


def _reconciliation(
    signed: pd.DataFrame, payments: Sequence[Payment], statements: int, payment_file: bytes | None
) -> Iterator[tuple[object, ...]]:
    def total(key: str, cents: int) -> tuple[object, ...]:
        return ("reconciliation", key, text(f"payout.totals.{key}"), "", "", "", euros(cents), "", "")

    yield _sum("reconciliation", "lines", text("payout.totals.lines"), signed)
    exact = _decimal(_exact(signed))
    yield "reconciliation", "hours_times_rates", text("payout.totals.hours_times_rates"), "", "", "", exact, exact, ""
    yield total("statements", statements)
    yield total("carried_in", sum(payment.carried_in for payment in payments))
    yield total("paid", sum(payment.paid for payment in payments))
    if payment_file is not None:
        yield total("payment_file", paid_in(payment_file))
    yield total("carried_out", sum(payment.carried_out for payment in payments))


def _kinds(signed: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for kind, rate, group in _groups(signed):
        yield _sum("kind", kind, text(f"payout.kind.{kind}"), group, euros(rate))


def _waiting(outstanding: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    counts = outstanding.groupby(["year", "kind"]).size()
    for one in waiting_by_kind(outstanding):
        name = waiting_name(one.kind, one.year)
        yield "outstanding", one.kind, name, "", int(counts[one.year, one.kind]), hours(one.minutes), "", "", ""


def waiting_name(kind: str, year: int) -> str:
    """How hours that wait for a maximum are told: `nacht, nog te betalen: geen tarief voor 2025`."""
    return f"{text(f'payout.kind.{kind}')}, {text('payout.outstanding', year=year)}"


def _sum(section: str, key: str, name: str, group: pd.DataFrame, rate: str = "") -> tuple[object, ...]:
    amount, exact = int(group["amount"].sum()), _exact(group)
    minutes = hours(int(group["minutes"].sum()))
    return section, key, name, rate, len(group), minutes, euros(amount), _decimal(exact), _decimal(amount - exact)


def _decimal(cents: Fraction) -> str:
    """Exact EUR: two decimals, more only where a line was rounded."""
    if cents.denominator == 1:
        return euros(int(cents))
    return str((Decimal(cents.numerator) / cents.denominator / 100).quantize(Decimal("0.000001")))


def kind_sums(lines: pd.DataFrame) -> Mapping[str, tuple[int, int]]:
    """Minutes and cents per kind of hour."""
    signed = _signed(lines)
    sums = signed.groupby("kind")[["minutes", "amount"]].sum()
    return {str(kind): (int(minutes), int(amount)) for kind, minutes, amount in sums.itertuples()}
