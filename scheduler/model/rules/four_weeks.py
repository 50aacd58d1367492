"""No more than a number of hours in any four weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scheduler.model.duty import Duty, active
from scheduler.model.roster_model import RosterModel
from scheduler.rules.duties import TOLERANCE
from scheduler.rules.four_weeks import WINDOW


def post(roster_model: RosterModel) -> None:
    """In each 28 days at most the minutes of `max_hours_per_4_weeks`."""
    most = int((roster_model.dossier.rules.max_hours_per_4_weeks + TOLERANCE) * 60)
    for duties in roster_model.at_work():
        for window in _strictest(_longest(active(duties))):
            roster_model.at_most(most, [(duty.minutes, duty) for duty in window])


def _longest(duties: Sequence[Duty]) -> Iterator[Sequence[Duty]]:
    """Windows of 28 days that are not part of another; `duties` are in order of start."""
    end = 0
    for begin, opening in enumerate(duties):
        before = end
        while end < len(duties) and duties[end].day - opening.day < WINDOW:
            end += 1
        if end > before:
            yield duties[begin:end]


def _strictest(windows: Iterable[Sequence[Duty]]) -> Iterable[Sequence[Duty]]:
    """Of windows with the same free duties the one in which the most minutes are given; none without a free duty."""
    found: dict[tuple[str, str], tuple[int, Sequence[Duty]]] = {}
    for window in windows:
        free = [duty.shift.id for duty in window if not duty.is_given]
        if free:
            given = sum(duty.minutes for duty in window if duty.is_given)
            key = free[0], free[-1]
            if key not in found or given > found[key][0]:
                found[key] = given, window
    return [window for _, window in found.values()]
