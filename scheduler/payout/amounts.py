"""What one shift pays, and where a duty is cut for that: plain numbers, so that one question needs no frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import pairwise

from scheduler.domain.calendar import Calendar
from scheduler.domain.shift import Shift, split_by_kind
from scheduler.domain.time import AMSTERDAM, local
from scheduler.payout.files import STANDBY
from scheduler.payout.money import line_amount
from scheduler.payout.rates import Rates


def shift_amount(shift: Shift, calendar: Calendar, rates: Rates) -> int | None:
    """Cents of all lines together that a shift gives when one GP works it as planned; None where a rate is missing.

    For questions about one shift, where a frame would be slow; tests hold it equal to `lines_of`.
    """
    cuts = [local(day, time(0)) for day in rates.changes]
    whole = [(shift.starts_at, shift.ends_at, STANDBY)]
    parts = whole if shift.is_standby else list(cut_by_kind(shift.starts_at, shift.ends_at, calendar, cuts))
    found = [(begin, stop, rates.on(kind, begin.astimezone(AMSTERDAM).date())) for begin, stop, kind in parts]
    if any(rate is None for _, _, rate in found):
        return None
    minutes_at = [(int((stop - begin).total_seconds()) // 60, rate.rate) for begin, stop, rate in found if rate]
    return sum(line_amount(minutes, rate) for minutes, rate in minutes_at)


def cut_by_kind(
    start: datetime, end: datetime, calendar: Calendar, cuts: Iterable[datetime]
) -> Iterator[tuple[datetime, datetime, str]]:
    """The stretches of a duty within one kind of clock hour, cut at these moments too."""
    for part in split_by_kind(start, end, calendar):
        inside = [cut for cut in cuts if part.start < cut.astimezone(part.start.tzinfo) < part.end]
        moments = [part.start, *(cut.astimezone(part.start.tzinfo) for cut in inside), part.end]
        yield from ((begin, stop, part.kind.value) for begin, stop in pairwise(moments))
