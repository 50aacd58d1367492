"""Moves: shifts that change hands; a swap is a set of them, judged and done as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.domain.value import Value
from scheduler.errors import OutdatedMoves, UnsoundMoves
from scheduler.messages import text


class Move(Value):
    """One shift goes from who has it now to another GP.

    Without `from_gp` an open shift is picked up; without `to_gp` the shift is given back and stays open.
    """

    shift_id: str
    from_gp: str | None = None
    to_gp: str | None = None

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.from_gp or '-'} -> {self.to_gp or '-'}"


def refuse_unsound(
    dossier: Dossier, shift_by_id: Mapping[str, Shift], gp_of: Mapping[str, str], moves: Sequence[Move]
) -> None:
    """Raise when the moves cannot be judged at all, naming everything that is wrong with them.

    UnsoundMoves: none, an unknown shift or GP, one shift twice, a move to who has the shift already.
    OutdatedMoves, where that is all: a shift is by now somebody else's than the move says.
    """
    unsound = list(_unsound(dossier, shift_by_id, moves))
    outdated = [
        text("swaps.outdated", shift=move.shift_id)
        for move in moves
        if move.shift_id in shift_by_id and gp_of.get(move.shift_id) != move.from_gp
    ]
    if unsound:
        raise UnsoundMoves([*unsound, *outdated])
    if outdated:
        raise OutdatedMoves(outdated)


def _unsound(dossier: Dossier, shift_by_id: Mapping[str, Shift], moves: Sequence[Move]) -> Iterator[str]:
    if not moves:
        yield text("swaps.unsound.empty")
    for shift_id, times in Counter(move.shift_id for move in moves).items():
        if shift_id not in shift_by_id:
            yield text("swaps.unsound.shift", shift=shift_id)
        if times > 1:
            yield text("swaps.unsound.twice", shift=shift_id)
    for gp_id in dict.fromkeys(gp_id for move in moves for gp_id in (move.from_gp, move.to_gp)):
        if gp_id is not None and gp_id not in dossier.gp_by_id:
            yield text("swaps.unsound.gp", gp=gp_id)
    for move in moves:
        if move.from_gp == move.to_gp:
            yield text("swaps.unsound.nowhere", shift=move.shift_id)
