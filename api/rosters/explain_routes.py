"""Explanations, and what can be taken out of a version: report, files, calendars."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from api.auth.access import Planner, PlannerOrGp
from api.clock import local
from api.db.sessions import ReadSession
from api.db.tables.rosters import RosterVersion
from api.errors import problems
from api.fields import Identifier, ShiftId
from api.room import room
from api.rosters import aside, explaining, versions
from api.rosters.aside_request import AsideRequest
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
def explain_gp(version_id: VersionId, gp_id: GpId, member: PlannerOrGp, session: ReadSession) -> Explained:
    """Why a GP has this share and these shifts; a GP asks about the own ones, in a version that is in force."""
    return explaining.explain_gp(session, member, version_id, gp_id)


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
def report(version_id: VersionId, member: Planner, session: ReadSession) -> Response:
    """The report on a version: one HTML page that needs nothing else; it names GPs."""
    version = versions.version_of(session, member.hds_id, version_id)
    return Response(_aside(session, version, "report"), media_type="text/html; charset=utf-8")


@router.get(
    "/output.zip",
    tags=["versions"],
    response_class=Response,
    responses=problems("not_found", "busy") | _file("PK", "A zip of all files.", "application/zip"),
)
def output(version_id: VersionId, member: Planner, session: ReadSession) -> Response:
    """Every file that `anw roster` writes, of this version: roster, quota, unfilled shifts, report, summary."""
    version = versions.version_of(session, member.hds_id, version_id)
    content = _aside(session, version, "output")
    return _download(content, "application/zip", f"rooster-{version.number}.zip")


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


def _aside(session: ReadSession, version: RosterVersion, task: str) -> bytes:
    content = content_of(session, version)
    result = aside.result_of(content, version.proof)
    key = (task, version.id, version.revision, version.snapshot)
    # the work takes seconds: the connection goes back meanwhile
    session.close()
    request = AsideRequest.model_validate({"task": task, "dossier": content.dossier, "result": result})
    return aside.ask(key, request)


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
