"""May a GP take a shift of a neighbour? The rules of both HDSs are asked, each with what the GP does at the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from api.db.tables.people import Gp
from api.lending import repository
from api.lending.guests import PROVISIONAL, Terms, is_at, terms_on
from api.neighbours.busy import busy_spans
from api.neighbours.persons import everyone
from api.swaps.grounds import Field, field_of
from api.swaps.illness import find_illnesses
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.rules import Violation, absence
from scheduler.swaps.additions import objections
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import newly


class Applicant:
    """A GP who would do shifts at neighbours; what is found of a roster serves every question about it."""

    def __init__(self, session: Session, home: Gp) -> None:
        self._session, self._home = session, home
        self._hosts: dict[int, _Host | None] = {}

    def terms_on(self, day: date) -> Terms | None:
        """What the own HDS lets the GP do on a day."""
        return terms_on(self._agreements, day)

    def objections(self, field: Field, shift: Shift) -> list[str]:
        """Every reason in Dutch why the GP may not take a shift of the field's HDS; none: the GP may."""
        terms = self.terms_on(shift.day)
        if terms is None:
            return [text("lending.no_agreement")]
        host = self._host(field)
        if host is None:
            return [text("lending.own_gp")]
        there = (_told("there", one.rule) for one in host.broken(terms, shift))
        return list(dict.fromkeys([*there, *self.at_home(shift)]))

    def at_home(self, shift: Shift) -> list[str]:
        """What the duties at the own HDS, and an illness reported there, say against a duty elsewhere at this time."""
        rules = (absence.NAME,) if self._is_ill(shift) else ()
        return list(dict.fromkeys(_told("at_home", one) for one in (*rules, *self._broken_at_home(shift))))

    def _is_ill(self, shift: Shift) -> bool:
        known = find_illnesses(self._session, self._home.hds_id, shift.starts_at, [self._home.number])
        return any(one.starts_at < shift.ends_at for one in known)

    def _host(self, field: Field) -> _Host | None:
        """The roster of a neighbour; None where the person is a GP already."""
        if field.dossier_id not in self._hosts:
            taken = is_at(self._session, field.hds_id, self._home.number)
            self._hosts[field.dossier_id] = None if taken else _host(self._session, field, self._home)
        return self._hosts[field.dossier_id]

    def _broken_at_home(self, shift: Shift) -> Iterator[str]:
        """The rules that are broken by it."""
        gp_id = self._home.gp_id
        busy = BusyElsewhere(
            gp_id=gp_id, start=shift.start, end=shift.end, is_night=shift.is_night, is_standby=shift.is_standby
        )
        for situation in self._at_home:
            ground = situation.ground.with_elsewhere((*situation.dossier.elsewhere, busy))
            after = replace(situation, ground=ground, _found={}, _soft={}, _post={})
            yield from (one.rule for one in newly(after.violations(gp_id), situation.violations(gp_id)))

    @cached_property
    def _agreements(self) -> Sequence[Any]:
        return repository.homes_of(self._session, self._home.hds_id, self._home.number)

    @cached_property
    def _at_home(self) -> list[Situation]:
        """The rosters in force at the own HDS in which the GP has duties, with what is done outside of each."""
        dossier_ids = repository.dossiers_of(self._session, self._home.hds_id, self._home.number)
        return [field_of(self._session, one).situation(self._session, [self._home.number]) for one in dossier_ids]


@dataclass(frozen=True)
class _Host:
    """A roster of a neighbour for one guest, who need not be one yet: the duties there, and nobody else's data."""

    situation: Situation
    bare: Dossier
    gp_id: str

    def broken(self, terms: Terms, shift: Shift) -> tuple[Violation, ...]:
        """What the guest would break by the rules of the neighbour."""
        dossier = self.bare.replace(gps=(terms.gp(self.gp_id),), agreements=(terms.agreement(self.gp_id, shift),))
        situation = replace(self.situation, ground=replace(self.situation.ground, dossier=dossier), _found={})
        return objections(situation, shift, [self.gp_id])[self.gp_id]


def _host(session: Session, field: Field, home: Gp) -> _Host:
    known = repository.guest(session, field.hds_id, home.number)
    number = known.gp_number if known else 0
    gp_id = field.gp_id.get(number, PROVISIONAL)
    dossier = field.ground.dossier
    spans = busy_spans(session, dossier.period, everyone(session, {home.number}) - {number}, gp_id)
    bare = dossier.replace(
        gps=(), agreements=(), practices=(), absences=(), wishes=(), clinic_days={}, balances=(), limits=(),
        preferences=(), past_holidays=(), payees=(), elsewhere=spans,
    )  # fmt: skip
    return _Host(field.situation(session, [number]), bare, gp_id)


def _told(side: str, rule: str) -> str:
    """To the GP, who knows the own duties: the rule is enough."""
    return text(f"lending.{side}", rule=text(f"terms.rule.{rule}"))
