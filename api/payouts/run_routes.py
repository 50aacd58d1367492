"""Preview, closing, closed runs and their files: for finance alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query, Request, Response

from api.auth.access import Finance
from api.db.sessions import ReadSession, database
from api.errors import problems
from api.fields import Identifier
from api.paging import Page, PageCut, page_of
from api.payouts import closing, run_repository, runs, showing
from api.payouts.dues import asked_period, prepared
from api.payouts.files import as_file, content_of
from api.payouts.periods import Days, Month
from api.payouts.run_schemas import (
    Closing,
    Corrections,
    FileShown,
    Forecast,
    ForecastAsked,
    LineShown,
    PaymentShown,
    Preview,
    RunShown,
    Verified,
)
from api.payouts.transfer_routes import RunNumber
from api.payouts.verify import verify
from api.payouts.waiting import waiting_now
from api.payouts.waiting_schemas import Waiting
from api.room import room

router = room("/hds/{hds_id}/payouts", "payouts")

IdempotencyKey = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key with the same request closes once.", examples=["a1b2"]),
]
Kind = Literal["early_evening", "evening", "night", "weekend", "holiday", "standby"]
_DUE = problems("dossier_invalid", "wrong_state", "payout_ledger_altered")
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file as it was sealed.", "content": {"text/csv": {"example": "month,gp_id,payee\n"}}}
}


@router.get("/preview", summary="What closing now would pay", responses=_DUE)
def preview(who: Finance, session: ReadSession, month: Month = None, period: Days = None) -> Preview:
    """Sums per kind, class and payee, with corrections on every day that closed runs paid; nothing is kept."""
    return showing.shown_preview(prepared(session, who.hds_id, asked_period(month, period)))


@router.get("/preview/lines", summary="The lines that closing now would pay", responses=_DUE | problems("bad_cursor"))
def list_preview_lines(
    who: Finance, session: ReadSession, cut: PageCut, month: Month = None, period: Days = None
) -> Page[LineShown]:
    """In the order in which a closed run would have them."""
    return showing.preview_lines(prepared(session, who.hds_id, asked_period(month, period)), cut)


@router.get(
    "/corrections",
    summary="What the next run would change in closed ones",
    responses=_DUE | problems("not_found"),
)
def show_corrections(who: Finance, session: ReadSession, month: Month = None, period: Days = None) -> Corrections:
    """Per payee old, new, difference and why; without month or period on every closed day of the last dossier paid."""
    return runs.corrections(session, who.hds_id, month, period)


@router.post("/forecast", summary="What the roster in force will cost", responses=_DUE)
def make_forecast(who: Finance, session: ReadSession, asked: ForecastAsked) -> Forecast:
    """For the whole dossier that the month lies in: per month and kind, beside budget and what was paid."""
    return Forecast(lines=runs.forecast(session, who.hds_id, asked))


@router.get("/verify", summary="Check every closed run", responses=problems("payout_ledger_altered"))
def verify_runs(who: Finance, session: ReadSession) -> Verified:
    """Every file against its hash, every run against the one before, and the tables against the files."""
    return verify(session, who.hds_id)


@router.get(
    "/outstanding",
    summary="Hours that wait for a maximum",
    responses=problems("payout_ledger_altered"),
)
def show_outstanding(who: Finance, session: ReadSession) -> Waiting:
    """After the last closed run: everything else was paid, the next run that knows the maximum pays these."""
    return waiting_now(session, who.hds_id)


@router.get(
    "/journal",
    summary="The lines of all closed runs as one file",
    response_class=Response,
    responses=problems("payout_ledger_altered") | _FILE,
)
def download_journal(who: Finance, session: ReadSession) -> Response:
    """`payout.csv` of every run in order; its sum is what has been paid net."""
    return as_file(runs.whole_journal(session, who.hds_id), "payout.csv")


@router.post(
    "/runs",
    status_code=201,
    summary="Close the next payment run",
    responses=problems(
        "dossier_invalid", "conflict", "nothing_to_pay", "idempotency_key_reused", "wrong_state",
        "payout_ledger_altered", "payout_unbalanced",
    ),
)  # fmt: skip
def close_run(
    who: Finance, request: Request, response: Response, asked: Closing, idempotency_key: IdempotencyKey = None
) -> RunShown:
    """For good: a later change gives difference lines in a next run. Of two closings at once the second is refused."""
    store = database(request)
    row = closing.close(store, who, asked, idempotency_key)
    response.headers["Location"] = f"/api/v1/hds/{who.hds_id}/payouts/runs/{row.number}"
    with store.reading() as session:
        return showing.shown_run(session, row)


@router.get("/runs", summary="The closed payment runs, the last first", responses=problems("bad_cursor"))
def list_runs(who: Finance, session: ReadSession, cut: PageCut) -> Page[RunShown]:
    """With their amounts; nothing of them ever changes."""
    rows = run_repository.runs(session, who.hds_id, cut)
    shown = showing.shown_runs(session, who.hds_id, rows)
    return page_of(rows, cut, lambda row: (row.number,), lambda row: shown[row.number])


@router.get("/runs/{number}", summary="One closed run", responses=problems("not_found"))
def show_run(who: Finance, session: ReadSession, number: RunNumber) -> RunShown:
    """Its days, amounts, account and the hash that seals it."""
    return showing.shown_run(session, run_repository.run(session, who.hds_id, number))


@router.get("/runs/{number}/lines", summary="The lines of a run", responses=problems("not_found", "bad_cursor"))
def list_lines(
    who: Finance,
    session: ReadSession,
    number: RunNumber,
    cut: PageCut,
    kind: Annotated[Kind | None, Query(description="Only this kind of hour.")] = None,
    statement: Annotated[Identifier | None, Query(description="Only of this statement.")] = None,
    gp_id: Annotated[Identifier | None, Query(description="Only of this GP.", examples=["G0001"])] = None,
    corrections: Annotated[bool, Query(description="Only lines that correct an earlier run.")] = False,
) -> Page[LineShown]:
    """In the order of `payout.csv`."""
    run_repository.run(session, who.hds_id, number)
    wanted = run_repository.Wanted(kind, statement, gp_id, corrections)
    names = run_repository.gp_names(session, who.hds_id)
    rows = run_repository.lines(session, who.hds_id, number, cut, wanted)
    return page_of(
        rows, cut, lambda row: (row[0].position,),
        lambda row: showing.shown_line(row[0], row[1], names.get(row[0].gp_number, row[1])),
    )  # fmt: skip


@router.get(
    "/runs/{number}/statements", summary="What each account is paid", responses=problems("not_found", "bad_cursor")
)
def list_statements(who: Finance, session: ReadSession, number: RunNumber, cut: PageCut) -> Page[PaymentShown]:
    """The statement itself is the file `statements/NAME.html` or `.pdf`."""
    run_repository.run(session, who.hds_id, number)
    rows = run_repository.statements(session, who.hds_id, number, cut)
    return page_of(rows, cut, lambda row: (row.name,), showing.shown_payment)


@router.get("/runs/{number}/files", summary="The files of a run", responses=problems("not_found"))
def list_files(who: Finance, session: ReadSession, number: RunNumber) -> list[FileShown]:
    """The sealed ones, and the PDF statements that are made of them when asked for."""
    row = run_repository.run(session, who.hds_id, number)
    sizes = run_repository.file_sizes(session, who.hds_id, number)
    sealed = [
        FileShown(name=name, bytes=size, sha256=row.record["files"].get(name), stored=True)
        for name, size in sizes.items()
    ]
    pdfs = {name.removesuffix(".html") + ".pdf" for name in sizes if name.endswith(".html")} - sizes.keys()
    return [*sealed, *(FileShown(name=name, bytes=None, sha256=None, stored=False) for name in sorted(pdfs))]


@router.get(
    "/runs/{number}/files/{name:path}",
    summary="A file of a run",
    response_class=Response,
    responses=problems("not_found", "payout_ledger_altered", "pdf_unavailable") | _FILE,
)
def download_file(
    who: Finance,
    session: ReadSession,
    number: RunNumber,
    name: Annotated[Identifier, Path(description="`payout.csv`, `statements/NAME.pdf` …", examples=["payout.csv"])],
) -> Response:
    """Byte for byte as it was sealed, or a PDF made of a sealed page."""
    row = run_repository.run(session, who.hds_id, number)
    return as_file(content_of(session, row, name), name)
