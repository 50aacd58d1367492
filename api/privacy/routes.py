"""A GP's right to see and to be forgotten, and how long an HDS keeps data."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response

from api.audit import Act, record
from api.auth.access import Administrator, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.people import Gp
from api.errors import Problem, problems
from api.etag import IfMatch, require_match, show_revision
from api.fields import Identifier
from api.privacy import repository
from api.privacy.erase import erase
from api.privacy.export import export
from api.privacy.retention import SETTING, retention_of
from api.privacy.schemas import Erased, Erasure, Retention
from api.room import room

router = room("/hds/{hds_id}/privacy", "privacy")
GpId = Annotated[Identifier, Path(description="The id of the GP in the dossiers.", examples=["h017"])]
Self = Annotated[Member, Depends(member(Role.GP))]
_ZIP = {
    200: {
        "description": "A zip of JSON files.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/mine",
    summary="Export what is held about me",
    response_class=Response,
    responses={**_ZIP, **problems("not_found", "forbidden")},  # type: ignore[dict-item]
)
def export_mine(who: Self, session: ReadSession) -> Response:
    """A zip with every row about the GP who asks: dossiers, duties, pay, account, audit trail."""
    assert who.gp_id is not None
    return _packed(session, who.hds_id, who.gp_id)


@router.get(
    "/gps/{gp_id}",
    summary="Export what is held about a GP",
    response_class=Response,
    responses={**_ZIP, **problems("not_found", "forbidden")},  # type: ignore[dict-item]
)
def export_gp(who: Administrator, session: ReadSession, gp_id: GpId) -> Response:
    """A zip with every row about the GP: dossiers, duties, pay, account, audit trail."""
    return _packed(session, who.hds_id, gp_id)


@router.post(
    "/gps/{gp_id}/erase",
    summary="Erase a GP",
    responses=problems("not_found", "forbidden", "wrong_state"),
)
def erase_gp(who: Administrator, session: WriteSession, gp_id: GpId, asked: Erasure) -> Erased:
    """Erase name, account, wishes, free text and details of the audit trail; paid and audited figures stay.

    Refused with every reason while the GP has duties to come, an agreement in force, unpaid duties, or while a run is
    under way. Payment runs are kept as long as the tax law asks: `kept` tells until when.
    """
    return erase(session, who.hds_id, gp_id, asked.reason, who.user_id)


@router.get("/retention", summary="How long data is kept", responses=problems("not_found", "forbidden"))
def read_retention(who: Administrator, session: ReadSession, response: Response) -> Retention:
    """The terms of this HDS, with the usual ones where it has set none."""
    hds = repository.hds(session, who.hds_id)
    show_revision(response, hds.revision)
    return retention_of(hds)


@router.put(
    "/retention",
    summary="Set how long data is kept",
    responses=problems("not_found", "forbidden", "changed_meanwhile", "if_match_needed"),
)
def set_retention(
    who: Administrator, session: WriteSession, response: Response, terms: Retention, if_match: IfMatch = None
) -> Retention:
    """From the next night on, what is past its term is erased for good."""
    hds = repository.hds(session, who.hds_id, lock=True)
    require_match(if_match, hds.revision, "", hds.created_at)
    before = retention_of(hds)
    hds.settings = {**hds.settings, SETTING: terms.model_dump()}
    hds.revision += 1
    session.flush()
    act = Act("retention.changed", f"hds/{hds.id}", before.model_dump(), terms.model_dump())
    record(session, hds.id, who.user_id, act)
    show_revision(response, hds.revision)
    return terms


def _packed(session: ReadSession, hds_id: str, gp_id: str) -> Response:
    one: Gp | None = repository.gp(session, hds_id, gp_id)
    if one is None:
        raise Problem("not_found")
    headers = {"Content-Disposition": 'attachment; filename="gegevens.zip"', "Cache-Control": "no-store"}
    return Response(export(session, one), media_type="application/zip", headers=headers)
