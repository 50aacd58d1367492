"""The one way to have somebody told of something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session

from api.clock import now
from api.db.inserting import insert_into
from api.db.tables.outbox import OutboxEvent


@dataclass(frozen=True)
class Notice:
    """What happened: `kind` is a key of the texts `notices`, `about` holds its fields as JSON values, ids and no names.

    Its `words` are what somebody wrote for those who are told; no system hears them.
    It goes to the GPs with these numbers, to the planners of the HDS where `to_planners`, and to the systems that the
    HDS named. Of two notices with the same `once` at an HDS only the first is told.
    """

    kind: str
    about: Mapping[str, Any]
    gp_numbers: Iterable[int] = ()
    to_planners: bool = False
    once: str | None = None


def tell(session: Session, hds_id: str, notice: Notice) -> None:
    """Have it told once the transaction is committed, and not at all when it is not."""
    row = {
        "hds_id": hds_id, "kind": notice.kind, "about": to_jsonable_python(dict(notice.about)), "once": notice.once,
        "gp_numbers": sorted(set(notice.gp_numbers)), "to_planners": notice.to_planners, "created_at": now(),
    }  # fmt: skip
    session.execute(insert_into(session, OutboxEvent.__table__).on_conflict_do_nothing(), row)
