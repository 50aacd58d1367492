"""Whether what was told about the hours really worked can be so; known without pandas, as a service asks it often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.payees import contract_on
from scheduler.payout.worked import CALL_INS, LONGEST, WORKED, Actuals, Stretch


def grouped(stretches: Iterable[Stretch]) -> Mapping[str, list[Stretch]]:
    """Stretches by shift, in order."""
    found: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        found[stretch.shift_id].append(stretch)
    return dict(found)


def on_duty(
    shift: Shift, roster: Roster, worked: Mapping[str, list[Stretch]]
) -> Iterator[tuple[str, datetime, datetime]]:
    """Who was on duty on a shift from when until when: as told, else as rostered."""
    if shift.id in worked:
        for stretch in worked[shift.id]:
            if not stretch.is_empty:
                yield stretch.gp_id, stretch.starts_at, stretch.ends_at
    elif shift.id in roster.gp_of:
        yield roster.gp_of[shift.id], shift.starts_at, shift.ends_at


def actual_mistakes(dossier: Dossier, roster: Roster, actuals: Actuals) -> Iterator[Mistake]:
    """Everything that is wrong with what was told about the hours really worked."""
    known = [stretch for stretch in actuals.worked if stretch.shift_id in roster.shift_by_id]
    for file, stretches in ((WORKED, actuals.worked), (CALL_INS, actuals.call_ins)):
        for stretch in stretches:
            yield from _wrong_alone(dossier, roster, file, stretch)
    payable = [one for one in known if one.gp_id in dossier.gp_by_id and not one.is_empty]
    payable = [
        one for one in payable if contract_on(dossier, one.gp_id, roster.shift_by_id[one.shift_id].day) in QUALIFIED
    ]
    yield from _overlaps(WORKED, grouped(payable).values())
    yield from _overlaps(CALL_INS, _by_gp(actuals.call_ins))
    worked = grouped(known)
    for call in actuals.call_ins:
        if call.shift_id in roster.shift_by_id and call.gp_id in dossier.gp_by_id and call.starts_at < call.ends_at:
            yield from _wrong_call(roster, worked, call)


def _mistake(file: str, stretch: Stretch, column: str, key: str, **values: object) -> Mistake:
    return Mistake(file, stretch.line, column, str(getattr(stretch, column)), text(f"payout.worked.{key}", **values))


def _wrong_alone(dossier: Dossier, roster: Roster, file: str, stretch: Stretch) -> Iterator[Mistake]:
    """Mistakes in one row, without a look at the others."""
    shift = roster.shift_by_id.get(stretch.shift_id)
    if shift is None:
        yield _mistake(file, stretch, "shift_id", "known_shift")
    if stretch.gp_id and stretch.gp_id not in dossier.gp_by_id:
        yield Mistake(file, stretch.line, "gp_id", stretch.gp_id, text("payout.known_gp"))
    if stretch.gp_id and stretch.ends_at < stretch.starts_at:
        yield _mistake(file, stretch, "end", "order", start=stretch.start)
    elif stretch.ends_at - stretch.starts_at > LONGEST:
        yield _mistake(file, stretch, "end", "too_long", start=stretch.start)
    elif shift and file == WORKED and not stretch.is_empty and not stretch.touches(shift.starts_at, shift.ends_at):
        yield _mistake(file, stretch, "start", "elsewhere", start=shift.start, end=shift.end)


def _by_gp(calls: Iterable[Stretch]) -> Iterable[list[Stretch]]:
    found: dict[str, list[Stretch]] = defaultdict(list)
    for call in calls:
        found[call.gp_id].append(call)
    return found.values()


def _overlaps(file: str, groups: Iterable[list[Stretch]]) -> Iterator[Mistake]:
    """An hour that would be paid twice."""
    for group in groups:
        for earlier, later in pairwise(sorted(group, key=lambda stretch: (stretch.starts_at, stretch.ends_at))):
            if later.starts_at < earlier.ends_at and later.starts_at < later.ends_at:
                yield _mistake(file, later, "start", "overlap", line=earlier.line, gp_id=earlier.gp_id)


def _wrong_call(roster: Roster, worked: Mapping[str, list[Stretch]], call: Stretch) -> Iterator[Mistake]:
    shift = roster.shift_by_id[call.shift_id]
    if not shift.is_standby:
        yield _mistake(CALL_INS, call, "shift_id", "not_standby")
        return
    own = [(start, end) for gp_id, start, end in on_duty(shift, roster, worked) if gp_id == call.gp_id]
    if not own:
        yield _mistake(CALL_INS, call, "gp_id", "not_on_standby")
    elif not any(call.touches(start, end) for start, end in own):
        yield _mistake(CALL_INS, call, "start", "elsewhere", start=shift.start, end=shift.end)
