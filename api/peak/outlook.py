"""What extra shifts would give before they are opened: the standbys that could be called, and who could take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.clock import local
from api.errors import Problem
from api.peak import opening, repository
from api.peak.schemas import ExtraAsked, PeakAsked, PeakPreview, ShiftPreview, StandbyShown
from api.swaps.grounds import field_of
from api.swaps.schemas import CandidateShown
from api.swaps.showing import ranking_shown
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.peak import Extra, Opened, callable_standbys
from scheduler.standby import StandbyOption

MOST_RANKED, BEST = 20, 10
"""Shifts of which it is told who could take them, and how many GPs of each are named: a ranking takes a while."""


def extras_of(asked: Sequence[ExtraAsked]) -> list[Extra]:
    """Extra shifts as the engine knows them."""
    return [Extra(**one.model_dump() | {"days": tuple(one.days)}) for one in asked]


def preview(session: Session, member: Member, asked: PeakAsked) -> PeakPreview:
    """What opening these shifts would give; raises Problem `not_found`, `extra_refused` with every objection."""
    row = repository.dossier(session, member.hds_id, asked.dossier_id)
    if row is None:
        raise Problem("not_found")
    planned = opening.plan(session, row, extras_of(asked.extras))
    field = field_of(session, row.id)
    situation = field.situation(session)
    opened = _opened(situation.dossier, situation.roster, planned)
    standbys, ranked = callable_standbys(opened), dict(_ranked(opened, member))
    return PeakPreview(shifts=[_shown(shift, standbys[shift.id], ranked.get(_kind(shift))) for shift in opened.shifts])


def _opened(dossier: Dossier, roster: Roster, planned: opening.Planned) -> Opened:
    shifts = sorted((*roster.shifts, *planned.shifts), key=lambda shift: (shift.starts_at, shift.id))
    return Opened(
        dossier=dossier.replace(shift_types=(*dossier.shift_types, *planned.kinds)),
        roster=roster.replace(shifts=tuple(shifts)),
        shifts=planned.shifts,
    )


_Kind = tuple[object, ...]
_Ranked = tuple[list[CandidateShown], int]


def _kind(shift: Shift) -> _Kind:
    """Who could take one shift could take any other of this kind."""
    return shift.post_id, shift.role, shift.start, shift.end


def _ranked(opened: Opened, member: Member) -> Iterator[tuple[_Kind, _Ranked]]:
    from scheduler.swaps.candidates import rank
    from scheduler.swaps.situation import Situation

    situation = Situation.of(opened.dossier, opened.roster)
    names: Mapping[str, str] = {gp.id: gp.name for gp in opened.dossier.gps}
    first_of = {_kind(shift): shift for shift in reversed(opened.shifts)}
    for shift in list(reversed(first_of.values()))[:MOST_RANKED]:
        found = ranking_shown(rank(situation, shift.id), member, names).candidates
        yield _kind(shift), (found[:BEST], len(found))


def _shown(shift: Shift, standbys: Sequence[StandbyOption], ranked: _Ranked | None) -> ShiftPreview:
    return ShiftPreview(
        shift_id=shift.id, post_id=shift.post_id, role=shift.role, start=shift.start, end=shift.end,
        standbys=[standby_shown(one) for one in standbys], candidates=ranked[0] if ranked else [],
        candidate_count=ranked[1] if ranked else None,
    )  # fmt: skip


def standby_shown(option: StandbyOption) -> StandbyShown:
    """A standby as a planner sees it."""
    return StandbyShown(
        standby_id=option.standby_id, gp_id=option.gp_id, start=local(option.covers.start),
        end=local(option.covers.end), hours=option.hours, whole=option.is_whole, same_post=option.is_same_post,
        legal=option.is_legal, reasons=[violation.text for violation in option.violations],
    )  # fmt: skip
