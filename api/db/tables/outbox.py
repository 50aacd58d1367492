"""What happened that somebody must be told of: written with the change itself, so that neither is without the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId, Json

_WAITING = text("spread_at IS NULL")


class OutboxEvent(Base):
    """Something to tell: `kind` is a key of the texts `notices`, `about` fills in its fields (ids, no names).

    `gp_numbers` are the GPs whom it concerns; `once` keeps a second telling of the same from being written.
    `spread_at`: when it became a delivery for each receiver.
    """

    __tablename__ = "outbox_event"
    __table_args__ = (
        UniqueConstraint("hds_id", "once"),
        Index("ix_outbox_event_waiting", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[dict[str, Any]]
    gp_numbers: Mapped[list[int]] = mapped_column(Json)
    to_planners: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    spread_at: Mapped[datetime | None]
