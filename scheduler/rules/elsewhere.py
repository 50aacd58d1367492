"""Duties at another HDS count for the rules on working time; all that is told of them is that the doctor is busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, wraps

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.violation import Violation

Check = Callable[[Dossier, Roster], Iterator[Violation]]
Duties = Mapping[str, tuple[Shift, ...]]
REASON = "elsewhere"
"""The reason of a violation in which a duty elsewhere has part; it comes without figures."""


def across_hds(check: Check) -> Check:
    """The check of a rule on working time, with what doctors do elsewhere among their duties.

    A breach tells of the own shifts alone. What is broken elsewhere just so without them is no breach here: the other
    HDS may have other limits.
    """

    @wraps(check)
    def checked(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
        return _discreet(check, dossier, roster) if dossier.elsewhere else check(dossier, roster)

    return checked


def at_work(dossier: Dossier, doctor: str, shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """A doctor's shifts and duties elsewhere together, in order of start."""
    others = dossier.elsewhere_by_gp.get(doctor)
    if not others:
        return tuple(shifts)
    return tuple(sorted((*shifts, *others), key=lambda shift: (shift.starts_at, shift.id)))


class _AtWork(Roster):
    """Who is on duty when, here or elsewhere."""

    gps: Duties
    trainees: Duties

    @cached_property
    def by_gp(self) -> Duties:
        """The duties of each GP who has one here."""
        return self.gps

    @cached_property
    def by_trainee(self) -> Duties:
        """The duties of each trainee who has one here."""
        return self.trainees


def _discreet(check: Check, dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    busy, foreign = dossier.elsewhere_by_gp, dossier.elsewhere_ids
    if busy.keys().isdisjoint(roster.by_gp) and busy.keys().isdisjoint(roster.by_trainee):
        yield from check(dossier, roster)
        return
    gps, trainees = (
        {doctor: at_work(dossier, doctor, shifts) for doctor, shifts in duties.items()}
        for duties in (roster.by_gp, roster.by_trainee)
    )
    told: set[tuple[str | None, tuple[str, ...]]] = set()
    for violation in check(dossier, _everywhere(gps, trainees)):
        own = tuple(shift_id for shift_id in violation.shift_ids if shift_id not in foreign)
        if len(own) == len(violation.shift_ids):
            yield violation
        elif own and (violation.gp_id, own) not in told and not _is_theirs(check, dossier, violation, own):
            told.add((violation.gp_id, own))
            yield Violation(rule=violation.rule, gp_id=violation.gp_id, shift_ids=own, detail={"reason": REASON})


def _is_theirs(check: Check, dossier: Dossier, violation: Violation, own: tuple[str, ...]) -> bool:
    """Whether the duties elsewhere break the rule in the same way by themselves."""
    doctor = violation.gp_id or ""
    alone = check(dossier, _everywhere({doctor: dossier.elsewhere_by_gp[doctor]}, {}))
    rest = tuple(shift_id for shift_id in violation.shift_ids if shift_id not in own)
    return any(one.shift_ids == rest and one.detail == violation.detail for one in alone)


def _everywhere(gps: Duties, trainees: Duties) -> Roster:
    return _AtWork.model_construct(shifts=(), gp_of={}, trainee_of={}, gps=gps, trainees=trainees)
