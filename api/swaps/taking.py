"""Which offer or want of a GP each duty answers that the GP would take: a matching, as one may answer several."""

from __future__ import annotations

from collections.abc import Sequence, Set


def matched(taken: Sequence[str], must: Sequence[Set[str]], may: Sequence[Set[str]]) -> dict[str, int] | None:
    """The place in `may` of each duty `taken` that no exchange answers; None where they do not all fit.

    `must` has, per duty given in exchange, the duties that its giver would take for it: each gets one. `may` has, per
    place of a want, the duties that would suit it.
    """
    found = _Matching(taken, [*must, *may])
    if not all(found.fill(place, set()) for place in range(len(must))):
        return None
    if not all(found.find(shift_id, set()) for shift_id in taken if shift_id not in found.place_of):
        return None
    return {shift_id: place - len(must) for shift_id, place in found.place_of.items() if place >= len(must)}


class _Matching:
    """Grows one pair at a time along alternating paths; what has a partner keeps one."""

    def __init__(self, taken: Sequence[str], suits: Sequence[Set[str]]) -> None:
        self._taken, self._suits = taken, suits
        self._holds: dict[int, str] = {}
        self.place_of: dict[str, int] = {}

    def _pair(self, shift_id: str, place: int) -> bool:
        self.place_of[shift_id], self._holds[place] = place, shift_id
        return True

    def fill(self, place: int, tried: set[str]) -> bool:
        """Find a duty for a place."""
        for shift_id in self._taken:
            if shift_id in self._suits[place] and shift_id not in tried:
                tried.add(shift_id)
                if shift_id not in self.place_of or self.fill(self.place_of[shift_id], tried):
                    return self._pair(shift_id, place)
        return False

    def find(self, shift_id: str, tried: set[int]) -> bool:
        """Find a place for a duty."""
        for place, those in enumerate(self._suits):
            if shift_id in those and place not in tried:
                tried.add(place)
                if place not in self._holds or self.find(self._holds[place], tried):
                    return self._pair(shift_id, place)
        return False
