"""The soft costs that concern one GP and one shift alone, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period
from scheduler.rules.night_before_clinic import ends_before_clinic

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Costs = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PreferWishes:
    """Wishes to work: GP (row), weight, and which slots meet each wish.

    `out_of_reach` is the weight of the wishes of doctors who are never on duty themselves, such as trainees.
    """

    gp: Ints
    weight: npt.NDArray[np.float64]
    met_by: Bools
    out_of_reach: float


def personal_costs(
    dossier: Dossier, gp_ids: Sequence[str], shifts: Sequence[Shift], slot: Ints, slots: int, grid: Period
) -> tuple[Costs, Costs]:
    """Cost of each slot (avoid wishes, night before clinic) and of each day (same holiday again) for each GP.

    The days are those of `grid`.
    """
    samples = _one_of_each(shifts, slot, slots)
    costs = np.zeros((len(gp_ids), slots), dtype=np.float32)
    weights = dossier.weights
    starts, ends = _stamps(samples)
    for row, gp_id in enumerate(gp_ids):
        for wish in dossier.wishes_by_gp.get(gp_id, ()):
            if wish.wish is WishKind.AVOID:
                costs[row] += weights.avoid_wish * wish.weight * _touched(starts, ends, wish.interval)
        if dossier.rules.night_before_clinic is Strictness.AVOID:
            costs[row] += weights.night_before_clinic * nights_before_clinic(dossier, gp_id, samples)
    return costs, _holidays_again(dossier, gp_ids, grid)


def nights_before_clinic(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> Bools:
    """Which shifts are non-standby nights that end on a morning surgery of the GP, holidays apart."""
    if gp_id not in dossier.clinic_days:
        return np.zeros(len(shifts), dtype=np.bool_)
    return np.array([ends_before_clinic(dossier, gp_id, shift) for shift in shifts])


def prefer_wishes(
    dossier: Dossier, gp_ids: Sequence[str], shifts: Sequence[Shift], slot: Ints, slots: int
) -> PreferWishes:
    """The wishes to work of the GPs on duty."""
    starts, ends = _stamps(_one_of_each(shifts, slot, slots))
    found = [
        (row, dossier.weights.prefer_wish * wish.weight, _touched(starts, ends, wish.interval))
        for row, gp_id in enumerate(gp_ids)
        for wish in dossier.wishes_by_gp.get(gp_id, ())
        if wish.wish is WishKind.PREFER
    ]
    met_by = np.array([touched for _, _, touched in found]).reshape(len(found), slots)
    return PreferWishes(
        np.array([row for row, _, _ in found], dtype=np.int64),
        np.array([weight for _, weight, _ in found]),
        met_by,
        dossier.weights.prefer_wish
        * sum(w.weight for w in dossier.wishes if w.wish is WishKind.PREFER and w.gp_id not in gp_ids),
    )


def _one_of_each(shifts: Sequence[Shift], slot: Ints, slots: int) -> list[Shift]:
    """A shift of each slot, for what depends on time alone."""
    one_of = np.zeros(slots, dtype=np.int64)
    one_of[slot] = np.arange(len(shifts))
    return [shifts[n] for n in one_of.tolist()]


def _stamps(shifts: Sequence[Shift]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return np.array([s.starts_at.timestamp() for s in shifts]), np.array([s.ends_at.timestamp() for s in shifts])


def _touched(starts: npt.NDArray[np.float64], ends: npt.NDArray[np.float64], interval: tuple) -> Bools:  # type: ignore[type-arg]
    start, end = (moment.timestamp() for moment in interval)
    touched: Bools = (starts < end) & (start < ends)
    return touched


def _holidays_again(dossier: Dossier, gp_ids: Sequence[str], grid: Period) -> Costs:
    costs = np.zeros((len(gp_ids), grid.length), dtype=np.float32)
    days = [(n, day) for n, day in enumerate(grid.days()) if dossier.calendar.is_holiday(day)]
    for row, gp_id in enumerate(gp_ids):
        past = {(d.month, d.day) for d in dossier.past_holidays_by_gp.get(gp_id, ())}
        for n, day in days:
            if (day.month, day.day) in past:
                costs[row, n] = dossier.weights.same_holiday_again
    return costs
