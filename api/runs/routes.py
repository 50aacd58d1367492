"""Runs: start, list, look, follow, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.auth.access import Planner
from api.db.sessions import ReadSession, WriteSession, database
from api.errors import problems
from api.fields import Key, ShortText
from api.paging import Page, PageCut, page_of
from api.room import room
from api.runs import repository, service
from api.runs.schemas import Run, RunRequest, RunState
from api.runs.showing import shown_run, shown_runs
from api.runs.stream import events_of
from api.settings import Settings

router = room("/hds/{hds_id}", "runs")

DossierId = Annotated[Key, Path(description="The number of the dossier.", examples=[3])]
RunId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=36,
        pattern="^[0-9a-f-]+$",
        description="The id of the run.",
        examples=["5f2c9f58-3c1f-4d0e-9d3a-0f3c5b1f6f10"],
    ),
]
IdempotencyKey = Annotated[
    ShortText | None,
    Header(alias="Idempotency-Key", min_length=1, description="The same key with the same request is done once."),
]
_STARTING = ("not_found", "breaks_rules", "idempotency_key_reused", "malformed")


@router.post(
    "/dossiers/{dossier_id}/runs",
    status_code=202,
    summary="Have the roster of a dossier made",
    responses=problems(*_STARTING),
)
def start_run(
    who: Planner,
    dossier_id: DossierId,
    asked: RunRequest,
    session: WriteSession,
    request: Request,
    response: Response,
    key: IdempotencyKey = None,
) -> Run:
    """The dossier is taken as it is now; what comes out is a draft version."""
    settings: Settings = request.app.state.settings
    service.require_within(settings.run_time_limit, asked)
    options = asked.model_dump(mode="json")
    run = service.earlier(session, who.hds_id, dossier_id, options, key) or service.start(
        session, who.user_id, who.hds_id, dossier_id, options, key
    )
    response.headers["Location"] = f"/api/v1/hds/{who.hds_id}/runs/{run.id}"
    return shown_run(session, run)


@router.get("/runs", summary="The runs of the HDS, the latest first", responses=problems("bad_cursor"))
def list_runs(
    who: Planner,
    session: ReadSession,
    cut: PageCut,
    dossier_id: Annotated[Key | None, Query(description="Only of this dossier.")] = None,
    state: Annotated[RunState | None, Query(description="Only these.")] = None,
) -> Page[Run]:
    """Each with how far it is, and the version that it left."""
    rows = repository.runs_of(session, who.hds_id, cut, dossier_id=dossier_id, state=state)
    shown = {run.run_id: run for run in shown_runs(session, rows)}
    return page_of(rows, cut, repository.key_of, lambda row: shown[row.id])


@router.get("/runs/{run_id}", summary="One run", responses=problems("not_found"))
def show_run(who: Planner, run_id: RunId, session: ReadSession) -> Run:
    """Where it stands, how far it is, and the version that it left."""
    return shown_run(session, service.found(session, who.hds_id, run_id))


@router.post("/runs/{run_id}/cancel", status_code=202, summary="Stop a run", responses=problems("not_found"))
def cancel_run(who: Planner, run_id: RunId, session: WriteSession) -> Run:
    """The best that was found is kept as a draft version; a run that waits ends at once, one that has ended stays."""
    return shown_run(session, service.cancel(session, who.user_id, who.hds_id, run_id))


def _followed(who: Planner, run_id: RunId, session: ReadSession) -> str:
    """The run, looked up before the stream begins, so that a stranger gets a refusal and no stream."""
    return service.found(session, who.hds_id, run_id).id


@router.get(
    "/runs/{run_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a run",
    responses=problems("not_found"),
)
async def follow_run(
    run: Annotated[str, Depends(_followed)],
    request: Request,
    last: Annotated[
        int, Header(alias="Last-Event-ID", ge=0, lt=2**31, description="The last event that was seen.")
    ] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Events `state` and `progress` with a number each, from the first or after `Last-Event-ID`; then `end`."""
    async for event in events_of(database(request), run, last):
        yield event
