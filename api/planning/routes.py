"""Rounds: their phases, who handed in, the draft as GPs see it, and where everybody stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from api.auth.access import Planner, PlannerOrGp, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.planning import PlanningRound
from api.dossiers import windows
from api.dossiers.mapping import gp_ids
from api.dossiers.routes import DossierId
from api.errors import Problem, problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.paging import Page, PageCut, page_of
from api.planning import finishing, own_draft, repository, reshuffling, rounds, schemas, showing
from api.planning.standing import standings
from api.room import room
from api.swaps.schemas import VerdictShown
from api.swaps.showing import verdict_shown

router = room("/hds/{hds_id}", "planning")

TheGp = Annotated[Member, Depends(member(Role.GP))]
RoundId = Annotated[Key, Path(description="The number of the round.", examples=[3])]
_CHANGING = ("not_found", "malformed", "wrong_state", "changed_meanwhile", "if_match_needed")
_STEPPING = ("not_found", "wrong_state", "swap_outdated", "breaks_rules")


@router.post(
    "/dossiers/{dossier_id}/rounds", status_code=201, summary="Open a round",
    responses=problems("not_found", "malformed", "wrong_state", "conflict"),
)  # fmt: skip
def open_round(
    who: Planner, session: WriteSession, dossier_id: DossierId, body: schemas.RoundAsked, response: Response
) -> schemas.RoundShown:
    """One round runs for a dossier at a time. Its phases open and close by themselves at their moments."""
    return _shown(session, rounds.open_round(session, who, dossier_id, body), who, response)


@router.get("/round", summary="The rounds that run, and what the caller may do in them now")
def list_rounds(
    who: PlannerOrGp, session: ReadSession, every: Annotated[bool, Query(description="Also those that ended.")] = False
) -> schemas.RoundsShown:
    """The newest first, at most 200."""
    found = repository.rounds_of(session, who.hds_id, every=every)
    return schemas.RoundsShown(items=[showing.round_shown(session, row, who) for row in found])


@router.get("/round/{round_id}", summary="A round", responses=problems("not_found"))
def show_round(who: PlannerOrGp, session: ReadSession, round_id: RoundId, response: Response) -> schemas.RoundShown:
    """Its phases, which one it is now, and what the caller may do."""
    return _shown(session, rounds.round_of(session, who.hds_id, round_id), who, response)


@router.patch("/round/{round_id}", summary="Move or skip phases", responses=problems(*_CHANGING))
def change_round(
    who: Planner, session: WriteSession, round_id: RoundId, body: schemas.RoundChange, response: Response,
    if_match: IfMatch = None,
) -> schemas.RoundShown:  # fmt: skip
    """Later, earlier, skipped; also what the HDS chose. A phase that closed opens again when its close is moved."""
    return _shown(session, rounds.change(session, who, round_id, body, if_match), who, response)


@router.post("/round/{round_id}/cancel", summary="End a round before its time", responses=problems(*_CHANGING))
def cancel_round(
    who: Planner, session: WriteSession, round_id: RoundId, body: schemas.Cancelled, response: Response,
    if_match: IfMatch = None,
) -> schemas.RoundShown:  # fmt: skip
    """The draft stays as it is; GPs may change their own wishes and absences again."""
    return _shown(session, rounds.cancel(session, who, round_id, body.reason, if_match), who, response)


@router.put("/round/{round_id}/draft", summary="Pick the draft of a round", responses=problems(*_CHANGING))
def pick_draft(
    who: Planner, session: WriteSession, round_id: RoundId, body: schemas.DraftPicked, response: Response,
    if_match: IfMatch = None,
) -> schemas.RoundShown:  # fmt: skip
    """A version of the dossier, made by a run, an import or by hand; another one until the GPs have seen it."""
    return _shown(session, rounds.pick_draft(session, who, round_id, body.version_id, if_match), who, response)


@router.post("/round/{round_id}/publish", summary="Publish the roster", responses=problems("breaks_rules", *_CHANGING))
def publish(
    who: Planner, session: WriteSession, round_id: RoundId, body: schemas.PublishAsked, response: Response,
    if_match: IfMatch = None,
) -> schemas.RoundShown:  # fmt: skip
    """Puts the draft in force for the whole period, and ends the round; also before its date, but not before GPs are
    done with it. Who has a shift in it is responsible for it.
    """
    from api.rosters.publishing import Order

    row = rounds.round_of(session, who.hds_id, round_id)
    first = session.get_one(DossierRow, row.dossier_id).period_start
    order = Order(first, body.reason, body.accept_violations, body.seen)
    return _shown(session, finishing.publish(session, who, round_id, order, if_match)[0], who, response)


@router.get(
    "/round/{round_id}/registrations", summary="Who handed in, and who did not", responses=problems("not_found")
)
def registrations(who: Planner, session: ReadSession, round_id: RoundId) -> schemas.RegistrationsShown:
    """Of the GPs with a share to do; who handed in nothing has no choice, and the roster comes all the same."""
    return showing.registrations_shown(session, rounds.round_of(session, who.hds_id, round_id))


@router.post(
    "/round/{round_id}/registrations/mine", summary="That is all", responses=problems("not_found", "wrong_state")
)
def hand_in(who: TheGp, session: WriteSession, round_id: RoundId) -> schemas.RoundShown:
    """A GP has nothing (more) to hand in, and gets no reminders; wishes and absences are rows of the dossier."""
    row = rounds.round_of(session, who.hds_id, round_id)
    rounds.require_running(row)
    windows.require_open(session, row.dossier_id)
    rounds.note_ready(session, who, row)
    return showing.round_shown(session, row, who)


@router.get(
    "/round/{round_id}/draft", summary="The draft as a GP sees it", responses=problems("not_found", "wrong_state")
)
def show_draft(who: TheGp, session: ReadSession, round_id: RoundId) -> schemas.OwnDraft:
    """The own shifts, the open ones with whether the GP may have them and why not, and what may be given back."""
    return own_draft.own_draft(session, who, rounds.round_of(session, who.hds_id, round_id))


@router.post("/round/{round_id}/verdict", summary="May a GP give back or pick up?", responses=problems(*_STEPPING))
def verdict(who: PlannerOrGp, session: ReadSession, round_id: RoundId, body: schemas.VerdictAsked) -> VerdictShown:
    """Giving back a shift that the GP has, else picking it up; by the rules of the roster, changes nothing.

    Whether the phase and the hours given back allow it is not part of it.
    """
    row = rounds.round_of(session, who.hds_id, round_id)
    gp_id = (body.gp_id if who.has(Role.PLANNER) else None) or who.gp_id
    if gp_id is None or not own_draft.may_see(session, who, row):
        raise Problem("not_found")
    return verdict_shown(reshuffling.judged(session, row, gp_id, body.shift_id), who)


@router.post("/round/{round_id}/give-back", summary="Give a shift of the draft back", responses=problems(*_STEPPING))
def give_back(who: TheGp, session: WriteSession, round_id: RoundId, body: schemas.StepAsked) -> schemas.Taken:
    """While GPs reshuffle, up to the percentage of the own hours that the HDS allows; asked again it is done once."""
    done = reshuffling.take_step(session, who, round_id, body.shift_id, reshuffling.GIVE_BACK)
    return showing.taken(done, who, gp_ids(session, who.hds_id))


@router.post("/round/{round_id}/pick-up", summary="Pick up an open shift of the draft", responses=problems(*_STEPPING))
def pick_up(who: TheGp, session: WriteSession, round_id: RoundId, body: schemas.StepAsked) -> schemas.Taken:
    """Who is first has it; first GPs with a share, then free locums as well. Asked again it is done once."""
    done = reshuffling.take_step(session, who, round_id, body.shift_id, reshuffling.PICK_UP)
    return showing.taken(done, who, gp_ids(session, who.hds_id))


@router.get(
    "/round/{round_id}/steps", summary="What was done with the draft", responses=problems("not_found", "bad_cursor")
)
def steps(who: PlannerOrGp, session: ReadSession, round_id: RoundId, cut: PageCut) -> Page[schemas.StepShown]:
    """Given back, picked up and assigned, in order; a GP sees the own steps, with why a shift was assigned."""
    row = rounds.round_of(session, who.hds_id, round_id)
    found = repository.steps(session, row.id, cut, None if who.has(Role.PLANNER) else who.gp_number)
    ids = gp_ids(session, who.hds_id)
    return page_of(found, cut, lambda one: (one.id,), lambda one: showing.step_shown(one, ids, who))


@router.get("/round/{round_id}/standing", summary="Where everybody stands", responses=problems("not_found"))
def standing(who: PlannerOrGp, session: ReadSession, round_id: RoundId) -> schemas.StandingsShown:
    """Hours of the share and in the roster, and the place among GPs of the same class; a GP sees the own line."""
    row = rounds.round_of(session, who.hds_id, round_id)
    planner = who.has(Role.PLANNER)
    against, found = standings(session, row, for_planner=planner)
    items = [showing.standing_shown(one, who) for one in found if planner or one.gp_id == who.gp_id]
    return schemas.StandingsShown(roster=against.value, items=items)


def _shown(session: ReadSession, row: PlanningRound, who: Member, response: Response) -> schemas.RoundShown:
    show_revision(response, row.revision)
    return showing.round_shown(session, row, who)
