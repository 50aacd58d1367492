"""Calling in a standby: who can, what hours that gives, and what is left without anyone.

A standby who takes over a shift stays on the roster as standby; the hours worked are a call-in of that standby shift,
which is how payment reads them (duty rate for these, standby rate for the rest). The shift itself is then told as
worked by nobody, so that no hour is paid twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import AMSTERDAM, HOUR, Span
from scheduler.domain.value import Value
from scheduler.errors import StandbyUnfit, UnknownSubject
from scheduler.messages import text
from scheduler.payout.worked import Actuals, Stretch
from scheduler.rules import Violation
from scheduler.rules.verdict import broken_by


class StandbyOption(Value):
    """A standby that could be called in for a shift, for the hours in which both run or all that is left of it.

    `hours` are elapsed; `is_whole`: nothing of the shift is left; `violations` are the rules that the GP would break
    by working these hours instead of standing by.
    """

    standby_id: str
    gp_id: str
    covers: Span
    hours: float
    is_whole: bool
    is_same_post: bool
    violations: tuple[Violation, ...]

    @property
    def is_legal(self) -> bool:
        """Whether no rule is broken by the call."""
        return not self.violations


class CallIn(Value):
    """A standby called in for a shift.

    `call_in` and `worked` are what payment reads: the hours of the GP who was called, and what the GP of the shift
    still did of it (nothing: worked by nobody). `uncovered` are parts of the shift that nobody does; `to_refill` the
    standby hours that have no standby any more.
    """

    shift_id: str
    standby_id: str
    gp_id: str
    call_in: Stretch
    worked: Stretch
    uncovered: tuple[Span, ...]
    to_refill: Span

    @property
    def actuals(self) -> Actuals:
        """The same as payment takes it in, beside other hours really worked."""
        return Actuals(worked=(self.worked,), call_ins=(self.call_in,))


def standbys_for(
    dossier: Dossier, roster: Roster, shift_id: str, *, since: datetime | None = None, whole: bool = False
) -> tuple[StandbyOption, ...]:
    """The standbys that overlap with a shift, or with what is left of it `since` then (aware).

    With `whole` each is judged for all that is left, also beyond the standby, as `call_in` has it.

    Those who break no rule come first; then the longest overlap, the same post before another of the HDS. A standby
    shift has no standby of its own. Raises UnknownSubject.
    """
    shift = _shift(roster, shift_id)
    left = _left_of(shift, since)
    if shift.is_standby or left is None:
        return ()
    found = [
        _option(dossier, roster, shift, standby, left if whole else _both(left, standby), left)
        for standby in roster.shifts
        if standby.is_standby and standby.touches(*left.interval) and _caller(roster, shift, standby) is not None
    ]
    return tuple(sorted(found, key=lambda o: (not o.is_legal, -o.hours, not o.is_same_post, o.standby_id)))


def call_in(
    roster: Roster, shift_id: str, standby_id: str, *, since: datetime | None = None, whole: bool = False
) -> CallIn:
    """Call in the GP of a standby for a shift from `since` on (aware; None: from its start).

    The call covers the hours in which both run or, with `whole`, all that is left of the shift. Raises UnknownSubject
    and StandbyUnfit.
    """
    shift, standby = _shift(roster, shift_id), _shift(roster, standby_id)
    left = _left_of(shift, since)
    if not standby.is_standby or shift.is_standby:
        raise StandbyUnfit(text("standby.no_standby", shift=shift_id if standby.is_standby else standby_id))
    if left is None or not standby.touches(*left.interval):
        raise StandbyUnfit(text("standby.elsewhere", standby=standby_id, shift=shift_id))
    gp_id = roster.gp_of.get(standby_id)
    if gp_id is None:
        raise StandbyUnfit(text("standby.nobody", shift=standby_id))
    if gp_id == roster.gp_of.get(shift_id):
        raise StandbyUnfit(text("standby.own", gp=gp_id, shift=shift_id))
    both = _both(left, standby)
    called = left if whole else both
    return CallIn(
        shift_id=shift_id,
        standby_id=standby_id,
        gp_id=gp_id,
        call_in=Stretch(shift_id=standby_id, gp_id=gp_id, start=called.start, end=called.end),
        worked=_worked(roster, shift, left),
        uncovered=_outside(left, called),
        to_refill=both,
    )


def _shift(roster: Roster, shift_id: str) -> Shift:
    shift = roster.shift_by_id.get(shift_id)
    if shift is None:
        raise UnknownSubject(text("standby.unknown_shift", shift=shift_id))
    return shift


def _caller(roster: Roster, shift: Shift, standby: Shift) -> str | None:
    """The GP who can be called: not the one who cannot do the shift."""
    gp_id = roster.gp_of.get(standby.id)
    return None if gp_id == roster.gp_of.get(shift.id) else gp_id


def _option(dossier: Dossier, roster: Roster, shift: Shift, standby: Shift, covers: Span, left: Span) -> StandbyOption:
    gp_id = roster.gp_of[standby.id]
    part = shift.replace(start=covers.start, end=covers.end)
    others = tuple(duty for duty in roster.by_gp[gp_id] if duty.id != standby.id)
    alone = Roster(shifts=others, gp_of={duty.id: gp_id for duty in others})
    return StandbyOption(
        standby_id=standby.id,
        gp_id=gp_id,
        covers=covers,
        hours=(covers.ends_at - covers.starts_at) / HOUR,
        is_whole=covers == left,
        is_same_post=standby.post_id == shift.post_id,
        violations=broken_by(dossier, alone, gp_id, part),
    )


def _left_of(shift: Shift, since: datetime | None) -> Span | None:
    """The part of the shift that is still to be worked; payment counts in minutes."""
    if since is None or since.astimezone(UTC) <= shift.starts_at:
        return Span(start=shift.start, end=shift.end)
    minute = since.astimezone(AMSTERDAM).replace(second=0, microsecond=0)
    return Span(start=minute, end=shift.end) if minute.astimezone(UTC) < shift.ends_at else None


def _both(one: Span, other: Span) -> Span:
    start = max((one, other), key=lambda span: span.starts_at).start
    return Span(start=start, end=min((one, other), key=lambda span: span.ends_at).end)


def _outside(whole: Span, part: Span) -> tuple[Span, ...]:
    before, after = (whole.start, part.start), (part.end, whole.end)
    spans = (Span(start=start, end=end) for start, end in (before, after))
    return tuple(span for span in spans if span.starts_at < span.ends_at)


def _worked(roster: Roster, shift: Shift, left: Span) -> Stretch:
    """What was worked of the shift before the call: by its GP up to then, or by nobody."""
    gp_id = roster.gp_of.get(shift.id, "") if left.starts_at > shift.starts_at else ""
    return Stretch(shift_id=shift.id, gp_id=gp_id, start=shift.start, end=left.start)
