"""Which offer or want of a GP each duty answers that the GP would take: an assignment, as one may answer several."""

from __future__ import annotations

from collections.abc import Sequence, Set

_UNFIT = 1000


def matched(taken: Sequence[str], must: Sequence[Set[str]], may: Sequence[Set[str]]) -> dict[str, int] | None:
    """The place in `may` of each duty `taken` that no exchange answers; None where they do not all fit.

    `must` has, per duty given in exchange, the duties that its giver would take for it: each gets one. `may` has, per
    place of a want, the duties that would suit it.
    """
    from scipy.optimize import linear_sum_assignment

    if not taken:
        return None if must else {}
    places = [*must, *may]
    cost = [
        [-(place < len(must)) if shift_id in suits else _UNFIT for place, suits in enumerate(places)]
        for shift_id in taken
    ]
    rows, columns = linear_sum_assignment(cost) if places else ((), ())
    chosen = {taken[int(row)]: int(column) for row, column in zip(rows, columns, strict=True)}
    filled = sum(place < len(must) for place in chosen.values())
    fits = all(shift_id in places[place] for shift_id, place in chosen.items())
    if len(chosen) < len(taken) or filled < len(must) or not fits:
        return None
    return {shift_id: place - len(must) for shift_id, place in chosen.items() if place >= len(must)}
