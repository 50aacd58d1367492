"""Random sets of moves on a random roster."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.swaps import Move


@st.composite
def deals(draw: st.DrawFn, dossier: Dossier, roster: Roster) -> tuple[Move, ...]:
    """One to six moves: handovers, exchanges, shifts given back and open shifts picked up, legal or not."""
    first = draw(st.integers(0, len(roster.shifts) - 1))
    near = roster.shifts[max(0, first - 8) : first + 8]
    shift_ids = draw(st.lists(st.sampled_from([s.id for s in near]), min_size=1, max_size=6, unique=True))
    moves = []
    for shift_id in shift_ids:
        now = roster.gp_of.get(shift_id)
        others = [gp for gp in (None, *(gp.id for gp in dossier.gps)) if gp != now]
        moves.append(Move(shift_id=shift_id, from_gp=now, to_gp=draw(st.sampled_from(others))))
    return tuple(moves)


def done(roster: Roster, moves: Sequence[Move]) -> Roster:
    """The roster after the moves, made shift by shift."""
    for move in moves:
        roster = roster.with_gp(move.shift_id, move.to_gp)
    return roster
