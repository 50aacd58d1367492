"""The cheapest exchange of a shift against a like one, by which nobody's hours of any burden change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.value import Value
from scheduler.explain.candidates import Candidates, Ledger, first_broken, together

MOST_PARTNERS = 12
"""Partners looked at: those whom the shift itself suits best. More would take long and seldom find better."""


class Exchange(Value):
    """The GP's shift against a shift of the same burden and length of another GP; `soft` as in `Taker`."""

    gp_id: str
    shift: Shift
    soft: Mapping[str, float]

    @property
    def soft_total(self) -> float:
        """What the soft cost as a whole would gain."""
        return sum(self.soft.values())


def cheapest_exchange(ledger: Ledger, candidates: Candidates) -> Exchange | None:
    """The exchange of a filled shift that costs least of the wishes and breaks no rule; None where none was found.

    Partners are sought among those who could take the shift as the roster stands.
    """
    present = candidates.gp_id
    if present is None:
        return None
    partners = sorted(candidates.takers, key=lambda taker: (taker.soft_total, taker.gp_id))
    offers = [
        exchange
        for taker in partners[:MOST_PARTNERS]
        for exchange in _offers(ledger, candidates.shift, present, taker.gp_id)
    ]
    offers.sort(key=lambda those: (those.soft_total, those.gp_id, those.shift.id))
    without = _less(ledger.roster, present, candidates.shift)
    return next((offer for offer in offers if _is_legal(ledger, candidates.shift, present, without, offer)), None)


def _offers(ledger: Ledger, shift: Shift, present: str, partner: str) -> Iterator[Exchange]:
    """Every like shift of the partner, rules left aside: costs are read faster than rules."""
    locked = {lock.shift_id for lock in ledger.dossier.locks}
    for other in ledger.roster.by_gp.get(partner, ()):
        if other.burden is shift.burden and other.hours == shift.hours and other.id not in locked:
            mine = ledger.soft_change(present, gained=other, given=shift)
            theirs = ledger.soft_change(partner, gained=shift, given=other)
            yield Exchange(gp_id=partner, shift=other, soft=together(mine, theirs))


def _is_legal(ledger: Ledger, shift: Shift, present: str, without: Roster, offer: Exchange) -> bool:
    if first_broken(ledger.dossier, without, present, offer.shift) is not None:
        return False
    partners = _less(ledger.roster, offer.gp_id, offer.shift)
    return first_broken(ledger.dossier, partners, offer.gp_id, shift) is None


def _less(roster: Roster, gp_id: str, shift: Shift) -> Roster:
    own = tuple(duty for duty in roster.by_gp.get(gp_id, ()) if duty.id != shift.id)
    return Roster(shifts=own, gp_of={duty.id: gp_id for duty in own})
