"""Calls that schemathesis makes up, aimed at what exists: random ids alone would only ever find nothing."""

from __future__ import annotations

import contextlib
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest import SkipTest
from unittest.mock import patch

import hypothesis
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.python import asgi
from sqlalchemy import select, update

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import AbsenceRow, PayeeRow
from api.db.tables.people import Gp, Membership
from api.db.tables.planning import PHASES
from api.db.tables.rosters import Publication, RosterVersion
from api.db.tables.runs import RosterRun
from scheduler.mend import Change, ChangeReason
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import PAY, SATURDAY, publish
from tests.api.repair.stage import put_down
from tests.api.rosters.stage import Stage
from tests.api.swaps.market import published, shift

ROLES = ("planner", "finance", "insurer", "administrator", "gp")
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""Reading first, removing last, so that there is something to read and to change."""
SLOW = ("/report", "/output.zip", "/explain/gps/{gp_id}")
"""Calls that make charts, files or a whole calculation: one of each is enough."""
PATIENCE = 120
"""Seconds for one call on a machine that does much else; nothing is measured here."""
RUN_ID = "5f0c3f4e-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Broken:
    """A call that got an answer it must never get."""

    call: str
    status: int
    answer: str


@dataclass
class Target:
    """A service with something in it, and the ids of that by the name of the parameter."""

    app: FastAPI
    database: Database
    known: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def speaks(self, *roles: str) -> dict[str, str]:
        """The headers of a fresh user with these roles: an earlier call may have erased the last one."""
        if not roles:
            return {}
        gp_id = "a" if "gp" in roles else None
        plain = [role for role in roles if role != "gp"]
        user_id = add_user(self.database, f"fuzz-{uuid.uuid4().hex}", "test", *plain)
        if gp_id:
            with self.database.writing() as session:
                number = session.scalars(select(Gp.number).where(Gp.hds_id == "test", Gp.gp_id == gp_id)).one()
                session.add(Membership(user_id=user_id, hds_id="test", role="gp", gp_number=number))
        return {"Authorization": f"Bearer {token_for(self.database, user_id, 'test', *roles)}"}


def set_up(app: FastAPI, database: Database) -> Target:
    """A published January, a year that was partly paid, an offered duty, a finished run, and users."""
    stage = published(database, {shift(1): "a", shift(2): "b", shift(3): "c"})
    paid = publish(database)
    other = add_user(database, "somebody", "test", "planner")
    target = Target(app, database)
    with TestClient(app, headers=target.speaks(*ROLES), raise_server_exceptions=False) as client:
        assert client.post(f"{PAY}/runs", json={"month": "2024-01"}).status_code == 201
        draft = stage.draft({shift(4): "a"})
        assert client.post("/api/v1/hds/test/webhooks", json={"url": "https://systeem.example"}).status_code == 201
        assert client.post("/api/v1/hds/test/webhooks/1/test").status_code == 202
        offer = client.post("/api/v1/hds/test/swaps/offers", json={"shift_id": shift(1), "audience": "all"})
        round_id = _round(client, stage.dossier_id, draft)
        extra, repair = _peak_and_repair(client, stage)
        report, case, ask = _sick(client)
    with database.writing() as session:
        made = session.get_one(RosterVersion, draft)
        of_paid = update(RosterVersion).where(RosterVersion.dossier_id == paid.dossier_id)
        session.execute(of_paid.values(figures=made.figures))
        snapshot = made.snapshot
        real = session.scalars(select(Publication).order_by(Publication.id)).first()
        assert real is not None
        session.execute(update(Publication).where(Publication.id != real.id).values(outcome=real.outcome))
        run = {"hds_id": "test", "dossier_id": stage.dossier_id, "snapshot": snapshot, "request": {}}
        session.add(RosterRun(id=RUN_ID, state="done", requested_at=now(), finished_at=now(), **run))
        payee = session.scalars(select(PayeeRow.id)).first()
        absence = session.scalars(select(AbsenceRow.id)).first()
    target.known = {
        "hds_id": ("test",), "dossier_id": (stage.dossier_id, paid.dossier_id), "version_id": (draft, 1, 2),
        "gp_id": ("a", "b", "A", "B"), "shift_id": (shift(1), shift(2), SATURDAY.id, extra), "run_id": (RUN_ID,),
        "user_id": (other,), "offer_id": (offer.json().get("id", 1),), "deal_id": (1,), "number": (1,),
        "webhook_id": (1,), "delivery_id": (1,),
        "row_id": (1, 2, 3, payee or 1, absence or 1), "tariff_id": (1,), "payee_id": (payee or 1,),
        "from_gp_id": ("a",), "to_gp_id": ("b",), "month": ("2024-02",), "If-Match": ("*",),
        "round_id": (round_id,), "repair_id": (repair,), "standby_id": (SATURDAY.id,),
        "report_id": (report,), "case_id": (case,), "ask_id": (ask,),
    }  # fmt: skip
    return target


def _round(client: TestClient, dossier_id: int, draft: int) -> int:
    """A round in which GPs reshuffle this draft since an hour."""
    hds, start = "/api/v1/hds/test", now() - timedelta(hours=3)
    opens = {name: start + timedelta(hours=n if n < 3 else 24 * n) for n, name in enumerate(PHASES)}
    closes = dict(zip(PHASES, list(opens.values())[1:], strict=False))
    phases = {
        name: {"opens_at": at.isoformat()} | ({"closes_at": closes[name].isoformat()} if name in closes else {})
        for name, at in opens.items()
    }
    asked = {"phases": phases, "give_back_percent": "100"}
    made = client.post(f"{hds}/dossiers/{dossier_id}/rounds", json=asked)
    assert made.status_code == 201, made.text
    round_id: int = made.json()["id"]
    picked = client.put(f"{hds}/round/{round_id}/draft", json={"version_id": draft}, headers={"If-Match": "*"})
    assert picked.json()["current"] == "draft_published", picked.text
    return round_id


def _sick(client: TestClient) -> tuple[int, int, int]:
    """A GP who reported sick to a shift, for which others are asked; report, case, and what `a` was asked."""
    hds = "/api/v1/hds/test/sickness"
    report = client.post(hds, json={"gp_id": "c", "shift_id": shift(3)})
    assert report.status_code == 201, report.text
    asked = client.get(f"{hds}/asks/mine").json()
    return report.json()["id"], report.json()["cases"][0]["id"], asked[0]["id"] if asked else 1


def _peak_and_repair(client: TestClient, stage: Stage) -> tuple[str, str]:
    """An extra shift on offer to all, and a repair that was proposed; their ids."""
    hds = "/api/v1/hds/test"
    extra = {"post_id": "P", "role": "consult", "days": ["2027-01-08"], "start": "06:00", "end": "07:00"}
    asked = {"dossier_id": stage.dossier_id, "extras": [extra], "reason": "griep"}
    shift_id: str = client.post(f"{hds}/peak", json=asked).json()["shifts"][0]["shift_id"]
    assert client.post(f"{hds}/open-shifts", json={"shift_ids": [shift_id]}).status_code == 200
    asked = {"dossier_id": stage.dossier_id, "vacated": [shift(1)], "reason": "ziek"}
    # the same on every database, so that the same calls reach it
    with patch("uuid.uuid4", return_value=uuid.UUID(int=7)):
        repair = client.post(f"{hds}/repairs", json=asked).json()
    # one that waits would have its events followed for ever
    put_down(stage, repair, Change(shift_id=shift(1), from_gp="a", to_gp="b", reason=ChangeReason.AWAY))
    return shift_id, str(repair["id"])


def made_up(target: Target, *, examples: int, seed: int = 0) -> list[Case]:
    """Calls of each operation, as it says they may be and as it says they may not; the same for the same seed.

    Seven of eight ids are those of something that exists in the target.
    """
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", target.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    return [
        aim(case, target.known)
        for operation in sorted(operations, key=lambda one: ORDER.index(one.method.upper()))
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for case in _of_operation(operation, mode, examples, seed)
    ]


def _of_operation(operation: APIOperation, mode: GenerationMode, examples: int, seed: int) -> list[Case]:
    found: list[Case] = []

    if operation.path.endswith(SLOW):
        examples = 1

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    # an operation without parameters or body has no wrong calls
    with contextlib.suppress(Unsatisfiable, SkipTest):
        collect()
    return found


def aim(case: Case, known: Mapping[str, Sequence[Any]]) -> Case:
    """The call with seven of eight ids replaced by those of something that exists; the rest stays as it was made up."""

    def aimed(name: str, value: Any) -> Any:
        choices = known.get(name)
        if choices is None or isinstance(value, dict | list):
            return walk(value)
        dice = zlib.crc32(repr(value).encode(errors="replace"))
        return value if dice % 8 == 0 else choices[(dice // 8) % len(choices)]

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: aimed(name, part) for name, part in value.items()}
        return [walk(part) for part in value] if isinstance(value, list) else value

    for part in (case.path_parameters, case.query, case.headers):
        for name in list(part or ()):
            part[name] = aimed(name, part[name])
    case.body = walk(case.body)
    return case


def call_all(target: Target, cases: Sequence[Case], *roles: str) -> list[Broken]:
    """Make every call as somebody with these roles; returns those that broke the service."""
    broken: list[Broken] = []
    headers = target.speaks(*roles)
    with asgi.get_client(target.app) as session:
        for case in cases:
            answer = case.call(session=session, headers=headers, timeout=PATIENCE)
            if answer.status_code >= 500:
                broken.append(Broken(case.as_curl_command(), answer.status_code, answer.text[:300]))
            if answer.status_code == 401 and roles:
                headers = target.speaks(*roles)
    return broken
