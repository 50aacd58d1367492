"""Every route, every role, the own HDS and another: what the table of rights says is what happens.

Whoever is refused sends a body that can't be read, so that this also shows that rights go before form.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.auth.principal import Role
from api.db.engine import Database
from api.db.tables import Base
from api.db.tables.people import ApiToken
from api.settings import Settings
from tests.api.auth.rights import KNOWN, OPEN, RIGHTS
from tests.api.auth.two_hds import OTHER, OWN, Subjects, fill
from tests.api.conftest import add_user, token_for

MISSING = {
    "run_id": "5f0c1c9e-0000-4000-8000-00000000000f",
    "gp_id": "niemand",
    "shift_id": "avond/2030-01-01/1",
    "name": "niets.csv",
}
"""What stands nowhere; numbers are `NO_NUMBER`."""
NO_NUMBER = "987654321"
QUERIES = {"compare": "with", "calendar.ics": "gp_id"}
"""By the last part of a path, the query that it can't do without."""
NOT_THERE = ("GET", "/api/v1/hds/{hds_id}/payouts/runs/{number}/transfer")
"""A payment run has no transfer before finance makes one, which needs an account of the HDS."""
Speak = Callable[..., TestClient]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all of these tests: rights are decided before either kind matters."""
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('rights') / 'anw.sqlite'}")
    Base.metadata.create_all(found.engine)
    yield found
    found.close()


@pytest.fixture(scope="module")
def app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service on it."""
    work: Path = tmp_path_factory.mktemp("work")
    return create_app(Settings(database_url=database.url, development=True, secure_cookies=False, work_folder=work))


@pytest.fixture(scope="module")
def speak(app: FastAPI, database: Database) -> Speak:
    """Gives a client with these roles at an HDS, by bearer token."""

    def with_roles(*roles: str, hds_id: str = OWN, gp_id: str | None = None) -> TestClient:
        gp_id = gp_id or (f"van-{hds_id}" if "gp" in roles else None)
        user_id = add_user(database, uuid.uuid4().hex, hds_id, *roles, gp_id=gp_id)
        secret = token_for(database, user_id, hds_id, *roles)
        return TestClient(app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)

    return with_roles


@pytest.fixture(scope="module")
def subjects(database: Database, speak: Speak) -> Subjects:
    """Something of every kind at the own HDS."""
    return fill(database, speak)


