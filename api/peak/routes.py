"""Extra shifts for a peak or a calamity, standbys called in, and open shifts for all to take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Path, Query

from api.auth.access import Planner, PlannerOrGp, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession
from api.errors import problems
from api.fields import Day, Identifier, ShiftId
from api.paging import Page, PageCut, page_of
from api.peak import account, calling, closing, opening, outlook, repository, taking
from api.peak.schemas import (
    CallAsked,
    Called,
    CallOffAsked,
    Closed,
    EscalationShown,
    OfferedShifts,
    OpenShifts,
    PeakAsked,
    PeakFigures,
    PeakPreview,
    ShiftsAsked,
    StandbysShown,
    Taken,
)
from api.room import room

router = room("/hds/{hds_id}", "extra shifts")

TheGp = Annotated[Member, Depends(member(Role.GP))]
Figures = Annotated[Member, Depends(member(Role.PLANNER, Role.INSURER))]
ShiftPath = Annotated[ShiftId, Path(description="A shift of the roster in force.", examples=["avond/2027-01-01/1"])]
Once = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key again gives the same escalation.", examples=["7f3c"]),
]
DayOf = Annotated[Day | None, Query(description="Local day, included.")]


@router.post("/peak/preview", summary="What extra shifts would give", responses=problems("not_found", "extra_refused"))
def preview(who: Planner, session: ReadSession, body: PeakAsked) -> PeakPreview:
    """The standbys of all posts that could be called for each, and who could take it. Opens nothing."""
    return outlook.preview(session, who, body)


@router.post(
    "/peak",
    status_code=201,
    summary="Open extra shifts",
    responses=problems("not_found", "extra_refused", "idempotency_key_reused"),
)
def open_extra(who: Planner, session: WriteSession, body: PeakAsked, key: Once = None) -> EscalationShown:
    """They are demand of the dossier and open duties of the roster in force, in one act; every objection at once."""
    extras = outlook.extras_of(body.extras)
    asked = (body.dossier_id, extras, body.reason)
    if key is not None and (known := opening.opened_before(session, who.hds_id, *asked, key)) is not None:
        return account.shown(session, who.hds_id, [known])[0]
    made, planned = opening.open_for(session, who.hds_id, who.user_id, *asked, "peak", key)
    return account.just_opened(made, planned.shifts)


@router.get("/peak", summary="Escalations, the newest first", responses=problems("bad_cursor"))
def list_escalations(who: Planner, session: ReadSession, cut: PageCut) -> Page[EscalationShown]:
    """What was opened and who was called, hours, cents as payment would have it, and balances as they are now."""
    rows = repository.escalations(session, who.hds_id, cut)
    shown = {one.id: one for one in account.shown(session, who.hds_id, rows[: cut.limit])}
    return page_of(rows, cut, lambda row: (row.id,), lambda row: shown[row.id])


@router.get("/peak/figures", summary="Scaling up in figures")
def show_figures(who: Figures, session: ReadSession, start: DayOf = None, end: DayOf = None) -> PeakFigures:
    """Counts and hours that name nobody."""
    return account.figures(session, who.hds_id, start, end)


@router.get("/peak/standbys/{shift_id:path}", summary="Standbys that could be called", responses=problems("not_found"))
def list_standbys(who: Planner, session: ReadSession, shift_id: ShiftPath) -> StandbysShown:
    """Those of all posts that run at the same time as what is left of the shift."""
    found = calling.standbys(session, who.hds_id, shift_id)
    return StandbysShown(shift_id=shift_id, standbys=[outlook.standby_shown(one) for one in found])


@router.post(
    "/peak/call",
    status_code=201,
    summary="Call a standby in",
    responses=problems(
        "not_found", "standby_unfit", "conflict", "breaks_rules", "wrong_state", "dossier_invalid", "extra_refused"
    ),
)
def call(who: Planner, session: WriteSession, body: CallAsked) -> Called:
    """The hours are put on record as payment reads them; the GP is told."""
    return calling.call(session, who, body)


@router.post(
    "/peak/uncall", status_code=204, summary="Call a standby off",
    responses=problems("not_found", "wrong_state", "dossier_invalid"),
)  # fmt: skip
def call_off(who: Planner, session: WriteSession, body: CallOffAsked) -> None:
    """Who does not come, or need not: hours worked till then stay, a call to come is as if it had not been made."""
    calling.call_off(session, who, body)


@router.post("/peak/close", summary="Close extra shifts", responses=problems("not_found", "wrong_state"))
def close(who: Planner, session: WriteSession, body: ShiftsAsked) -> Closed:
    """Only those that nobody has, that have not begun and of which no hours were told; all or none."""
    return Closed(closed=closing.close(session, who, body.shift_ids, body.reason))


@router.post("/open-shifts", summary="Offer open shifts to all", responses=problems("not_found", "wrong_state"))
def offer(who: Planner, session: WriteSession, body: ShiftsAsked) -> OfferedShifts:
    """Those who could legally take one and are let in first (`access_hours` of swaps) are told of it."""
    return OfferedShifts(offered=taking.offer(session, who, body.shift_ids, body.reason))


@router.get("/open-shifts", summary="Open shifts on offer")
def list_open(who: PlannerOrGp, session: ReadSession) -> OpenShifts:
    """A GP sees those that are open to this GP, each with the verdict; a planner all of them."""
    return OpenShifts(items=taking.on_offer(session, who))


@router.post(
    "/open-shifts/take/{shift_id:path}",
    summary="Take an open shift",
    responses=problems("not_found", "wrong_state", "breaks_rules", "swap_outdated", "swap_unsound"),
)
def take(who: TheGp, session: WriteSession, shift_id: ShiftPath) -> Taken:
    """Who comes first has it; whoever comes second is refused with 409."""
    return taking.take(session, who, shift_id)
