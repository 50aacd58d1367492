"""A small HDS in the middle of a round, at moments that the test chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from api.auth.principal import Role
from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.rosters import Assignment
from api.dossiers.mapping import gp_ids
from api.planning.upkeep import carry_on
from scheduler.domain.dossier import Dossier
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import Stage, set_up, small_dossier
from tests.builders import agreement, gp, moment

START = moment("2026-09-01T09:00")
WEEK = timedelta(days=7)
PHASES = ("registration", "making", "draft_published", "free_locums", "closing", "published")
"""Each lasts a week, one after the other, from `START` on."""


def opening(phase: str) -> datetime:
    """When a phase opens."""
    return START + WEEK * PHASES.index(phase)


def within(phase: str) -> datetime:
    """A moment in the middle of a phase."""
    return opening(phase) + WEEK / 2


def dates(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The phases as the API takes them, with other members for some."""
    plain: dict[str, dict[str, Any]] = {
        phase: {"opens_at": opening(phase).isoformat(), "closes_at": (opening(phase) + WEEK).isoformat()}
        for phase in PHASES
    }
    del plain["published"]["closes_at"]
    return {phase: one | changed.get(phase, {}) for phase, one in plain.items()}


def people(**fields: Any) -> Dossier:
    """January 2027 with an evening shift a day, GPs `a`, `b` and `c` with 100 hours, and `free`, who owes none."""
    gps = [gp(name) for name in ("a", "b", "c", "free")]
    agreements = [agreement(one.id, hours=0.0 if one.id == "free" else 100.0) for one in gps]
    return small_dossier().replace(**({"gps": gps, "agreements": agreements} | fields))


def full() -> dict[str, str]:
    """Every evening of January, the GPs in turn: nothing is left to be assigned."""
    return {f"avond/2027-01-{day:02}/1": "abc"[day % 3] for day in range(1, 32)}


@dataclass
class Course:
    """A round at an HDS, with the people who take part."""

    app: FastAPI
    stage: Stage
    round_id: int = 0
    speakers: dict[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """Where it is kept."""
        return self.stage.database

    def ask(self, who: str, method: str, path: str, at: datetime | None = None, **more: Any) -> Response:
        """What the planner or a GP is answered at a moment; a path of the round starts with `round`."""
        with time_machine.travel(at or datetime.now().astimezone(), tick=False):
            client = self.speaker(who)
            whole = path.replace("round", f"round/{self.round_id}", 1) if path.startswith("round") else path
            headers = {"If-Match": "*"} | more.pop("headers", {})
            return client.request(method, self.stage.url(whole), headers=headers, **more)

    def speaker(self, who: str) -> TestClient:
        """A client that speaks for the planner, or the GP with this id, for a day."""
        hds_id, role = self.stage.hds_id, Role.PLANNER if who == "planner" else Role.GP
        if who not in self.speakers:
            gp_id = None if role is Role.PLANNER else who
            self.speakers[who] = add_user(self.database, f"{hds_id}-{who}", hds_id, role.value, gp_id=gp_id)
        secret = token_for(self.database, self.speakers[who], hds_id, role.value)
        return TestClient(self.app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)

    def carry_on(self, at: datetime) -> int:
        """What the chore does at a moment."""
        with time_machine.travel(at, tick=False):
            return carry_on(self.database, at)

    def pick(self, gp_of: Mapping[str, str]) -> int:
        """Pick a draft in which these GPs have these shifts; returns its id."""
        version = self.stage.draft(gp_of)
        answer = self.ask("planner", "PUT", "round/draft", within("making"), json={"version_id": version})
        assert answer.status_code == 200, answer.text
        return version

    def current(self, at: datetime) -> str | None:
        """The phase that a planner is shown at a moment."""
        found: str | None = self.ask("planner", "GET", "round", at).json()["current"]
        return found

    def placed(self, version_id: int) -> dict[str, str]:
        """Who has which shift of a version."""
        with self.database.reading() as session:
            ids = gp_ids(session, self.stage.hds_id)
            rows = session.scalars(select(Assignment).where(Assignment.version_id == version_id))
            return {row.shift_id: ids[row.gp_number] for row in rows if row.gp_number is not None}

    def told(self, kind: str) -> list[tuple[list[str], dict[str, Any]]]:
        """The notices of a kind: who is told, and of what."""
        with self.database.reading() as session:
            ids = gp_ids(session, self.stage.hds_id)
            rows = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == kind).order_by(OutboxEvent.id))
            return [(sorted(ids[one] for one in row.gp_numbers), row.about) for row in rows]


def begun(app: FastAPI, database: Database, of: Dossier | None = None, **asked: Any) -> Course:
    """A round that was opened a day before registration begins."""
    course = Course(app, set_up(database, of or people()))
    phases = asked.pop("phases", dates())
    path = f"dossiers/{course.stage.dossier_id}/rounds"
    answer = course.ask("planner", "POST", path, START - timedelta(days=1), json={"phases": phases} | asked)
    assert answer.status_code == 201, answer.text
    course.round_id = answer.json()["id"]
    return course


def evenings(gp_id: str, *days: int, number: int = 1) -> dict[str, str]:
    """These evening shifts of January for a GP."""
    return {f"avond/2027-01-{day:02}/{number}": gp_id for day in days}
