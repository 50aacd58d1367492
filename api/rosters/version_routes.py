"""Versions of the roster: list, look into, import, compare, roll back, discard."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Form, Path, Query, Response, UploadFile
from pydantic import BaseModel

from api.auth.access import Planner
from api.auth.gate import UploadRoute
from api.db.sessions import ReadSession, WriteSession
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Key, Note
from api.limits import ONE_FILE
from api.paging import Page, PageCut, page_of
from api.room import room
from api.rosters import repository, versions
from api.rosters.comparing import compare
from api.rosters.filters import ShiftsAsked
from api.rosters.schemas import Comparison, Version, VersionShift, example
from api.rosters.showing import json_answer, shown_version, shown_versions, version_shifts_json
from api.rosters.uploads import read_upload
from api.rosters.who import filters_with_gp

router = room("/hds/{hds_id}", "versions", route_class=UploadRoute)

DossierId = Annotated[Key, Path(description="The id of the dossier.", examples=[3])]
VersionId = Annotated[Key, Path(description="The id of the version.", examples=[12])]
LIVING = ("draft", "published", "superseded")


class VersionNote(BaseModel):
    """Why a version is made."""

    model_config = example({"note": "Terug naar de versie van vrijdag"})

    note: Note = ""


@router.get("/dossiers/{dossier_id}/versions", responses=problems("not_found", "bad_cursor"))
def list_versions(
    dossier_id: DossierId,
    member: Planner,
    session: ReadSession,
    cut: PageCut,
    state: Annotated[str | None, Query(pattern="^(draft|published|superseded)$", description="Only these.")] = None,
) -> Page[Version]:
    """The versions of the roster of a dossier, the latest first; discarded drafts are left out."""
    dossier = versions.dossier_of(session, member.hds_id, dossier_id)
    states = LIVING if state is None else (state,)
    rows = repository.versions_of(session, member.hds_id, dossier_id, cut, states)
    shown = dict(zip((row.id for row in rows), shown_versions(session, dossier, rows), strict=True))
    return page_of(rows, cut, key=lambda row: (row.number,), show=lambda row: shown[row.id])


@router.post(
    "/dossiers/{dossier_id}/versions",
    status_code=201,
    responses=problems("not_found", "dossier_invalid", "breaks_rules", "too_large"),
    form_limits=ONE_FILE,
)
def import_version(
    dossier_id: DossierId,
    member: Planner,
    session: WriteSession,
    response: Response,
    file: Annotated[UploadFile, File(description="A `roster.csv`: at least the columns `shift_id` and `gp_id`.")],
    note: Annotated[Note, Form(examples=["Rooster van vorig jaar"])] = "",
) -> Version:
    """Import a roster as a new draft of the dossier as it is now; every mistake in the file is told at once."""
    version = versions.import_roster(session, member, dossier_id, read_upload(file), note)
    show_revision(response, version.revision)
    return shown_version(session, version)


@router.post(
    "/dossiers/{dossier_id}/versions/from-force", status_code=201, responses=problems("not_found", "wrong_state")
)
def draft_of_force(
    dossier_id: DossierId, member: Planner, session: WriteSession, response: Response, body: VersionNote
) -> Version:
    """The roster in force of a dossier as a new draft, with every swap since it was published.

    What is changed from here, by hand or by a run, takes no swap back when it is published.
    """
    version = versions.draft_of_force(session, member, dossier_id, body.note)
    show_revision(response, version.revision)
    return shown_version(session, version)


@router.get("/versions/{version_id}", responses=problems("not_found"))
def show_version(version_id: VersionId, member: Planner, session: ReadSession, response: Response) -> Version:
    """One version with its figures, what is proven of it and its state; the ETag is its revision."""
    version = versions.version_of(session, member.hds_id, version_id)
    show_revision(response, version.revision)
    return shown_version(session, version)


@router.get(
    "/versions/{version_id}/shifts", response_model=Page[VersionShift], responses=problems("not_found", "bad_cursor")
)
def list_shifts(version_id: VersionId, member: Planner, session: ReadSession, asked: ShiftsAsked) -> Response:
    """The shifts of a version in order of start; `all=true` gives a whole year in one answer."""
    version = versions.version_of(session, member.hds_id, version_id)
    filters = filters_with_gp(session, member.hds_id, asked)
    rows = repository.shifts_of_version(session, version_id, filters, asked.limit)
    return json_answer(version_shifts_json(session, version, rows, asked), {"ETag": f'"{version.revision}"'})


@router.get("/versions/{version_id}/compare", responses=problems("not_found"))
def compare_versions(
    version_id: VersionId,
    member: Planner,
    session: ReadSession,
    other: Annotated[Key, Query(alias="with", description="The version to compare with.", examples=[11])],
) -> Comparison:
    """What differs from another version: shifts that changed hands, hours and deviations per GP, figures."""
    after = versions.version_of(session, member.hds_id, version_id)
    return compare(session, versions.version_of(session, member.hds_id, other), after)


@router.post("/versions/{version_id}/rollback", status_code=201, responses=problems("not_found"))
def roll_back(
    version_id: VersionId, member: Planner, session: WriteSession, response: Response, body: VersionNote
) -> Version:
    """A new draft with the content of this version, whatever its state; publish it to return to it."""
    draft = versions.roll_back(session, member, version_id, body.note)
    show_revision(response, draft.revision)
    return shown_version(session, draft)


@router.delete(
    "/versions/{version_id}",
    status_code=204,
    responses=problems("not_found", "wrong_state", "changed_meanwhile", "if_match_needed"),
)
def discard(version_id: VersionId, member: Planner, session: WriteSession, if_match: IfMatch = None) -> None:
    """Put a draft away for good; what has been in force stays."""
    versions.discard(session, member, version_id, if_match)
