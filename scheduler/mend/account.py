"""The account of a mended roster: each change with its reason, and who drops out of what stays open."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain.drop_outs import drop_outs
from scheduler.mend.case import Case
from scheduler.mend.result import Change, ChangeReason, LeftOpen, MendResult
from scheduler.mend.search import Found
from scheduler.rules.verdict import broken_by


def result_of(case: Case, found: Found) -> MendResult:
    """What a search found, as it is handed back; times and seed are not known here."""
    after = mended(case, found.gp_of)
    return MendResult(
        roster=after,
        vacated=case.vacated,
        changes=changes_of(case, after),
        left_open=left_open(case, after),
        open_bound=found.open_bound,
        moved_bound=found.moved_bound,
        is_fairest=found.is_fairest,
        absences=case.absences,
        lifted_locks=case.lifted_locks,
        trainees_off={one: gp for one, gp in case.before.trainee_of.items() if one not in after.trainee_of},
        kept=case.kept,
    )


def mended(case: Case, gp_of: Mapping[str, str]) -> Roster:
    """The roster with these GPs; a trainee stays only where the GP does."""
    beside = {one: gp for one, gp in case.roster.trainee_of.items() if gp_of.get(one) == case.roster.gp_of.get(one)}
    return Roster(shifts=case.roster.shifts, gp_of=gp_of, trainee_of=beside)


def changes_of(case: Case, roster: Roster) -> tuple[Change, ...]:
    """What is different from before, in order of start; shifts that only fell open are no change of hands."""
    before, vacated = case.before.gp_of, frozenset(case.vacated)
    changed = [
        shift
        for shift in sorted(roster.shifts, key=lambda shift: (shift.starts_at, shift.id))
        if shift.id in roster.gp_of and roster.gp_of[shift.id] != before.get(shift.id)
    ]
    new = frozenset(shift.id for shift in changed)
    return tuple(
        Change(
            shift_id=shift.id,
            from_gp=before.get(shift.id),
            to_gp=roster.gp_of[shift.id],
            reason=_reason(shift.id, before, vacated),
            room_for=() if shift.id in vacated else _room_for(case, roster, shift, new),
        )
        for shift in changed
    )


def _room_for(case: Case, roster: Roster, shift: Shift, new: frozenset[str]) -> tuple[str, ...]:
    """The shifts that are new to who gave `shift` up and could not be done beside it."""
    giver = case.before.gp_of[shift.id]
    taken = [own.id for own in roster.by_gp.get(giver, ()) if own.id in new]
    clashing = {one for found in broken_by(case.dossier, roster, giver, shift) for one in found.shift_ids}
    return tuple(one for one in taken if one in clashing) or tuple(taken)


def left_open(case: Case, roster: Roster) -> tuple[LeftOpen, ...]:
    """The vacated shifts that nobody has, with how many GPs each rule rules out."""
    shifts = [roster.shift_by_id[one] for one in case.vacated if one not in roster.gp_of]
    of = case.dossier.replace(absences=(*case.dossier.absences, *case.refusals))
    counts = drop_outs(of, roster, shifts) if shifts else ()
    return tuple(LeftOpen(shift_id=s.id, dropped_by_rule=c) for s, c in zip(shifts, counts, strict=True))


def _reason(shift_id: str, before: Mapping[str, str], vacated: frozenset[str]) -> ChangeReason:
    if shift_id not in vacated:
        return ChangeReason.MAKES_ROOM
    return ChangeReason.AWAY if shift_id in before else ChangeReason.OPEN
