"""A trainee works only beside the own trainer, within the trainee's agreement, up to the agreed hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.agreements import fits
from scheduler.rules.duties import TOLERANCE
from scheduler.rules.lineup import Lineup
from scheduler.rules.violation import Violation

NAME = "trainee"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each shift beside which a trainee may not stand, and each trainee with more than the agreed hours.

    Absence, rest, weeks and weekends of trainees are the matter of those rules, which judge trainees as they judge
    GPs. That a shift has at most one trainee follows from the shape of `Roster`.
    """
    for trainee_id, shifts in roster.by_trainee.items():
        for shift in shifts:
            reason = objection(dossier, trainee_id, roster.gp_of.get(shift.id), shift)
            if reason:
                yield Violation(rule=NAME, gp_id=trainee_id, shift_ids=(shift.id,), detail={"reason": reason})
        for agreement in agreements(dossier, trainee_id):
            yield from _too_many_hours(agreement, shifts)


def objection(dossier: Dossier, trainee_id: str, gp_id: str | None, shift: Shift) -> str | None:
    """Why the trainee may not stand beside `gp_id` on `shift`; None where that is allowed."""
    trainee = dossier.gp_by_id.get(trainee_id)
    if trainee is None or trainee.contract is not Contract.TRAINEE:
        return "no_trainee"
    if gp_id is None or trainee.trainer_gp_id != gp_id:
        return "not_own_trainer"
    fitting = any(fits(agreement, trainee, shift) for agreement in agreements(dossier, trainee_id))
    return None if fitting else "outside_agreement"


def mask(dossier: Dossier, trainee_id: str, lineup: Lineup) -> list[bool]:
    """For each shift of the line-up whether the trainee may stand beside the own trainer on it."""
    trainee = dossier.gp_by_id.get(trainee_id)
    trainer = trainee.trainer_gp_id if trainee else None
    return [objection(dossier, trainee_id, trainer, shift) is None for shift in lineup.shifts]


def agreements(dossier: Dossier, trainee_id: str) -> list[Agreement]:
    """The agreements under which the doctor is in training."""
    return [a for a in dossier.agreements_by_gp.get(trainee_id, ()) if a.contract is Contract.TRAINEE]


def _too_many_hours(agreement: Agreement, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if agreement.hours is None:
        return
    counted = [shift for shift in shifts if agreement.covers(shift.day)]
    hours = sum(shift.hours for shift in counted)
    if hours > agreement.hours + TOLERANCE:
        detail: dict[str, str | float] = {"reason": "hours", "hours": round(hours, 6), "most": agreement.hours}
        ids = tuple(shift.id for shift in counted)
        yield Violation(rule=NAME, gp_id=agreement.gp_id, shift_ids=ids, detail=detail)