def _routes(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for route in iter_route_contexts(app.routes):
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            found.add((method, str(route.path_format or route.path)))
    return found


def _of_an_hds() -> Iterator[tuple[str, str, frozenset[Role]]]:
    for (method, path), rights in RIGHTS.items():
        if isinstance(rights, frozenset):
            yield method, path, rights


def _missing(path: str, hds_id: str) -> str:
    """The path with an HDS that is there, and subjects that are not."""
    names = re.findall(r"{(\w+)}", path)
    return path.format(**{name: MISSING.get(name, NO_NUMBER) for name in names} | {"hds_id": hds_id})


def _garbled(client: TestClient, method: str, path: str) -> Any:
    body = {} if method == "GET" else {"content": b"{", "headers": {"Content-Type": "application/json"}}
    return client.request(method, path, **body)


def _seen(answer: Any) -> tuple[int, str]:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return int(answer.status_code), answer.json()["code"] if is_problem else ""


def _asked(client: TestClient, method: str, path: str, subjects: Subjects, hds_id: str) -> Any:
    """What stands at the own HDS, asked of this one."""
    name = QUERIES.get(path.rsplit("/", 1)[-1])
    query = {} if name is None else {name: subjects.of[{"with": "version_id"}.get(name, name)]}
    return client.request(method, subjects.path(path, hds_id), params=query, headers={"If-Match": "*"})


def _lines(found: list[tuple[Any, ...]]) -> str:
    return "\n" + "\n".join(" ".join(map(str, one)) for one in found)


def test_every_route_has_an_entry_and_every_entry_a_route(app: FastAPI) -> None:
    """Nobody adds a route without saying who may call it."""
    missing, gone = sorted(_routes(app) - RIGHTS.keys()), sorted(RIGHTS.keys() - _routes(app))
    assert not missing, f"add to tests/api/auth/rights.py: {missing}"
    assert not gone, f"no longer a route: {gone}"


def test_every_route_of_an_hds_says_which_roles_may_call_it() -> None:
    """And no other does."""
    assert all(("{hds_id}" in path) is isinstance(rights, frozenset) for (_, path), rights in RIGHTS.items())


def test_who_is_not_known_is_let_in_nowhere_but_at_the_door(app: FastAPI, speak: Speak) -> None:
    """401 whatever is asked and however wrongly; open routes never ask who it is."""
    speak("planner")
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    wrong = []
    for (method, path), rights in RIGHTS.items():
        seen = _seen(_garbled(client, method, _missing(path, OWN)))
        let_in = seen[0] not in (401, 403)
        if let_in if rights != OPEN else not let_in:
            wrong.append((method, path, seen))
    assert not wrong, _lines(wrong)


def test_an_hds_does_not_exist_for_the_people_of_another(speak: Speak) -> None:
    """404 for whoever is everything elsewhere."""
    client = speak(*Role, hds_id=OTHER)
    speak("planner")
    wrong = []
    for method, path, _ in _of_an_hds():
        seen = _seen(_garbled(client, method, _missing(path, OWN)))
        if seen != (404, "not_found"):
            wrong.append((method, path, seen))
    assert not wrong, _lines(wrong)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(speak: Speak, role: Role) -> None:
    """403 for what it may not, and neither 401 nor 403 for what it may."""
    client = speak(role)
    wrong = []
    for method, path, rights in _of_an_hds():
        where = _missing(path, OWN)
        if role in rights:
            seen = _seen(client.request(method, where))
            fits = seen[0] not in (401, 403) and seen[0] < 500
        else:
            seen = _seen(_garbled(client, method, where))
            fits = seen == (403, "forbidden")
        if not fits:
            wrong.append((method, path, seen))
    assert not wrong, _lines(wrong)


def test_who_is_known_may_call_what_asks_for_no_role(speak: Speak) -> None:
    """By token too."""
    client = speak("insurer")
    wrong = []
    for (method, path), rights in RIGHTS.items():
        if rights == KNOWN:
            seen = _seen(client.request(method, _missing(path, OWN)))
            if seen[0] in (401, 403) or seen[0] >= 500:
                wrong.append((method, path, seen))
    assert not wrong, _lines(wrong)


def test_a_token_for_reading_changes_nothing(app: FastAPI, database: Database, speak: Speak) -> None:
    """Whatever its roles: 403 for every change."""
    client = speak(*Role)
    with database.writing() as session:
        newest = session.query(ApiToken.id).order_by(ApiToken.id.desc()).limit(1).scalar()
        session.execute(update(ApiToken).where(ApiToken.id == newest).values(read_only=True))
    wrong = []
    for method, path, _ in _of_an_hds():
        if method != "GET":
            seen = _seen(_garbled(client, method, _missing(path, OWN)))
            if seen != (403, "forbidden"):
                wrong.append((method, path, seen))
    assert not wrong, _lines(wrong)


def test_nothing_of_one_hds_is_found_from_another(speak: Speak, subjects: Subjects) -> None:
    """With its true number, asked at the own HDS by somebody who is everything there."""
    client = speak(*Role, hds_id=OTHER)
    wrong = []
    for method, path, _ in _of_an_hds():
        if path.count("{") < 2:
            continue
        answer = _asked(client, method, path, subjects, OTHER)
        bodiless = method in ("GET", "DELETE")
        if answer.status_code != 404 if bodiless else answer.status_code < 400 or answer.status_code >= 500:
            wrong.append((method, path, _seen(answer)))
    assert not wrong, _lines(wrong)


def test_the_same_is_found_at_its_own_hds(speak: Speak, subjects: Subjects) -> None:
    """Or the test above would show nothing: the numbers are those of what stands there."""
    client = speak(*Role, gp_id="C")
    missed = []
    for method, path, _ in _of_an_hds():
        if method == "GET" and path.count("{") >= 2 and (method, path) != NOT_THERE:
            seen = _seen(_asked(client, method, path, subjects, OWN))
            if seen in ((404, "not_found"), (422, "malformed")):
                missed.append((path, seen))
    assert not missed, _lines(missed)
