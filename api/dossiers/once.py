"""Additions that are sent again are done once: the key tells that it is the same one."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Header
from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.clock import now
from api.db.tables.dossier import AddedOnce
from api.errors import Problem
from api.fields import Identifier

REMEMBERED = timedelta(days=1)

IdempotencyKey = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key within a day adds nothing twice.", examples=["7f3c"]),
]


def digest_of(*what: Any) -> str:
    """The same for the same request."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def earlier_place(session: Session, who: Member, key: str | None, digest: str) -> str | None:
    """Where the same addition came to stand before; raises Problem `idempotency_key_reused` for another one."""
    found = None if key is None else session.get(AddedOnce, (who.hds_id, who.user_id, key))
    if found is None or found.added_at < now() - REMEMBERED:
        return None
    if found.digest != digest:
        raise Problem("idempotency_key_reused")
    return found.place


def remember(session: Session, who: Member, key: str | None, digest: str, place: str) -> None:
    """Note where an addition came to stand; of two at the same time the database lets one through."""
    if key is None:
        return
    own = (AddedOnce.hds_id == who.hds_id, AddedOnce.user_id == who.user_id)
    session.execute(delete(AddedOnce).where(*own, AddedOnce.added_at < now() - REMEMBERED))
    session.add(AddedOnce(hds_id=who.hds_id, user_id=who.user_id, key=key, digest=digest, place=place, added_at=now()))
    session.flush()
