"""Duties change hands: the one place where a performer is changed after publication, whatever the cause."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import now
from api.db.tables.swaps import SwapDeal
from api.errors import Problem
from api.outbox import Notice, tell
from api.swaps import deal_repository, notices, repository
from api.swaps.table import Table
from scheduler.domain.people import Role
from scheduler.messages import text


def pass_on(
    session: Session, hds_id: str, user_id: int | None, table: Table, act: Act, *, led_by: Act | None = None,
    deal_id: int = 0,
) -> None:  # fmt: skip
    """Do the moves of a table that holds its GPs still and was found legal, and have those concerned told.

    Offers and deals about these duties end with it, except the deal that this is (`deal_id`). Who was responsible at
    publication stays. `act` is put on record with who performed each duty before and after: as done by `user_id` (None:
    nobody), unless it followed from another act (`led_by`), which was that person's; then it is done by nobody. Raises
    Problem as `require_uncalled`.
    """
    require_uncalled(session, hds_id, table)
    repository.hand_over(session, hds_id, table.takers)
    shift_ids = list(table.takers)
    overtaken = deal_repository.overtaken(session, hds_id, shift_ids, deal_id)
    end(session, hds_id, overtaken, "expired", text("swaps.overtaken"))
    repository.end_offers(session, hds_id, shift_ids, "done" if deal_id else "expired")
    for move in table.moves:
        # a trainee who stood beside the giver would come for nothing
        concerned = move.from_gp, move.to_gp, table.situation.trainee_of.get(move.shift_id)
        told = [table.field.number[gp_id] for gp_id in concerned if gp_id is not None]
        about = {"shift_id": move.shift_id, "from_gp_id": move.from_gp, "to_gp_id": move.to_gp, "cause": act.action}
        tell(session, hds_id, Notice("duty_changed", about, told))
    before = {move.shift_id: move.from_gp for move in table.moves}
    after = {move.shift_id: move.to_gp for move in table.moves}
    done = Act(act.action, act.subject, before=before, after=after, reason=act.reason)
    if led_by is not None:
        record(session, hds_id, user_id, led_by)
    record(session, hds_id, user_id if led_by is None else None, done)


def require_uncalled(session: Session, hds_id: str, table: Table) -> None:
    """Raise Problem `wrong_state` for a standby that was called in, and a shift that somebody else was told to work.

    The GP who was called is counted on, and paid, for both: nobody else may get them. That this GP drops out, and who
    does what a call leaves open, is for sickness to see to.
    """
    passed = [move.shift_id for move in table.moves if move.from_gp is not None and move.to_gp is not None]
    standbys = [shift_id for shift_id in passed if table.duties[shift_id].role == Role.STANDBY]
    if standbys and (called := repository.called_in(session, hds_id, standbys, now())):
        raise Problem("wrong_state", text("swaps.called_in", shift=", ".join(called)))
    workers = repository.workers(session, hds_id, [move.shift_id for move in table.moves if move.to_gp is not None])
    for shift_id, numbers in workers.items():
        if table.takers[shift_id] not in numbers:
            raise Problem("wrong_state", text("swaps.worked", shift=shift_id))


def end(session: Session, hds_id: str, deals: Sequence[SwapDeal], state: str, reason: str) -> None:
    """End deals, locked, without doing them and tell their GPs; offers that no other deal is about stand again."""
    if not deals:
        return
    shift_ids = {row.shift_id for row in deal_repository.moves(session, [deal.id for deal in deals])}
    # two deals about one offer may end at the same time: the later one sees that the other has
    offers = [one for one in repository.locked_offers_of(session, hds_id, shift_ids) if one.state != "open"]
    for deal in deals:
        deal.state, deal.reason, deal.revision, deal.changed_at = state, reason, deal.revision + 1, now()
    session.flush()
    promised = deal_repository.promised(session, [offer.id for offer in offers])
    for offer in offers:
        if offer.id not in promised:
            offer.state, offer.revision, offer.changed_at = "open", offer.revision + 1, now()
    session.flush()
    for deal in deals:
        notices.ended(session, deal)
