"""The payment files of a closed run for the bank: made after it, corrected while not sent, and said to be sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now, today
from api.db.tables.payouts import PaymentFileSent, PaymentRun, PaymentTransfer
from api.dossiers.mapping import read_dossier
from api.errors import Problem
from api.payouts import payees, repository, run_repository
from api.payouts import transfer_repository as stored
from api.payouts.closing import debtor_for, pay_day
from api.payouts.dues import in_words_of_the_service
from api.payouts.store import StoredFiles, bytes_of, read_ledger
from api.payouts.transfer_schemas import ReplacementEntry, TransferEntry
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout.ledger import ClosedRun, Ledger
    from scheduler.payout.sepa import Debtor

PAYMENT_FILE = "payment.xml"


@dataclass(frozen=True)
class KeptFile:
    """One version of the payment file of a run, wherever it is kept; `reason` says why it took the place of another."""

    version: int
    pay_on: date
    debtor_name: str
    debtor_iban: str
    sha256: str
    content: bytes
    made_at: datetime
    made_by: int | None
    reason: str = ""


def kept_files(session: Session, row: PaymentRun) -> list[KeptFile]:
    """Every version of the payment file of a run, the one in force last."""
    later = [
        KeptFile(
            one.version, one.pay_on, one.debtor_name, one.debtor_iban, one.sha256, bytes_of(one.content), one.made_at,
            one.made_by, one.reason,
        )
        for one in stored.transfers(session, row.hds_id, row.number)
    ]  # fmt: skip
    return [*_sealed(session, row), *later]


def _sealed(session: Session, row: PaymentRun) -> list[KeptFile]:
    """The payment file that the run was closed with, if it was."""
    digest = row.record["files"].get(PAYMENT_FILE)
    if digest is None:
        return []
    content, debtor = StoredFiles(session, row.hds_id, row.number)[PAYMENT_FILE], row.record["debtor"]
    pay_on = date.fromisoformat(row.record["pay_on"])
    return [
        KeptFile(1, pay_on, debtor["name"], debtor["iban"], digest, content, row.closed_at, row.closed_by),
    ]


def make_transfer(session: Session, who: Member, number: int, entry: TransferEntry) -> PaymentRun:
    """Make the payment file of a run that was closed without one, once.

    Raises Problem `not_found`, or `wrong_state` when it has one or pays nothing out; DossierError naming everybody
    without account number, or when no account to pay from is known.
    """
    row, ledger = _locked(session, who.hds_id, number)
    if kept_files(session, row):
        raise Problem("wrong_state", text("payouts.transfer_exists", run=f"{number:04}"))
    debtor = debtor_for(session, ledger, entry.debtor, payees.dossier_of(session, who.hds_id, None).hds_name)
    if debtor is None:
        raise DossierError([Mistake("debtor.iban", None, None, "", text("payout.sepa.debtor_iban"))])
    made = _add(session, who, ledger.runs[number - 1], 1, debtor, pay_day(entry.pay_on), "")
    _put_on_record(session, who, "payout.transferred", made)
    return row


def replace_transfer(session: Session, who: Member, number: int, entry: ReplacementEntry) -> PaymentRun:
    """Make a next version of a payment file that was not sent; the earlier one is void from then on.

    Raises Problem `not_found`, `wrong_state` when there is none or it was sent, `conflict` when `entry.version` is in
    force no more, and DossierError as `make_transfer` does.
    """
    from scheduler.payout.sepa import Debtor

    row, ledger = _locked(session, who.hds_id, number)
    earlier = _require_unsent(session, row, entry.version)
    debtor: Debtor | None = Debtor(name=earlier.debtor_name, iban=earlier.debtor_iban)
    if entry.debtor is not None:
        hds_name = payees.dossier_of(session, who.hds_id, None).hds_name
        debtor = debtor_for(session, ledger, entry.debtor, hds_name)
    assert debtor is not None
    run, version = ledger.runs[number - 1], earlier.version + 1
    made = _add(session, who, run, version, debtor, pay_day(entry.pay_on), entry.reason.strip())
    _put_on_record(session, who, "payout.transfer_replaced", made, earlier)
    return row


def mark_sent(session: Session, who: Member, number: int, version: int) -> PaymentRun:
    """Put on record that this version went to the bank; raises Problem as `replace_transfer` does."""
    row, _ = _locked(session, who.hds_id, number)
    _require_unsent(session, row, version)
    session.add(
        PaymentFileSent(hds_id=who.hds_id, number=number, version=version, sent_at=now(), sent_by=who.user_id)
    )  # fmt: skip
    session.flush()
    act = Act("payout.transfer_sent", f"payout/run/{number}", after={"version": version})
    record(session, who.hds_id, who.user_id, act)
    return row


def _locked(session: Session, hds_id: str, number: int) -> tuple[PaymentRun, Ledger]:
    """The run, and all closed runs, verified; nobody else makes or sends a payment file until the commit."""
    repository.lock_hds(session, hds_id)
    row = run_repository.run(session, hds_id, number)
    return row, read_ledger(session, hds_id)


def _require_unsent(session: Session, row: PaymentRun, version: int) -> KeptFile:
    """The file in force, which must be the version that the caller saw."""
    run = f"{row.number:04}"
    files = kept_files(session, row)
    if not files:
        raise Problem("wrong_state", text("payout.transfer.none", run=f"run-{run}"))
    if (sent := stored.sent_file(session, row.hds_id, row.number)) is not None:
        raise Problem("wrong_state", text("payout.transfer.sent", run=f"run-{run}", day=sent.sent_at.date()))
    if files[-1].version != version:
        raise Problem("conflict", text("payouts.transfer_replaced", run=run, version=files[-1].version))
    return files[-1]


def _add(
    session: Session, who: Member, run: ClosedRun, version: int, debtor: Debtor, pay_on: date, reason: str
) -> PaymentTransfer:
    from scheduler.payout.sepa import payable_to
    from scheduler.payout.transfer import transfer_of

    if not payable_to(run.payments):
        raise Problem("wrong_state", text("payouts.nothing_to_transfer"))
    dossier = read_dossier(session, payees.dossier_of(session, who.hds_id, None))
    with in_words_of_the_service():
        content = transfer_of(dossier, run, debtor, today(), pay_on, version)
    made = PaymentTransfer(
        hds_id=who.hds_id, number=run.number, version=version, pay_on=pay_on, debtor_name=debtor.name,
        debtor_iban=debtor.iban, reason=reason, content=content, sha256=hashlib.sha256(content).hexdigest(),
        made_at=now(), made_by=who.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _put_on_record(
    session: Session, who: Member, action: str, made: PaymentTransfer, earlier: KeptFile | None = None
) -> None:
    before = _facts(earlier) if earlier else None
    act = Act(action, f"payout/run/{made.number}", before=before, after=_facts(made), reason=made.reason)
    record(session, who.hds_id, who.user_id, act)


def _facts(file: KeptFile | PaymentTransfer) -> dict[str, Any]:
    return {"version": file.version, "sha256": file.sha256, "pay_on": str(file.pay_on)}
