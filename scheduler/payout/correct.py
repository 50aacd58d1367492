"""What the next run will correct: per payee what was paid, what is due now, the difference and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.errors import UnknownSubject
from scheduler.messages import text
from scheduler.payout.difference import standing
from scheduler.payout.ledger import Ledger
from scheduler.payout.linefile import ACCOUNT_COLUMNS
from scheduler.payout.lines import COLUMNS
from scheduler.payout.payees import Account, PayeeBook
from scheduler.payout.payment import with_accounts
from scheduler.payout.period import days_in
from scheduler.payout.scope import days_to_settle, tariffs_in_force
from scheduler.payout.settlement import settle
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.worked import Actuals


@dataclass(frozen=True, slots=True)
class ShiftCorrection:
    """One shift that is settled again for one payee; amounts in cents, `reason` a code of `difference.Reason`."""

    shift_id: str
    old: int
    new: int
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One payee whose closed payments change; `old` and `new` are cents over every closed day of the dossier."""

    account: Account
    old: int
    new: int
    shifts: tuple[ShiftCorrection, ...]

    @property
    def difference(self) -> int:
        """Cents that the next run adds or holds back."""
        return self.new - self.old


def corrections(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    ledger: Ledger,
    actuals: Actuals | None = None,
    period: Period | None = None,
) -> tuple[Correction, ...]:
    """Every payee whose closed payments differ from what is due now, in order of name; nothing is written.

    Hours that waited for a maximum that is known by now are among them.

    `period` keeps to shifts that start in it; None is every closed day.
    Raises UnknownSubject when the ledger has no closed run, DossierError as `payable` does.
    """
    if not ledger.runs:
        raise UnknownSubject(text("payout.correct.no_runs", folder=ledger.folder))
    actuals = actuals or Actuals()
    tariffs, _ = tariffs_in_force(tariffs, ledger)
    days = days_to_settle(dossier, roster, actuals, ledger, None)
    if period is not None:
        days &= days_in(period, dossier.period)
    book = PayeeBook(dossier)
    lines = settle(dossier, roster, tariffs, ledger, actuals, days).lines
    if period is not None:
        lines = lines[lines["day"].isin(list(days_in(period, period)))]
    changed = with_accounts(lines, book)
    # of each line that changes its account had all that still stands of it, whichever dossier it is of
    closed = ledger.lines[ledger.lines["day"].isin([*days, *lines["day"]])]
    before = _sums(with_accounts(standing(closed)[list(COLUMNS)], book))
    differences = _sums(changed)
    accounts = sorted(differences, key=lambda account: (account.name.casefold(), account))
    return tuple(
        Correction(account, before.get(account, 0), before.get(account, 0) + differences[account], _shifts(own))
        for account, own in ((account, _of(changed, account)) for account in accounts)
    )


def _sums(lines: pd.DataFrame) -> Mapping[Account, int]:
    sums: dict[Account, int] = {}
    for *account, amount in lines[[*ACCOUNT_COLUMNS, "amount"]].itertuples(index=False):
        sums[Account(*account)] = sums.get(Account(*account), 0) + int(amount)
    return sums


def _of(lines: pd.DataFrame, account: Account) -> pd.DataFrame:
    wanted = lines["account_name"].eq(account.name) & lines["account_iban"].eq(account.iban)
    return lines[wanted & lines["account_gp_id"].eq(account.gp_id)]


def _shifts(lines: pd.DataFrame) -> tuple[ShiftCorrection, ...]:
    found: dict[str, ShiftCorrection] = {}
    for shift_id, amount, reason in lines[["shift_id", "amount", "reason"]].itertuples(index=False):
        known = found.get(shift_id, ShiftCorrection(shift_id, 0, 0, reason))
        old, new = known.old - min(0, int(amount)), known.new + max(0, int(amount))
        found[shift_id] = ShiftCorrection(shift_id, old, new, reason)
    return tuple(found.values())
