"""What ties a GP to another HDS goes when the GP is erased; who did which duty, and so the account, stays."""

from __future__ import annotations

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from api.db.tables.neighbours import GpLink, GpLinkCode


def forget_links(session: Session, number: int) -> None:
    """Delete the links and codes of a GP."""
    session.execute(delete(GpLink).where(or_(GpLink.one_number == number, GpLink.other_number == number)))
    session.execute(delete(GpLinkCode).where(GpLinkCode.gp_number == number))
