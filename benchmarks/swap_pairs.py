"""Duties that two GPs can hand to each other again and again, each GP in one pair only: work for many clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.swaps import Move, Situation, is_legal
from scheduler.swaps.candidates import rank


@dataclass(frozen=True)
class Pair:
    """A duty, who performs it at first, and who may take it over as well as give it back."""

    shift_id: str
    first: str
    second: str


def pairs_of(situation: Situation, most: int, seed: int = 1) -> Iterator[Pair]:
    """At most so many pairs, drawn from the second half of the period."""
    taken: set[str] = set()
    shifts = situation.ground.shifts[len(situation.ground.shifts) // 2 :]
    found = 0
    for place in np.random.default_rng(seed).permutation(len(shifts)):
        shift = shifts[int(place)]
        holder = situation.gp_of.get(shift.id)
        if holder is None or holder in taken or found == most:
            continue
        for candidate in rank(situation, shift.id).candidates:
            there = [Move(shift_id=shift.id, from_gp=holder, to_gp=candidate.gp_id)]
            back = [Move(shift_id=shift.id, from_gp=candidate.gp_id, to_gp=holder)]
            if candidate.gp_id not in taken and is_legal(situation, there) and is_legal(situation.after(there), back):
                taken |= {holder, candidate.gp_id}
                found += 1
                yield Pair(shift.id, holder, candidate.gp_id)
                break
