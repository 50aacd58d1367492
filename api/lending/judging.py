"""May a GP take a shift of a neighbour? The rules of both HDSs are asked, each with what the GP does at the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from api.db.tables.people import Gp
from api.lending import repository
from api.lending.guests import PROVISIONAL, Terms, is_at, terms_of
from api.neighbours.busy import busy_spans, elsewhere_of
from api.neighbours.persons import everyone
from api.swaps.grounds import Field, field_of
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.rules import Violation
from scheduler.swaps.additions import objections
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import newly


@dataclass(frozen=True)
class Applicant:
    """A GP who would do shifts at a neighbour."""

    session: Session
    home: Gp

    def objections(self, field: Field, shift: Shift) -> list[str]:
        """Every reason in Dutch why the GP may not take a shift of the field's HDS; none: the GP may."""
        terms = terms_of(self.session, self.home.hds_id, self.home.number, shift.day)
        if terms is None:
            return [text("lending.no_agreement")]
        if is_at(self.session, field.hds_id, self.home.number):
            return [text("lending.own_gp")]
        there = (_told(one) for one in self._there(field, shift, terms))
        return list(dict.fromkeys([*there, *self.at_home(shift)]))

    def at_home(self, shift: Shift) -> list[str]:
        """What the duties at the own HDS say against a duty elsewhere at this time."""
        return [text("lending.at_home", rule=text(f"terms.rule.{one.rule}")) for one in self._broken_at_home(shift)]

    def _there(self, field: Field, shift: Shift, terms: Terms) -> tuple[Violation, ...]:
        """By the rules of the neighbour, of a guest who need not be one yet."""
        known = repository.guest(self.session, field.hds_id, self.home.number)
        held = field.situation(self.session, [known.gp_number]) if known else field.situation(self.session, [])
        number = known.gp_number if known else 0
        gp_id = field.gp_id.get(number, PROVISIONAL)
        numbers = everyone(self.session, {self.home.number}) - {number}
        dossier = held.dossier
        spans = busy_spans(self.session, dossier.period, numbers, gp_id)
        others = tuple(one for one in dossier.gps if one.id != gp_id)
        asked = dossier.model_copy(update={"gps": (*others, terms.gp(gp_id))})
        asked = asked.replace(agreements=(terms.agreement(gp_id, shift),), elsewhere=spans)
        situation = replace(held, ground=replace(held.ground, dossier=asked), _found={})
        return objections(situation, shift, [gp_id])[gp_id]

    def _broken_at_home(self, shift: Shift) -> Iterator[Violation]:
        busy = BusyElsewhere(
            gp_id=self.home.gp_id, start=shift.start, end=shift.end, is_night=shift.is_night,
            is_standby=shift.is_standby,
        )  # fmt: skip
        for field, situation in self._homes:
            period = field.ground.dossier.period
            known = elsewhere_of(self.session, period, [self.home.number], field.gp_id)
            ground = field.ground.with_elsewhere((*known, busy))
            after = Situation(ground, situation.gp_of, situation.trainee_of, situation.by_gp, situation.by_trainee)
            yield from newly(after.violations(self.home.gp_id), situation.violations(self.home.gp_id))

    @cached_property
    def _homes(self) -> list[tuple[Field, Situation]]:
        """The rosters in force at the own HDS in which the GP has duties."""
        rows = repository.dossiers_of(self.session, self.home.hds_id, self.home.number)
        fields = [field_of(self.session, row) for row in rows]
        return [(field, field.situation(self.session, [self.home.number])) for field in fields]


def _told(violation: Violation) -> str:
    """To the GP, who knows the own duties: the rule is enough."""
    return text("lending.there", rule=text(f"terms.rule.{violation.rule}"))
