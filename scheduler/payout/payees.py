"""Who receives the money for a duty, and into which account."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.settings import Payee
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.bank_text import bank_name
from scheduler.payout.iban import is_iban, normal_iban


class Recipient(NamedTuple):
    """Receiver of the money for one duty; `iban` and `basis` are empty when the dossier names no payee."""

    name: str
    iban: str
    basis: str


class Account(NamedTuple):
    """Where money goes: all lines of one account stand on one statement.

    Without an account number `gp_id` tells apart two GPs of one name; otherwise it is empty.
    """

    name: str
    iban: str
    gp_id: str = ""


class PayeeBook:
    """The dated payees of a dossier.

    The row in force on the day that a shift starts decides who is paid for it. A GP without such a row is paid under
    the own name, without account number. When a GP's payee of the same name has a later row, everything still to be
    paid goes to the account of that later row: the earlier one may be closed by then.
    """

    def __init__(self, dossier: Dossier) -> None:
        self._names = {gp.id: gp.name for gp in dossier.gps}
        self._rows: dict[str, list[Payee]] = defaultdict(list)
        for payee in sorted(dossier.payees, key=lambda payee: payee.valid_from):
            self._rows[payee.gp_id].append(payee)
        self._starts = {gp_id: [row.valid_from for row in rows] for gp_id, rows in self._rows.items()}
        self._newest = {
            (row.gp_id, row.payee_name): normal_iban(row.iban) for rows in self._rows.values() for row in rows
        }
        self._by_iban = {
            normal_iban(row.iban): (row.gp_id, row.payee_name) for rows in self._rows.values() for row in rows
        }

    def of(self, gp_id: str, day: date) -> Recipient:
        """Who is paid for a shift of `gp_id` that starts on `day`."""
        place = bisect_right(self._starts.get(gp_id, []), day)
        if place == 0:
            return Recipient(self._names[gp_id], "", "")
        row = self._rows[gp_id][place - 1]
        return Recipient(row.payee_name, normal_iban(row.iban), row.basis.value)

    def is_steady(self, gp_id: str, first: date) -> bool:
        """Whether the GP has one payee from `first` on."""
        return all(start <= first for start in self._starts.get(gp_id, ()))

    def account(self, gp_id: str, name: str, iban: str) -> Account:
        """The account that settles a line once meant for `name` and `iban`."""
        if (newest := self._newest.get((gp_id, name))) is not None:
            return Account(name, newest)
        if iban and (renamed := self._by_iban.get(iban)):
            return Account(renamed[1], iban)
        return Account(name, iban, "" if iban else gp_id)

    def carried(self, account: Account) -> Account:
        """The account that an open amount of `account` belongs to today."""
        if account.gp_id:
            return self.account(account.gp_id, account.name, "")
        successors = {
            Account(account.name, self._newest[gp_id, account.name])
            for gp_id, rows in self._rows.items()
            if any(row.payee_name == account.name and normal_iban(row.iban) == account.iban for row in rows)
        }
        return successors.pop() if len(successors) == 1 else account


def payee_mistakes(dossier: Dossier) -> Iterator[Mistake]:
    """What is wrong with the payees of a dossier.

    Accounts with a wrong check digit, names that no bank can write, unknown GPs, two rows of a GP from one day on.
    """
    seen: set[tuple[str, date]] = set()
    for row in dossier.payees:
        if row.gp_id not in dossier.gp_by_id:
            yield Mistake("payees.csv", None, "gp_id", row.gp_id, text("payout.known_gp"))
        if not bank_name(row.payee_name):
            expected = text("payout.payee.name", gp_id=row.gp_id)
            yield Mistake("payees.csv", None, "payee_name", row.payee_name.strip(), expected)
        if not is_iban(row.iban):
            yield Mistake("payees.csv", None, "iban", row.iban, text("payout.payee.iban", gp_id=row.gp_id))
        if (row.gp_id, row.valid_from) in seen:
            expected = text("payout.payee.twice", gp_id=row.gp_id)
            yield Mistake("payees.csv", None, "valid_from", str(row.valid_from), expected)
        seen.add((row.gp_id, row.valid_from))


def contract_on(dossier: Dossier, gp_id: str, day: date) -> Contract:
    """The class of a GP on `day`: that of the agreement in force, else that of the list of GPs."""
    agreement = dossier.agreement_on(gp_id, day)
    return agreement.contract if agreement else dossier.gp_by_id[gp_id].contract
