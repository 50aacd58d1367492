"""Every query on events, notices, deliveries and wishes about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from api.auth.principal import Member, Role
from api.db.inserting import insert_into
from api.db.tables.dossier import GpRow, PostRow
from api.db.tables.messages import UNDER_WAY, Delivery, MessagePreference, NoticeRow, Webhook
from api.db.tables.neighbours import Guest
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp, Hds, Membership, User
from api.db.tables.rosters import Duty
from api.paging import Cut


@dataclass(frozen=True)
class Hearer:
    """Somebody who may be told: which GP, whether a planner, and the address, if any."""

    user_id: int
    gp_number: int | None
    is_planner: bool
    email: str | None


def has_waiting_events(session: Session) -> bool:
    """Whether anything waits to be spread."""
    return session.scalar(select(OutboxEvent.id).where(OutboxEvent.spread_at.is_(None)).limit(1)) is not None


def waiting_events(session: Session, most: int) -> Sequence[OutboxEvent]:
    """The oldest events that wait and that nobody else is spreading, for this transaction alone."""
    waiting = select(OutboxEvent).where(OutboxEvent.spread_at.is_(None)).order_by(OutboxEvent.id).limit(most)
    return session.scalars(waiting.with_for_update(skip_locked=True)).all()


def hearers(session: Session, hds_id: str, gp_numbers: Collection[int], *, to_planners: bool) -> list[Hearer]:
    """The users who are these GPs, and the planners where asked, each once; not those who may not log in."""
    wanted: list[ColumnElement[bool]] = [and_(Membership.role == "gp", Membership.gp_number.in_(sorted(gp_numbers)))]
    if to_planners:
        wanted.append(Membership.role == "planner")
    rows = session.execute(
        select(Membership.user_id, Membership.role, Membership.gp_number, User.email)
        .join(User, User.id == Membership.user_id)
        .where(Membership.hds_id == hds_id, User.disabled_at.is_(None), or_(*wanted))
        .order_by(Membership.user_id)
    ).all()
    found: dict[int, Hearer] = {}
    for row in rows:
        known = found.get(row.user_id)
        number = row.gp_number if row.role == "gp" else known.gp_number if known else None
        is_planner = row.role == "planner" or (known is not None and known.is_planner)
        found[row.user_id] = Hearer(row.user_id, number, is_planner, row.email)
    return list(found.values())


def guests(session: Session, hds_id: str, numbers: Collection[int]) -> Sequence[Any]:
    """Guests among these GPs: `guest_number` and `guest_id` here, `home_hds_id`, `home_number`, `home_id`."""
    here, home = aliased(Gp), aliased(Gp)
    found = (
        select(
            here.number.label("guest_number"), here.gp_id.label("guest_id"), Guest.home_hds_id, Guest.home_number,
            home.gp_id.label("home_id"),
        )
        .select_from(Guest)
        .join(here, here.number == Guest.gp_number)
        .join(home, home.number == Guest.home_number)
        .where(Guest.hds_id == hds_id, Guest.gp_number.in_(sorted(numbers)))
    )  # fmt: skip
    return session.execute(found).all()


def preferences_of(session: Session, hds_id: str, user_ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
    """What these users chose, of those who chose anything."""
    rows = session.execute(
        select(MessagePreference.user_id, MessagePreference.groups).where(
            MessagePreference.hds_id == hds_id, MessagePreference.user_id.in_(sorted(set(user_ids)))
        )
    )
    return {row.user_id: row.groups for row in rows}


def preference(session: Session, hds_id: str, user_id: int, *, lock: bool = False) -> MessagePreference | None:
    """What one user chose."""
    found = select(MessagePreference).where(MessagePreference.hds_id == hds_id, MessagePreference.user_id == user_id)
    return session.scalar(found.with_for_update() if lock else found)


def user(session: Session, user_id: int) -> User:
    """A user."""
    return session.get_one(User, user_id)


def active_webhooks(session: Session, hds_id: str) -> Sequence[Webhook]:
    """The systems of an HDS that are told."""
    return session.scalars(select(Webhook).where(Webhook.hds_id == hds_id, Webhook.active)).all()


def add_once(session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows; those that are there already stay as they are."""
    if rows:
        session.execute(insert_into(session, table.__table__).on_conflict_do_nothing(), list(rows))


def addressee(session: Session, row: Delivery) -> User | None:
    """Whom an e-mail is for, if still the GP or a planner of the HDS as which it was written, and let in."""
    as_planner = select(OutboxEvent.id).where(OutboxEvent.id == row.event_id, OutboxEvent.to_planners).exists()
    still = or_(Membership.gp_number == row.gp_number, and_(Membership.role == "planner", as_planner))
    here = select(Membership.user_id).where(Membership.hds_id == row.hds_id, still)
    return session.scalar(select(User).where(User.id == row.user_id, User.disabled_at.is_(None), User.id.in_(here)))


def event(session: Session, event_id: int) -> OutboxEvent:
    """An event."""
    return session.get_one(OutboxEvent, event_id)


def hds_name(session: Session, hds_id: str) -> str:
    """The name of an HDS."""
    return session.get_one(Hds, hds_id).name


