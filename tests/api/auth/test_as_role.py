"""Who has several roles at an HDS says as which of them a request is made."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from tests.api.conftest import add_user, token_for
from tests.api.swaps.market import published, shift, speaks_for

WANTS = "/api/v1/hds/test/swaps/wants"
AS_GP = {"X-Anw-Role": "gp"}


def test_a_planner_who_is_a_gp_sees_the_own_things_as_a_gp(app: FastAPI, database: Database) -> None:
    """And those of all as a planner; as what one is not, nothing."""
    published(database, {shift(4): "a"})
    user_id = add_user(database, "both", "test", "planner", "gp", gp_id="b")
    headers = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'planner', 'gp')}"}
    with speaks_for(app, database, "a") as a, TestClient(app, headers=headers) as both:
        for one, asked in ((a, {}), (both, AS_GP)):
            answer = one.post(WANTS, json={"wanted": {"posts": ["P"]}, "most": 1}, headers=asked)
            assert answer.status_code == 201, answer.text

        def seen(client: TestClient, **asked: Any) -> list[str]:
            return sorted(one["gp_id"] for one in client.get(WANTS, headers=asked).json()["items"])

        assert (seen(both), seen(both, **{"X-Anw-Role": "planner"}), seen(both, **AS_GP)) == (
            ["a", "b"],
            ["a", "b"],
            ["b"],
        )
        assert [a.get(WANTS, headers={"X-Anw-Role": role}).status_code for role in ("planner", "none", "")] == [403] * 3
