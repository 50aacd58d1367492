"""A small HDS in a database: a dossier of a few GPs, and rosters of it kept as versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.dossiers.mapping import settings_values, write_parts
from api.rosters.drafts import store_draft
from api.rosters.mapping import store_snapshot
from scheduler.domain.dossier import Dossier
from tests.api.conftest import add_hds
from tests.builders import agreement, dossier, gp, roster, shift_type


def small_dossier(*, headcount: int = 1, **fields: Any) -> Dossier:
    """January 2027 with an evening shift a day (or more) and three locums, `a`, `b` and `c`."""
    people = [gp(name) for name in "abc"]
    evenings = shift_type("avond", headcount=headcount)
    return dossier(people, [agreement(one.id) for one in people], [evenings], **fields)


@dataclass(frozen=True)
class Stage:
    """A dossier in the database, with the SHA-256 of its snapshot."""

    database: Database
    dossier: Dossier
    dossier_id: int
    snapshot: str
    hds_id: str

    def draft(self, gp_of: Mapping[str, str] | None = None, **fields: Any) -> int:
        """A new draft in which these shifts have these GPs; returns its id."""
        plain: dict[str, Any] = {"result": None, "origin": "import", "user_id": None}
        with self.database.writing() as session:
            version = store_draft(
                session, hds_id=self.hds_id, dossier_id=self.dossier_id, snapshot=self.snapshot,
                **(plain | {"roster": roster(self.dossier, gp_of)} | fields),
            )  # fmt: skip
            return version.id


def set_up(database: Database, of: Dossier | None = None, hds_id: str = "test") -> Stage:
    """Keep a dossier (a small one unless given) for an HDS."""
    found = (small_dossier() if of is None else of).replace(hds_id=hds_id)
    add_hds(database, hds_id)
    with database.writing() as session:
        row = DossierRow(hds_id=hds_id, changed_at=now(), **settings_values(found))
        session.add(row)
        session.flush()
        write_parts(session, row.id, hds_id, found)
        return Stage(database, found, row.id, store_snapshot(session, found), hds_id)
