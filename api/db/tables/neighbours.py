"""Which GPs of several HDSs are one person, which HDSs are neighbours, and what they open to each other's GPs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

NEIGHBOUR_STATES = ("invited", "accepted", "refused", "withdrawn", "ended")
OPENING_STATES = ("open", "taken", "withdrawn")
LIVE = "state IN ('invited', 'accepted')"
OPEN = "state = 'open'"


class GpLink(Base):
    """Two GPs of different HDSs are one person; `self_made` where the person showed so with both accounts."""

    __tablename__ = "gp_link"
    __table_args__ = (
        UniqueConstraint("one_number", "other_number"),
        CheckConstraint("one_number < other_number", "in_order"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    one_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    other_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), index=True)
    self_made: Mapped[bool]
    made_at: Mapped[datetime]


class GpLinkCode(Base):
    """One side of a link to be: whoever knows the code may join another GP to this one, once, until it expires.

    `big_proof` is a keyed hash of the BIG number, which only the code opens.
    """

    __tablename__ = "gp_link_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), index=True)
    self_made: Mapped[bool]
    big_proof: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Neighbour(Base):
    """Two HDSs that may lend each other GPs, once the invited one has accepted; `pair` is the same both ways round."""

    __tablename__ = "neighbour"
    __table_args__ = (
        CheckConstraint(one_of("state", NEIGHBOUR_STATES), "known_state"),
        CheckConstraint("hds_id <> invited_hds_id", "two_hdss"),
        Index("uq_neighbour_live", "pair", unique=True, postgresql_where=text(LIVE), sqlite_where=text(LIVE)),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    invited_hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    pair: Mapped[str] = mapped_column(String(140))
    state: Mapped[str] = mapped_column(String(20), default="invited")
    message: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    invited_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class LendingOpening(Base):
    """A shift that an HDS opens to the GPs of one neighbour."""

    __tablename__ = "lending_opening"
    __table_args__ = (
        CheckConstraint(one_of("state", OPENING_STATES), "known_state"),
        ForeignKeyConstraint(["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"], ondelete="CASCADE"),
        Index(
            "uq_lending_opening_open", "hds_id", "shift_id", "neighbour_hds_id", unique=True,
            postgresql_where=text(OPEN), sqlite_where=text(OPEN),
        ),
        Index("ix_lending_opening_to", "neighbour_hds_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    shift_id: Mapped[str] = mapped_column(String(300))
    neighbour_hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    state: Mapped[str] = mapped_column(String(20), default="open")
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Guest(Base):
    """A GP whom one HDS has borrowed from another: one person under two numbers, kept for as long as the duties."""

    __tablename__ = "guest"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        ForeignKeyConstraint(["home_hds_id", "home_number"], ["gp.hds_id", "gp.number"]),
        UniqueConstraint("hds_id", "home_number"),
        Index("ix_guest_home", "home_hds_id", "home_number"),
    )

    gp_number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    home_hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    home_number: Mapped[int] = mapped_column(BigId, index=True)
    made_at: Mapped[datetime]
