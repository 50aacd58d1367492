"""Editing a version by hand."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from api.auth.access import Planner
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.room import room
from api.rosters import editing
from api.rosters.dry_run import DryRun, TrySession
from api.rosters.edit_schemas import Edits, EditVerdict
from api.rosters.editing import Edited
from api.rosters.showing import figures_shown, shown_version
from api.rosters.version_routes import VersionId

router = room("/hds/{hds_id}", "versions")


@router.post(
    "/versions/{version_id}/edits",
    responses=problems("not_found", "malformed", "breaks_rules", "changed_meanwhile", "if_match_needed")
    | {201: {"description": "A new draft was made of a version that is or was in force.", "model": EditVerdict}},
)
def edit(
    version_id: VersionId,
    member: Planner,
    session: TrySession,
    response: Response,
    body: Edits,
    if_match: IfMatch = None,
    dry_run: DryRun = False,
) -> EditVerdict:
    """Change who does which shift, or lock shifts, as one set; the answer is the verdict.

    A draft is changed itself. Of a version that is or was in force a new draft is made (201), with the edits.
    """
    if dry_run:
        return _shown(session, editing.try_edits(session, member, version_id, body))
    done = editing.save_edits(session, member, version_id, body, if_match)
    if done.version.id != version_id:
        response.status_code = 201
    show_revision(response, done.version.revision)
    return _shown(session, done)


def _shown(session: Session, done: Edited) -> EditVerdict:
    judged, proof = done.judged, done.version.proof
    return EditVerdict(
        saved=done.saved,
        can_be_saved=judged.can_be_saved,
        version=shown_version(session, done.version),
        broken=judged.reasons(judged.broken),
        mended=judged.reasons(judged.mended),
        gps=list(judged.parties()),
        left_behind=list(judged.left_behind()),
        before=figures_shown(done.before, proof),
        after=figures_shown(judged.figures, proof),
    )
