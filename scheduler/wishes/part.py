"""What a soft part is: a name and two ways to read its cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift

NEAR_DAYS = 7

CostOf = Callable[[Dossier, str, Sequence[Shift]], float]
"""Cost of one GP's shifts, in order of start: dossier, GP id, all shifts of that GP."""


@dataclass(frozen=True, slots=True)
class WishPart:
    """A soft part: `cost` of a whole roster and `cost_of` one GP's shifts, both in the unit of the weights.

    `is_near`: what a shift adds to it depends on no shifts of the GP but those that start within `NEAR_DAYS` of it.
    """

    name: str
    cost: Callable[[Dossier, Roster], float]
    cost_of: CostOf
    is_near: bool


def summed(cost_of: CostOf, dossier: Dossier, roster: Roster) -> float:
    """The cost over every GP with a shift or a wish: a wish for a shift costs also a GP who has none."""
    return sum(cost_of(dossier, gp_id, shifts) for gp_id, shifts in duties(dossier, roster))


def duties(dossier: Dossier, roster: Roster) -> Iterator[tuple[str, tuple[Shift, ...]]]:
    """Each GP with a shift or a wish, in order of id, with the GP's shifts in order of start."""
    for gp_id in sorted(roster.by_gp.keys() | dossier.wishes_by_gp.keys()):
        yield gp_id, roster.by_gp.get(gp_id, ())
