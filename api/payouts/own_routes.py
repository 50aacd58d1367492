"""The own pay of a GP: lines over all closed runs, and statements that tell of nobody else."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Response

from api.auth.access import member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession
from api.errors import problems
from api.fields import Identifier
from api.paging import Page, PageCut, page_of
from api.payouts import run_repository, showing
from api.payouts.files import as_file, content_of
from api.payouts.run_schemas import LineShown, OwnStatement
from api.payouts.transfer_routes import RunNumber
from api.payouts.waiting import waiting_now
from api.payouts.waiting_schemas import Waiting
from api.room import room

router = room("/hds/{hds_id}/payouts/mine", "own pay")

OwnGp = Annotated[Member, Depends(member(Role.GP))]


@router.get("", summary="The own payment lines", responses=problems("bad_cursor"))
def list_own_lines(who: OwnGp, session: ReadSession, cut: PageCut) -> Page[LineShown]:
    """Over all closed runs, the latest first, also those paid through a practice."""
    number = who.gp_number or 0
    name = run_repository.gp_names(session, who.hds_id).get(number, who.gp_id or "")
    rows = run_repository.own_lines(session, who.hds_id, number, cut)
    return page_of(
        rows, cut, lambda row: (row[0].number, row[0].position), lambda row: showing.shown_line(row[0], row[1], name)
    )


@router.get("/outstanding", summary="Own hours that wait for a maximum", responses=problems("payout_ledger_altered"))
def show_own_outstanding(who: OwnGp, session: ReadSession) -> Waiting:
    """After the last closed run: the next one that knows the maximum pays them."""
    return waiting_now(session, who.hds_id, who.gp_id or "")


@router.get("/statements", summary="The own statements", responses=problems("bad_cursor"))
def list_own_statements(who: OwnGp, session: ReadSession, cut: PageCut) -> Page[OwnStatement]:
    """Those of accounts that only the own duties were ever paid to; a practice's statement may tell of colleagues."""
    rows = run_repository.own_statements(session, who.hds_id, who.gp_number or 0, cut)
    return page_of(
        rows, cut, lambda row: (row[0].number, row[0].name),
        lambda row: OwnStatement(
            run=row[0].number, name=row[0].name, period_start=row[1].period_start, period_end=row[1].period_end,
            closed_on=row[1].closed_on, paid_cents=row[0].paid_cents, carried_out_cents=row[0].carried_out_cents,
        ),
    )  # fmt: skip


@router.get(
    "/statements/{number}/{name}",
    summary="An own statement",
    response_class=Response,
    responses=problems("not_found", "payout_ledger_altered", "pdf_unavailable")
    | {200: {"description": "The statement.", "content": {"text/html": {"example": "<!doctype html>"}}}},
)
def download_own_statement(
    who: OwnGp,
    session: ReadSession,
    number: RunNumber,
    name: Annotated[Identifier, Path(description="The name of the statement.", examples=["0001-dokter-de-vries"])],
    form: Annotated[Literal["html", "pdf"], Query(alias="format", description="As page or as PDF.")] = "html",
) -> Response:
    """As it was sealed, or a PDF made of that."""
    row = run_repository.own_statement(session, who.hds_id, who.gp_number or 0, number, name)
    return as_file(content_of(session, row, f"statements/{name}.{form}"), f"{name}.{form}")
