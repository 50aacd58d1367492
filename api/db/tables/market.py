"""The market of swaps: groups of GPs, what somebody would take, and searches for the largest set of swaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId, Json
from api.db.tables.people import one_of

WANT_STATES = ("open", "withdrawn", "expired")


class GpGroup(Base):
    """GPs who do things together at an HDS, such as a hagro; a GP may be in several."""

    __tablename__ = "gp_group"
    __table_args__ = (UniqueConstraint("hds_id", "name"), UniqueConstraint("hds_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    name: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class GpGroupMember(Base):
    """One GP of a group."""

    __tablename__ = "gp_group_member"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "group_id"], ["gp_group.hds_id", "gp_group.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
    )

    group_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    gp_number: Mapped[int] = mapped_column(BigId, primary_key=True, index=True)
    hds_id: Mapped[str] = mapped_column(String(64))


class SwapOfferGroup(Base):
    """Narrows an offer to `all` to the members of one group; without the group, which may be gone, to nobody."""

    __tablename__ = "swap_offer_group"

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("swap_offer.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int | None] = mapped_column(ForeignKey("gp_group.id", ondelete="SET NULL"), index=True)


class SwapPickup(Base):
    """One duty of a deal that nobody performs, and who takes it."""

    __tablename__ = "swap_pickup"
    __table_args__ = (Index("ix_swap_pickup_shift", "shift_id"),)

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("swap_deal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    to_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))


class SwapWant(Base):
    """Duties that a GP would take without giving one; `most` of them."""

    __tablename__ = "swap_want"
    __table_args__ = (
        CheckConstraint(one_of("state", WANT_STATES), "known_state"),
        CheckConstraint("most >= 1", "most"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        Index("ix_swap_want_state", "hds_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    gp_number: Mapped[int] = mapped_column(BigId, index=True)
    wanted: Mapped[dict[str, Any]] = mapped_column(Json)
    most: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="open")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SwapSearch(Base):
    """One search for rings: how large the market was, and what came of it; without `finished_at`: not done."""

    __tablename__ = "swap_search"
    __table_args__ = (Index("ix_swap_search_begun", "hds_id", "begun_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    begun_at: Mapped[datetime]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None]
    found: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class SwapFound(Base):
    """A deal that came of a search."""

    __tablename__ = "swap_found"

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("swap_deal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    search_id: Mapped[int] = mapped_column(ForeignKey("swap_search.id", ondelete="CASCADE"), index=True)


class SwapWantUse(Base):
    """One duty of a deal that a GP takes because of a want."""

    __tablename__ = "swap_want_use"

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("swap_deal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    want_id: Mapped[int] = mapped_column(ForeignKey("swap_want.id", ondelete="CASCADE"), index=True)
