"""A roster in force, opened once for many questions about swaps, and cheap to look at as it would be after one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.domain.availability import Absence, BusyElsewhere
from scheduler.domain.colleagues import as_known_to
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.explain.candidates import qualified
from scheduler.explain.words import shift_name
from scheduler.fair_shares import fair_shares
from scheduler.fairness import Cell, mean_hours
from scheduler.rules import RULES, Rule, Violation, coverage
from scheduler.swaps.moves import Move, refuse_unsound
from scheduler.swaps.pay import ShiftPay
from scheduler.wishes import parts_of

if TYPE_CHECKING:
    from scheduler.payout import TariffTable

_JUDGED: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.name != coverage.NAME)
"""The rules of `scheduler.verify`: an open shift is no breach."""


@dataclass(frozen=True)
class Ground:
    """What no swap changes: dossier, shifts, targets (hours), what one shift of a burden stands for, and pay."""

    dossier: Dossier
    shifts: tuple[Shift, ...]
    shift_by_id: Mapping[str, Shift]
    given_targets: Mapping[Cell, float] | None
    pay: ShiftPay | None
    _names: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    _plain: Ground | None = field(default=None, repr=False, compare=False)
    # never taken along by `replace`: what a dossier with other duties elsewhere costs is another matter
    _soft: dict[str, tuple[tuple[Shift, ...], Mapping[str, float]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def soft(self, gp_id: str, duties: tuple[Shift, ...]) -> Mapping[str, float]:
        """What each soft part costs for a GP with these duties; known at once while the GP has the same ones."""
        known = self._soft.get(gp_id)
        if known is None or known[0] != duties:
            known = self._soft[gp_id] = duties, parts_of(self.dossier, gp_id, duties)
        return known[1]

    def with_elsewhere(self, elsewhere: Sequence[BusyElsewhere]) -> Ground:
        """The same ground where these GPs are on duty at other HDSs; what is found of shares serves both."""
        if not elsewhere and not self.dossier.elsewhere:
            return self
        return replace(self, dossier=self.dossier.with_elsewhere(elsewhere), _plain=self._plain or self)

    def with_absences(self, absences: Sequence[Absence]) -> Ground:
        """The same ground where these GPs cannot come either; shares stay what they were."""
        if not absences:
            return self
        return replace(self, dossier=self.dossier.with_more_absences(absences), _plain=self._plain or self)

    def as_known_to(self, reader: str | None) -> Ground:
        """The same ground as far as one doctor knows it (`scheduler.domain.colleagues`); shares stay what they were."""
        return replace(self, dossier=as_known_to(self.dossier, reader), _plain=self._plain or self)

    def name(self, shift_id: str) -> str:
        """A shift as an explanation names it."""
        if shift_id not in self._names:
            self._names[shift_id] = shift_name(self.shift_by_id[shift_id])
        return self._names[shift_id]

    @cached_property
    def targets(self) -> Mapping[Cell, float]:
        """Hours meant for each GP and burden."""
        if self._plain is not None:
            return self._plain.targets
        if self.given_targets is not None:
            return self.given_targets
        return fair_shares(self.dossier, self.shifts).targets

    @cached_property
    def mean_hours(self) -> Mapping[Burden, float]:
        """Mean hours of a shift, per burden that has any."""
        return mean_hours(self.shifts) if self._plain is None else self._plain.mean_hours

    @cached_property
    def qualified(self) -> tuple[str, ...]:
        """The GPs who may be on duty at all."""
        return qualified(self.dossier) if self._plain is None else self._plain.qualified


@dataclass(frozen=True)
class Situation:
    """Who does which shift, indexed per GP; never changed, `after` gives the next one and shares what stays alike.

    What is found about a doctor (violations, soft cost, hours) is remembered, and handed on for whom a swap leaves
    untouched. Build it with `Situation.of`; a service keeps one per roster in force.
    """

    ground: Ground
    gp_of: Mapping[str, str]
    trainee_of: Mapping[str, str]
    by_gp: Mapping[str, tuple[Shift, ...]]
    by_trainee: Mapping[str, tuple[Shift, ...]]
    _found: dict[str, tuple[Violation, ...]] = field(default_factory=dict, repr=False, compare=False)
    _soft: dict[str, Mapping[str, float]] = field(default_factory=dict, repr=False, compare=False)
    _post: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        dossier: Dossier,
        roster: Roster,
        targets: Mapping[Cell, float] | None = None,
        tariffs: TariffTable | None = None,
    ) -> Situation:
        """Open a roster that holds all shifts of the period.

        `targets` (hours) are computed when they are first needed where they are not given; without `tariffs` nothing
        is said about pay.
        """
        pay = None if tariffs is None else ShiftPay(dossier, tariffs)
        ground = Ground(dossier, roster.shifts, roster.shift_by_id, targets, pay)
        return cls(ground, roster.gp_of, roster.trainee_of, roster.by_gp, roster.by_trainee)

    @property
    def dossier(self) -> Dossier:
        """The dossier whose rules hold."""
        return self.ground.dossier

    @cached_property
    def roster(self) -> Roster:
        """The whole roster."""
        return Roster(shifts=self.ground.shifts, gp_of=self.gp_of, trainee_of=self.trainee_of)

    def shift(self, shift_id: str) -> Shift:
        """The shift with this id; KeyError where there is none."""
        return self.ground.shift_by_id[shift_id]

    def as_known_to(self, reader: str | None) -> Situation:
        """The same situation as far as one doctor knows it: a verdict in it tells nothing private of colleagues."""
        return replace(self, ground=self.ground.as_known_to(reader), _found={}, _soft={}, _post={})

    def duties(self, gp_id: str) -> tuple[Shift, ...]:
        """The shifts of a GP in order of start."""
        return self.by_gp.get(gp_id, ())

    def after(self, moves: Sequence[Move]) -> Situation:
        """The situation once all `moves` are done; a trainee stays behind where the trainer hands the shift over.

        Raises UnsoundMoves or OutdatedMoves, as `refuse_unsound` says.
        """
        refuse_unsound(self.dossier, self.ground.shift_by_id, self.gp_of, moves)
        moved = {move.shift_id for move in moves}
        gp_of = {**self.gp_of, **{move.shift_id: move.to_gp for move in moves if move.to_gp is not None}}
        for move in moves:
            if move.to_gp is None:
                del gp_of[move.shift_id]
        left = {self.trainee_of[shift_id] for shift_id in moved if shift_id in self.trainee_of}
        trainee_of = {sid: gp for sid, gp in self.trainee_of.items() if sid not in moved} if left else self.trainee_of
        involved = involved_gps(moves)
        touched = left.union(involved)
        return Situation(
            self.ground,
            gp_of,
            trainee_of,
            {**self.by_gp, **{gp_id: self._next_duties(gp_id, moves) for gp_id in involved}},
            {**self.by_trainee, **{gp_id: _without(self.by_trainee[gp_id], moved) for gp_id in left}},
            {doctor: found for doctor, found in self._found.items() if doctor not in touched},
            {gp_id: cost for gp_id, cost in self._soft.items() if gp_id not in touched},
            {gp_id: post for gp_id, post in self._post.items() if gp_id not in touched},
        )

    def _next_duties(self, gp_id: str, moves: Sequence[Move]) -> tuple[Shift, ...]:
        given = {move.shift_id for move in moves if move.from_gp == gp_id}
        taken = [self.shift(move.shift_id) for move in moves if move.to_gp == gp_id]
        return in_order([*_without(self.duties(gp_id), given), *taken])

    def violations(self, doctor: str) -> tuple[Violation, ...]:
        """Every rule that the duties of one GP or trainee break."""
        if doctor not in self._found:
            self._found[doctor] = (*broken_with(self.dossier, doctor, self.duties(doctor)), *self._as_trainee(doctor))
        return self._found[doctor]

    def open_violations(self, shift_id: str) -> tuple[Violation, ...]:
        """What is broken by nobody doing this shift (a lock on it); nothing where somebody does it."""
        if shift_id in self.gp_of:
            return ()
        alone = Roster(shifts=(self.shift(shift_id),))
        return tuple(violation for rule in _JUDGED for violation in rule.check(self.dossier, alone))

    def _as_trainee(self, doctor: str) -> tuple[Violation, ...]:
        shifts = self.by_trainee.get(doctor, ())
        if not shifts:
            return ()
        trainers = {shift.id: self.gp_of[shift.id] for shift in shifts if shift.id in self.gp_of}
        beside = Roster(shifts=shifts, gp_of=trainers, trainee_of={shift.id: doctor for shift in shifts})
        return tuple(v for rule in _JUDGED for v in rule.check(self.dossier, beside) if v.gp_id == doctor)

    def soft(self, gp_id: str) -> Mapping[str, float]:
        """What each soft part costs for one GP."""
        if gp_id not in self._soft:
            self._soft[gp_id] = self.ground.soft(gp_id, self.duties(gp_id))
        return self._soft[gp_id]

    def hours(self, gp_id: str) -> dict[Burden, float]:
        """A GP's hours of each burden that the roster has."""
        hours = dict.fromkeys(self.ground.mean_hours, 0.0)
        for shift in self.duties(gp_id):
            hours[shift.burden] += shift.hours
        return hours

    def own_post(self, gp_id: str) -> str | None:
        """The post where a GP does most hours; without duties the only post of the agreements, None where unknown.

        The nearest to distance that a dossier knows: it has no addresses.
        """
        if gp_id not in self._post:
            self._post[gp_id] = self._most_worked(gp_id)
        return self._post[gp_id]

    def _most_worked(self, gp_id: str) -> str | None:
        minutes: Counter[str] = Counter()
        for shift in self.duties(gp_id):
            minutes[shift.post_id] += round(shift.hours * 60)
        if minutes:
            return min(minutes, key=lambda post: (-minutes[post], post))
        posts = {post for row in self.dossier.agreements_by_gp.get(gp_id, ()) for post in row.posts}
        return posts.pop() if len(posts) == 1 else None

    def deviation(self, gp_id: str, burden: Burden) -> float:
        """How far a GP is from the target for one burden, in shifts (positive: does more)."""
        given = sum(shift.hours for shift in self.duties(gp_id) if shift.burden is burden)
        return (given - self.ground.targets.get((gp_id, burden), 0.0)) / self.ground.mean_hours[burden]


def broken_with(dossier: Dossier, gp_id: str, shifts: Iterable[Shift]) -> tuple[Violation, ...]:
    """Every rule that a GP with these duties, and no other ones, would break; asked of the rules' own checks."""
    own = tuple(shifts)
    if not own:
        return ()
    alone = Roster(shifts=own, gp_of={shift.id: gp_id for shift in own})
    return tuple(violation for rule in _JUDGED for violation in rule.check(dossier, alone))


def involved_gps(moves: Iterable[Move]) -> tuple[str, ...]:
    """Every GP who gives or takes a shift, in the order of the moves."""
    return tuple(dict.fromkeys(gp for move in moves for gp in (move.from_gp, move.to_gp) if gp is not None))


def in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Shifts in the order in which a roster lists the duties of a GP."""
    return tuple(sorted(shifts, key=lambda shift: (shift.starts_at, shift.id)))


def _without(shifts: Iterable[Shift], shift_ids: set[str]) -> tuple[Shift, ...]:
    return tuple(shift for shift in shifts if shift.id not in shift_ids)
