"""What is to be mended: the roster without those who fall out, and what may change in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.errors import MendRefused
from scheduler.fair_shares import fair_shares
from scheduler.fairness import mean_hours
from scheduler.messages import text
from scheduler.model.rules import PRUNE
from scheduler.rules import RULES, coverage
from scheduler.rules.lineup import Lineup


@dataclass(frozen=True)
class Case:
    """A roster with gaps. `dossier` knows of the absences and no longer of the locks that they overrule; `roster` has
    nobody on the `vacated` shifts; `before` is the roster as it was; `movable` are shifts of others that may move.
    `refusals` are the times of single shifts that a GP cannot do: no other shift at that time is for that GP either.
    """

    dossier: Dossier
    before: Roster
    roster: Roster
    vacated: tuple[str, ...]
    movable: frozenset[str]
    absences: tuple[Absence, ...]
    refusals: tuple[Absence, ...]
    lifted_locks: tuple[Lock, ...]
    kept: tuple[str, ...]
    targets: Mapping[tuple[str, Burden], float]
    mean_hours: Mapping[Burden, float]
    _may: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def away(self) -> frozenset[str]:
        """The GPs who fall out."""
        return frozenset(absence.gp_id for absence in (*self.absences, *self.refusals))

    def may(self, shift_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Per shift the GPs whom no rule on one GP and one shift keeps from it."""
        asked = [self.roster.shift_by_id[one] for one in shift_ids if one not in self._may]
        if asked:
            lineup, able = Lineup.of(asked), [set[str]() for _ in asked]
            for gp in self.dossier.gps:
                masks = [mask(self.dossier, gp.id, lineup) for mask in PRUNE.values()]
                for place, allowed in enumerate(zip(*masks, strict=True)):
                    if all(allowed):
                        able[place].add(gp.id)
            for shift, those in zip(asked, able, strict=True):
                refused = {one.gp_id for one in self.refusals if shift.touches(*one.interval)}
                refused.discard(self.roster.gp_of.get(shift.id, ""))
                self._may[shift.id] = frozenset(those - refused)
        return {one: self._may[one] for one in shift_ids}


def case_of(
    dossier: Dossier, roster: Roster, away: Sequence[Absence], vacated: Collection[str], movable: Collection[str],
    since: datetime | None, targets: Mapping[tuple[str, Burden], float] | None,
) -> Case:  # fmt: skip
    """Take in what is asked; raises MendRefused with everything that is wrong with it."""
    refused = list(_objections(dossier, roster, away, vacated, movable, since))
    if refused:
        raise MendRefused(refused)
    absences = tuple(away)
    gone, kept = _fallen_out(roster, absences, vacated, since)
    ids = frozenset(shift.id for shift in gone)
    lifted = tuple(lock for lock in dossier.locks if lock.shift_id in ids)
    with_absences = dossier.replace(
        absences=(*dossier.absences, *absences), locks=tuple(lock for lock in dossier.locks if lock not in lifted)
    )
    remaining = _without(roster, ids, absences, since)
    return Case(
        dossier=with_absences,
        before=roster,
        roster=remaining,
        vacated=tuple(shift.id for shift in gone),
        movable=_movable(with_absences, remaining, movable, since),
        absences=absences,
        refusals=tuple(_refusals(roster, vacated)),
        lifted_locks=lifted,
        kept=tuple(shift.id for shift in kept),
        targets=fair_shares(dossier, roster.shifts).targets if targets is None else targets,
        mean_hours=mean_hours(roster.shifts),
    )


def may_change(shift: Shift, since: datetime | None) -> bool:
    """Whether the shift has not begun at `since`; None: any may change."""
    return since is None or shift.starts_at >= since.astimezone(UTC)


def _refusals(roster: Roster, vacated: Collection[str]) -> Iterator[Absence]:
    """Who cannot do a shift neither gets it back nor another one meanwhile; an own shift at that time stays."""
    for shift_id in sorted(vacated):
        if shift_id in roster.gp_of:
            shift = roster.shift_by_id[shift_id]
            yield Absence(gp_id=roster.gp_of[shift_id], start=shift.start, end=shift.end)


def _fallen_out(
    roster: Roster, absences: Sequence[Absence], vacated: Collection[str], since: datetime | None
) -> tuple[list[Shift], list[Shift]]:
    """The shifts that need somebody, in order of start, and those that had begun and so stay."""
    touched = {
        shift.id
        for absence in absences
        for shift in roster.by_gp.get(absence.gp_id, ())
        if shift.touches(*absence.interval)
    }
    found = [roster.shift_by_id[shift_id] for shift_id in touched | set(vacated)]
    found.sort(key=lambda shift: (shift.starts_at, shift.id))
    return [s for s in found if may_change(s, since)], [s for s in found if not may_change(s, since)]


def _without(roster: Roster, gone: frozenset[str], absences: Sequence[Absence], since: datetime | None) -> Roster:
    """The roster with nobody on the shifts of `gone`, and no trainee who is away or whose trainer is."""
    off = {
        shift.id
        for absence in absences
        for shift in roster.by_trainee.get(absence.gp_id, ())
        if shift.touches(*absence.interval) and may_change(shift, since)
    }
    return Roster(
        shifts=roster.shifts,
        gp_of={one: gp for one, gp in roster.gp_of.items() if one not in gone},
        trainee_of={one: gp for one, gp in roster.trainee_of.items() if one not in gone | off},
    )


def _movable(dossier: Dossier, roster: Roster, movable: Collection[str], since: datetime | None) -> frozenset[str]:
    """What can move of what may: no locks, nothing that has begun, nothing of a GP who breaks a rule already.

    Of such a GP it cannot be said what a shift more or less would do, so those duties stay as they are.
    """
    if not movable:
        return frozenset()
    broken = {
        violation.gp_id for rule in RULES if rule.name != coverage.NAME for violation in rule.check(dossier, roster)
    }
    locked = {lock.shift_id for lock in dossier.locks}
    return frozenset(
        one
        for one in movable
        if one in roster.gp_of
        and one not in locked
        and roster.gp_of[one] not in broken
        and may_change(roster.shift_by_id[one], since)
    )


def _objections(
    dossier: Dossier, roster: Roster, away: Sequence[Absence], vacated: Collection[str], movable: Collection[str],
    since: datetime | None,
) -> Iterator[str]:  # fmt: skip
    for absence in away:
        if absence.gp_id not in dossier.gp_by_id:
            yield text("mend.unknown_gp", gp=absence.gp_id)
        if absence.ends_at <= absence.starts_at:
            yield text("mend.backwards", gp=absence.gp_id, start=absence.start, end=absence.end)
    for shift_id in sorted({*vacated, *movable}):
        if shift_id not in roster.shift_by_id:
            yield text("mend.unknown_shift", shift=shift_id)
    for shift_id in sorted(vacated):
        shift = roster.shift_by_id.get(shift_id)
        if shift and not may_change(shift, since):
            yield text("mend.begun", shift=shift_id, start=shift.start, since=since)
