"""Two HDSs, west and east, each with a published January, and one person who is a GP at both."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.auth.principal import Member, Role
from api.db.engine import Database
from api.db.tables.people import Gp, Membership, User
from api.rosters.publishing import Order, publish
from api.users.service import set_password
from tests.api.auth.people import PASSWORD, logged_in
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import Stage, set_up, small_dossier

FIRST = date(2027, 1, 1)
WEST, EAST = "west", "east"


@dataclass
class TwoHdss:
    """Both HDSs in one database; `person` is the account of `a` at west and `x` at east."""

    app: FastAPI
    database: Database
    west: Stage
    east: Stage
    opened: list[TestClient] = field(default_factory=list)

    def client(self, hds_id: str, role: str, gp_id: str | None = None, user: str | None = None) -> TestClient:
        """A client that speaks for a user with this role, a fresh one unless named."""
        name = user or f"{role}-{uuid.uuid4().hex[:8]}"
        user_id = add_user(self.database, name, hds_id, role, gp_id=gp_id)
        return self.speak(user_id, hds_id, role)

    def speak(self, user_id: int, hds_id: str, role: str) -> TestClient:
        """A client for a user who is there already."""
        secret = token_for(self.database, user_id, hds_id, role)
        found = TestClient(self.app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)
        self.opened.append(found)
        return found

    def browser(self, hds_id: str, gp_id: str) -> TestClient:
        """A browser in which the account of this GP, which is there already, is logged in."""
        with self.database.writing() as session:
            user = session.scalars(
                select(User)
                .join(Membership, Membership.user_id == User.id)
                .join(Gp, Gp.number == Membership.gp_number)
                .where(Gp.hds_id == hds_id, Gp.gp_id == gp_id)
            ).first()
            assert user is not None
            set_password(session, user, PASSWORD, must_change=False)
            name = user.username
        found = logged_in(self.app, name)
        self.opened.append(found)
        return found

    def one_person(self, west: str = "a", east: str = "x") -> tuple[TestClient, TestClient]:
        """The GP of both sides as one account; a client for each side."""
        name = f"person-{uuid.uuid4().hex[:8]}"
        return self.client(WEST, "gp", west, name), self.client(EAST, "gp", east, name)


def two_hdss(app: FastAPI, database: Database, west: dict[str, str], east: dict[str, str], **fields: Any) -> TwoHdss:
    """January in force at both, with these GPs (`a`, `b`, `c` at west; `x`, `y`, `z` at east) on these shifts."""
    plain: dict[str, Any] = {"headcount": 2} | fields
    stages = (set_up(database, small_dossier(**plain), WEST), set_up(database, eastern(**plain), EAST))
    for stage, gp_of in zip(stages, (west, east), strict=True):
        put_in_force(database, stage, gp_of)
    return TwoHdss(app, database, *stages)


def eastern(**fields: Any) -> Any:
    """The small dossier with GPs `x`, `y` and `z`."""
    found = small_dossier(**fields)
    names = dict(zip("abc", "xyz", strict=True))
    return found.replace(
        hds_id=EAST,
        gps=tuple(gp.replace(id=names[gp.id], name=f"Huisarts {names[gp.id]}") for gp in found.gps),
        agreements=tuple(one.replace(gp_id=names[one.gp_id]) for one in found.agreements),
    )


def put_in_force(database: Database, stage: Stage, gp_of: dict[str, str]) -> None:
    """Publish a roster with these GPs."""
    planner = add_user(database, f"publisher-{stage.hds_id}-{uuid.uuid4().hex[:6]}", stage.hds_id, "planner")
    version = stage.draft(gp_of)
    with database.writing() as session:
        member = Member(planner, stage.hds_id, frozenset({Role.PLANNER}))
        publish(session, member, version, Order(FIRST, "test", accept_violations=True), "*", None)


def url(hds_id: str, path: str) -> str:
    """A path of one HDS."""
    return f"/api/v1/hds/{hds_id}/{path}"


def shift(day: int, number: int = 1) -> str:
    """The id of an evening shift of January, the same at both HDSs."""
    return f"avond/2027-01-{day:02}/{number}"
