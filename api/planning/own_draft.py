"""The draft as one GP sees it: the own shifts and the open ones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.tables.planning import PlanningRound
from api.errors import Problem
from api.planning import repository
from api.planning.course import current, is_shown
from api.planning.draft import draft_of
from api.planning.reshuffling import GIVE_BACK, PICK_UP, allowance_in, allowed
from api.planning.schemas import DraftShift, OwnDraft
from api.planning.showing import allowance_shown
from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.rules import Violation
from scheduler.swaps.additions import objections


def may_see(session: Session, member: Member, row: PlanningRound) -> bool:
    """Whether the draft is shown to this caller yet."""
    return member.has(Role.PLANNER) or is_shown(session, row, now())


def own_draft(session: Session, member: Member, row: PlanningRound) -> OwnDraft:
    """The own shifts and the open ones; raises Problem `wrong_state` while there is nothing to see."""
    if not may_see(session, member, row):
        raise Problem("wrong_state", text("planning.not_shown_yet"))
    draft = draft_of(session, row)
    allowance = allowance_in(session, row, draft, member)
    assert member.gp_id is not None
    assert member.gp_number is not None
    situation = draft.situation_of(session, [member.gp_number])
    can_do = allowed(draft.field, member.gp_id, current(row, repository.phases_of(session, row.id), now()))
    may_go, shift_by_id = GIVE_BACK in can_do, draft.field.ground.shift_by_id
    rows = repository.open_shifts(session, draft.version.id)
    kept = {one.shift_id for one in repository.placed_with(session, draft.version.id, [member.gp_number]) if one.locked}
    return OwnDraft(
        version_id=draft.version.id,
        mine=[
            _shown(one, may_go and one.id not in kept and allowance.permits(one.id, round(one.hours * 60)), ())
            for one in situation.duties(member.gp_id)
        ],
        open=[
            _shown(shift, PICK_UP in can_do and not broken, broken)
            for shift in (shift_by_id[one.shift_id] for one in rows)
            for broken in [objections(situation, shift, [member.gp_id])[member.gp_id]]
        ],
        allowance=allowance_shown(allowance),
    )  # fmt: skip


def _shown(shift: Shift, may: bool, broken: Sequence[Violation]) -> DraftShift:
    return DraftShift(
        shift_id=shift.id, post_id=shift.post_id, role=shift.role.value, burden=shift.burden.value,
        starts_at=local(shift.start), ends_at=local(shift.end), hours=shift.hours, may=may,
        why_not=list(dict.fromkeys(text(f"terms.rule.{one.rule}") for one in broken)),
    )  # fmt: skip
