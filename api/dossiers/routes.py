"""Whole dossiers: a list, one, taking in, replacing, taking out and giving out."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, File, Path, Request, Response, UploadFile

from api.auth.access import Planner, member
from api.auth.gate import UploadRoute
from api.auth.principal import Member, Role
from api.clock import local
from api.db.sessions import ReadSession, WriteSession
from api.db.tables import dossier as t
from api.db.waiting import wait_outside
from api.dossiers import repository, service
from api.dossiers.export import MEDIA_TYPE, Format, exported
from api.dossiers.mapping import read_dossier
from api.dossiers.once import IdempotencyKey, digest_of, earlier_place, remember
from api.dossiers.outcome import Outcome
from api.dossiers.parts import PARTS
from api.dossiers.reader import read_apart
from api.dossiers.schemas import DossierShown, DossierTaken, DossierWhole, Notice
from api.errors import MOST_MISTAKES_OF_A_FILE, Problem, mistakes_as_errors, problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.limits import ONE_FILE
from api.paging import Page, PageCut, page_of
from api.room import room
from api.settings import Settings
from api.uploads import received
from scheduler.domain.dossier import Dossier
from scheduler.dossier.schema import SETTINGS, SPEC_OF
from scheduler.messages import text

router = room("/hds/{hds_id}/dossiers", "dossiers", route_class=UploadRoute)

DossierId = Annotated[Key, Path(description="The number of the dossier.", examples=[1])]
Reader = Annotated[Member, Depends(member(Role.PLANNER, Role.GP, Role.FINANCE))]
FILES = frozenset({SETTINGS, *SPEC_OF})
_REFUSALS = (
    "dossier_invalid",
    "archive_invalid",
    "too_large",
    "unsupported_media",
    "storage_full",
    "too_many_attempts",
)


async def read_upload(
    hds_id: str,
    file: Annotated[
        UploadFile,
        File(description="A zip of the folder (files at its root or in one folder), or a workbook (.xlsx)."),
    ],
    request: Request,
    session: ReadSession,
) -> Outcome:
    """What was sent, read before the database is written to, so that nobody waits for it."""
    session.commit()  # gives the connection back while the files are read
    settings: Settings = request.app.state.settings

    def read() -> Outcome:
        with received(file, FILES, settings) as source:
            return read_apart(source, hds_id)

    return await wait_outside(request, read)


Upload = Annotated[Outcome, Depends(read_upload)]


def address(hds_id: str, dossier_id: int) -> str:
    """Where a dossier is found."""
    return f"/api/v1/hds/{quote(hds_id, safe='')}/dossiers/{dossier_id}"


def _dossier_of(outcome: Outcome) -> Dossier:
    if outcome.dossier is None:
        raise Problem(
            "dossier_invalid",
            text("problems.mistakes", count=outcome.count),
            errors=mistakes_as_errors(outcome.mistakes),
            mistake_count=outcome.count, most_mistakes=MOST_MISTAKES_OF_A_FILE,
        )  # fmt: skip
    return outcome.dossier


@router.get("", summary="The dossiers of the HDS, the newest first")
def list_dossiers(who: Reader, session: ReadSession, cut: PageCut) -> Page[DossierShown]:
    """Each with its period and revision."""
    rows = repository.page(session, who.hds_id, cut)
    return page_of(rows, cut, lambda row: (row.id,), lambda row: DossierShown(**_shown(row)))


@router.post(
    "",
    status_code=201,
    summary="Take in a dossier",
    responses=problems("idempotency_key_reused", *_REFUSALS),
    form_limits=ONE_FILE,
)
def take_in_dossier(
    who: Planner, outcome: Upload, session: WriteSession, response: Response, key: IdempotencyKey = None
) -> DossierTaken:
    """A dossier with mistakes is refused whole, with every mistake at once: file, line, column, found, expected."""
    dossier = _dossier_of(outcome)
    digest = digest_of(service.summary(dossier))
    place = earlier_place(session, who, key, digest)
    if place is None:
        row = service.keep(session, who.user_id, who.hds_id, dossier)
        remember(session, who, key, digest, service.subject(row.id))
    else:
        row = service.found(session, who.hds_id, int(place.rpartition("/")[2]))
    response.headers["Location"] = address(who.hds_id, row.id)
    return _taken(session, row, outcome.notices, response)


@router.get("/{dossier_id}", summary="One dossier", responses=problems("not_found"))
def show_dossier(who: Reader, dossier_id: DossierId, session: ReadSession, response: Response) -> DossierWhole:
    """Its period, its revision and the number of rows of each part that the caller may read whole."""
    row = service.found(session, who.hds_id, dossier_id)
    show_revision(response, row.revision)
    counts = repository.counts(session, row.id)
    readable = {part.name for part in PARTS.values() if part.is_open_to(who)}
    return DossierWhole(**_shown(row), counts={name: count for name, count in counts.items() if name in readable})


@router.put(
    "/{dossier_id}/content",
    summary="Replace a dossier by what is sent",
    responses=problems("not_found", "changed_meanwhile", "if_match_needed", *_REFUSALS),
    form_limits=ONE_FILE,
)
def replace_dossier(
    who: Planner,
    dossier_id: DossierId,
    outcome: Upload,
    session: WriteSession,
    response: Response,
    if_match: IfMatch = None,
) -> DossierTaken:
    """If-Match wants the revision of the whole dossier: a wish that came in after you saw it would be lost."""
    row = service.replace(session, who.user_id, who.hds_id, dossier_id, _dossier_of(outcome), if_match)
    return _taken(session, row, outcome.notices, response)


@router.delete(
    "/{dossier_id}",
    status_code=204,
    summary="Take a dossier out",
    responses=problems("not_found", "changed_meanwhile", "if_match_needed", "wrong_state"),
)
def remove_dossier(who: Planner, dossier_id: DossierId, session: WriteSession, if_match: IfMatch = None) -> None:
    """Only while no run or version of a roster was made of it."""
    service.remove(session, who.user_id, who.hds_id, dossier_id, if_match)


@router.get(
    "/{dossier_id}/export",
    response_class=Response,
    summary="The dossier as files",
    responses=problems("not_found")
    | {200: {"content": {kind: {"example": "(bytes)"} for kind in MEDIA_TYPE.values()}}},
)
def export_dossier(
    who: Planner,
    dossier_id: DossierId,
    session: ReadSession,
    format: Format = Format.ZIP,
) -> Response:
    """Taking in what this gives out yields the same dossier."""
    row = service.found(session, who.hds_id, dossier_id)
    content = exported(read_dossier(session, row), format)
    name = f"dossier-{quote(who.hds_id, safe='')}-{row.period_start}-{row.period_end}.{format}"
    return Response(
        content,
        media_type=MEDIA_TYPE[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "ETag": f'"{row.revision}"'},
    )


def _shown(row: t.Dossier) -> dict[str, Any]:
    return {
        "dossier_id": row.id,
        "hds_name": row.hds_name,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "revision": row.revision,
        "changed_at": local(row.changed_at),
    }


def _taken(session: WriteSession, row: t.Dossier, notices: list[Notice], response: Response) -> DossierTaken:
    show_revision(response, row.revision)
    return DossierTaken(**_shown(row), counts=repository.counts(session, row.id), notices=notices)
