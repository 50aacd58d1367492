"""Publishing a version, and what was published so far."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Response
from sqlalchemy.orm import Session

from api.auth.access import Anyone, Planner
from api.auth.principal import Role
from api.clock import local
from api.db.sessions import ReadSession
from api.db.tables.rosters import Publication as PublicationRow
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Identifier
from api.paging import Page, PageCut, page_of
from api.room import room
from api.rosters import force_repository, publishing, repository
from api.rosters.dry_run import DryRun, TrySession
from api.rosters.publish_schemas import Broken, Publication, PublishCounts, Published, PublishOrder
from api.rosters.publishing import Order, Outcome
from api.rosters.showing import shown_version
from api.rosters.version_routes import VersionId

router = room("/hds/{hds_id}", "publication")

IdempotencyKey = Annotated[
    Identifier | None, Header(alias="Idempotency-Key", description="The same key publishes once.")
]


@router.post(
    "/versions/{version_id}/publish",
    status_code=201,
    responses=problems(
        "not_found", "wrong_state", "breaks_rules", "idempotency_key_reused", "changed_meanwhile", "if_match_needed"
    )
    | {200: {"description": "What it would change and break, on a dry run.", "model": Published}},
)
def publish(
    version_id: VersionId,
    member: Planner,
    session: TrySession,
    response: Response,
    body: PublishOrder,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
    dry_run: DryRun = False,
) -> Published:
    """Make a draft the roster in force for the shifts that start on or after a day; earlier duties stay.

    The GP of each shift is responsible for it from now on; where the version leaves a shift with who performs it now,
    who was responsible stays so. The roster in force is judged as a whole, with the dossier as it is now.
    """
    if dry_run:
        response.status_code = 200
        return _shown(session, publishing.preview(session, member, version_id, _order(body)))
    outcome = publishing.publish(session, member, version_id, _order(body), if_match, key)
    show_revision(response, outcome.version.revision)
    return _shown(session, outcome)


@router.get("/publications", responses=problems("not_found", "bad_cursor"))
def list_publications(member: Anyone, session: ReadSession, cut: PageCut) -> Page[Publication]:
    """What was published, the last first; only planners read why, by whom, and how many rules were broken with it."""
    rows = force_repository.publications_of(session, member.hds_id, cut)
    names = repository.usernames(session, [row[0].published_by for row in rows])
    inside = member.has(Role.PLANNER)
    return page_of(
        rows,
        cut,
        key=lambda row: (row[0].number,),
        show=lambda row: _publication(row[0], row[1], row[2], names.get(row[0].published_by or 0), inside),
    )


def _order(body: PublishOrder) -> Order:
    return Order(body.freeze_from, body.reason, body.accept_violations, body.seen)


def _shown(session: Session, outcome: Outcome) -> Published:
    version, row = outcome.version, outcome.publication
    who = repository.usernames(session, [row.published_by]).get(row.published_by or 0) if row else None
    return Published(
        publication=None if row is None else _publication(row, version.number, version.dossier_id, who, True),
        version=shown_version(session, version),
        counts=PublishCounts.model_validate(outcome.counts),
        violations=[Broken.model_validate(broken) for broken in outcome.violations],
        last_publication=outcome.last_number,
    )


def _publication(
    row: PublicationRow, version_number: int, dossier_id: int, who: str | None, inside: bool
) -> Publication:
    return Publication(
        number=row.number,
        version_id=row.version_id,
        version_number=version_number,
        dossier_id=dossier_id,
        freeze_from=row.freeze_from,
        published_at=local(row.published_at),
        published_by=who if inside else None,
        reason=row.reason if inside else "",
        accepted_violations=len(row.violations.get("accepted", ())) if inside else None,
        outcome=PublishCounts.model_validate(row.outcome),
    )
