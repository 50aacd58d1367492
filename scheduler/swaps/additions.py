"""What taking a shift would break in a situation, for many GPs or for one who gives something in return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from scheduler.domain.shift import Shift
from scheduler.explain.objections import ABOUT_ALL, ABOUT_NEAR, besides, broken
from scheduler.explain.objections import objections as objections_of
from scheduler.rules import Violation
from scheduler.swaps.situation import Situation, in_order
from scheduler.swaps.verdict import newly


def objections(situation: Situation, shift: Shift, gp_ids: Iterable[str]) -> dict[str, tuple[Violation, ...]]:
    """Per GP every rule that taking the shift besides the present duties would break; none: may take it."""
    return objections_of(situation.dossier, situation.by_gp, shift, gp_ids)


def broken_near(
    situation: Situation, gp_id: str, shift: Shift, given: Set[str] = frozenset(), also: Sequence[Shift] = ()
) -> tuple[Violation, ...]:
    """What a GP who may do the shift as such breaks by taking it, and those `also` near it, for the shifts `given`.

    Judged are duties near the shift, and own limits.
    """
    dossier = situation.dossier
    questions = [(ABOUT_NEAR, besides(dossier, situation.duties(gp_id), shift, whole=False))]
    if gp_id in dossier.limits_by_gp:
        questions.append((ABOUT_ALL, besides(dossier, situation.duties(gp_id), shift, whole=True)))
    found: list[Violation] = []
    for rules, own in questions:
        kept = [duty for duty in own if duty.id not in given]
        after = broken(dossier, rules, {gp_id: in_order([*kept, *also, shift])}).get(gp_id, ())
        if after:
            found += newly(after, broken(dossier, rules, {gp_id: own}).get(gp_id, ()))
    return tuple(found)
