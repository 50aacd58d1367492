"""Opening extra shifts for a peak or a calamity ("opschalen").

Extra shifts are shift types like any other, valid on their days only: so demand, fair shares, balances and pay follow
by the one path that all shifts take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time

from pydantic import Field

from scheduler.demand import shifts_of
from scheduler.domain.calendar import DayType
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift, ShiftType
from scheduler.domain.time import AMSTERDAM, DAY
from scheduler.domain.value import Value
from scheduler.errors import ExtraRefused
from scheduler.messages import text
from scheduler.standby import CallIn, StandbyOption, standbys_for

PREFIX = "extra-"
"""How the ids of shift types begin that were opened on top of the demand."""


class Extra(Value):
    """Extra shifts asked for: on each of `days`, `headcount` of them from `start` to `end` (local clock).

    An end at or before the start is on the next day.
    """

    post_id: str
    role: Role
    days: tuple[date, ...]
    start: time
    end: time
    headcount: int = Field(default=1, ge=1)


class Opened(Value):
    """The dossier and the roster with the extra shifts, all of them open; `shifts` are the new ones alone."""

    dossier: Dossier
    roster: Roster
    shifts: tuple[Shift, ...]


def open_extra(dossier: Dossier, roster: Roster, extras: Sequence[Extra], *, last: int = 0) -> Opened:
    """Add extra shifts; raises ExtraRefused with everything that is wrong with them.

    Their types are numbered on from the dossier's, and from `last`, the highest number that was ever given out: an id
    that stood for a shift before must not come back as another.
    """
    refused = list(_objections(dossier, extras))
    if refused:
        raise ExtraRefused(refused)
    added = tuple(_types(dossier, extras, last))
    new = shifts_of(dossier.replace(shift_types=added))
    shifts = sorted((*roster.shifts, *new), key=lambda shift: (shift.starts_at, shift.id))
    return Opened(
        dossier=dossier.replace(shift_types=(*dossier.shift_types, *added)),
        roster=roster.replace(shifts=tuple(shifts)),
        shifts=new,
    )


def callable_standbys(opened: Opened) -> Mapping[str, tuple[StandbyOption, ...]]:
    """For each extra shift the standbys of all posts that can be called in for it, as `standbys_for` orders them."""
    return {shift.id: standbys_for(opened.dossier, opened.roster, shift.id) for shift in opened.shifts}


def refill_of(roster: Roster, call: CallIn) -> Extra:
    """The extra standby that takes the place of one who was called in, for as long as both ran.

    The standby shift itself stays with its GP, whose call-in it holds; a second GP stands by in the meantime.
    """
    standby, span = roster.shift_by_id[call.standby_id], call.to_refill
    start, end = (moment.astimezone(AMSTERDAM) for moment in (span.start, span.end))
    return Extra(
        post_id=standby.post_id,
        role=standby.role,
        days=(start.date(),),
        start=start.time().replace(tzinfo=None),
        end=end.time().replace(tzinfo=None),
    )


def number_of(type_id: str) -> int:
    """The number of a shift type that was opened on top of the demand; 0 for any other."""
    digits = type_id.removeprefix(PREFIX)
    return int(digits) if digits != type_id and digits.isascii() and digits.isdigit() else 0


def _types(dossier: Dossier, extras: Iterable[Extra], last: int) -> Iterator[ShiftType]:
    number = max((number_of(kind.id) for kind in dossier.shift_types), default=0)
    number = max(number, last)
    for extra in extras:
        for since, until in _runs(extra.days):
            number += 1
            yield ShiftType(
                id=f"{PREFIX}{number}",
                post_id=extra.post_id,
                role=extra.role,
                days=frozenset(kind.value for kind in DayType),
                start=extra.start,
                end=extra.end,
                headcount=extra.headcount,
                valid_from=since,
                valid_until=until,
            )


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """First and last day of each run of days in a row."""
    first = last = None
    for day in sorted(set(days)):
        if first is None or last is None or day - last > DAY:
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _objections(dossier: Dossier, extras: Sequence[Extra]) -> Iterator[str]:
    known = {post.id for post in dossier.posts}
    for extra in extras:
        if extra.post_id not in known:
            yield text("peak.unknown_post", post=extra.post_id)
        if not extra.days:
            yield text("peak.no_days", post=extra.post_id)
        for day in extra.days:
            if day not in dossier.period:
                yield text("peak.outside", day=day, period=dossier.period)
