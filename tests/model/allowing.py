"""Asking a model whether it allows a roster."""

from __future__ import annotations

from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.model.build import build, trainees_of


def allows(dossier: Dossier, roster: Roster, rules: set[str], given_ids: frozenset[str] = frozenset()) -> bool:
    """Whether a model with only these rules can be this roster; the shifts of `given_ids` stand outside the window."""
    window = [shift for shift in roster.shifts if shift.id not in given_ids]
    model = build(dossier, window, roster, rules=rules, trainees=trainees_of(dossier))
    if not model.fix(roster.gp_of, roster.trainee_of):
        return False
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
