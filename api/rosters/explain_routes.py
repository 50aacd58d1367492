"""Explanations, and what can be taken out of a version: report, files, calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.auth.access import Planner, PlannerOrGp
from api.auth.principal import Member
from api.clock import local
from api.db.sessions import ReadSession
from api.db.waiting import wait_outside
from api.errors import problems
from api.fields import Identifier, ShiftId
from api.room import room
from api.rosters import explaining, versions
from api.rosters.aside import Question
from api.rosters.content import content_of
from api.rosters.explain_schemas import Explained
from api.rosters.version_routes import VersionId

router = room("/hds/{hds_id}/versions/{version_id}")
GpId = Annotated[Identifier, Path(description="The id of a GP.", examples=["ha-017"])]


def _file(content: str, description: str, kind: str) -> dict[int | str, dict[str, object]]:
    """The documentation of an answer that is a file."""
    shown = {kind: {"schema": {"type": "string"}, "example": content}}
    return {200: {"description": description, "content": shown}}


@router.get("/explain/gps/{gp_id}", tags=["explain"], responses=problems("not_found", "unknown_subject", "busy"))
async def explain_gp(
    request: Request, version_id: VersionId, gp_id: GpId, member: PlannerOrGp, session: ReadSession
) -> Explained:
    """Why a GP has this share and these shifts; a GP asks about the own ones, in a version that is in force."""
    answer = await _answer(request, session, lambda: explaining.prepare_gp(session, member, version_id, gp_id))
    return Explained.model_validate_json(answer)


@router.get("/explain/shifts/{shift_id:path}", tags=["explain"], responses=problems("not_found", "unknown_subject"))
def explain_shift(
    version_id: VersionId,
    shift_id: Annotated[ShiftId, Path(examples=["avond/2027-01-01/1"])],
    member: PlannerOrGp,
    session: ReadSession,
) -> Explained:
    """Why a shift has its GP, or none; to a GP, who asks about versions in force, the other GPs stay unnamed."""
    return explaining.explain_shift(session, member, version_id, shift_id)


@router.get(
    "/report",
    tags=["versions"],
    response_class=Response,
    responses=problems("not_found", "busy")
    | _file("<!doctype html><title>Rooster</title>", "The report, one page of HTML.", "text/html"),
)
async def report(request: Request, version_id: VersionId, member: Planner, session: ReadSession) -> Response:
    """The report on a version: one HTML page that needs nothing else; it names GPs."""
    content, _ = await _files(request, session, member, version_id, "report")
    return Response(content, media_type="text/html; charset=utf-8")


@router.get(
    "/output.zip",
    tags=["versions"],
    response_class=Response,
    responses=problems("not_found", "busy") | _file("PK", "A zip of all files.", "application/zip"),
)
async def output(request: Request, version_id: VersionId, member: Planner, session: ReadSession) -> Response:
    """Every file that `anw roster` writes, of this version: roster, quota, unfilled shifts, report, summary."""
    content, number = await _files(request, session, member, version_id, "output")
    return _download(content, "application/zip", f"rooster-{number}.zip")


@router.get(
    "/roster.csv",
    tags=["versions"],
    response_class=Response,
    responses=problems("not_found")
    | _file("shift_id,post_id,role,start,end,burden,gp_id,trainee_gp_id\n", "The roster as CSV.", "text/csv"),
)
def roster_csv(version_id: VersionId, member: Planner, session: ReadSession) -> Response:
    """The roster of a version as `roster.csv`, which can be imported again."""
    from scheduler.csv_text import csv_bytes
    from scheduler.report.tables import ROSTER_COLUMNS, roster_rows

    version = versions.version_of(session, member.hds_id, version_id)
    content = csv_bytes(ROSTER_COLUMNS, roster_rows(content_of(session, version).roster))
    return _download(content, "text/csv; charset=utf-8", "roster.csv")


@router.get(
    "/calendar.ics",
    tags=["versions"],
    response_class=Response,
    responses=problems("not_found", "unknown_subject")
    | _file("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "The calendar (RFC 5545).", "text/calendar"),
)
def calendar(
    version_id: VersionId,
    member: Planner,
    session: ReadSession,
    gp_id: Annotated[Identifier, Query(description="The id of a GP or trainee.", examples=["ha-017"])],
) -> Response:
    """The duties of one GP in a version as a calendar."""
    from scheduler.report.ics import calendar_of

    version = versions.version_of(session, member.hds_id, version_id)
    content = content_of(session, version)
    stamp = local(version.changed_at)
    return Response(calendar_of(content.roster, content.dossier, gp_id, stamp), media_type="text/calendar")


async def _files(request: Request, session: Session, member: Member, version_id: int, task: str) -> tuple[bytes, int]:
    """What is made of a version aside, and the number of the version."""
    numbers = []

    def prepare() -> Question:
        version = versions.version_of(session, member.hds_id, version_id)
        numbers.append(version.number)
        return explaining.prepare_files(session, version, task)

    return await _answer(request, session, prepare), numbers[0]


async def _answer(request: Request, session: Session, prepare: Callable[[], Question]) -> bytes:
    """Prepare the question with the database, and wait for its answer, which takes seconds, without."""
    question = await run_in_threadpool(prepare)
    await run_in_threadpool(session.close)
    return await wait_outside(request, question.ask)


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
