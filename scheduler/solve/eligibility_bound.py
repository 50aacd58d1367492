"""Whether everybody can stay between two numbers of minutes when only the right to do a shift counts: two flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow

from scheduler.solve.problem import Ints, Problem


@dataclass(frozen=True)
class Rights:
    """Minutes of each group of shifts of one burden, and how many of them each GP (row) may do on the own days."""

    minutes: Ints
    reach: Ints


def rights(problem: Problem, burden: int) -> Rights:
    """The groups of a burden: shifts of one post and role, by night or day."""
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for index in np.flatnonzero(problem.burden == burden).tolist():
        shift = problem.shifts[index]
        groups.setdefault((shift.post_id, shift.role.value, shift.is_night), []).append(index)
    minutes = np.array([problem.minutes[members].sum() for members in groups.values()], dtype=np.int64)
    reach = [problem.may[:, members] @ problem.minutes[members] for members in groups.values()]
    return Rights(minutes, np.array(reach, dtype=np.int64).T)


def eligibility_allows(own: Rights, low: Ints, high: Ints, slack: int) -> bool:
    """Can all minutes but `slack` be spread so that GP i has `low[i]` to `high[i]` of them?

    Minutes may be split, so a "no" holds for every roster. One flow fills the shifts under the upper limits, one fills
    the lower limits from the shifts; where both exist, one exists that does both (Mendelsohn and Dulmage 1958).
    """
    return _most(own, high) >= int(own.minutes.sum()) - slack and _most(own, low) >= int(low.sum())


def _most(own: Rights, capacity: Ints) -> int:
    flow = max_flow.SimpleMaxFlow()
    source, sink = 0, 1
    gp0, group0 = 2, 2 + len(capacity)
    gps, groups = np.nonzero(own.reach)
    flow.add_arcs_with_capacity(group0 + groups, gp0 + gps, own.reach[gps, groups])
    everyone = np.arange(len(capacity))
    flow.add_arcs_with_capacity(gp0 + everyone, np.full(len(everyone), sink), capacity)
    each = np.arange(len(own.minutes))
    flow.add_arcs_with_capacity(np.full(len(each), source), group0 + each, own.minutes)
    flow.solve(source, sink)
    return int(flow.optimal_flow())
