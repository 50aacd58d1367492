"""However much and however wrong: every route refuses it early, and tells little."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.principal import Role
from api.db.engine import Database
from api.db.tables import Base
from api.errors import MOST_MISTAKES
from api.limits import LONG_LISTS, UPLOADS, find_limit
from api.settings import Settings
from tests.api.conftest import add_user, token_for
from tests.api.limits.bodies import FORM, JSON, Body, Bounded, bodies

LONGEST_ANSWER = 20_000
"""Bytes: fifty mistakes and some words."""
Send = Callable[[Body, bytes], Any]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The limits as they come."""
    folder: Path = tmp_path_factory.mktemp("limits")
    url = f"sqlite:///{folder / 'anw.sqlite'}"
    return Settings(database_url=url, development=True, secure_cookies=False, work_folder=folder)


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    """The service with nothing in it."""
    database = Database(settings.database_url)
    Base.metadata.create_all(database.engine)
    database.close()
    return create_app(settings)


@pytest.fixture(scope="module")
def send(app: FastAPI, settings: Settings) -> Iterator[Send]:
    """Sends a body to its route as somebody who may do everything."""
    database = Database(settings.database_url)
    user_id = add_user(database, "everything", "test", *Role, gp_id="a")
    token = token_for(database, user_id, "test", *Role)
    database.close()
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False) as client:

        def send_body(body: Body, content: bytes) -> Any:
            headers = {"Content-Type": JSON, "If-Match": "*"}
            return client.request(body.method, body.path, content=content, headers=headers)

        yield send_body


@pytest.fixture(scope="module")
def json_bodies(app: FastAPI) -> list[Body]:
    """Every body in JSON."""
    return [body for body in bodies(app.openapi()) if body.kind == JSON]


def _lines(found: list[Any]) -> str:
    return "\n" + "\n".join(map(str, found))


def test_bodies_are_json_or_the_forms_of_uploads(app: FastAPI) -> None:
    """A route that takes anything else would pass these tests by."""
    found = list(bodies(app.openapi()))
    assert {body.kind for body in found} == {JSON, FORM}
    assert all(any(one.fullmatch(body.path) for one in UPLOADS) for body in found if body.kind == FORM)


def test_every_list_and_mapping_has_a_bound(json_bodies: list[Body]) -> None:
    """In the schema that callers read."""
    missing = [
        (body.method, body.template, one.place)
        for body in json_bodies
        for one in body.collections()
        if one.most is None
    ]
    assert not missing, _lines(missing)


def _example_of(body: Body, bounded: Bounded) -> Any:
    schema: Any = bounded.schema["items"]
    while "$ref" in schema:
        schema = body.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    examples = schema.get("examples") or [schema.get("example", "spoed-avond/2027-01-01/12")]
    return examples[0]


def test_a_list_as_long_as_it_may_be_fits_in_its_body(json_bodies: list[Body], settings: Settings) -> None:
    """With items like the example: a limit on bytes that comes first would make the other one a lie."""
    wrong = []
    for body in json_bodies:
        for one in body.collections():
            if one.is_list and one.most is not None:
                size = len(json.dumps(one.wrap([_example_of(body, one)] * one.most)))
                if size > find_limit(body.path, settings):
                    wrong.append((body.method, body.template, one.place, size))
    assert not wrong, _lines(wrong)


def test_only_routes_with_long_lists_take_more_than_the_usual_body(json_bodies: list[Body]) -> None:
    """Each pattern has its route, with a list of hundreds of items."""
    for pattern in LONG_LISTS:
        found = [body for body in json_bodies if pattern.fullmatch(body.path)]
        assert found, pattern
        assert all(max(one.most or 0 for one in body.collections()) >= 500 for body in found)


def test_a_larger_body_is_refused_by_every_route(json_bodies: list[Body], send: Send, settings: Settings) -> None:
    """413 one byte beyond the limit; at the limit it is read, and refused for what it says."""
    wrong = []
    for body in json_bodies:
        most = find_limit(body.path, settings)
        for size, expected in ((most, {422}), (most + 1, {413})):
            answer = send(body, b'"' + b"x" * (size - 2) + b'"')
            if answer.status_code not in expected:
                wrong.append((body.method, body.template, size, answer.status_code))
    assert not wrong, _lines(wrong)


def test_too_many_items_are_told_once(json_bodies: list[Body], send: Send) -> None:
    """One item too many of which each is wrong: the number is told, and nothing of the items."""
    wrong = []
    for body in json_bodies:
        for one in body.collections():
            if one.most is None:
                continue
            count = one.most + 1
            items: Any = [{"x": []}] * count if one.is_list else {f"x{n}": {"x": []} for n in range(count)}
            answer = send(body, json.dumps(one.wrap(items)).encode())
            kinds = [error["kind"] for error in answer.json()["errors"]]
            if answer.status_code != 422 or kinds.count("too_long") < 1 or len(kinds) > 20:
                wrong.append((body.method, body.template, one.place, answer.status_code, kinds[:5]))
    assert not wrong, _lines(wrong)


def test_at_most_fifty_mistakes_are_told(json_bodies: list[Body], send: Send) -> None:
    """Of thousands of members that nobody knows; how many more there are is told as a number."""
    many = {f"k{n}": 0 for n in range(5000)}
    were_many_more = set()
    for body in json_bodies:
        answer = send(body, json.dumps(many).encode())
        assert len(answer.content) < LONGEST_ANSWER, (body.method, body.template)
        if answer.status_code == 422:
            problem = answer.json()
            assert len(problem["errors"]) <= MOST_MISTAKES, (body.method, body.template)
            if "more" in problem:
                were_many_more.add(problem["more"] >= 4950)
                assert f"nog {problem['more']} meer" in problem["detail"]
    assert were_many_more == {True}


def test_what_is_too_deep_is_refused_by_every_route(json_bodies: list[Body], send: Send) -> None:
    """Before a parser goes down into it; 422 with what is expected, whatever the route."""
    wrong = []
    for body in json_bodies:
        answer = send(body, b"[" * 60_000)
        if answer.status_code != 422 or "in elkaar" not in answer.json()["detail"]:
            wrong.append((body.method, body.template, answer.status_code, answer.text[:200]))
    assert not wrong, _lines(wrong)
