"""What was really worked: entered by planners, read by finance."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from api.auth.access import Planner, member
from api.auth.principal import Member, Role
from api.clock import local
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.payouts import CallIn, Worked
from api.dossiers.mapping import gp_ids
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import ShiftId
from api.paging import Page, PageCut, page_of
from api.payouts import repository, worked
from api.payouts.dues import asked_period
from api.payouts.periods import Days, Month
from api.payouts.schemas import ShiftTold, ShiftWorked, StretchShown, WorkedEntry
from api.room import room

router = room("/hds/{hds_id}", "worked hours")

Reader = Annotated[Member, Depends(member(Role.PLANNER, Role.FINANCE))]
ShiftPath = Annotated[ShiftId, Path(description="A shift of the roster in force.", examples=["avond/2027-01-01/1"])]
_EDITS = problems("not_found", "dossier_invalid", "changed_meanwhile", "if_match_needed")


def _stretches(rows: Any, ids: dict[int, str]) -> list[StretchShown]:
    return [
        StretchShown(gp_id=ids[row.gp_number], start=local(row.starts_at), end=local(row.ends_at))
        for row in rows
        if row.gp_number is not None
    ]


def _answer(session: Session, response: Response, found: worked.Told) -> ShiftWorked:
    show_revision(response, found.revision)
    ids, duty = gp_ids(session, found.duty.hds_id), found.duty
    return ShiftWorked(
        shift_id=duty.shift_id, rostered_gp_id=ids.get(duty.performer_number or 0), start=local(duty.starts_at),
        end=local(duty.ends_at), told=bool(found.rows), stretches=_stretches(found.rows, ids),
    )  # fmt: skip


@router.get("/worked", summary="Shifts that were worked otherwise than rostered", responses=problems("bad_cursor"))
def list_worked(
    who: Reader, session: ReadSession, cut: PageCut, month: Month = None, period: Days = None
) -> Page[ShiftTold]:
    """Those of a month or period of which something was told, by shift id."""
    rows = repository.duties_told(session, who.hds_id, asked_period(month, period), cut)
    shift_ids, ids = [duty.shift_id for duty, _ in rows], gp_ids(session, who.hds_id)
    told = (
        repository.told(session, Worked, who.hds_id, shift_ids),
        repository.told(session, CallIn, who.hds_id, shift_ids),
    )

    def show(row: Any) -> ShiftTold:
        duty, gp_id = row
        stretches, calls = ([one for one in rows if one.shift_id == duty.shift_id] for rows in told)
        return ShiftTold(
            shift_id=duty.shift_id, rostered_gp_id=gp_id, start=local(duty.starts_at), end=local(duty.ends_at),
            worked=_stretches(stretches, ids), call_ins=_stretches(calls, ids),
        )  # fmt: skip

    return page_of(rows, cut, lambda row: (row[0].shift_id,), show)


@router.get("/worked/{shift_id:path}", summary="What was really worked of a shift", responses=problems("not_found"))
def show_worked(who: Reader, session: ReadSession, response: Response, shift_id: ShiftPath) -> ShiftWorked:
    """The ETag is what a change asks for, also when nothing was told yet."""
    return _answer(session, response, worked.told(session, Worked, who.hds_id, shift_id))


@router.put("/worked/{shift_id:path}", summary="Tell what was really worked of a shift", responses=_EDITS)
def put_worked(
    who: Planner,
    session: WriteSession,
    response: Response,
    shift_id: ShiftPath,
    entry: WorkedEntry,
    if_match: IfMatch = None,
) -> ShiftWorked:
    """The stretches together take the place of the rostered duty; none at all says that nobody worked."""
    return _answer(session, response, worked.put(session, who, Worked, shift_id, entry.stretches, if_match))


@router.delete(
    "/worked/{shift_id:path}", status_code=204, summary="Go back to the roster for a shift", responses=_EDITS
)
def delete_worked(who: Planner, session: WriteSession, shift_id: ShiftPath, if_match: IfMatch = None) -> None:
    """It was worked as rostered after all."""
    worked.put(session, who, Worked, shift_id, None, if_match)


@router.get("/call-ins/{shift_id:path}", summary="The call-ins of a standby shift", responses=problems("not_found"))
def show_call_ins(who: Reader, session: ReadSession, response: Response, shift_id: ShiftPath) -> ShiftWorked:
    """The ETag is what a change asks for."""
    return _answer(session, response, worked.told(session, CallIn, who.hds_id, shift_id))


@router.put("/call-ins/{shift_id:path}", summary="Tell when a standby GP was called in", responses=_EDITS)
def put_call_ins(
    who: Planner,
    session: WriteSession,
    response: Response,
    shift_id: ShiftPath,
    entry: WorkedEntry,
    if_match: IfMatch = None,
) -> ShiftWorked:
    """Those hours get the rate of a duty; the rest of the shift stays standby."""
    return _answer(session, response, worked.put(session, who, CallIn, shift_id, entry.stretches, if_match))


@router.delete("/call-ins/{shift_id:path}", status_code=204, summary="Take back all call-ins", responses=_EDITS)
def delete_call_ins(who: Planner, session: WriteSession, shift_id: ShiftPath, if_match: IfMatch = None) -> None:
    """The GP was on standby only."""
    worked.put(session, who, CallIn, shift_id, None, if_match)
