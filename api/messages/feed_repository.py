"""Every query on calendar feeds and what they showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from api.db.inserting import insert_into
from api.db.tables.dossier import PostRow
from api.db.tables.messages import Feed, FeedItem
from api.db.tables.neighbours import Guest
from api.db.tables.people import Gp, Hds, Membership, User
from api.db.tables.rosters import Duty


def feed_of(session: Session, hds_id: str, user_id: int, *, lock: bool = False) -> Feed | None:
    """The feed of a user at an HDS."""
    found = select(Feed).where(Feed.hds_id == hds_id, Feed.user_id == user_id)
    return session.scalar(found.with_for_update() if lock else found)


def by_secret(session: Session, secret_hash: bytes) -> Any:
    """The feed with this secret, the id of its GP and the name of its HDS, while its owner is still that GP."""
    return session.execute(
        select(Feed, Gp.gp_id, Hds.name.label("hds_name"))
        .join(Gp, Gp.number == Feed.gp_number)
        .join(Hds, Hds.id == Feed.hds_id)
        .join(
            Membership,
            and_(
                Membership.user_id == Feed.user_id, Membership.hds_id == Feed.hds_id,
                Membership.gp_number == Feed.gp_number,
            ),
        )
        .join(User, User.id == Feed.user_id)
        .where(Feed.secret_hash == secret_hash, User.disabled_at.is_(None))
    ).one_or_none()  # fmt: skip


def hold(session: Session, feed_id: int) -> bool:
    """Let nobody else change what the feed showed until the commit; whether it is still there."""
    return session.scalar(select(Feed.id).where(Feed.id == feed_id).with_for_update()) is not None


def items(session: Session, feed_id: int) -> Sequence[Any]:
    """What the feed showed last."""
    return session.execute(select(FeedItem.__table__).where(FeedItem.feed_id == feed_id)).all()


def duties(session: Session, hds_id: str, gp_number: int, since: datetime) -> Sequence[Any]:
    """The duties in force that a GP performs or learns on, which end after `since`, with the name of the post."""
    return session.execute(
        select(
            Duty.shift_id, Duty.starts_at, Duty.ends_at, Duty.role, Duty.burden, Duty.post_id,
            PostRow.name.label("post"), (Duty.trainee_number == gp_number).label("as_trainee"),
        )
        .outerjoin(PostRow, and_(PostRow.dossier_id == Duty.dossier_id, PostRow.post_id == Duty.post_id))
        .where(
            Duty.hds_id == hds_id, Duty.ends_at > since,
            or_(Duty.performer_number == gp_number, Duty.trainee_number == gp_number),
        )
    ).all()  # fmt: skip


def lent(session: Session, home_number: int, since: datetime) -> Sequence[Any]:
    """The duties in force that a GP does as a guest elsewhere: as `duties`, with the guest's id and the HDS."""
    return session.execute(
        select(
            Duty.shift_id, Duty.starts_at, Duty.ends_at, Duty.role, Duty.burden, Duty.post_id,
            PostRow.name.label("post"), Duty.hds_id, Hds.name.label("hds"), Gp.gp_id,
        )
        .join(Guest, and_(Guest.gp_number == Duty.performer_number, Guest.hds_id == Duty.hds_id))
        .join(Hds, Hds.id == Duty.hds_id)
        .join(Gp, Gp.number == Guest.gp_number)
        .outerjoin(PostRow, and_(PostRow.dossier_id == Duty.dossier_id, PostRow.post_id == Duty.post_id))
        .where(Guest.home_number == home_number, Duty.ends_at > since)
    ).all()  # fmt: skip


def keep(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add items, or replace what is known of them."""
    if rows:
        added = insert_into(session, FeedItem).values(list(rows))
        fresh = {name: added.excluded[name] for name in ("shown", "sequence", "cancelled", "changed_at")}
        session.execute(added.on_conflict_do_update(index_elements=["feed_id", "shift_id"], set_=fresh))


def forget(session: Session, feed_id: int, shift_ids: Sequence[str]) -> None:
    """Remove items."""
    if shift_ids:
        session.execute(delete(FeedItem).where(FeedItem.feed_id == feed_id, FeedItem.shift_id.in_(shift_ids)))
