"""Two versions side by side: which shifts changed hands, and what that means for each GP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.db.tables.rosters import RosterVersion
from api.rosters.content import Content, content_of
from api.rosters.schemas import Change, Comparison, GpChange, ShiftChange
from api.rosters.showing import shown_version
from scheduler.domain.shift import Burden, Shift

if TYPE_CHECKING:
    from scheduler.fairness import BurdenFairness

_SAME = 1e-9
_NOTHING = (0.0, 0.0)


def compare(session: Session, before: RosterVersion, after: RosterVersion) -> Comparison:
    """Compare two versions of one HDS, of one dossier or of two."""
    old, new = content_of(session, before), content_of(session, after)
    shifts = list(_shift_changes(old, new))
    return Comparison(
        before=shown_version(session, before),
        after=shown_version(session, after),
        shifts=shifts,
        gps=list(gp_changes(_measured(old), _measured(new))),
        changed=len(shifts),
    )


def _measured(content: Content) -> Mapping[Burden, BurdenFairness]:
    from scheduler.fairness import measure

    return measure(content.dossier, content.roster, content.basis.shares.targets)


def _shift_changes(old: Content, new: Content) -> Iterator[ShiftChange]:
    both = {shift.id: shift for shift in (*old.roster.shifts, *new.roster.shifts)}
    for shift in sorted(both.values(), key=lambda shift: (shift.starts_at, shift.id)):
        kind = _kind(old, new, shift.id)
        if kind is not None:
            who = "trainee_of" if kind == "other_trainee" else "gp_of"
            before, after = (getattr(side.roster, who).get(shift.id) for side in (old, new))
            yield _change(shift, kind, before, after)


def _kind(old: Content, new: Content, shift_id: str) -> str | None:
    if shift_id not in new.roster.shift_by_id:
        return "only_before"
    if shift_id not in old.roster.shift_by_id:
        return "only_after"
    if old.roster.gp_of.get(shift_id) != new.roster.gp_of.get(shift_id):
        return "other_gp"
    same = old.roster.trainee_of.get(shift_id) == new.roster.trainee_of.get(shift_id)
    return None if same else "other_trainee"


def _change(shift: Shift, kind: str, before: str | None, after: str | None) -> ShiftChange:
    return ShiftChange(
        shift_id=shift.id, start=shift.start, end=shift.end, post_id=shift.post_id, role=shift.role,
        burden=shift.burden, kind=kind, before=before, after=after,
    )  # fmt: skip


def gp_changes(old: Mapping[Burden, BurdenFairness], new: Mapping[Burden, BurdenFairness]) -> Iterator[GpChange]:
    """Hours and deviations before and after, of the GPs and burdens where either differs."""
    gp_ids = {gp_id for side in (old, new) for found in side.values() for gp_id in found.per_gp}
    for gp_id in sorted(gp_ids):
        hours: dict[str, Change] = {}
        deviation: dict[str, Change] = {}
        for burden in dict.fromkeys((*old, *new)):
            before, after = _of(old, burden, gp_id), _of(new, burden, gp_id)
            if any(abs(now - was) > _SAME for was, now in zip(before, after, strict=True)):
                hours[burden.value] = Change(before=before[0], after=after[0])
                deviation[burden.value] = Change(before=before[1], after=after[1])
        if hours:
            yield GpChange(gp_id=gp_id, hours=hours, deviation=deviation)


def _of(side: Mapping[Burden, BurdenFairness], burden: Burden, gp_id: str) -> tuple[float, float]:
    found = side[burden].per_gp.get(gp_id) if burden in side else None
    return _NOTHING if found is None else (found.assigned, found.deviation)
