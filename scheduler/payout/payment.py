"""What each account is paid in one run, and what stays to be set off with later runs."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

import pandas as pd

from scheduler.csv_text import csv_bytes
from scheduler.payout.linefile import ACCOUNT_COLUMNS
from scheduler.payout.money import euros
from scheduler.payout.payees import Account, PayeeBook

PAYMENTS = "payments.csv"
_COLUMNS = ("statement", "payee", "iban", "gp_id", "lines", "carried_in", "paid", "carried_out")
_AMOUNT = re.compile(r"(-?)(\d+)\.(\d{2})", re.ASCII)


class Payment(NamedTuple):
    """Cents of one account in one run: `carried_in + lines = paid + carried_out`, `paid` never negative.

    `carried_out` is zero or negative: what the payee has received too much and later runs hold back.
    """

    statement: str
    account: Account
    lines: int
    carried_in: int
    paid: int
    carried_out: int


def with_accounts(lines: pd.DataFrame, book: PayeeBook) -> pd.DataFrame:
    """The lines with the account that settles each (`ACCOUNT_COLUMNS`)."""
    names = ["gp_id", "payee", "iban"]
    pairs = lines[names].drop_duplicates()
    found = [
        (gp_id, name, iban, *book.account(gp_id, name, iban)) for gp_id, name, iban in pairs.itertuples(index=False)
    ]
    accounts = pd.DataFrame(found, columns=[*names, *ACCOUNT_COLUMNS], dtype=object)
    return lines.merge(accounts, on=names, how="left")


def payments_of(
    lines: pd.DataFrame, waiting: pd.DataFrame, carried: Iterable[Payment], book: PayeeBook
) -> tuple[Payment, ...]:
    """One payment per account with lines, with hours that began to wait, or with an open amount, in order of name.

    `lines` and `waiting` as `with_accounts` gives them.
    """
    due: dict[Account, int] = defaultdict(int)
    for account, amount in lines.groupby(list(ACCOUNT_COLUMNS))["amount"].sum().items():
        due[Account(*cast(tuple[str, str, str], account))] += int(amount)
    opening: dict[Account, int] = defaultdict(int)
    for payment in carried:
        opening[book.carried(payment.account)] += payment.carried_out
    owed = {Account(*account) for account in waiting[list(ACCOUNT_COLUMNS)].itertuples(index=False)}
    accounts = sorted({*due, *opening, *owed}, key=lambda account: (account.name.casefold(), account))
    return tuple(_payment(n, account, due[account], opening[account]) for n, account in enumerate(accounts, 1))


def _payment(number: int, account: Account, lines: int, carried_in: int) -> Payment:
    total = lines + carried_in
    latin = unicodedata.normalize("NFKD", account.name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", latin.casefold()).strip("-")[:40]
    return Payment(f"{number:04}-{slug}".rstrip("-"), account, lines, carried_in, max(0, total), min(0, total))


def payments_file(payments: Iterable[Payment]) -> bytes:
    """`payments.csv`: per account the sum of the lines, what was carried in, paid and carried out."""
    rows = (
        (one.statement, *one.account, *map(euros, (one.lines, one.carried_in, one.paid, one.carried_out)))
        for one in payments
    )
    return csv_bytes(_COLUMNS, rows)


def read_payments(content: bytes) -> tuple[Payment, ...]:
    """The payments that `payments_file` wrote."""
    return tuple(_read(row) for row in csv.DictReader(io.StringIO(content.decode(), newline="")))


def _read(row: Mapping[str, str]) -> Payment:
    amounts = [_cents(row[name]) for name in ("lines", "carried_in", "paid", "carried_out")]
    return Payment(row["statement"], Account(row["payee"], row["iban"], row["gp_id"]), *amounts)


def _cents(written: str) -> int:
    match = _AMOUNT.fullmatch(written)
    if match is None:
        raise ValueError(written)
    return (-1 if match[1] else 1) * (int(match[2]) * 100 + int(match[3]))
