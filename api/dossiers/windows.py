"""When GPs may change what they hand in, and that they did: the one door for their own rows of a dossier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.clock import local, now
from api.db.inserting import insert_into
from api.db.tables.planning import HandedIn, OwnWindow
from api.errors import Problem
from scheduler.messages import text


def require_open(session: Session, dossier_id: int) -> None:
    """Refuse a GP (Problem `wrong_state`) outside the window of the dossier, telling when it is, and what can be done.

    Without a window GPs always may; planners are not asked.
    """
    window = session.get(OwnWindow, dossier_id, populate_existing=True)
    if window is None:
        return
    moment = now()
    if window.opens_at is None or window.closes_at is None:
        raise Problem("wrong_state", text("dossiers.window.never"))
    if moment < window.opens_at:
        raise Problem("wrong_state", text("dossiers.window.early", opens=_told(window.opens_at)))
    if moment >= window.closes_at:
        raise Problem("wrong_state", text("dossiers.window.late", closed=_told(window.closes_at)))


def note_handed_in(session: Session, dossier_id: int, who: Member, *, ready: bool = False) -> None:
    """Remember that this GP handed something in, or said to have nothing (more) to hand in (`ready`)."""
    at = now()
    changes = 0 if ready else 1
    values = {"last_at": at, "ready_at": at} if ready else {"last_at": at}
    session.execute(
        insert_into(session, HandedIn)
        .values(dossier_id=dossier_id, gp_number=who.gp_number, first_at=at, changes=changes, **values)
        .on_conflict_do_update(
            index_elements=[HandedIn.dossier_id, HandedIn.gp_number],
            set_={**values, "changes": HandedIn.changes + changes},
        )
    )


def _told(moment: datetime) -> str:
    return f"{local(moment):%d-%m-%Y %H:%M}"
