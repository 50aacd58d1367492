"""The payment files of a closed run: for finance alone."""

from __future__ import annotations

from itertools import zip_longest
from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.auth.access import Finance
from api.clock import local
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.payouts import PaymentFileSent, PaymentRun
from api.errors import Problem, problems
from api.payouts import repository, run_repository
from api.payouts import transfer_repository as stored
from api.payouts import transfers as service
from api.payouts.files import as_file, require_sealed
from api.payouts.transfer_schemas import BankFileShown, ReplacementEntry, SentEntry, TransferEntry
from api.payouts.transfers import KeptFile, kept_files
from api.room import room

router = room("/hds/{hds_id}/payouts/runs/{number}", "payouts")

RunNumber = Annotated[int, Path(ge=1, lt=2**31, description="The number of a closed run.", examples=[3])]
Version = Annotated[
    int | None, Query(ge=1, lt=2**31, description="Which version; without it the one in force.", examples=[1])
]
_CHANGED = problems("not_found", "wrong_state", "conflict", "payout_ledger_altered")
_XML: dict[int | str, dict[str, Any]] = {
    200: {"description": "SEPA pain.001.001.09.", "content": {"application/xml": {"example": "<Document/>"}}}
}


@router.get("/transfers", summary="Every payment file of a run", responses=problems("not_found"))
def list_transfers(who: Finance, session: ReadSession, number: RunNumber) -> list[BankFileShown]:
    """The one it was closed with, those made later, which is in force, and what became of the others."""
    return bank_files_shown(session, run_repository.run(session, who.hds_id, number))


@router.get(
    "/transfer",
    summary="The payment file of a run",
    response_class=Response,
    responses=problems("not_found", "payout_ledger_altered") | _XML,
)
def download_transfer(who: Finance, session: ReadSession, number: RunNumber, version: Version = None) -> Response:
    """The one in force, unless another version is asked for."""
    files = kept_files(session, run_repository.run(session, who.hds_id, number))
    found = [file for file in files if version in {None, file.version}]
    if not found:
        raise Problem("not_found")
    again = f"-{found[-1].version}" if found[-1].version > 1 else ""
    name = f"payment-run-{number:04}{again}.xml"
    require_sealed(f"run {number:04}: {name}", found[-1].content, found[-1].sha256)
    return as_file(found[-1].content, name)


@router.post(
    "/transfer",
    status_code=201,
    summary="Make the payment file of a run that was closed without one",
    responses=problems("not_found", "wrong_state", "dossier_invalid", "payout_ledger_altered"),
)
def make_transfer(who: Finance, session: WriteSession, number: RunNumber, entry: TransferEntry) -> BankFileShown:
    """Once: a second file could pay twice."""
    return bank_files_shown(session, service.make_transfer(session, who, number, entry))[-1]


@router.post(
    "/transfer/replacement",
    status_code=201,
    summary="Correct a payment file that was not sent",
    responses=_CHANGED | problems("dossier_invalid"),
)
def replace_transfer(who: Finance, session: WriteSession, number: RunNumber, entry: ReplacementEntry) -> BankFileShown:
    """Another day or account, or the accounts that payees have by now; the earlier file is void, on record."""
    return bank_files_shown(session, service.replace_transfer(session, who, number, entry))[-1]


@router.post("/transfer/sent", summary="Say that the payment file went to the bank", responses=_CHANGED)
def mark_sent(who: Finance, session: WriteSession, number: RunNumber, entry: SentEntry) -> BankFileShown:
    """From then on no other takes its place; what changes later comes in a next run."""
    return bank_files_shown(session, service.mark_sent(session, who, number, entry.version))[-1]


def bank_files_shown(session: ReadSession, row: PaymentRun) -> list[BankFileShown]:
    """Every version of the payment file of a run as callers see it."""
    files = kept_files(session, row)
    sent = stored.sent_file(session, row.hds_id, row.number)
    return [_shown(session, row.number, file, following, sent) for file, following in zip_longest(files, files[1:])]


def _shown(
    session: ReadSession, number: int, file: KeptFile, following: KeptFile | None, sent: PaymentFileSent | None
) -> BankFileShown:
    from scheduler.payout.sepa import paid_in

    went = sent if following is None else None
    return BankFileShown(
        number=number, version=file.version, state="void" if following else "sent" if went else "in_force",
        pay_on=file.pay_on, debtor_name=file.debtor_name, debtor_iban=file.debtor_iban,
        amount_cents=paid_in(file.content), sha256=file.sha256, made_at=local(file.made_at),
        made_by=repository.user_name(session, file.made_by), sent_at=went and local(went.sent_at),
        sent_by=repository.user_name(session, went.sent_by) if went else None,
        voided_at=following and local(following.made_at),
        voided_by=repository.user_name(session, following.made_by) if following else None,
        reason=following.reason if following else "",
    )  # fmt: skip
