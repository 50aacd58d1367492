"""Why a GP has these shifts, or a shift has this GP: for planners of any version, for GPs of what is in force."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.db.tables.rosters import RosterVersion
from api.errors import Problem
from api.rosters import aside, versions
from api.rosters.aside import Question
from api.rosters.aside_request import AsideRequest
from api.rosters.content import content_of
from api.rosters.explain_schemas import Explained
from scheduler.messages import text


def prepare_gp(session: Session, member: Member, version_id: int, gp_id: str) -> Question:
    """The question why a GP has this share and these shifts; GPs ask about themselves only.

    Raises Problem: `not_found`, `forbidden` for somebody else, `unknown_subject` for who is not in the dossier.
    """
    version, own_view = _visible(session, member, version_id)
    if own_view and gp_id != member.gp_id:
        raise Problem("forbidden")
    key = ("explain_gp", version.id, version.revision, version.snapshot, gp_id, own_view)
    known = aside.recall(key)
    if known is not None:
        return Question(key, None, known)
    content = content_of(session, version)
    if gp_id not in content.dossier.gp_by_id:
        raise Problem("unknown_subject", text("explain.unknown_gp", gp=gp_id))
    result = aside.result_of(content, version.proof)
    request = AsideRequest(task="explain_gp", dossier=content.dossier, result=result, gp_id=gp_id, for_gp=own_view)
    return Question(key, request)


def prepare_files(session: Session, version: RosterVersion, task: str) -> Question:
    """The question for the report on a version, or for all its files."""
    content = content_of(session, version)
    result = aside.result_of(content, version.proof)
    key = (task, version.id, version.revision, version.snapshot)
    return Question(key, AsideRequest.model_validate({"task": task, "dossier": content.dossier, "result": result}))


def explain_shift(session: Session, member: Member, version_id: int, shift_id: str) -> Explained:
    """Why a shift has its GP, or none; raises Problem `not_found`, UnknownSubject for an unknown shift.

    To a GP it is explained by what colleagues know of each other.
    """
    from scheduler.explain import explain_shift as explained

    version, own_view = _visible(session, member, version_id)
    content = content_of(session, version)
    reader = (member.gp_id or "") if own_view else None
    found = explained(content.dossier, content.roster, shift_id, content.basis.shares.targets, reader=reader)
    return Explained(text=found.text, details=found.model_dump(mode="json"))


def _visible(session: Session, member: Member, version_id: int) -> tuple[RosterVersion, bool]:
    """The version, and whether it is shown in a GP's own view; to GPs only what is in force exists."""
    version = versions.version_of(session, member.hds_id, version_id)
    own_view = not member.has(Role.PLANNER)
    if own_view and version.state != "published":
        raise Problem("not_found")
    return version, own_view
