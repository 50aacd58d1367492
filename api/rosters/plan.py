"""What publishing a version would put in force: worked out apart from the database, so that it can be judged first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period


@dataclass(frozen=True)
class Given:
    """A shift as it is to be in force; GPs by id."""

    shift: Shift
    performer: str | None
    responsible: str | None
    trainee: str | None


@dataclass(frozen=True)
class Held(Given):
    """A duty in force; `worked` when it has begun or hours were entered for it."""

    dossier_id: int
    worked: bool = False

    @property
    def is_swapped(self) -> bool:
        """Whether somebody else performs it than who was responsible when it was published."""
        return self.performer != self.responsible

    def differs(self, given: Given) -> bool:
        """Whether anything that a GP would see is another."""
        return (self.shift, self.performer, self.trainee) != (given.shift, given.performer, given.trainee)


@dataclass(frozen=True)
class Plan:
    """The roster in force as it would be: `kept` stays as it is, `given` takes the place of `replaced`.

    `replaced` and `given` hold the shifts that start on or after the freeze date, under their ids; `beside` are those
    of them that the version does not know: extra shifts opened since it was made, which hold on as they are.
    """

    kept: tuple[Held, ...]
    replaced: Mapping[str, Held]
    given: Mapping[str, Given]
    beside: frozenset[str] = frozenset()

    @cached_property
    def added(self) -> tuple[Given, ...]:
        """Shifts that were not in force."""
        return tuple(given for shift_id, given in self.given.items() if shift_id not in self.replaced)

    @cached_property
    def removed(self) -> tuple[Held, ...]:
        """Shifts that are in force no longer."""
        return tuple(held for shift_id, held in self.replaced.items() if shift_id not in self.given)

    @cached_property
    def changed(self) -> tuple[tuple[Held, Given], ...]:
        """Shifts that stay in force, but not as they were."""
        both = ((held, self.given[shift_id]) for shift_id, held in self.replaced.items() if shift_id in self.given)
        return tuple((held, given) for held, given in both if held.differs(given))

    @cached_property
    def rewritten(self) -> tuple[Held, ...]:
        """Duties that have been worked, at least in part, and would change or vanish: history, which nobody changes."""
        touched = (*self.removed, *(held for held, _ in self.changed))
        return tuple(sorted((held for held in touched if held.worked), key=lambda held: held.shift.starts_at))

    @cached_property
    def undone_swaps(self) -> tuple[Held, ...]:
        """Duties that somebody had taken over since they were published, and now go to yet another."""
        return tuple(held for held, given in self.changed if held.is_swapped and held.performer != given.performer)

    @cached_property
    def changes_of(self) -> Mapping[str, int]:
        """How many duties each GP and trainee gets, loses or has at another time, where a roster was in force."""
        found: Counter[str | None] = Counter()
        for held, given in self.changed:
            before, after = ({one.performer, one.trainee} for one in (held, given))
            found.update(before ^ after if held.shift == given.shift else before | after)
        for held in self.removed:
            found.update({held.performer, held.trainee})
        for given in self.added if self.replaced else ():
            found.update({given.performer, given.trainee})
        return {doctor: count for doctor, count in found.items() if doctor is not None}

    @property
    def unfilled(self) -> tuple[str, ...]:
        """The shifts that would be in force without a GP."""
        return tuple(shift_id for shift_id, given in self.given.items() if given.performer is None)

    def counts(self) -> dict[str, int]:
        """What changes, counted."""
        return {
            "in_force": len(self.given),
            "added": len(self.added),
            "removed": len(self.removed),
            "changed": len(self.changed),
            "undone_swaps": len(self.undone_swaps),
            "unfilled": len(self.unfilled),
            "extra_kept": len(self.beside),
        }


def plan_of(
    duties: Iterable[Held], roster: Roster, *, freeze_from: date, period: Period, dossier_id: int,
    extras: Container[str] = (), closed: Container[str] = (),
) -> Plan:  # fmt: skip
    """What is in force once `roster`, of a dossier with this period, holds from the local day `freeze_from` on.

    It takes the place of its own dossier's duties, and of whatever else the HDS has in the days of its period. Who
    performs a duty stays responsible as before where the roster gives the shift to that same GP; who gets a shift by
    the roster becomes responsible for it. Of `extras`, the shifts opened on top of published rosters, those of this
    dossier that the roster does not know stay in force as they are: no version was made without them on purpose. Those
    that were `closed` since the roster was made do not come back.
    """
    kept, replaced = [], {}
    for held in duties:
        ours = held.dossier_id == dossier_id or held.shift.day in period
        if ours and held.shift.day >= freeze_from:
            replaced[held.shift.id] = held
        else:
            kept.append(held)
    given = {
        shift.id: _given(shift, roster, replaced.get(shift.id))
        for shift in roster.shifts
        if shift.day >= freeze_from and shift.id not in closed
    }
    beside = {
        held.shift.id: Given(held.shift, held.performer, held.responsible, held.trainee)
        for held in replaced.values()
        if held.dossier_id == dossier_id and held.shift.id in extras and held.shift.id not in given
    }
    return Plan(tuple(kept), replaced, given | beside, frozenset(beside))


def _given(shift: Shift, roster: Roster, held: Held | None) -> Given:
    gp_id = roster.gp_of.get(shift.id)
    responsible = held.responsible if held is not None and held.performer == gp_id else gp_id
    return Given(shift, gp_id, responsible, roster.trainee_of.get(shift.id))
