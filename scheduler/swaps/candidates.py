"""Who could take one shift, best first, and who could not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from scheduler.domain.shift import Shift
from scheduler.domain.value import Value
from scheduler.swaps.additions import objections
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import Change, Reason, caused, reason
from scheduler.wishes import gain_of

STEP = 0.5
"""Shifts of deviation that make a difference in the order; within a step wishes and posts decide."""


class Candidate(Value):
    """A GP who may take the shift.

    `deviation` is the GP's in the burden of the shift, in shifts (negative: below the share), before and after;
    `soft` what each soft part would gain on this GP's side (less is better); `at_own_post` whether the shift is at
    the post where the GP does most duties.
    """

    gp_id: str
    deviation: Change
    soft: Mapping[str, float]
    at_own_post: bool

    @property
    def soft_total(self) -> float:
        """What the GP's part of the soft cost would gain."""
        return sum(self.soft.values())

    @property
    def rank(self) -> tuple[int, float, bool, float, str]:
        """Furthest below the share first (in steps of half a shift), then wishes, own post, and the exact share."""
        before = self.deviation[0]
        return round(before / STEP), round(self.soft_total, 6), not self.at_own_post, before, self.gp_id


class Excluded(Value):
    """A GP who may not take the shift, with every reason.

    Where who may work at all or an absence stands in the way, only that is told.
    """

    gp_id: str
    reasons: tuple[Reason, ...]


class Ranking(Value):
    """Everyone who is qualified, but for who has the shift: those who may take it, best first, and the others.

    `holder_reasons` is what handing it over would break on the side of who has it now, whoever takes it.
    """

    shift_id: str
    holder: str | None
    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    holder_reasons: tuple[Reason, ...]

    @property
    def by_rule(self) -> Mapping[str, int]:
        """How many GPs drop out by which rule, the first one for each, most first."""
        return dict(Counter(one.reasons[0].rule for one in self.excluded).most_common())


def rank(situation: Situation, shift_id: str, among: Collection[str] | None = None) -> Ranking:
    """Rank who could take the shift, of all qualified GPs or of those `among` them; KeyError on an unknown shift."""
    shift, holder = situation.shift(shift_id), situation.gp_of.get(shift_id)
    asked = [
        gp_id
        for gp_id in situation.ground.qualified
        if gp_id != holder and (among is None or gp_id in among)
    ]  # fmt: skip
    broken = objections(situation, shift, asked)
    may = [_candidate(situation, gp_id, shift) for gp_id, found in broken.items() if not found]
    return Ranking(
        shift_id=shift_id,
        holder=holder,
        candidates=tuple(sorted(may, key=lambda one: one.rank)),
        excluded=tuple(
            Excluded(gp_id=gp_id, reasons=tuple(reason(situation, violation, (shift_id,)) for violation in found))
            for gp_id, found in broken.items()
            if found
        ),
        holder_reasons=tuple(_of_holder(situation, shift_id, holder)),
    )


def _candidate(situation: Situation, gp_id: str, shift: Shift) -> Candidate:
    before = situation.deviation(gp_id, shift.burden)
    return Candidate(
        gp_id=gp_id,
        deviation=(before, before + shift.hours / situation.ground.mean_hours[shift.burden]),
        soft=gain_of(situation.dossier, gp_id, situation.duties(gp_id), gets=(shift,)),
        at_own_post=situation.own_post(gp_id) in {shift.post_id, None},
    )


def _of_holder(situation: Situation, shift_id: str, holder: str | None) -> Iterator[Reason]:
    if holder is not None:
        moves = [Move(shift_id=shift_id, from_gp=holder)]
        for violation in caused(situation, situation.after(moves), moves):
            if violation.gp_id is not None:
                yield reason(situation, violation, (shift_id,))
