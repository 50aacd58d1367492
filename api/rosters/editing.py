"""Editing a version by hand: judged at once, saved whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import gp_numbers
from api.rosters import repository, versions
from api.rosters.content import Content, content_of
from api.rosters.drafts import store_draft
from api.rosters.edit import edited
from api.rosters.edit_schemas import Edits
from api.rosters.figures import bounds_of
from api.rosters.overlaps import refuse_double_booking

if TYPE_CHECKING:
    from api.rosters.edit_verdict import Judged


@dataclass(frozen=True)
class Edited:
    """A version as it is after editing, and the verdict; `before` are the figures as they were."""

    version: RosterVersion
    judged: Judged
    before: dict[str, object]
    saved: bool


def try_edits(session: Session, member: Member, version_id: int, order: Edits) -> Edited:
    """The verdict on edits, without saving them."""
    version = versions.version_of(session, member.hds_id, version_id)
    return Edited(version, _judged(session, version, order), version.figures, saved=False)


def save_edits(session: Session, member: Member, version_id: int, order: Edits, if_match: str | None) -> Edited:
    """Put edits on a draft; on a version that is or was in force they make a new draft, and it stays as it is.

    Raises Problem: `not_found`, `malformed`, `changed_meanwhile`, `if_match_needed`, and `breaks_rules` where a GP
    would be in two places at once. Every other rule may be broken: it is told and counted.
    """
    version = versions.version_to_change(session, member.hds_id, version_id, if_match)
    before, judged = version.figures, _judged(session, version, order)
    refuse_double_booking(judged.after.dossier, judged.after.roster)
    if version.state == "draft":
        _change(session, member, version, judged)
        saved = version
    else:
        saved = _branch(session, member, version, judged, order.note)
    _audit(session, member, saved, judged, order.note)
    return Edited(saved, judged, before, saved=True)


def _judged(session: Session, version: RosterVersion, order: Edits) -> Judged:
    # brings scipy: not before somebody edits
    from api.rosters.edit_verdict import Judged

    content = content_of(session, version)
    return Judged(content, edited(content, order.edits))


def _change(session: Session, member: Member, version: RosterVersion, judged: Judged) -> None:
    version.figures = judged.figures
    versions.touch(version, member)
    numbers = gp_numbers(session, version.hds_id, ())
    roster, locked = judged.after.roster, judged.after.locked
    changed = {*judged.touched, *(judged.before.locked ^ locked)}
    repository.free(session, version.id, sorted(changed))
    repository.place(
        session,
        version.id,
        [
            {
                "of": shift_id,
                "gp_number": numbers[gp_id],
                "trainee_number": numbers.get(roster.trainee_of.get(shift_id, "")),
                "locked": shift_id in locked,
            }
            for shift_id in sorted(changed)
            if (gp_id := roster.gp_of.get(shift_id)) is not None
        ],
    )


def _branch(session: Session, member: Member, version: RosterVersion, judged: Judged, note: str) -> RosterVersion:
    return store_draft(
        session, hds_id=version.hds_id, dossier_id=version.dossier_id, snapshot=version.snapshot, result=None,
        roster=judged.after.roster, origin="edit", user_id=member.user_id, parent_id=version.id, note=note,
        locked=judged.after.locked, figures=judged.figures, proof=bounds_of(version.proof),
    )  # fmt: skip


def _audit(session: Session, member: Member, version: RosterVersion, judged: Judged, note: str) -> None:
    before, after = (_told(content, judged) for content in (judged.before, judged.after))
    act = Act("version.edited", versions.subject(version.id), before=before, after=after, reason=note)
    record(session, member.hds_id, member.user_id, act)


def _told(content: Content, judged: Judged) -> dict[str, object]:
    """Who has the shifts that change, and which of those whose lock changes are locked."""
    roster, turned = content.roster, judged.before.locked ^ judged.after.locked
    return {
        "gps": {shift_id: roster.gp_of.get(shift_id) for shift_id in judged.touched},
        "trainees": {
            shift_id: roster.trainee_of[shift_id] for shift_id in judged.touched if shift_id in roster.trainee_of
        },
        "locked": sorted(turned & content.locked),
    }
