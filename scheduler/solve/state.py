"""A roster in the making, as arrays that change a whole batch at a time."""

from __future__ import annotations

import numpy as np

from scheduler.solve.elsewhere import NEVER
from scheduler.solve.problem import Ints, Problem

NOBODY = -1


class State:
    """Who does what, with everything the fast reading needs kept up to date.

    In a batch each GP appears at most once, so array updates never collide. `work`, `nights` count non-standby shifts
    per GP and day, `load` their minutes; `first_start` and `night_end` (minutes) belong to the day a shift starts on.
    `hours` are minutes per burden, `count` shifts per kind; `blocked` counts own shifts in conflict with each slot;
    `gain` is the soft cost of a slot, unmet wishes taken off; `keep` says who should keep each shift if possible.
    """

    def __init__(self, problem: Problem) -> None:
        gps, days, slots = len(problem.gp_ids), problem.days.count, len(problem.slots.start)
        self.problem = problem
        self.gp_of = np.full(len(problem.shifts), NOBODY, dtype=np.int64)
        self.keep: Ints | None = None
        self.own: list[set[int]] = [set() for _ in range(gps)]
        self.work = np.zeros((gps, days), dtype=np.int16)
        self.nights = np.zeros((gps, days), dtype=np.int16)
        self.load = np.zeros((gps, days), dtype=np.int32)
        self.first_start = np.full((gps, days), NEVER, dtype=np.int32)
        self.night_end = np.zeros((gps, days), dtype=np.int32)
        self.blocked = np.zeros((gps, slots), dtype=np.int16)
        self.gain = problem.personal.copy()
        self.hours = np.zeros((gps, len(problem.burdens)), dtype=np.int64)
        self.count = np.zeros((gps, int(problem.kind.max()) + 1), dtype=np.int64)
        self.met = np.zeros(len(problem.prefer.gp), dtype=np.int64)
        for wish in range(len(self.met)):
            self._wish_open(wish, opened=True)

    def load_roster(self, gp_of: Ints) -> None:
        """Add every shift that `gp_of` gives to a GP and that nobody has here yet."""
        for shift in np.flatnonzero((gp_of >= 0) & (self.gp_of < 0)).tolist():
            self.add(np.array([gp_of[shift]]), np.array([shift]))

    def add(self, gps: Ints, shifts: Ints) -> None:
        """Give `shifts[n]` to GP `gps[n]`."""
        self._change(gps, shifts, 1)
        self.gp_of[shifts] = gps
        for gp, shift in zip(gps.tolist(), shifts.tolist(), strict=True):
            self.own[gp].add(shift)
        duty = ~self.problem.standby[shifts]
        slots = self.problem.slots
        g, k = gps[duty], self.problem.slot[shifts[duty]]
        d = slots.day[k]
        self.first_start[g, d] = np.minimum(self.first_start[g, d], slots.start[k])
        self.night_end[g, d] = np.maximum(self.night_end[g, d], np.where(slots.night[k], slots.end[k], 0))

    def remove(self, gps: Ints, shifts: Ints) -> None:
        """Take `shifts[n]` from GP `gps[n]`, who has it."""
        self._change(gps, shifts, -1)
        self.gp_of[shifts] = NOBODY
        slots = self.problem.slots
        for gp, shift in zip(gps.tolist(), shifts.tolist(), strict=True):
            self.own[gp].discard(shift)
        duty = ~self.problem.standby[shifts]
        g, d = gps[duty], slots.day[self.problem.slot[shifts[duty]]]
        self.first_start[g, d] = NEVER
        self.night_end[g, d] = 0
        for n in np.flatnonzero(self.work[g, d] > 0).tolist():
            self._recount_day(int(g[n]), int(d[n]))

    def _recount_day(self, gp: int, day: int) -> None:
        slots = self.problem.slots
        for shift in self.own[gp]:
            k = self.problem.slot[shift]
            if slots.day[k] == day and not slots.standby[k]:
                self.first_start[gp, day] = min(self.first_start[gp, day], slots.start[k])
                if slots.night[k]:
                    self.night_end[gp, day] = max(self.night_end[gp, day], slots.end[k])

    def _change(self, gps: Ints, shifts: Ints, sign: int) -> None:
        problem, slots = self.problem, self.problem.slots
        k = problem.slot[shifts]
        if sign > 0:
            self.blocked[gps] += slots.conflict[k]
        else:
            self.blocked[gps] -= slots.conflict[k]
        self.hours[gps, problem.burden[shifts]] += sign * problem.minutes[shifts]
        self.count[gps, problem.kind[shifts]] += sign
        duty = ~slots.standby[k]
        g, kd = gps[duty], k[duty]
        d = slots.day[kd]
        self.work[g, d] += sign
        self.nights[g, d] += sign * slots.night[kd].astype(np.int16)
        self.load[g, d] += (sign * slots.minutes[kd]).astype(np.int32)
        self._change_wishes(gps, k, sign)

    def _change_wishes(self, gps: Ints, k: Ints, sign: int) -> None:
        prefer = self.problem.prefer
        if not len(prefer.gp):
            return
        slot_of = np.full(len(self.problem.gp_ids), -1, dtype=np.int64)
        slot_of[gps] = k
        theirs = slot_of[prefer.gp]
        hits = np.flatnonzero((theirs >= 0) & prefer.met_by[np.arange(len(theirs)), theirs])
        for wish in hits.tolist():
            self.met[wish] += sign
            if sign > 0 and self.met[wish] == 1:
                self._wish_open(wish, opened=False)
            elif sign < 0 and self.met[wish] == 0:
                self._wish_open(wish, opened=True)

    def _wish_open(self, wish: int, *, opened: bool) -> None:
        prefer = self.problem.prefer
        weight = prefer.weight[wish]
        self.gain[prefer.gp[wish]] += np.where(prefer.met_by[wish], -weight if opened else weight, 0).astype(np.float32)

    def become(self, gp_of: Ints) -> None:
        """Change to another assignment of the same problem, touching only what differs."""
        changed = self.gp_of != gp_of
        for shift in np.flatnonzero(changed & (self.gp_of != NOBODY)).tolist():
            self.remove(self.gp_of[shift : shift + 1].copy(), np.array([shift]))
        self.load_roster(np.where(changed, gp_of, NOBODY))
