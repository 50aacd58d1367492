"""The immediate verdict on edits by hand, by the same judgement as every swap and every roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.rosters.content import Content
from api.rosters.edit_schemas import LeftBehind, Party, Reason
from api.rosters.figures import figures_of
from api.rosters.overlaps import double_bookings
from api.rosters.schemas import Change
from scheduler.rules import Violation
from scheduler.swaps import Situation
from scheduler.swaps.verdict import difference, newly, reason
from scheduler.verify import verify

_SAME = 1e-9


@dataclass(frozen=True)
class Judged:
    """A version before and after a set of edits."""

    before: Content
    after: Content

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """The shifts with another GP or another trainee."""
        old, new = self.before.roster, self.after.roster
        return tuple(
            shift.id
            for shift in new.shifts
            if old.gp_of.get(shift.id) != new.gp_of.get(shift.id)
            or old.trainee_of.get(shift.id) != new.trainee_of.get(shift.id)
        )

    @cached_property
    def doctors(self) -> tuple[str, ...]:
        """Every GP and trainee whose duties change, or beside whom somebody else stands, in the order of the shifts."""
        sides = (self.before.roster, self.after.roster)
        found = (
            who.get(shift_id) for shift_id in self.touched for side in sides for who in (side.gp_of, side.trainee_of)
        )
        return tuple(dict.fromkeys(doctor for doctor in found if doctor is not None))

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The figures of the whole version after the edits."""
        roster = self.after.roster
        verdict = verify(self.after.dossier, roster, self.after.basis.shares.targets)
        return figures_of(verdict, len(roster.shifts))

    @cached_property
    def _old(self) -> Situation:
        return self._situation(self.before)

    @cached_property
    def _new(self) -> Situation:
        return self._situation(self.after)

    def _situation(self, content: Content) -> Situation:
        return Situation.of(content.dossier, content.roster, content.basis.shares.targets)

    @cached_property
    def broken(self) -> tuple[Violation, ...]:
        """The hard rules that the edits break."""
        return tuple(_newly(self._old, self._new, self.doctors, self.touched))

    @cached_property
    def mended(self) -> tuple[Violation, ...]:
        """The hard rules that were broken and no longer are."""
        return tuple(_newly(self._new, self._old, self.doctors, self.touched))

    @property
    def can_be_saved(self) -> bool:
        """Whether no GP would be in two places at once; a trainee may be, which is shown."""
        return not double_bookings(self.after.dossier, self.after.roster)

    def reasons(self, violations: tuple[Violation, ...]) -> list[Reason]:
        """Violations as callers see them."""
        told = (reason(self._new, violation, self.touched) for violation in violations)
        return [
            Reason(
                rule=one.rule, rule_name=one.rule_name, gp_id=one.gp_id, moved=list(one.moved),
                others=list(one.others), text=one.text,
            )
            for one in told
        ]  # fmt: skip

    def parties(self) -> Iterator[Party]:
        """What changes for each GP who gives or takes a shift."""
        for gp_id in self.doctors:
            if self._old.duties(gp_id) != self._new.duties(gp_id):
                yield self._party(gp_id)

    def _party(self, gp_id: str) -> Party:
        had, has = self._old.hours(gp_id), self._new.hours(gp_id)
        changed = [burden for burden in had if abs(had[burden] - has[burden]) > _SAME]
        return Party(
            gp_id=gp_id,
            hours={burden.value: Change(before=had[burden], after=has[burden]) for burden in changed},
            deviation={
                burden.value: Change(
                    before=self._old.deviation(gp_id, burden), after=self._new.deviation(gp_id, burden)
                )
                for burden in changed
            },
            soft_cost=difference(self._old.soft(gp_id), self._new.soft(gp_id)),
        )

    def left_behind(self) -> Iterator[LeftBehind]:
        """The trainees who lose a shift."""
        old, new = self.before.roster, self.after.roster
        for shift_id in self.touched:
            trainee = old.trainee_of.get(shift_id)
            if trainee is not None and new.trainee_of.get(shift_id) != trainee:
                yield LeftBehind(trainee_gp_id=trainee, shift_id=shift_id, hours=new.shift_by_id[shift_id].hours)


def _newly(
    before: Situation, after: Situation, doctors: tuple[str, ...], shift_ids: tuple[str, ...]
) -> Iterator[Violation]:
    """The violations of these doctors, and of these shifts where nobody does them, that were not there before."""
    for doctor in doctors:
        yield from newly(after.violations(doctor), before.violations(doctor))
    for shift_id in shift_ids:
        yield from newly(after.open_violations(shift_id), before.open_violations(shift_id))
