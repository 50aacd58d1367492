"""After three or more nights in a row there is a long rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from scheduler.domain.time import DAY
from scheduler.model.duty import Duty, active, by_day, nights
from scheduler.model.roster_model import RosterModel
from scheduler.rules.rest_after_series import SERIES, continues

Slot = list[Duty]
"""Duties of one doctor at the very same time: a rule on time need not tell them apart."""


def post(roster_model: RosterModel) -> None:
    """A night that ends a series excludes shifts within the long rest, unless a night in between makes it go on.

    Where the series went on, the night in between has a clause of its own. Nights that start together with another
    shift are left to the rule on overlap.
    """
    for duties in roster_model.at_work():
        by_night = by_day(nights(duties))
        ends = [day for day in by_night if all(day - DAY * step in by_night for step in range(SERIES))]
        if ends:
            _post_for(roster_model, active(duties), by_night, ends)


def _post_for(
    roster_model: RosterModel, worked: Sequence[Duty], by_night: Mapping[date, list[Duty]], ends: Sequence[date]
) -> None:
    slots = _slots(worked)
    any_in = {key: roster_model.any_of(slot) for key, slot in slots.items()}
    any_night = {
        day - DAY * step: roster_model.any_of(by_night[day - DAY * step]) for day in ends for step in range(1, SERIES)
    }
    for day in ends:
        before = [any_night[day - DAY * step] for step in range(1, SERIES)]
        for key in _slots(by_night[day]):
            for later in _too_soon(roster_model, slots[key][0], slots):
                between = [d for d in by_night.get(day + DAY, ()) if key[0] < d.shift.starts_at < later[0]]
                roster_model.not_all([any_in[key], any_in[later], *before], unless=between)


def _slots(duties: Sequence[Duty]) -> dict[tuple[datetime, datetime], Slot]:
    found: defaultdict[tuple[datetime, datetime], Slot] = defaultdict(list)
    for duty in duties:
        found[duty.shift.starts_at, duty.shift.ends_at].append(duty)
    return dict(found)


def _too_soon(
    roster_model: RosterModel, night: Duty, slots: Mapping[tuple[datetime, datetime], Slot]
) -> Iterator[tuple[datetime, datetime]]:
    """The slots after the night, within the long rest, that do not go on with the series and are not excluded yet."""
    end = night.shift.ends_at
    first = (
        end + timedelta(hours=roster_model.hours_apart(night.shift)) if roster_model.tails else night.shift.starts_at
    )
    last = end + timedelta(hours=roster_model.dossier.rules.rest_after_night_series_hours)
    for key, slot in slots.items():
        after = night.shift.starts_at < key[0] and first <= key[0] < last
        if after and not continues(night.shift, slot[0].shift):
            yield key
