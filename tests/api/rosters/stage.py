"""A small HDS in a database: a dossier of a few GPs, and rosters of it kept as versions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty
from api.dossiers.mapping import settings_values, write_parts
from api.rosters.drafts import store_draft
from api.rosters.mapping import store_snapshot
from scheduler.domain.dossier import Dossier
from scheduler.domain.settings import RuleParameters
from tests.api.conftest import add_hds
from tests.builders import agreement, dossier, gp, roster, shift_type


def small_dossier(*, headcount: int = 1, **fields: Any) -> Dossier:
    """January 2027 with an evening shift a day (or more) and three locums, `a`, `b` and `c`.

    They may work every weekend, and no more than three evenings a week.
    """
    people = [gp(name) for name in "abc"]
    evenings = shift_type("avond", headcount=headcount)
    plain: dict[str, Any] = {"rules": RuleParameters(max_weekends_in_5=5)}
    return dossier(people, [agreement(one.id) for one in people], [evenings], **(plain | fields))


def evening(day: int, number: int = 1) -> str:
    """The id of an evening shift in January."""
    return f"avond/2027-01-{day:02}/{number}"


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

    def url(self, path: str) -> str:
        """A path of this HDS."""
        return f"/api/v1/hds/{self.hds_id}/{path}"

    def publish(self, client: TestClient, version_id: int, day: str = "2027-01-01", **more: Any) -> Response:
        """Publish a draft from this local day on."""
        headers = {"If-Match": "*"} | more.pop("headers", {})
        body = {"freeze_from": day} | more
        return client.post(self.url(f"versions/{version_id}/publish"), json=body, headers=headers)

    def put_in_force(self, client: TestClient, version_id: int, day: str = "2027-01-01", **more: Any) -> None:
        """Publish a draft, which must work."""
        assert self.publish(client, version_id, day, **more).status_code == 201

    def swap(self, shift_id: str, gp_id: str | None) -> None:
        """Have another GP, or nobody, perform a duty in force, as a swap does."""
        with self.database.writing() as session:
            number = session.scalar(select(Gp.number).where(Gp.hds_id == self.hds_id, Gp.gp_id == gp_id))
            session.execute(
                update(Duty)
                .where(Duty.hds_id == self.hds_id, Duty.shift_id == shift_id)
                .values(performer_number=number, revision=Duty.revision + 1)
            )

    def in_force(self) -> dict[str, tuple[str | None, str | None]]:
        """Who performs each duty in force, and who is responsible."""
        with self.database.reading() as session:
            ids = {number: gp_id for number, gp_id in session.execute(select(Gp.number, Gp.gp_id))}
            rows = session.execute(select(Duty.__table__).where(Duty.hds_id == self.hds_id))
            return {row.shift_id: (ids.get(row.performer_number), ids.get(row.responsible_number)) for row in rows}


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


def at_once(
    askers: Mapping[str, tuple[TestClient, int]], ask: Callable[[TestClient, int], Response]
) -> dict[str, Response]:
    """The answers when all ask about their versions at the same moment, by name."""
    gate, answers = threading.Barrier(len(askers)), dict[str, Response]()

    def run(name: str, client: TestClient, version: int) -> None:
        gate.wait()
        answers[name] = ask(client, version)

    threads = [threading.Thread(target=run, args=(name, *asker)) for name, asker in askers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
