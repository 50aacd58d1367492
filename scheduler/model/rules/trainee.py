"""A trainee works only beside the own trainer, up to the agreed hours."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from scheduler.model.roster_model import RosterModel
from scheduler.rules.duties import TOLERANCE
from scheduler.rules.trainee import agreements


def post(roster_model: RosterModel) -> None:
    """A trainee has a shift only with the trainer, one trainee to a shift, minutes within each agreement."""
    beside: defaultdict[str, list[cp_model.IntVar]] = defaultdict(list)
    for (shift_id, trainee_id), literal in roster_model.y.items():
        beside[shift_id].append(literal)
        trainer = roster_model.dossier.gp_by_id[trainee_id].trainer_gp_id
        roster_model.model.add_implication(literal, roster_model.x[shift_id, str(trainer)])
    for literals in beside.values():
        if len(literals) > 1:
            roster_model.model.add_at_most_one(literals)
    for trainee_id in roster_model.trainee_ids:
        for agreement in agreements(roster_model.dossier, trainee_id):
            if agreement.hours is not None:
                covered = [(d.minutes, d) for d in roster_model.beside[trainee_id] if agreement.covers(d.day)]
                roster_model.at_most(int((agreement.hours + TOLERANCE) * 60), covered)
