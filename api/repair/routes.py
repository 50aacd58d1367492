"""Repairs of the roster in force: ask, follow, look at the proposal, carry it out, consent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Path, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.auth.access import Planner, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession, database
from api.db.tables.repair import Repair
from api.errors import problems
from api.fields import Identifier
from api.paging import Page, PageCut, page_of
from api.repair import asking, deciding, repository
from api.repair.schemas import AskShown, AsksShown, Decision, RepairAsked, RepairShown, Reply
from api.repair.showing import asks_shown, shown
from api.repair.stream import events_of
from api.room import room

router = room("/hds/{hds_id}", "repairs")

TheGp = Annotated[Member, Depends(member(Role.GP))]
RepairId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=36,
        pattern="^[0-9a-f-]+$",
        description="The id of the repair.",
        examples=["5f2c9f58-3c1f-4d0e-9d3a-0f3c5b1f6f10"],
    ),
]
Once = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key with the same request is done once.", examples=["7f3c"]),
]
_DOING = problems("not_found", "wrong_state", "swap_outdated", "breaks_rules", "dossier_invalid", "bad_request")


def _one(session: WriteSession, who: Member, row: Repair) -> RepairShown:
    return shown(session, who.hds_id, [row])[0]


@router.post(
    "/repairs",
    status_code=202,
    summary="Have the roster in force repaired",
    responses=problems("not_found", "mend_refused", "idempotency_key_reused"),
)
def ask(who: Planner, session: WriteSession, body: RepairAsked, key: Once = None) -> RepairShown:
    """A worker fills what falls open with the fewest changes for others; nothing changes until it is applied."""
    return _one(session, who, asking.ask(session, who, body, key))


@router.get("/repairs", summary="Repairs, the latest first", responses=problems("bad_cursor"))
def list_repairs(who: Planner, session: ReadSession, cut: PageCut) -> Page[RepairShown]:
    """Each with where it stands and what it proposes."""
    rows = repository.page(session, who.hds_id, cut)
    found = {one.id: one for one in shown(session, who.hds_id, rows[: cut.limit])}
    return page_of(rows, cut, lambda row: (row.requested_at.isoformat(), row.id), lambda row: found[row.id])


@router.get("/repairs/asks", summary="What repairs ask of the caller")
def list_asks(who: TheGp, session: ReadSession) -> AsksShown:
    """The own shifts that would move, and until when an answer is asked for."""
    return AsksShown(items=asks_shown(session, who))


@router.get("/repairs/{repair_id}", summary="One repair", responses=problems("not_found"))
def show_repair(who: Planner, session: ReadSession, repair_id: RepairId) -> RepairShown:
    """Where it stands, what it proposes and whether that still holds."""
    return shown(session, who.hds_id, [asking.found(session, who.hds_id, repair_id)])[0]


def _followed(who: Planner, session: ReadSession, repair_id: RepairId) -> str:
    """The repair, looked up before the stream begins, so that a stranger gets a refusal and no stream."""
    return asking.found(session, who.hds_id, repair_id).id


@router.get(
    "/repairs/{repair_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a repair",
    responses=problems("not_found"),
)
async def follow(
    repair: Annotated[str, Depends(_followed)],
    request: Request,
    last: Annotated[
        int, Header(alias="Last-Event-ID", ge=0, lt=2**31, description="The last event that was seen.")
    ] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Events `state` and `progress` with a number each, from the first or after `Last-Event-ID`; then `end`."""
    async for event in events_of(database(request), repair, last):
        yield event


@router.post("/repairs/{repair_id}/cancel", summary="Stop a repair", responses=problems("not_found"))
def cancel(who: Planner, session: WriteSession, repair_id: RepairId) -> RepairShown:
    """One that waits is `cancelled`; one at work soon proposes the best it has, if anything; else it stays as it is."""
    return _one(session, who, asking.cancel(session, who, repair_id))


@router.post(
    "/repairs/{repair_id}/again",
    status_code=202,
    summary="Ask the same once more",
    responses=problems("not_found", "mend_refused"),
)
def again(who: Planner, session: WriteSession, repair_id: RepairId) -> RepairShown:
    """Of the roster as it is now: for a proposal that is out of date."""
    return _one(session, who, asking.again(session, who, repair_id))


@router.post("/repairs/{repair_id}/apply", summary="Carry a proposal out", responses=_DOING)
def apply(who: Planner, session: WriteSession, repair_id: RepairId, body: Decision) -> RepairShown:
    """As one set, judged anew; at once, or when all agree whose published shifts move."""
    return _one(session, who, deciding.decide(session, who, repair_id, body.how, body.reason))


@router.post("/repairs/{repair_id}/withdraw", summary="Drop a proposal", responses=problems("not_found", "wrong_state"))
def withdraw(who: Planner, session: WriteSession, repair_id: RepairId) -> RepairShown:
    """Nothing of it is done; who was asked is told."""
    return _one(session, who, deciding.withdraw(session, who, repair_id))


@router.post("/repairs/{repair_id}/answer", summary="Agree or refuse", responses=_DOING)
def answer(who: TheGp, session: WriteSession, repair_id: RepairId, body: Reply) -> AskShown:
    """When the last of those asked agrees it is done as a whole; when one refuses nothing is."""
    deciding.answer(session, who, repair_id, agreed=body.agreed, reason=body.reason)
    return next(one for one in asks_shown(session, who) if one.repair_id == repair_id)
