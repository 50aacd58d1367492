"""A CP-SAT model of the shifts of a window: who may do which, beside what is given already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.model.duty import Duty, active

Literal = cp_model.IntVar
Tail = Callable[[Shift], float]
"""Hours after a shift in which no other non-standby shift of the doctor may start."""


@dataclass
class RosterModel:
    """Variables of a window and what posting functions need to speak of them.

    `x[shift id, GP id]` and `y[shift id, trainee id]` exist only where the doctor may do the shift by itself;
    `unfilled[shift id]` is true where a shift of the window stays open. `duties` holds for each GP, in order of start,
    the shifts that have a variable together with the shifts given already outside the window; `beside` the same for
    each trainee. What is given is not judged: constraints bind the window's shifts only, so that a window without
    locks always has a solution, with every shift open.
    """

    dossier: Dossier
    shifts: tuple[Shift, ...]
    model: cp_model.CpModel
    x: dict[tuple[str, str], Literal]
    y: dict[tuple[str, str], Literal]
    unfilled: dict[str, Literal]
    duties: dict[str, list[Duty]]
    beside: dict[str, list[Duty]]
    true: Literal
    gp_ids: tuple[str, ...]
    trainee_ids: tuple[str, ...]
    tails: list[Tail] = field(default_factory=list)
    keeps_apart: bool = False
    any_literals: list[tuple[Literal, Sequence[Duty]]] = field(default_factory=list)

    def everyone(self) -> Iterator[list[Duty]]:
        """The duties of each GP and of each trainee at this HDS."""
        return chain(self.duties.values(), self.beside.values())

    def at_work(self) -> Iterator[list[Duty]]:
        """The same with what they do at other HDSs, as given: what the rules on working time speak of."""
        for doctor, duties in chain(self.duties.items(), self.beside.items()):
            if elsewhere := self.dossier.elsewhere_by_gp.get(doctor):
                given = (Duty(shift, self.true, True) for shift in elsewhere)
                yield sorted([*duties, *given], key=lambda duty: (duty.shift.starts_at, duty.shift.id))
            else:
                yield duties

    def any_of(self, duties: Sequence[Duty]) -> Literal | None:
        """A literal that is true when any of the duties is taken; None when one is given, so that it is always true.

        It may be true without need: use it where being true costs or forbids something.
        """
        if any(duty.is_given for duty in duties):
            return None
        if len(duties) == 1:
            return duties[0].taken
        found = self.model.new_bool_var("")
        for duty in duties:
            self.model.add_implication(duty.taken, found)
        self.any_literals.append((found, duties))
        return found

    def whether_any(self, duties: Sequence[Duty]) -> Literal:
        """A literal that is true exactly when any of the duties is taken."""
        found = self.any_of(duties)
        if found is None:
            return self.true
        if len(duties) > 1:
            self.model.add_bool_or([~found, *(duty.taken for duty in duties)])
        return found

    def not_all(self, literals: Iterable[Literal | None], unless: Iterable[Duty] = ()) -> None:
        """Not all of `literals` are true (None: always true), unless one of the duties `unless` is taken.

        Silent where nothing is left to decide.
        """
        exceptions = list(unless)
        open_ones = [~literal for literal in literals if literal is not None]
        if open_ones and not any(duty.is_given for duty in exceptions):
            self.model.add_bool_or([*open_ones, *(duty.taken for duty in exceptions)])

    def at_most(self, most: int, weighted: Sequence[tuple[int, Duty]]) -> None:
        """The taken duties weigh at most `most` together; when what is given weighs more already, nothing is added."""
        room = max(0, most - sum(weight for weight, duty in weighted if duty.is_given))
        free = [(weight, duty.taken) for weight, duty in weighted if not duty.is_given]
        if sum(weight for weight, _ in free) > room:
            weights, literals = [weight for weight, _ in free], [literal for _, literal in free]
            self.model.add(cp_model.LinearExpr.weighted_sum(literals, weights) <= room)

    def only_one(self, duties: Sequence[Duty]) -> None:
        """At most one of the duties is taken; none but the given one where one is."""
        free = [duty.taken for duty in duties if not duty.is_given]
        if len(free) < len(duties):
            for literal in free:
                self.model.add(literal == 0)
        elif len(free) > 1:
            self.model.add_at_most_one(free)

    def hours_apart(self, shift: Shift) -> float:
        """Hours after a non-standby shift in which the rules posted so far let no other start."""
        return max((tail(shift) for tail in self.tails), default=0.0)

    def post_separation(self) -> None:
        """Post what the rules on rest and overlap have asked for, as cliques of shifts that exclude each other.

        Together, since the clique of the longest rest holds those of the shorter ones.
        """
        for duties in self.at_work():
            if self.tails:
                worked = active(duties)
                for clique in cliques(worked, lambda shift: shift.ends_at + timedelta(hours=self.hours_apart(shift))):
                    self.only_one(clique)
            if self.keeps_apart:
                for clique in cliques(duties, lambda shift: shift.ends_at):
                    if not self.tails or any(duty.shift.is_standby for duty in clique):
                        self.only_one(clique)

    def roster(self, value: Callable[[Literal], bool | int]) -> Roster:
        """The window's shifts as a roster; `value` is `solver.boolean_value` or `solver.value`."""
        return Roster(
            shifts=self.shifts,
            gp_of={shift_id: gp_id for (shift_id, gp_id), literal in self.x.items() if value(literal)},
            trainee_of={shift_id: gp_id for (shift_id, gp_id), literal in self.y.items() if value(literal)},
        )

    def hint(self, roster: Roster) -> None:
        """Hint who does what with the way `roster` has it, in place of earlier hints.

        Every variable that the rules have made is hinted too; those of an objective are left to the solver.
        """
        who = [(self.x, roster.gp_of), (self.y, roster.trainee_of)]
        hints = {
            literal.index: int(names.get(shift_id) == doctor)
            for literals, names in who
            for (shift_id, doctor), literal in literals.items()
        }
        hints |= {literal.index: int(shift_id not in roster.gp_of) for shift_id, literal in self.unfilled.items()}
        hints |= {
            found.index: int(any(hints[duty.taken.index] for duty in duties)) for found, duties in self.any_literals
        }
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in hints.items():
            self.model.add_hint(self.model.get_bool_var_from_proto_index(index), value)

    def fix(self, gp_of: Mapping[str, str], trainee_of: Mapping[str, str] | None = None) -> bool:
        """Fix who does what in the window to this; False where somebody may not do a shift that is theirs here."""
        given = trainee_of or {}
        for (shift_id, gp_id), literal in self.x.items():
            self.model.add(literal == int(gp_of.get(shift_id) == gp_id))
        for (shift_id, gp_id), literal in self.y.items():
            self.model.add(literal == int(given.get(shift_id) == gp_id))
        ids = [shift.id for shift in self.shifts]
        able = all((i, gp_of[i]) in self.x for i in ids if i in gp_of)
        return able and all((i, given[i]) in self.y for i in ids if i in given)


def cliques(duties: Sequence[Duty], until: Callable[[Shift], datetime]) -> list[list[Duty]]:
    """The largest sets of duties of which each two exclude each other, each of two duties or more.

    Two exclude each other when one starts in `[start, until)` of the other: an interval graph, whose largest cliques
    are found at the moments just before an interval ends. `duties` are in order of start.
    """
    found: list[list[Duty]] = []
    alive: list[tuple[datetime, Duty]] = []
    for duty in duties:
        start = duty.shift.starts_at
        staying = [one for one in alive if one[0] > start]
        if 1 < len(alive) > len(staying):
            found.append([one for _, one in alive])
        alive = [*staying, (until(duty.shift), duty)]
    if len(alive) > 1:
        found.append([one for _, one in alive])
    return found
