"""How many minutes of a burden a GP of a problem can work at most."""

from __future__ import annotations

import numpy as np

from scheduler.capacity import Times, most_duty_minutes, most_standby_minutes
from scheduler.solve.problem import Floats, Problem


def most_minutes(problem: Problem, burden: int) -> Floats:
    """Per GP, minutes of the burden that absences, agreement, weekly, four-weekly and weekend limits leave room for."""
    slots = problem.slots
    own = np.flatnonzero(problem.burden == burden)
    open_slots = np.zeros((len(problem.gp_ids), len(slots.start)), dtype=np.bool_)
    for shift in own.tolist():
        open_slots[:, problem.slot[shift]] |= problem.may[:, shift]
    times = Times(slots.day, slots.minutes, problem.days.weeks)
    if slots.standby[problem.slot[own[0]]]:
        most, limit = most_standby_minutes(open_slots, times), problem.limit[:, burden]
    else:
        most = most_duty_minutes(open_slots, times, problem.dossier.rules)
        limit = np.minimum(problem.limit[:, burden], problem.limit[:, -1])
    result: Floats = np.minimum(most.astype(np.float64), limit)
    return result
