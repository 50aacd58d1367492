"""Guests have no account where their shift is: what becomes of it is told at their own HDS."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.outbox import OutboxEvent
from api.messages import repository
from api.outbox import Notice, tell

_TAKEN = "lending.borrowed"
"""Of the taking itself both HDSs are told with it."""


def tell_homes(session: Session, hds_id: str, events: Collection[OutboxEvent]) -> None:
    """Tell guests of an HDS, and the planners who lent them, which shifts are theirs no longer, or as well."""
    one = [event for event in events if event.kind == "duty_changed" and event.about.get("cause") != _TAKEN]
    many = [event for event in events if event.kind == "duties_changed"]
    numbers = {number for event in (*one, *many) for number in event.gp_numbers}
    guests = repository.guests(session, hds_id, numbers) if numbers else ()
    if not guests:
        return
    name, shifts = repository.hds_name(session, hds_id), {str(event.about.get("shift_id")) for event in one}
    times = {row.shift_id: _times(row) for row in repository.shifts(session, hds_id, shifts).values()}
    for guest in guests:
        about = {"hds": name, "gp_id": guest.home_id}
        for event in one:
            for side, kind in (("from_gp_id", "shift_lent_ended"), ("to_gp_id", "shift_lent")):
                if event.about.get(side) == guest.guest_id:
                    _tell(session, guest, kind, about | times.get(str(event.about.get("shift_id")), {}))
        for event in many:
            if guest.guest_number in event.gp_numbers:
                _tell(session, guest, "shifts_lent_changed", about | event.about)


def _tell(session: Session, guest: Any, kind: str, about: Mapping[str, Any]) -> None:
    tell(session, guest.home_hds_id, Notice(kind, about, [guest.home_number], to_planners=True))


def _times(row: Any) -> dict[str, str]:
    return {"start": local(row.starts_at).isoformat(), "end": local(row.ends_at).isoformat()}
