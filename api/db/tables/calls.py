"""How GPs are reached by telephone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId


class GpPhone(Base):
    """The telephone number of a GP at an HDS, as E.164; none where there is no row."""

    __tablename__ = "gp_phone"
    __table_args__ = (ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),)

    gp_number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    phone: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
