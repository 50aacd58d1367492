"""Many people change the demo dossier at the same time, over real HTTP."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from api.audit.verify import verify_chain
from api.db.engine import Database
from api.db.tables import dossier as t
from api.dossiers.service import import_dossier
from scheduler.domain.people import Contract
from scheduler.intake import take_in
from tests.api.conftest import add_hds, add_user, token_for
from tests.api.dossiers.files import DEMO, DEMO_HDS
from tests.builders import moment

pytestmark = pytest.mark.both_databases

WRITERS, WISHES = 50, 2


@pytest.fixture
def where(database: Database) -> str:
    """The address of the demo dossier."""
    add_hds(database, DEMO_HDS)
    with database.writing() as session:
        number = import_dossier(session, None, DEMO_HDS, DEMO).id
    return f"/api/v1/hds/{DEMO_HDS}/dossiers/{number}"


@pytest.fixture
def base_url(app: FastAPI) -> Iterator[str]:
    """Where the service really listens."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


def _secret(database: Database, role: str, gp_id: str | None = None) -> str:
    user_id = add_user(database, f"{role}-{gp_id}", DEMO_HDS, role, gp_id=gp_id)
    return token_for(database, user_id, DEMO_HDS, role)


def test_fifty_gps_and_a_planner_lose_nothing(database: Database, where: str, base_url: str) -> None:
    """Every wish of fifty GPs who write at once is kept, and changes of the planner beside them go through."""
    gps = [gp.id for gp in take_in(DEMO).dossier.gps if gp.contract is not Contract.TRAINEE][:WRITERS]
    secrets = {gp_id: _secret(database, "gp", gp_id) for gp_id in gps}
    planner = _secret(database, "planner")
    begin = threading.Barrier(WRITERS + 1)

    def wish(gp_id: str) -> list[int]:
        with httpx2.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {secrets[gp_id]}"}, timeout=120
        ) as http:
            begin.wait(timeout=60)
            days = [moment("2027-07-01T00:00") + timedelta(days=n) for n in range(WISHES)]
            wishes = [
                {"gp_id": gp_id, "start": day.isoformat(), "end": (day + timedelta(days=1)).isoformat()} for day in days
            ]
            return [
                http.post(f"{where}/wishes", json=wish | {"wish": "avoid", "weight": 9.75}).status_code
                for wish in wishes
            ]

    def plan() -> list[int]:
        with httpx2.Client(base_url=base_url, headers={"Authorization": f"Bearer {planner}"}, timeout=120) as http:
            begin.wait(timeout=60)
            rows = [{"practice_id": f"N{n}", "patients": n} for n in range(2)]
            return [http.post(f"{where}/practices", json=row).status_code for row in rows]

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        planned, wished = pool.submit(plan), list(pool.map(wish, gps))
        assert Counter(planned.result()) == {201: 2}
    assert Counter(status for each in wished for status in each) == {201: WRITERS * WISHES}
    with database.reading() as session:
        kept = session.scalars(select(t.WishRow).where(t.WishRow.weight == 9.75)).all()
        assert len({(row.gp_number, row.starts_at) for row in kept}) == len(kept) == WRITERS * WISHES
        assert session.get_one(t.Dossier, int(where.rpartition("/")[2])).revision == 1 + WRITERS * WISHES + 2
        assert verify_chain(session, DEMO_HDS).troubles == ()


def test_of_two_who_change_the_same_row_one_is_told(database: Database, where: str, base_url: str) -> None:
    """Both saw the same wish; exactly one change is kept, and the other learns that it came too late."""
    secret = _secret(database, "planner")
    with httpx2.Client(base_url=base_url, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as http:
        row = http.get(f"{where}/wishes", params={"limit": 1}).json()["items"][0]
        at, begin = f"{where}/wishes/{row['row_id']}", threading.Barrier(8)

        def change(weight: float) -> int:
            begin.wait(timeout=60)
            status: int = http.patch(at, json={"weight": weight}, headers={"If-Match": row["etag"]}).status_code
            return status

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(change, [1.5 + n / 4 for n in range(8)]))
        assert Counter(found) == {200: 1, 412: 7}
        assert http.get(at).json()["weight"] == 1.5 + found.index(200) / 4
