"""A peer: one CP-SAT model of the whole dossier, all hard rules in it, solved in one go."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path

from ortools.sat.python import cp_model

from benchmarks.peer import Options, main
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.fair_shares import fair_shares
from scheduler.model import RosterModel, build

UNFILLED, LARGEST = 10_000, 100
"""Weights above a deviation of one hundredth of a shift; the fairness of one GP never outweighs an open shift."""


def make(dossier: Dossier, options: Options) -> Roster | None:
    """Minimise open shifts, then the largest and the sum of the deviations, by weights; None: nothing found in time."""
    shifts = shifts_of(dossier)
    found = build(dossier, shifts)
    largest, deviations = _deviations(found, shifts)
    found.model.minimize(UNFILLED * sum(found.unfilled.values()) + LARGEST * largest + sum(deviations))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = options.time_limit
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed
    status = solver.solve(found.model)
    return found.roster(solver.boolean_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _deviations(found: RosterModel, shifts: tuple[Shift, ...]) -> tuple[cp_model.IntVar, list[cp_model.IntVar]]:
    """The largest deviation and that of each GP and burden, in hundredths of a mean shift."""
    model, targets = found.model, fair_shares(found.dossier, shifts).targets
    by_id = {shift.id: shift for shift in shifts}
    lengths: defaultdict[Burden, list[float]] = defaultdict(list)
    for shift in shifts:
        lengths[shift.burden].append(shift.hours)
    unit = {burden: 100 * len(hours) / sum(hours) for burden, hours in lengths.items()}
    terms: defaultdict[tuple[str, Burden], list[cp_model.LinearExpr]] = defaultdict(list)
    for (shift_id, gp_id), literal in found.x.items():
        shift = by_id[shift_id]
        terms[gp_id, shift.burden].append(round(unit[shift.burden] * shift.hours) * literal)
    largest, each = model.new_int_var(0, 10**6, ""), []
    for cell in product(found.gp_ids, unit):
        target = round(unit[cell[1]] * targets.get(cell, 0.0))
        if target or cell in terms:
            deviation = model.new_int_var(0, 10**6, "")
            model.add_abs_equality(deviation, sum(terms[cell]) - target)
            model.add(deviation <= largest)
            each.append(deviation)
    return largest, each


if __name__ == "__main__":
    main(make, Path(__file__).stem)
