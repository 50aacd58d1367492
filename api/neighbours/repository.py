"""Every query on links, neighbours and guests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from api.db.tables.neighbours import GpLink, GpLinkCode, Guest, LendingOpening, Neighbour
from api.db.tables.people import Gp, Hds, Membership
from api.db.tables.rosters import Duty

ACCEPTED = "accepted"
LIVE = ("invited", ACCEPTED)


def gp(session: Session, hds_id: str, gp_id: str) -> Gp | None:
    """The GP of an HDS by id, unless erased."""
    return session.scalar(select(Gp).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id, Gp.erased_at.is_(None)))


def gps(session: Session, numbers: Iterable[int]) -> Sequence[Gp]:
    """GPs by number, whatever their HDS."""
    return session.scalars(select(Gp).where(Gp.number.in_(sorted(set(numbers)))).order_by(Gp.number)).all()


def code(session: Session, code_hash: str) -> GpLinkCode | None:
    """A code that was given out, for this transaction alone."""
    return session.scalar(select(GpLinkCode).where(GpLinkCode.code_hash == code_hash).with_for_update())


def drop_stale_codes(session: Session, moment: datetime) -> None:
    """Codes whose time has passed go."""
    session.execute(delete(GpLinkCode).where(GpLinkCode.expires_at <= moment))


def link(session: Session, hds_id: str, link_id: int) -> tuple[GpLink, Gp, Gp] | None:
    """A link with its GP here and the one elsewhere."""
    here, there = aliased(Gp), aliased(Gp)
    row = session.execute(
        select(GpLink, here, there)
        .join(here, here.number.in_((GpLink.one_number, GpLink.other_number)))
        .join(there, there.number.in_((GpLink.one_number, GpLink.other_number)) & (there.number != here.number))
        .where(GpLink.id == link_id, here.hds_id == hds_id)
        .with_for_update(of=GpLink)
    ).first()
    return None if row is None else (row[0], row[1], row[2])


def links_at(session: Session, hds_id: str, number: int | None) -> Sequence[Any]:
    """The links made with codes of an HDS's GPs, or of one: id, gp_id, made_at."""
    found = (
        select(GpLink.id, Gp.gp_id, GpLink.made_at)
        .join(Gp, Gp.number.in_((GpLink.one_number, GpLink.other_number)))
        .where(Gp.hds_id == hds_id)
    )
    return session.execute(_of(found, Gp.number, number).order_by(Gp.gp_id, GpLink.id)).all()


def guests_at(session: Session, hds_id: str, number: int | None) -> Sequence[Any]:
    """The GPs of an HDS who are guests here, or lent elsewhere: gp_id, made_at."""
    found = (
        select(Gp.gp_id, Guest.made_at)
        .join(Gp, Gp.number.in_((Guest.gp_number, Guest.home_number)))
        .where(Gp.hds_id == hds_id)
    )
    return session.execute(_of(found, Gp.number, number).order_by(Gp.gp_id)).all()


def accounts_at(session: Session, hds_id: str, number: int | None) -> Sequence[str]:
    """The ids of GPs of an HDS whose account has the role of a GP at another HDS too."""
    own, other = aliased(Membership), aliased(Membership)
    found = (
        select(Gp.gp_id)
        .join(own, own.gp_number == Gp.number)
        .join(other, (other.user_id == own.user_id) & (other.hds_id != own.hds_id))
        .where(Gp.hds_id == hds_id, own.role == "gp", other.role == "gp")
        .distinct()
    )
    return session.scalars(_of(found, Gp.number, number).order_by(Gp.gp_id)).all()


def _of(found: Any, column: Any, number: int | None) -> Any:
    return found if number is None else found.where(column == number)


def own_numbers(session: Session, user_id: int, number: int) -> frozenset[int]:
    """The numbers that this account showed to be its own: by its roles, by codes of both accounts, and as guest."""
    roles = select(Membership.gp_number).where(Membership.user_id == user_id, Membership.role == "gp")
    mine = {one for one in session.scalars(roles) if one is not None} | {number}
    links = session.execute(
        select(GpLink.one_number, GpLink.other_number).where(
            GpLink.self_made, or_(GpLink.one_number.in_(mine), GpLink.other_number.in_(mine))
        )
    )
    return with_guests(session, mine.union(*links))


def with_guests(session: Session, numbers: Iterable[int]) -> frozenset[int]:
    """These numbers and those under which the same GPs are guests of others."""
    mine = frozenset(numbers)
    return mine.union(session.scalars(select(Guest.gp_number).where(Guest.home_number.in_(sorted(mine)))))


def without_guests(session: Session, numbers: Iterable[int]) -> frozenset[int]:
    """Those of these numbers under which nobody is a guest."""
    asked = frozenset(numbers)
    return asked.difference(session.scalars(select(Guest.gp_number).where(Guest.gp_number.in_(sorted(asked)))))


def duties_of(session: Session, numbers: Iterable[int], since: datetime) -> Sequence[Any]:
    """The duties that these GPs perform and that end after a moment, with the name of their HDS, in order of start."""
    found = (
        select(Duty.__table__, Hds.name.label("hds_name"))
        .join(Hds, Hds.id == Duty.hds_id)
        .where(Duty.performer_number.in_(sorted(numbers)), Duty.ends_at > since)
    )
    return session.execute(found.order_by(Duty.starts_at, Duty.hds_id, Duty.shift_id)).all()


def hds(session: Session, hds_id: str) -> Hds | None:
    """An HDS by its id."""
    return session.get(Hds, hds_id)


def neighbours(session: Session, hds_id: str, states: Sequence[str] | None = None) -> Sequence[Any]:
    """Each `Neighbour` of an HDS with the other `Hds`, the newest first."""
    other = Hds.id != hds_id, Hds.id.in_((Neighbour.hds_id, Neighbour.invited_hds_id))
    found = select(Neighbour, Hds).join(Hds, *other[1:]).where(_ours(hds_id), other[0]).order_by(Neighbour.id.desc())
    return session.execute(found if states is None else found.where(Neighbour.state.in_(states))).all()


def neighbour(session: Session, hds_id: str, neighbour_id: int) -> Neighbour | None:
    """One neighbour of an HDS, for this transaction alone."""
    found = select(Neighbour).where(Neighbour.id == neighbour_id, _ours(hds_id))
    return session.scalar(found.with_for_update().execution_options(populate_existing=True))


def live_between(session: Session, one: str, other: str, *, lock: bool = False) -> Neighbour | None:
    """What is agreed or asked between two HDSs; with `lock` nobody ends it, or lends between them, until the commit."""
    found = select(Neighbour).where(Neighbour.pair == pair_of(one, other), Neighbour.state.in_(LIVE))
    return session.scalar(found.with_for_update().execution_options(populate_existing=True) if lock else found)


def close_openings(session: Session, one: str, other: str, moment: datetime) -> None:
    """Withdraw what two HDSs have open to each other."""
    between = tuple_(LendingOpening.hds_id, LendingOpening.neighbour_hds_id).in_([(one, other), (other, one)])
    session.execute(
        update(LendingOpening)
        .where(LendingOpening.state == "open", between)
        .values(state="withdrawn", changed_at=moment)
    )


def pair_of(one: str, other: str) -> str:
    """Two HDSs, the same both ways round; no id holds a line break."""
    return "\n".join(sorted((one, other)))


def _ours(hds_id: str) -> Any:
    return or_(Neighbour.hds_id == hds_id, Neighbour.invited_hds_id == hds_id)
