"""What came of the outbox for whom: notices, deliveries, wishes about them, webhooks and calendar feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

CHANNELS = ("email", "webhook")
DELIVERY_STATES = ("waiting", "sending", "sent", "failed", "dropped")
UNDER_WAY = sql("state IN ('waiting', 'sending')")
"""Written out wherever it is asked: with parameters, neither database would know that its index fits."""


class NoticeRow(Base):
    """An event as its receiver sees it on the page; `gp_number` where it concerns this user as a GP."""

    __tablename__ = "notice"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        Index("ix_notice_mine", "hds_id", "user_id", "event_id"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("outbox_event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    gp_number: Mapped[int | None] = mapped_column(BigId)
    read_at: Mapped[datetime | None]


class Delivery(Base):
    """One event for one receiver outside; once per event and receiver, however often it was tried.

    `next_at`: when a waiting one is tried again, and when one that is being sent is given up for lost. `last_error`
    holds a code, never an address or a text.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        UniqueConstraint("event_id", "webhook_id"),
        CheckConstraint(one_of("channel", CHANNELS), "known_channel"),
        CheckConstraint(one_of("state", DELIVERY_STATES), "known_state"),
        CheckConstraint(
            "(channel = 'email') = (user_id IS NOT NULL) AND (channel = 'webhook') = (webhook_id IS NOT NULL)",
            "one_receiver",
        ),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        Index("ix_delivery_due", "channel", "next_at", "id", postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY),
        Index("ix_delivery_hds", "hds_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id", ondelete="CASCADE"))
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    channel: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    gp_number: Mapped[int | None] = mapped_column(BigId)
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class MessagePreference(Base):
    """What somebody wants to be told at an HDS, and how; without a row everything has its default."""

    __tablename__ = "message_preference"

    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    groups: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class Webhook(Base):
    """A system of the HDS that is told of events; without `kinds` of all.

    Its secret is derived from `salt` with the secret of the installation and stands nowhere; after a change the
    former one signs too, until `former_until`. `failing_since`: the first failure after which nothing worked.
    """

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("hds_id", "url"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    url: Mapped[str] = mapped_column(String(1000))
    kinds: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    salt: Mapped[str] = mapped_column(String(64))
    former_salt: Mapped[str | None] = mapped_column(String(64))
    former_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Feed(Base):
    """The calendar of one person as a GP of one HDS, found by the SHA-256 of the secret in its address."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("hds_id", "user_id"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    gp_number: Mapped[int] = mapped_column(BigId)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]


class FeedItem(Base):
    """A duty as a calendar showed it last; `sequence` goes up with every change, a cancelled one stays for a while."""

    __tablename__ = "feed_item"

    feed_id: Mapped[int] = mapped_column(
        ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    shown: Mapped[dict[str, Any]]
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
