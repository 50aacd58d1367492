"""Targets that no roster can give, whoever else does what: the GP is away, or the limits on time leave no room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.capacity import (
    MINUTES_AN_HOUR,
    Bools,
    Ints,
    Times,
    binding_limits,
    most_duty_minutes,
    most_standby_minutes,
    times_of,
)
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value
from scheduler.fair_shares.duty_days import whole_days
from scheduler.fairness import mean_hours
from scheduler.rules import absence, may_work
from scheduler.rules.lineup import Lineup

Hours = npt.NDArray[np.float64]

LEAST_SHIFTS = 0.5
"""Whole shifts leave everybody up to half a shift from the target: a gap below that says nothing."""


class Gap(Value):
    """A target in hours and the most that the GP can do of it; `burden` None: all burdens but standby together.

    `shifts` is what is lacking, in shifts of mean length. On `days` of the `demand_days` with such shifts the GP has
    the right to any.
    """

    burden: Burden | None
    target: float
    most: float
    shifts: float
    days: int
    demand_days: int


class Shortfall(Value):
    """A GP whose targets no roster can give, and why.

    `absences` are those that stand in the way, in order of start, empty where the targets would be as much out of reach
    without them; `away_days` of the `agreed_days` (days in the period under an agreement and registered) are spent in
    them. `limits` are the rules that leave no more room on the other days.
    """

    gp_id: str
    gaps: tuple[Gap, ...]
    absences: tuple[Absence, ...] = ()
    away_days: int = 0
    agreed_days: int = 0
    limits: tuple[str, ...] = ()


def find_shortfalls(
    dossier: Dossier, shifts: Sequence[Shift], targets: Mapping[tuple[str, Burden], float]
) -> tuple[Shortfall, ...]:
    """Find the GPs who can't come within half a shift of a target, in the order of the dossier.

    `shifts` is the whole demand, `targets` are hours. An own limit is no cause: the targets keep to those.
    """
    with_target = {gp_id for (gp_id, _), hours in targets.items() if hours > 0}
    gp_ids = tuple(gp.id for gp in dossier.gps if gp.id in with_target)
    if not shifts or not gp_ids:
        return ()
    room = _Room(dossier, tuple(shifts), gp_ids)
    wanted = {
        burden: np.array([sum(targets.get((gp_id, each), 0.0) for each in parts) for gp_id in gp_ids])
        for burden, parts in room.parts.items()
    }
    present, rightful = room.gaps(wanted, room.present), room.gaps(wanted, room.rights)
    return tuple(room.shortfall(row, gaps, rightful.get(row, ())) for row, gaps in sorted(present.items()))


@dataclass(frozen=True)
class _Room:
    """What each GP (row) may do of each shift (column), and the most hours that come of it."""

    dossier: Dossier
    shifts: tuple[Shift, ...]
    gp_ids: tuple[str, ...]

    def gaps(self, wanted: Mapping[Burden | None, Hours], open_to: Bools) -> dict[int, tuple[Gap, ...]]:
        """The gaps of each row that has any, when GPs may do the shifts of `open_to`."""
        found: defaultdict[int, list[Gap]] = defaultdict(list)
        for burden, target in wanted.items():
            most = self._most_minutes(burden, open_to) / MINUTES_AN_HOUR
            lacking = (target - most) / self._mean_hours(burden)
            for row in np.flatnonzero(lacking >= LEAST_SHIFTS).tolist():
                columns = self._columns(burden)
                days = {self.shifts[column].day for column in columns if self.rights[row, column]}
                gap = Gap(
                    burden=burden, target=target[row], most=most[row], shifts=lacking[row],
                    days=len(days), demand_days=len({self.shifts[column].day for column in columns}),
                )  # fmt: skip
                found[row].append(gap)
        return {row: tuple(gaps) for row, gaps in found.items()}

    def shortfall(self, row: int, gaps: tuple[Gap, ...], rightful: tuple[Gap, ...]) -> Shortfall:
        """The shortfall of a row with these gaps; `rightful` are those that would be left without any absence."""
        gp_id = self.gp_ids[row]
        without = {gap.burden: gap.most for gap in rightful}
        is_kept_away = any(without.get(gap.burden, np.inf) > gap.most for gap in gaps)
        limits = {name for gap in gaps if gap.burden in without for name in self._limits(gap.burden, row)}
        away = whole_days(self.dossier, self.dossier.absences_by_gp.get(gp_id, ()))
        agreed = agreed_days(self.dossier, gp_id)
        return Shortfall(
            gp_id=gp_id,
            gaps=gaps,
            absences=self.dossier.absences_by_gp.get(gp_id, ()) if is_kept_away else (),
            away_days=int((away & agreed).sum()),
            agreed_days=int(agreed.sum()),
            limits=tuple(sorted(limits)),
        )

    @cached_property
    def parts(self) -> Mapping[Burden | None, tuple[Burden, ...]]:
        """What is measured and the burdens in it: each burden by itself, and all but standby together."""
        burdens = tuple(mean_hours(self.shifts))
        duties = tuple(burden for burden in burdens if burden is not Burden.STANDBY)
        together: dict[Burden | None, tuple[Burden, ...]] = {None: duties} if len(duties) > 1 else {}
        return {burden: (burden,) for burden in burdens} | together

    @cached_property
    def rights(self) -> Bools:
        """The shifts that agreements and registrations give a right to."""
        return self._masks(may_work.mask)

    @cached_property
    def present(self) -> Bools:
        """The same, less the shifts that touch an absence."""
        return self.rights & self._masks(absence.mask)

    def _masks(self, mask: Callable[[Dossier, str, Lineup], list[bool]]) -> Bools:
        # by way of bytes: numpy reads a list of a million truth values one by one
        rows = (bytes(mask(self.dossier, gp_id, self._lineup)) for gp_id in self.gp_ids)
        return np.array([np.frombuffer(row, dtype=np.bool_) for row in rows])

    @cached_property
    def _lineup(self) -> Lineup:
        return Lineup.of(self.shifts)

    @cached_property
    def _times(self) -> tuple[Times, Ints]:
        return times_of(self.shifts, self.dossier.period)

    def _columns(self, burden: Burden | None) -> list[int]:
        parts = self.parts[burden]
        return [column for column, shift in enumerate(self.shifts) if shift.burden in parts]

    def _mean_hours(self, burden: Burden | None) -> float:
        lengths = [self.shifts[column].hours for column in self._columns(burden)]
        return sum(lengths) / len(lengths)

    def _open_at(self, burden: Burden | None, open_to: Bools) -> Bools:
        times, place = self._times
        open_at = np.zeros((len(open_to), len(times.day)), dtype=np.bool_)
        for column in self._columns(burden):
            open_at[:, place[column]] |= open_to[:, column]
        return open_at

    def _most_minutes(self, burden: Burden | None, open_to: Bools) -> Ints:
        open_at = self._open_at(burden, open_to)
        if burden is Burden.STANDBY:
            return most_standby_minutes(open_at, self._times[0])
        return most_duty_minutes(open_at, self._times[0], self.dossier.rules)

    def _limits(self, burden: Burden | None, row: int) -> Sequence[str]:
        if burden is Burden.STANDBY:
            return ()
        return binding_limits(self._open_at(burden, self.rights[[row]])[0], self._times[0], self.dossier.rules)


def agreed_days(dossier: Dossier, gp_id: str) -> Bools:
    """For each day of the period, whether an agreement puts the GP on duty and the registration has not ended."""
    registered_until = dossier.gp_by_id[gp_id].registered_until
    return np.array(
        [
            dossier.agreement_on(gp_id, day) is not None and (registered_until is None or day <= registered_until)
            for day in dossier.period.days()
        ]
    )
