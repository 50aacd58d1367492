"""Closing a payment run: reckoned from one state of the database, then kept whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now, today
from api.db.engine import Database
from api.db.tables.payouts import PaymentRun
from api.db.violations import is_conflict
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.payouts import run_repository
from api.payouts.dues import asked_period, in_words_of_the_service, prepared
from api.payouts.run_schemas import Closing, Debtor
from api.payouts.store import add_run, last_number
from api.payouts.transfer_repository import latest_transfers
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout import ClosedRun, Ledger
    from scheduler.payout.sepa import Debtor as Account


def close(database: Database, who: Member, asked: Closing, key: str | None) -> PaymentRun:
    """Close the next run; the same `key` with the same request gives the run that it closed before.

    The reckoning and the statements hold no lock; of two closings at once the second finds the number taken. Raises
    Problem `conflict` then, `nothing_to_pay`, `idempotency_key_reused`, `wrong_state` or `payout_ledger_altered`, and
    DossierError with every mistake.
    """
    request_hash = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    with database.reading() as session:
        if known := _closed_before(session, who.hds_id, key, request_hash):
            return known
        ledger, run, numbers = _sealed(session, who.hds_id, asked)
    facts = {"idempotency_key": key, "request_hash": request_hash, "closed_at": now(), "closed_by": who.user_id}
    try:
        with database.writing() as session:
            return _keep(session, who, ledger, run, numbers, facts)
    except IntegrityError as error:
        if not is_conflict(error):
            raise
        # on PostgreSQL both get this far, and the other was first by a moment
        with database.reading() as session:
            if known := _closed_before(session, who.hds_id, key, request_hash):
                return known
        raise _taken(run.number) from error


def _sealed(session: Session, hds_id: str, asked: Closing) -> tuple[Ledger, ClosedRun, dict[str, int]]:
    """The closed runs, the next one with all of its files, and the numbers of GPs by id."""
    from scheduler.payout.run import seal

    run = prepared(session, hds_id, asked_period(asked.month, asked.period), every_file=True)
    if run.is_empty:
        raise Problem("nothing_to_pay", text("payouts.nothing_to_pay", period=run.period))
    debtor = debtor_for(session, run.ledger, asked.debtor, run.dossier.hds_name)
    with in_words_of_the_service():
        sealed = seal(run, debtor=debtor, pay_on=pay_day(asked.pay_on), with_pdf=False).run
    return run.ledger, sealed, {gp_id: number for number, gp_id in gp_ids(session, hds_id).items()}


def debtor_for(session: Session, ledger: Ledger, given: Debtor | None, hds_name: str) -> Account | None:
    """The account to pay from: the one given, else that of the last payment file, made with a run or after it."""
    from scheduler.payout.sepa import Debtor as Paying
    from scheduler.payout.sepa import debtor_of, last_debtor

    if given is not None:
        with in_words_of_the_service():
            return debtor_of(given.name or hds_name, given.iban)
    sealed = [run.number for run in ledger.runs if run.record["debtor"]]
    later = latest_transfers(session, ledger.runs[-1].record["hds_id"]) if ledger.runs else {}
    last = max(later, default=0)
    if not later or (sealed and last < sealed[-1]):
        return last_debtor(ledger)
    return Paying(name=later[last].debtor_name, iban=later[last].debtor_iban)


def pay_day(given: date | None) -> date:
    """The day asked for, else the next banking day; raises DossierError for one on which no bank pays any more."""
    from scheduler.payout.banking_days import day_to_pay_on

    with in_words_of_the_service():
        return day_to_pay_on(given, today())


def _closed_before(session: Session, hds_id: str, key: str | None, request_hash: str) -> PaymentRun | None:
    if key is None:
        return None
    found = run_repository.run_by_key(session, hds_id, key)
    if found is not None and found.request_hash != request_hash:
        raise Problem("idempotency_key_reused")
    return found


def _keep(
    session: Session, who: Member, ledger: Ledger, run: ClosedRun, numbers: dict[str, int], facts: dict[str, Any]
) -> PaymentRun:
    """Write the run, unless another was closed since the ledger was read."""
    known = _closed_before(session, who.hds_id, facts["idempotency_key"], facts["request_hash"])
    if known is not None:
        return known
    if last_number(session, who.hds_id) != len(ledger.runs):
        raise _taken(run.number)
    row = add_run(session, ledger, run, numbers, facts)
    after = {
        "number": run.number, "hash": run.digest, "period": str(run.period), "lines": len(run.lines),
        "statements": len(run.payments), **{name: run.record[name] for name in ("amount_cents", "paid_cents")},
    }  # fmt: skip
    record(session, who.hds_id, who.user_id, Act("payout.closed", f"payout/run/{run.number}", after=after))
    return row


def _taken(number: int) -> Problem:
    return Problem("conflict", text("payouts.taken", run=f"{number:04}"))
