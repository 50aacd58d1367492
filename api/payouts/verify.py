"""Proof that every closed run is what it was: files, chain, and the tables that show them in pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.db.tables.payouts import PaymentLine, PaymentStatement
from api.dossiers.mapping import gp_ids
from api.payouts import run_repository
from api.payouts.mapping import line_rows, statement_rows
from api.payouts.run_schemas import Verified
from api.payouts.store import altered, bytes_of, read_ledger
from api.payouts.transfer_repository import all_transfers, sent_runs
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout import ClosedRun, Ledger


def verify(session: Session, hds_id: str) -> Verified:
    """What stands there, when all of it is sound; raises Problem `payout_ledger_altered` naming everything that is not.

    The chain can't tell that its last runs were taken away; the audit trail can.
    """
    from scheduler.payout.ledger import Ledger

    ledger = read_ledger(session, hds_id)
    numbers = {gp_id: number for number, gp_id in gp_ids(session, hds_id).items()}
    wrong: list[str] = []
    if (told := run_repository.acts_on_record(session, hds_id, "payout.closed")) != len(ledger.runs):
        wrong.append(text("payouts.closings", told=told, found=len(ledger.runs)))
    for place, run in enumerate(ledger.runs):
        wrong += _unlike(session, Ledger(None, ledger.runs[:place]), run, numbers)
    wrong += _altered_transfers(session, hds_id)
    if wrong:
        raise altered("; ".join(wrong))
    return Verified(
        runs=len(ledger.runs), files=sum(len(run.files) for run in ledger.runs), lines=len(ledger.lines),
        amount_cents=int(ledger.lines["amount"].sum()), hash=ledger.digest,
    )  # fmt: skip


def _unlike(session: Session, before: Ledger, run: ClosedRun, numbers: dict[str, int]) -> Iterator[str]:
    """The tables that say something else of a run than its files do."""
    hds_id = run.record["hds_id"]
    row = run_repository.run(session, hds_id, run.number)
    record = json.dumps(row.record, sort_keys=True) == json.dumps(run.record, sort_keys=True)
    facts = (row.period_start, row.period_end, row.closed_on, row.amount_cents, row.paid_cents)
    sealed = (run.period.start, run.period.end, run.closed_on, run.record["amount_cents"], run.record["paid_cents"])
    if not record or facts != sealed:
        yield f"payment_run {run.number:04}"
    statements = {values["name"]: values for values in statement_rows(before, run, numbers)}
    if run_repository.table_of(session, PaymentStatement, hds_id, run.number, "name") != statements:
        yield f"payment_statement {run.number:04}"
    lines = {values["position"]: values for values in line_rows(run, numbers)}
    if run_repository.table_of(session, PaymentLine, hds_id, run.number, "position") != lines:
        yield f"payment_line {run.number:04}"


def _altered_transfers(session: Session, hds_id: str) -> Iterator[str]:
    """Payment files made later that are not what they were, or that lack a version before them or a record."""
    found = all_transfers(session, hds_id)
    for transfer in found:
        if hashlib.sha256(bytes_of(transfer.content)).hexdigest() != transfer.sha256:
            yield f"payment_transfer {transfer.number:04}-{transfer.version}"
    made = ("payout.transferred", "payout.transfer_replaced")
    if (told := run_repository.acts_on_record(session, hds_id, *made)) != len(found):
        yield text("payouts.transfers", told=told, found=len(found))
    told, sent = run_repository.acts_on_record(session, hds_id, "payout.transfer_sent"), sent_runs(session, hds_id)
    if told != len(sent):
        yield text("payouts.transfers_sent", told=told, found=len(sent))
