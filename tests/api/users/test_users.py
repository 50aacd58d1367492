"""The people of an HDS, by its administrators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditDetail, AuditEntry
from api.db.tables.people import User
from tests.api.auth.people import ME, PASSWORD, add_account, browser, logged_in, try_login
from tests.api.conftest import add_user, token_for

USERS = "/api/v1/hds/test/users"
ELSEWHERE = "/api/v1/hds/elders/users"


@pytest.fixture
def administrator(app: FastAPI, database: Database) -> TestClient:
    """A browser of an administrator of the HDS `test`."""
    add_account(database, "els", "administrator")
    return logged_in(app, "els")


def _invite(client: TestClient, username: str = "bas", url: str = USERS, **more: Any) -> Any:
    return client.post(url, json={"username": username, "roles": ["planner"], **more})


def _change(client: TestClient, user_id: int, url: str = USERS, **what: Any) -> Any:
    seen = client.get(f"{url}/{user_id}").headers["ETag"]
    return client.patch(f"{url}/{user_id}", json=what, headers={"If-Match": seen})


def test_an_invited_user_logs_in_once_with_the_password_handed_over(app: FastAPI, administrator: TestClient) -> None:
    """And may do nothing before choosing an own one."""
    made = _invite(administrator)
    assert made.status_code == 201, made.text
    client = logged_in(app, "bas", made.json()["one_time_password"])
    refused = client.get("/api/v1/hds/test/tokens")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_needed")
    assert client.get(ME).json()["user"]["must_change_password"] is True
    answer = client.post(
        "/api/v1/auth/password", json={"current": made.json()["one_time_password"], "chosen": PASSWORD}
    )
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    assert client.get("/api/v1/hds/test/tokens").status_code == 200
    assert "one_time_password" not in administrator.get(f"{USERS}/{made.json()['id']}").text


def test_a_gp_is_somebody(database: Database, administrator: TestClient) -> None:
    """The role GP needs a GP of this HDS."""
    add_user(database, "ander", "elders", "gp", gp_id="b")
    add_user(database, "zelf", "test", "gp", gp_id="a")
    assert _invite(administrator, roles=["gp"]).json()["code"] == "gp_needed"
    assert _invite(administrator, roles=["gp"], gp_id="b").json()["code"] == "unknown_gp"
    made = _invite(administrator, roles=["gp", "planner"], gp_id="a").json()
    assert (made["roles"], made["gp_id"]) == (["gp", "planner"], "a")


def test_a_name_that_is_taken_is_refused(database: Database, administrator: TestClient) -> None:
    """Here or elsewhere, whatever its case, and nothing is half made."""
    add_user(database, "ria", "elders", "planner")
    assert _invite(administrator, "RIA").status_code == 409
    assert _invite(administrator, "els").status_code == 409
    assert [one["username"] for one in administrator.get(USERS).json()["items"]] == ["els"]


def test_pages_show_everybody_of_the_hds_once(database: Database, administrator: TestClient) -> None:
    """By name, and nobody of another HDS."""
    for number in range(5):
        add_user(database, f"naam{number}", "test", "planner", "finance")
    add_user(database, "vreemd", "elders", "planner")
    first = administrator.get(USERS, params={"limit": 4}).json()
    second = administrator.get(USERS, params={"limit": 4, "cursor": first["next"]}).json()
    names = [one["username"] for one in first["items"] + second["items"]]
    assert names == ["els", *(f"naam{number}" for number in range(5))]
    assert second["next"] is None
    held = administrator.get(USERS, params={"role": "finance"}).json()["items"]
    assert [one["username"] for one in held] == names[1:]
    assert held[0]["roles"] == ["finance", "planner"]


def test_roles_change_at_once(app: FastAPI, database: Database, administrator: TestClient) -> None:
    """In sessions and tokens that are open."""
    user_id = add_account(database, "bas", "planner")
    client = logged_in(app, "bas")
    token = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'planner')}"}
    assert _change(administrator, user_id, roles=["finance"]).json()["roles"] == ["finance"]
    assert client.get(ME).json()["memberships"][0]["roles"] == ["finance"]
    assert browser(app).get("/api/v1/hds/test/tokens", headers=token).status_code == 404


def test_a_change_of_what_changed_meanwhile_is_refused(database: Database, administrator: TestClient) -> None:
    """It tells who changed it; without an ETag nothing changes."""
    user_id = add_user(database, "bas", "test", "planner")
    seen = administrator.get(f"{USERS}/{user_id}").headers["ETag"]
    assert _change(administrator, user_id, display_name="Bas").status_code == 200
    late = administrator.patch(f"{USERS}/{user_id}", json={"display_name": "B."}, headers={"If-Match": seen})
    assert (late.status_code, late.json()["changed_by"]) == (412, "els")
    assert administrator.patch(f"{USERS}/{user_id}", json={}).status_code == 428
    assert administrator.delete(f"{USERS}/{user_id}", headers={"If-Match": seen}).status_code == 412


def test_a_disabled_user_is_out_and_comes_back_without_the_old_tokens(
    app: FastAPI, database: Database, administrator: TestClient
) -> None:
    """Sessions and tokens end for good; the password still serves."""
    user_id = add_account(database, "bas", "planner")
    client = logged_in(app, "bas")
    token = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'planner')}"}
    assert _change(administrator, user_id, disabled=True).json()["disabled"] is True
    assert client.get(ME).status_code == 401
    assert try_login(browser(app), "bas").status_code == 401
    assert _change(administrator, user_id, disabled=False).json()["disabled"] is False
    assert client.get(ME).status_code == 401
    assert browser(app).get(ME, headers=token).status_code == 401
    assert try_login(browser(app), "bas").status_code == 200


def test_a_lost_password_is_replaced(app: FastAPI, database: Database, administrator: TestClient) -> None:
    """By one that serves once; sessions and tokens end."""
    user_id = add_account(database, "bas", "planner")
    client = logged_in(app, "bas")
    given = administrator.post(f"{USERS}/{user_id}/password").json()["one_time_password"]
    assert client.get(ME).status_code == 401
    assert try_login(browser(app), "bas").status_code == 401
    assert try_login(browser(app), "bas", given).json()["user"]["must_change_password"] is True


def test_the_last_administrator_stays(database: Database, administrator: TestClient) -> None:
    """Neither without the role, nor disabled, nor removed; a disabled one does not count."""
    els = administrator.get(ME).json()["user"]["id"]
    other = add_user(database, "bas", "test", "administrator")
    _change(administrator, other, disabled=True)
    answers = [
        _change(administrator, els, roles=["planner"]),
        _change(administrator, els, disabled=True),
        administrator.delete(f"{USERS}/{els}"),
    ]
    assert {one.json()["code"] for one in answers} == {"last_administrator"}
    _change(administrator, other, disabled=False)
    assert _change(administrator, els, roles=["planner"]).status_code == 200


def test_two_administrators_who_remove_each_other_do_not_both_go(app: FastAPI, database: Database) -> None:
    """At the same moment: one of the two stays."""
    ids = [add_account(database, name, "administrator") for name in ("els", "bas")]
    clients = [logged_in(app, name) for name in ("els", "bas")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda one: one[0].delete(f"{USERS}/{one[1]}").status_code, zip(clients, ids[::-1], strict=True))
        )
    assert answers.count(204) == 1


def test_a_removed_user_is_out_and_the_name_is_free(
    app: FastAPI, database: Database, administrator: TestClient
) -> None:
    """The account is closed; another may take its name."""
    user_id = add_account(database, "bas", "planner")
    client = logged_in(app, "bas")
    assert administrator.delete(f"{USERS}/{user_id}").status_code == 204
    assert client.get(ME).status_code == 401
    assert try_login(browser(app), "bas").status_code == 401
    assert administrator.get(f"{USERS}/{user_id}").status_code == 404
    made = _invite(administrator).json()
    assert made["id"] != user_id


def test_an_account_that_serves_elsewhere_is_not_taken_over(
    app: FastAPI, database: Database, administrator: TestClient
) -> None:
    """An administrator rules the roles here, not the password, the address, or the work at another HDS."""
    user_id = add_account(database, "bas", "planner")
    add_user(database, "bas", "elders", "finance")
    client = logged_in(app, "bas")
    refused = [
        administrator.post(f"{USERS}/{user_id}/password"),
        _change(administrator, user_id, email="els@hds.example"),
        _change(administrator, user_id, disabled=True),
    ]
    assert {one.json()["code"] for one in refused} == {"wrong_state"}
    assert "elders" not in administrator.get(USERS).text
    assert administrator.delete(f"{USERS}/{user_id}").status_code == 204
    assert [one["hds_id"] for one in client.get(ME).json()["memberships"]] == ["elders"]


def test_an_account_is_taken_in_only_by_who_may_see_it(
    app: FastAPI, database: Database, administrator: TestClient
) -> None:
    """Who administers both HDSs gives it roles at the second; it keeps its password."""
    add_account(database, "bas", "planner", hds_id="elders")
    assert _invite(administrator).status_code == 409
    add_user(database, "els", "elders", "administrator")
    made = _invite(administrator)
    assert (made.status_code, made.json()["one_time_password"]) == (201, None)
    assert len(logged_in(app, "bas").get(ME).json()["memberships"]) == 2


def test_an_administrator_of_another_hds_finds_nobody(
    app: FastAPI, database: Database, administrator: TestClient
) -> None:
    """Users do not exist beyond their HDS, for whatever one tries."""
    user_id = add_account(database, "bas", "planner")
    add_account(database, "vreemd", "administrator", hds_id="elders")
    client = logged_in(app, "vreemd")
    answers = [
        client.get(f"{ELSEWHERE}/{user_id}"),
        client.patch(f"{ELSEWHERE}/{user_id}", json={"roles": ["planner"]}, headers={"If-Match": "*"}),
        client.delete(f"{ELSEWHERE}/{user_id}"),
        client.post(f"{ELSEWHERE}/{user_id}/password"),
        client.get(f"{USERS}/{user_id}"),
    ]
    assert [one.status_code for one in answers] == [404] * 5


def test_who_logs_in_by_the_provider_gets_no_password(administrator: TestClient) -> None:
    """An address is needed instead, and no password can be given later."""
    assert _invite(administrator, login="oidc").status_code == 422
    made = _invite(administrator, login="oidc", email="bas@hds.example").json()
    assert (made["login"], made["one_time_password"]) == ("oidc", None)
    assert administrator.post(f"{USERS}/{made['id']}/password").json()["code"] == "wrong_state"


def test_every_change_is_on_record_without_passwords(database: Database, administrator: TestClient) -> None:
    """What was before and after, on the chain of the HDS."""
    made = _invite(administrator).json()
    _change(administrator, made["id"], roles=["finance"])
    given = administrator.post(f"{USERS}/{made['id']}/password").json()["one_time_password"]
    administrator.delete(f"{USERS}/{made['id']}")
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.chain == "test").order_by(AuditEntry.seq)).all()
        details = session.scalars(
            select(AuditDetail).where(AuditDetail.chain == "test").order_by(AuditDetail.seq)
        ).all()
        stored = session.get_one(User, made["id"])
    assert [one.action for one in entries] == ["user.invited", "user.changed", "user.password_reset", "user.removed"]
    assert [details[1].before["roles"], details[1].after["roles"]] == [["planner"], ["finance"]]  # type: ignore[index]
    told = " ".join(str((one.before, one.after, one.reason)) for one in details)
    assert made["one_time_password"] not in told and given not in told and "argon2" not in told
    assert stored.password_hash is None


@pytest.mark.parametrize("username", ["", "met spatie", "a\0b", "x" * 101, "a\nb", "a\u00a8", "\ufdfa" * 9])
def test_a_name_that_cannot_be_is_refused(administrator: TestClient, username: str) -> None:
    """As malformed."""
    assert _invite(administrator, username).status_code == 422
