"""What can be done with versions as a whole: find, import, compare, discard, take back as a new draft."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Actor, Member
from api.clock import now
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import read_dossier
from api.errors import Problem
from api.etag import require_match
from api.neighbours.busy import with_busy
from api.rosters import repository
from api.rosters.content import content_of
from api.rosters.drafts import store_draft
from api.rosters.figures import bounds_of
from api.rosters.mapping import read_duties, store_snapshot
from api.rosters.opened import opened
from scheduler.domain.roster import Roster
from scheduler.dossier import read_roster
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

ROSTER_FILE = "roster.csv"


def dossier_of(session: Session, hds_id: str, dossier_id: int) -> DossierRow:
    """A dossier of the HDS; raises Problem `not_found`."""
    found = repository.dossier_of(session, hds_id, dossier_id)
    if found is None:
        raise Problem("not_found")
    return found


def version_of(session: Session, hds_id: str, version_id: int, *, lock: bool = False) -> RosterVersion:
    """A version of the HDS; raises Problem `not_found`, also for a discarded one."""
    found = repository.version_of(session, hds_id, version_id, lock=lock)
    if found is None:
        raise Problem("not_found")
    return found


def version_to_change(session: Session, hds_id: str, version_id: int, if_match: str | None) -> RosterVersion:
    """A version under lock, seen by the caller as it is now; raises Problem as `version_of` and `require_match`."""
    found = version_of(session, hds_id, version_id, lock=True)
    require_seen(session, found, if_match)
    return found


def require_seen(session: Session, version: RosterVersion, if_match: str | None) -> None:
    """Refuse with 412 or 428 unless the caller saw this revision of the version."""
    who = repository.usernames(session, [version.changed_by]).get(version.changed_by or 0, "-")
    require_match(if_match, version.revision, who, version.changed_at)


def require_draft(version: RosterVersion) -> None:
    """Refuse what may only be done to a draft."""
    if version.state != "draft":
        raise Problem("wrong_state", text(f"rosters.not_a_draft.{version.state}", number=version.number))


def touch(version: RosterVersion, actor: Actor) -> None:
    """Note who changed the version, and raise its revision."""
    version.revision += 1
    version.changed_at, version.changed_by = now(), actor.user_id


def subject(version_id: int) -> str:
    """How the audit trail names a version."""
    return f"version/{version_id}"


def import_roster(session: Session, member: Member, dossier_id: int, content: bytes, note: str) -> RosterVersion:
    """Keep an uploaded `roster.csv` as a draft of the dossier as it is now; raises DossierError with every mistake."""
    row = dossier_of(session, member.hds_id, dossier_id)
    snapshot = store_snapshot(session, with_busy(session, read_dossier(session, row)))
    basis = opened(session, snapshot)
    with tempfile.TemporaryDirectory(prefix="anw-") as folder:
        (Path(folder) / ROSTER_FILE).write_bytes(content)
        roster = read_roster(basis.dossier, basis.shifts, Path(folder))
    alone = [shift_id for shift_id in roster.trainee_of if shift_id not in roster.gp_of]
    if alone:
        expected = text("rosters.trainee_alone")
        raise DossierError([Mistake(ROSTER_FILE, None, "gp_id", shift_id, expected) for shift_id in alone])
    version = store_draft(
        session, hds_id=member.hds_id, dossier_id=dossier_id, snapshot=snapshot, result=None, roster=roster,
        origin="import", user_id=member.user_id, note=note,
    )  # fmt: skip
    audit_draft(session, member, version, "version.imported")
    return version


def draft_of_force(session: Session, member: Member, dossier_id: int, note: str) -> RosterVersion:
    """The roster in force as a new draft, swaps included, judged with the dossier as it is now.

    Raises Problem `wrong_state` when nothing of the dossier is in force.
    """
    row = dossier_of(session, member.hds_id, dossier_id)
    duties = read_duties(session, member.hds_id, dossier_id)
    if not duties.shifts:
        raise Problem("wrong_state", text("rosters.nothing_in_force"))
    snapshot = store_snapshot(session, with_busy(session, read_dossier(session, row)))
    basis = opened(session, snapshot)
    gp_of, trainee_of = (
        {shift_id: gp_id for shift_id, gp_id in who.items() if shift_id in basis.shift_by_id}
        for who in (duties.gp_of, duties.trainee_of)
    )
    version = store_draft(
        session, hds_id=member.hds_id, dossier_id=dossier_id, snapshot=snapshot, result=None,
        roster=Roster(shifts=basis.shifts, gp_of=gp_of, trainee_of=trainee_of), origin="edit",
        parent_id=repository.version_in_force(session, member.hds_id, dossier_id), user_id=member.user_id, note=note,
    )  # fmt: skip
    audit_draft(session, member, version, "version.from_force")
    return version


def copy_of(session: Session, member: Member, version: RosterVersion, *, origin: str, note: str) -> RosterVersion:
    """A new draft with the content of a version, judged with the same dossier; not yet audited."""
    content = content_of(session, version)
    return store_draft(
        session, hds_id=version.hds_id, dossier_id=version.dossier_id, snapshot=version.snapshot, result=None,
        roster=content.roster, origin=origin, user_id=member.user_id, parent_id=version.id, note=note,
        locked=content.locked, figures=version.figures, proof=bounds_of(version.proof),
    )  # fmt: skip


def roll_back(session: Session, member: Member, version_id: int, note: str) -> RosterVersion:
    """A new draft with the content of any earlier version, to be published like any other."""
    version = version_of(session, member.hds_id, version_id)
    draft = copy_of(session, member, version, origin="rollback", note=note)
    audit_draft(session, member, draft, "version.rolled_back")
    return draft


def discard(session: Session, member: Member, version_id: int, if_match: str | None) -> None:
    """Put a draft away for good; raises Problem `wrong_state` for what has been in force."""
    version = version_to_change(session, member.hds_id, version_id, if_match)
    require_draft(version)
    version.state = "discarded"
    touch(version, member)
    record(session, member.hds_id, member.user_id, Act("version.discarded", subject(version.id)))


def audit_draft(session: Session, member: Member, version: RosterVersion, action: str) -> None:
    """Put a new draft on record."""
    after = {
        "number": version.number, "dossier_id": version.dossier_id, "parent_id": version.parent_id,
        "snapshot": version.snapshot, "shifts": version.figures["shifts"], "unfilled": version.figures["unfilled"],
        "violations": version.figures["violations"],
    }  # fmt: skip
    record(session, member.hds_id, member.user_id, Act(action, subject(version.id), after=after, reason=version.note))
