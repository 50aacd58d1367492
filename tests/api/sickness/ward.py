"""A small HDS with a published January 2027: two evening shifts a day, one standby, five locums."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.auth.principal import Member, Role
from api.auth.secret_values import hash_of
from api.clock import now
from api.db.engine import Database
from api.db.tables.people import ApiToken, Gp, Hds, Membership, User
from api.rosters.publishing import Order, publish
from api.sickness.chore import advance
from scheduler.domain.people import Role as Work
from scheduler.domain.settings import RuleParameters
from scheduler.domain.time import AMSTERDAM
from tests.api.conftest import add_user
from tests.api.rosters.stage import Stage, set_up
from tests.api.swaps.market import performers
from tests.builders import agreement, dossier, gp, shift_type

MONDAY = "2027-01-04T09:00"
"""When the tests begin: two days and more before most shifts they are about."""


def at(text: str) -> datetime:
    """A local moment, aware."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def evening(day: int, number: int = 1) -> str:
    """An evening shift, 17:00 to 23:00."""
    return f"avond/2027-01-{day:02}/{number}"


def standby(day: int) -> str:
    """The standby of an evening, 17:00 to 23:00."""
    return f"wacht/2027-01-{day:02}/1"


def ward(**fields: Any) -> Any:
    """The dossier."""
    names = fields.pop("names", "abcde")
    types = fields.pop("types", [shift_type("avond", headcount=2), shift_type("wacht", role=Work.STANDBY)])
    usual = [agreement(name, roles={Work.CONSULT, Work.STANDBY}) for name in names]
    agreements = fields.pop("agreements", usual)
    plain: dict[str, Any] = {"rules": RuleParameters(max_weekends_in_5=5)}
    return dossier([gp(name) for name in names], agreements, types, **(plain | fields))


@dataclass
class Ward:
    """The published HDS, with a client for each GP and for a planner."""

    app: FastAPI
    database: Database
    stage: Stage
    clients: dict[str, TestClient] = field(default_factory=dict)

    def speaks(self, name: str) -> TestClient:
        """The client that speaks for a GP, or for the planner."""
        return self.clients[name]

    def admit(self, *names: str) -> None:
        """Accounts and tokens for these GPs and the planner, all at once."""
        with self.database.writing() as session:
            numbers = {row.gp_id: row.number for row in session.scalars(select(Gp).where(Gp.hds_id == "test"))}
            for name in (*names, "planner"):
                role, secret = ("gp" if name in numbers else "planner"), uuid.uuid4().hex
                user = User(username=f"user-{name}", display_name=name, created_at=now())
                session.add(user)
                session.flush()
                member = Membership(user_id=user.id, hds_id="test", role=role, gp_number=numbers.get(name))
                token = ApiToken(
                    user_id=user.id, hds_id="test", name="test", token_hash=hash_of(secret), scopes=[role],
                    created_at=now(), expires_at=at("2028-01-01"),
                )  # fmt: skip
                session.add_all([member, token])
                self.clients[name] = TestClient(
                    self.app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False
                )

    def choose(self, **choices: Any) -> None:
        """What the HDS chooses about sickness."""
        with self.database.writing() as session:
            session.get_one(Hds, "test").settings = {"sickness": choices}

    def sick(self, name: str, by: str | None = None, key: str | None = None, **body: Any) -> Any:
        """Report sick, which must work; the report."""
        asked = ({"gp_id": name} if by == "planner" else {}) | body
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = self.speaks(by or name).post(self.url("sickness"), json=asked, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def url(self, path: str) -> str:
        """A path of the HDS."""
        return self.stage.url(path)

    def asks(self, name: str) -> list[Any]:
        """What a GP is asked and can still answer."""
        found: list[Any] = self.speaks(name).get(self.url("sickness/asks/mine")).json()
        return found

    def says(self, name: str, agreed: bool, **more: Any) -> Any:
        """The answer of a GP to what was asked last; the response."""
        [first, *_] = self.speaks(name).get(self.url("sickness/asks/mine"), params={"every": True}).json()
        body = {"agreed": agreed} | more
        return self.speaks(name).post(self.url(f"sickness/asks/{first['id']}/answer"), json=body)

    def open(self) -> list[Any]:
        """The open cases as the planner sees them."""
        found: list[Any] = self.speaks("planner").get(self.url("sickness/open")).json()["items"]
        return found

    def case(self, case_id: int) -> Any:
        """One case as the planner sees it."""
        return self.speaks("planner").get(self.url(f"sickness/cases/{case_id}")).json()

    def decide(self, case_id: int, what: str, **body: Any) -> Any:
        """Something that the planner does about a case; the response."""
        return self.speaks("planner").post(self.url(f"sickness/cases/{case_id}/{what}"), json=body or None)

    def performers(self) -> dict[str, str]:
        """Who performs each filled duty now."""
        return performers(self.database)

    def responsible(self) -> dict[str, str]:
        """Who was responsible for each when it was published."""
        return performers(self.database, responsible=True)

    def tick(self, text: str) -> int:
        """Have done what is due at a local moment."""
        return advance(self.database, at(text))


def open_ward(app: FastAPI, database: Database, gp_of: dict[str, str], **fields: Any) -> Ward:
    """Publish a roster with these GPs, each of whom has an account."""
    stage = set_up(database, ward(**fields))
    planner = add_user(database, "publisher", "test", "planner")
    version = stage.draft(gp_of)
    with database.writing() as session:
        member = Member(planner, "test", frozenset({Role.PLANNER}))
        publish(session, member, version, Order(date(2027, 1, 1), "test"), "*", None)
    found = Ward(app, database, stage)
    found.admit(*(one.id for one in stage.dossier.gps))
    return found
