"""Offers: a duty that its performer would give away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.market import SwapOfferGroup
from api.db.tables.rosters import Duty
from api.db.tables.swaps import SwapOffer
from api.errors import Problem
from api.rosters.repository import number_of_gp
from api.swaps import group_repository, notices, repository
from api.swaps.audience import circle_of, narrowed
from api.swaps.choices import choices_in
from api.swaps.schemas import OfferAsked
from scheduler.messages import text


def offer(session: Session, member: Member, asked: OfferAsked) -> SwapOffer:
    """Put a duty up; raises Problem `forbidden` for a duty of somebody else, `conflict` when it is up already."""
    assert member.gp_number is not None
    choices = choices_in(repository.hold_roster(session, member.hds_id))
    repository.hold_still(session, [member.gp_number])
    duty, at = _own_duty(session, member, asked.shift_id), now()
    if choices.too_late(duty.starts_at, at):
        raise Problem("wrong_state", text("swaps.too_late", shift=duty.shift_id, hours=choices.last_hours))
    row = SwapOffer(
        hds_id=member.hds_id, shift_id=asked.shift_id, gp_number=member.gp_number,
        audience="all" if asked.audience == "group" else asked.audience,
        colleague_number=_colleague(session, member, asked), note=asked.note, created_at=at, changed_at=at,
        wanted=None if asked.in_return is None else asked.in_return.wanted().model_dump(mode="json"),
        expires_at=choices.last_moment(duty.starts_at),
    )  # fmt: skip
    session.add(row)
    session.flush()
    group_id = _narrow(session, member, asked, row)
    notices.offered(session, row, asked.audience, group_id, member, duty.dossier_id, choices)
    after = {"shift_id": row.shift_id, "audience": asked.audience, "in_return": row.wanted}
    record(session, member.hds_id, member.user_id, Act("swap.offered", f"offer/{row.id}", after=after))
    return row


def _own_duty(session: Session, member: Member, shift_id: str) -> Duty:
    """A duty that this GP performs and does not offer yet, for this transaction alone."""
    duty = repository.locked_duties(session, member.hds_id, [shift_id]).get(shift_id)
    if duty is None:
        raise Problem("not_found", text("swaps.not_in_force"))
    if duty.performer_number != member.gp_number:
        raise Problem("forbidden", text("swaps.not_performer"))
    for earlier in repository.live_offers_of(session, member.hds_id, [shift_id]):
        if earlier.gp_number == member.gp_number:
            raise Problem("conflict", text("swaps.offered_already"))
        # a publication gave the duty to another GP since
        earlier.state, earlier.revision, earlier.changed_at = "expired", earlier.revision + 1, now()
    return duty


def _colleague(session: Session, member: Member, asked: OfferAsked) -> int | None:
    if asked.audience != "colleague":
        return None
    found = number_of_gp(session, member.hds_id, asked.colleague_gp_id or "")
    if found is None or found == member.gp_number:
        raise Problem("swap_unsound", text("swaps.colleague_missing"))
    return found


def _narrow(session: Session, member: Member, asked: OfferAsked, row: SwapOffer) -> int | None:
    """Bring an offer to the members of one group of the giver's own, where that is asked: the id of the group."""
    if asked.audience != "group":
        return None
    assert member.gp_number is not None
    if asked.group_id not in group_repository.groups_of(session, member.gp_number):
        raise Problem("swap_unsound", text("swaps.group.missing"))
    session.add(SwapOfferGroup(offer_id=row.id, group_id=asked.group_id))
    session.flush()
    return asked.group_id


def withdraw(session: Session, member: Member, offer_id: int) -> SwapOffer:
    """Take an offer back while nobody has been promised the duty."""
    seen = repository.offer(session, member.hds_id, offer_id)
    if seen is None or not (member.has(Role.PLANNER) or seen.gp_number == member.gp_number):
        raise Problem("not_found")
    # as every step does, so that nobody who is taking the duty goes by an offer that is gone
    repository.hold_roster(session, member.hds_id)
    repository.hold_still(session, [seen.gp_number])
    row = repository.offer(session, member.hds_id, offer_id, lock=True)
    if row is None:
        raise Problem("not_found")
    if row.state != "open":
        raise Problem("wrong_state", text("swaps.offer_bound"))
    row.state, row.revision, row.changed_at = "withdrawn", row.revision + 1, now()
    session.flush()
    record(session, member.hds_id, member.user_id, Act("swap.offer_withdrawn", f"offer/{row.id}"))
    return row


def visible(session: Session, member: Member, rows: Sequence[SwapOffer]) -> Sequence[SwapOffer]:
    """Those of these offers that somebody may see: the planner all, a GP the own ones and those meant for that GP."""
    if member.has(Role.PLANNER):
        return rows
    circle, groups = circle_of(session, member.hds_id, member.gp_number), narrowed(session, rows)
    return [row for row in rows if circle.is_meant(row, groups)]
