"""Runs over a region: start, list, look, follow, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.auth.access import AnyCaller
from api.auth.principal import Caller
from api.db.sessions import ReadSession, WriteSession, database
from api.errors import Problem, problems
from api.paging import Page, PageCut, page_of
from api.room import room
from api.runs import regions, repository, service
from api.runs.region_stream import states_of
from api.runs.routes import IdempotencyKey, RunId
from api.runs.schemas import RegionRequest, RegionRun, RegionRunWhole
from api.runs.showing import shown_region_run, shown_region_run_whole
from api.settings import Settings

router = room("/regions/runs", "runs over a region")


def _may_change(who: AnyCaller) -> Caller:
    if who.read_only:
        raise Problem("forbidden")
    return who


Changing = Annotated[Caller, Depends(_may_change)]


@router.post(
    "",
    status_code=202,
    summary="Have the rosters of several HDSs made",
    responses=problems("not_found", "forbidden", "breaks_rules", "idempotency_key_reused", "malformed"),
)
def start_region_run(
    who: Changing,
    asked: RegionRequest,
    session: WriteSession,
    request: Request,
    response: Response,
    key: IdempotencyKey = None,
) -> RegionRunWhole:
    """The caller plans at each of the HDSs. Every part is a run of its own, which its HDS sees as any other."""
    settings: Settings = request.app.state.settings
    service.require_within(settings.run_time_limit, asked)
    row = regions.start(session, who, asked, key)
    response.headers["Location"] = f"/api/v1/regions/runs/{row.id}"
    return shown_region_run_whole(session, row)


@router.get("", summary="The runs over a region that the caller asked for", responses=problems("bad_cursor"))
def list_region_runs(who: AnyCaller, session: ReadSession, cut: PageCut) -> Page[RegionRun]:
    """The latest first."""
    rows = repository.region_runs_of(session, who.user_id, cut)
    return page_of(rows, cut, repository.key_of, shown_region_run)


@router.get("/{run_id}", summary="One run over a region", responses=problems("not_found", "forbidden"))
def show_region_run(who: AnyCaller, run_id: RunId, session: ReadSession) -> RegionRunWhole:
    """With how far each part is; only for who asked for it."""
    return shown_region_run_whole(session, regions.found(session, who, run_id))


def _followed(who: AnyCaller, run_id: RunId, session: ReadSession) -> str:
    """The run, looked up before the stream begins, so that a stranger gets a refusal and no stream."""
    return regions.found(session, who, run_id).id


@router.get(
    "/{run_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a run over a region",
    responses=problems("not_found", "forbidden"),
)
async def follow_region_run(
    run: Annotated[str, Depends(_followed)], request: Request
) -> AsyncIterator[ServerSentEvent]:
    """Events `state`, each with the whole run and how far every part is; then `end`."""
    async for event in states_of(database(request), run):
        yield event


@router.post(
    "/{run_id}/cancel",
    status_code=202,
    summary="Stop a run over a region",
    responses=problems("not_found", "forbidden"),
)
def cancel_region_run(who: Changing, run_id: RunId, session: WriteSession) -> RegionRunWhole:
    """Every part that has not ended is stopped and keeps its best."""
    return shown_region_run_whole(session, regions.cancel(session, who, run_id))
