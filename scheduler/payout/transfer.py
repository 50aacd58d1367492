"""The payment file of a run that was closed without one, written beside it: a closed run itself never changes."""

from __future__ import annotations

import os
import uuid
from datetime import date
from pathlib import Path

from scheduler.domain.dossier import Dossier
from scheduler.errors import DossierError, OutputError, UnknownSubject
from scheduler.messages import text
from scheduler.payout.ledger import ClosedRun, Ledger, run_name
from scheduler.payout.run import PAYMENT_FILE, transfers_of
from scheduler.payout.sepa import Debtor, without_account


def write_transfer(dossier: Dossier, ledger: Ledger, number: int, debtor: Debtor, pay_on: date) -> Path:
    """Write `payment-run-NNNN.xml` and return where; the same run always gives the bank the same references.

    Raises UnknownSubject without such a run, OutputError when it has a payment file already or none can be written,
    DossierError naming everyone without account number.
    """
    run = next((run for run in ledger.runs if run.number == number), None)
    if run is None or ledger.folder is None:
        raise UnknownSubject(text("payout.transfer.unknown", run=run_name(number)))
    target = ledger.folder / f"payment-{run_name(number)}.xml"
    if PAYMENT_FILE in run.files or target.exists():
        raise OutputError(text("payout.transfer.exists", run=run_name(number)))
    content = transfer_of(dossier.hds_id, run, debtor, pay_on)
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            text("payout.ledger.unwritable", run=target.name, folder=ledger.folder, reason=reason)
        ) from error
    return target


def transfer_of(hds_id: str, run: ClosedRun, debtor: Debtor, pay_on: date) -> bytes:
    """The payment file of a closed run; raises DossierError naming everyone without account number."""
    if mistakes := without_account(run.payments):
        raise DossierError(mistakes)
    return transfers_of(hds_id, run.number, run.period, run.payments, debtor, run.closed_on, pay_on)