def names(session: Session, hds_id: str, gp_ids: Collection[str]) -> Mapping[str, str]:
    """The names of GPs by `gp_id`, each as in the last dossier that has the GP."""
    rows = session.execute(
        select(Gp.gp_id, GpRow.name)
        .join(GpRow, GpRow.gp_number == Gp.number)
        .where(Gp.hds_id == hds_id, Gp.gp_id.in_(sorted(gp_ids)))
        .order_by(GpRow.dossier_id)
    )
    return {row.gp_id: row.name for row in rows}


def shifts(session: Session, hds_id: str, shift_ids: Collection[str]) -> Mapping[str, Any]:
    """Times (UTC), role and name of the post of shifts in force."""
    rows = session.execute(
        select(Duty.shift_id, Duty.starts_at, Duty.ends_at, Duty.role, PostRow.name.label("post"))
        .outerjoin(PostRow, and_(PostRow.dossier_id == Duty.dossier_id, PostRow.post_id == Duty.post_id))
        .where(Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(shift_ids)))
    )
    return {row.shift_id: row for row in rows}


def _own(member: Member) -> tuple[ColumnElement[bool], ...]:
    """Notices of the caller: those that came to a planner only for who is one here and now."""
    own = (NoticeRow.hds_id == member.hds_id, NoticeRow.user_id == member.user_id)
    return own if member.has(Role.PLANNER) else (*own, NoticeRow.gp_number.is_not(None))


def own_notices(session: Session, member: Member, cut: Cut, *, unread: bool) -> Sequence[Any]:
    """Notices of the caller with their events, the newest first."""
    found = (
        select(
            OutboxEvent.id, OutboxEvent.kind, OutboxEvent.about, OutboxEvent.created_at, NoticeRow.read_at
        )
        .join(OutboxEvent, OutboxEvent.id == NoticeRow.event_id)
        .where(*_own(member))
    )  # fmt: skip
    if unread:
        found = found.where(NoticeRow.read_at.is_(None))
    if cut.after is not None:
        found = found.where(NoticeRow.event_id < cut.after_number())
    return session.execute(found.order_by(NoticeRow.event_id.desc()).limit(cut.limit + 1)).all()


def told_to(session: Session, hds_id: str, user_ids: Collection[int]) -> Sequence[Any]:
    """When these users were told what as GPs: moment, kind and what it was about, in order."""
    told = select(NoticeRow.event_id).where(
        NoticeRow.hds_id == hds_id, NoticeRow.user_id.in_(sorted(user_ids)), NoticeRow.gp_number.is_not(None)
    )
    found = select(OutboxEvent.created_at, OutboxEvent.kind, OutboxEvent.about).where(OutboxEvent.id.in_(told))
    return session.execute(found.order_by(OutboxEvent.id)).all()


def count_unread(session: Session, member: Member) -> int:
    """How many notices the caller has not read."""
    unread = select(func.count()).select_from(NoticeRow).where(*_own(member), NoticeRow.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, member: Member, which: ColumnElement[bool], moment: datetime) -> None:
    """Mark notices of the caller as read; those that are keep their moment."""
    unread = (*_own(member), NoticeRow.read_at.is_(None))
    session.execute(update(NoticeRow).where(*unread, which).values(read_at=moment))


def has_due(session: Session, channel: str, moment: datetime) -> bool:
    """Whether a delivery of this channel is to be tried."""
    return session.scalar(_due(select(Delivery.id), channel, moment).limit(1)) is not None


def next_due(session: Session, channel: str, moment: datetime) -> Delivery | None:
    """The delivery that waits longest and that nobody else looks at, for this transaction alone."""
    first = _due(select(Delivery), channel, moment).order_by(Delivery.next_at, Delivery.id).limit(1)
    found: Delivery | None = session.scalar(first.with_for_update(skip_locked=True))
    return found


def _due(found: Any, channel: str, moment: datetime) -> Any:
    return found.where(Delivery.channel == channel, Delivery.next_at <= moment, UNDER_WAY)


def delivery(session: Session, delivery_id: int, *, hds_id: str | None = None, lock: bool = True) -> Delivery | None:
    """One delivery."""
    found = select(Delivery).where(Delivery.id == delivery_id)
    if hds_id is not None:
        found = found.where(Delivery.hds_id == hds_id)
    return session.scalar(found.with_for_update() if lock else found)


def deliveries(session: Session, hds_id: str, cut: Cut, states: Collection[str]) -> Sequence[Any]:
    """Deliveries in these states with the kind of their event and the GP, the newest first."""
    found = (
        select(Delivery, OutboxEvent.kind, Gp.gp_id)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .outerjoin(Gp, Gp.number == Delivery.gp_number)
        .where(Delivery.hds_id == hds_id, Delivery.state.in_(sorted(states)))
    )
    if cut.after is not None:
        found = found.where(Delivery.id < cut.after_number())
    return session.execute(found.order_by(Delivery.id.desc()).limit(cut.limit + 1)).all()


def shown_delivery(session: Session, delivery_id: int) -> Any:
    """One delivery as `deliveries` gives it."""
    return session.execute(
        select(Delivery, OutboxEvent.kind, Gp.gp_id)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .outerjoin(Gp, Gp.number == Delivery.gp_number)
        .where(Delivery.id == delivery_id)
    ).one()
