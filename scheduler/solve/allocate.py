"""Allocation: how many shifts of each burden and length every GP gets, as fair as whole shifts can be.

A flow of whole shifts from groups (post, role, night, length) to GPs who have the right to them, whose cost is the
square of each GP's deviation in hours. Each GP's choice among whole numbers of shifts is a set of patterns, so that
burdens with shifts of several lengths come out as exactly as those with one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from scheduler.solve.capacity import most_minutes
from scheduler.solve.patterns import Patterns, patterns_of
from scheduler.solve.problem import Bools, Floats, Ints, Problem

WIDER = (0.0005, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
ENOUGH_GAP = 2e-4
WISH_PRICE = 2e-5


@dataclass(frozen=True)
class Groups:
    """Shifts of one burden that the same GPs have a right to: their length (minutes), number, and who may."""

    length: Ints
    count: Ints
    open_to: Ints


def wished_kinds(problem: Problem) -> Floats:
    """Per GP and kind, the weight of wishes to work that a shift of that kind could meet, shared over such kinds."""
    found = np.zeros((len(problem.gp_ids), int(problem.kind.max()) + 1))
    prefer = problem.prefer
    for wish, gp in enumerate(prefer.gp.tolist()):
        kinds = np.unique(problem.kind[prefer.met_by[wish][problem.slot] & problem.may[gp]])
        if len(kinds):
            found[gp, kinds] += prefer.weight[wish] / len(kinds)
    return found


def allocate(
    problem: Problem, burden: int, deviation: float, seconds: float, wished: Floats | None = None
) -> Ints | None:
    """Shifts per GP (row) and kind (column of `problem.kind`) for one burden, or None when no allocation was found.

    `deviation` (shifts) is the bound to keep to; it is widened step by step where eligibility makes it unreachable.
    Of allocations that are as fair as each other, one with more of the kinds `wished` is taken.
    """
    groups = _groups(problem, burden)
    lengths = np.unique(groups.length)
    demand = np.array([groups.count[groups.length == length].sum() for length in lengths])
    may = np.array([(groups.open_to[:, groups.length == length] > 0).any(axis=1) for length in lengths]).T
    most = most_minutes(problem, burden)
    for extra in WIDER:
        patterns = patterns_of(
            problem.target[:, burden], most, lengths, demand, may, problem.mean[burden], deviation + extra
        )
        gain = np.zeros(len(patterns.gp))
        if wished is not None:
            kinds = [_kind(problem, burden, length) for length in lengths.tolist()]
            gain = ((patterns.counts > 0) * wished[patterns.gp][:, kinds]).sum(axis=1)
        counts = _solve(problem, groups, patterns, patterns.deviation**2 - WISH_PRICE * gain, seconds)
        if counts is not None:
            return _by_kind(problem, burden, lengths, counts)
    return None


def _groups(problem: Problem, burden: int) -> Groups:
    members: dict[tuple[str, str, bool, int], list[int]] = {}
    for index in np.flatnonzero(problem.burden == burden).tolist():
        shift = problem.shifts[index]
        key = (shift.post_id, shift.role.value, shift.is_night, int(problem.minutes[index]))
        members.setdefault(key, []).append(index)
    return Groups(
        np.array([key[3] for key in members], dtype=np.int64),
        np.array([len(shifts) for shifts in members.values()], dtype=np.int64),
        np.array([problem.may[:, shifts].sum(axis=1) for shifts in members.values()], dtype=np.int64).T,
    )


def _solve(problem: Problem, groups: Groups, patterns: Patterns, price: Floats, seconds: float) -> Ints | None:
    """Choose one pattern a GP and a flow that serves them, at the least sum of prices."""
    gps, chosen, lengths = len(problem.gp_ids), len(patterns.gp), np.unique(groups.length)
    flow_gp, flow_group = np.nonzero(groups.open_to)
    flows = len(flow_gp)
    one_each = csr_array((np.ones(chosen), (patterns.gp, np.arange(chosen))), shape=(gps, chosen))
    column_of_length = np.searchsorted(lengths, groups.length)
    served = csr_array(
        (np.ones(flows), (flow_gp * len(lengths) + column_of_length[flow_group], np.arange(flows))),
        shape=(gps * len(lengths), flows),
    )
    picked_row = (patterns.gp[:, None] * len(lengths) + np.arange(len(lengths))).ravel()
    picked = csr_array(
        (patterns.counts.ravel().astype(float), (picked_row, np.repeat(np.arange(chosen), len(lengths)))),
        shape=(gps * len(lengths), chosen),
    )
    filled = csr_array((np.ones(flows), (flow_group, np.arange(flows))), shape=(len(groups.count), flows))
    matrix = vstack(
        [
            hstack([one_each, csr_array((gps, flows))]),
            hstack([picked, -served]),
            hstack([csr_array((len(groups.count), chosen)), filled]),
        ]
    )
    right = np.concatenate([np.ones(gps), np.zeros(gps * len(lengths)), groups.count.astype(float)])
    upper = np.concatenate([np.ones(chosen), groups.open_to[flow_gp, flow_group].astype(float)])
    # the flow is whole by itself once the patterns are, so only these need to be integers
    result = milp(
        np.concatenate([price, np.zeros(flows)]),
        constraints=LinearConstraint(matrix, right, right),
        bounds=Bounds(0, upper),
        integrality=np.concatenate([np.ones(chosen), np.zeros(flows)]),
        options={"mip_rel_gap": ENOUGH_GAP, "time_limit": seconds},
    )
    if result.x is None:
        return None
    taken: Bools = result.x[:chosen] > 0.5
    counts = np.zeros((gps, len(lengths)), dtype=np.int64)
    counts[patterns.gp[taken]] = patterns.counts[taken]
    return counts


def _by_kind(problem: Problem, burden: int, lengths: Ints, counts: Ints) -> Ints:
    quota = np.zeros((len(problem.gp_ids), int(problem.kind.max()) + 1), dtype=np.int64)
    for column, length in enumerate(lengths.tolist()):
        quota[:, _kind(problem, burden, length)] = counts[:, column]
    return quota


def _kind(problem: Problem, burden: int, length: int) -> int:
    return int(problem.kind[(problem.burden == burden) & (problem.minutes == length)][0])
