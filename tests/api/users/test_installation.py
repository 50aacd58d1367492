"""What only whoever runs the installation may do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.cli.commands import add_commands
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Membership, User
from scheduler.cli.run import run as run_command
from tests.api.auth.people import ME, add_account, browser, logged_in, try_login
from tests.api.conftest import add_user


@cache
def _know_the_commands() -> None:
    add_commands()


def run(arguments: list[str]) -> int:
    """The status of `anw` with the commands of the service."""
    _know_the_commands()
    return run_command(arguments)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """An SQLite file, which the commands find by its folder."""
    return sqlite_url


@pytest.fixture
def folder(database: Database, tmp_path: Path) -> str:
    """The folder with that database."""
    return str(tmp_path)


def _password(said: str) -> str:
    found = re.search(r"wachtwoord (\S+)", said)
    assert found is not None, said
    return found[1]


def test_a_new_hds_has_an_administrator_who_can_log_in(
    app: FastAPI, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the password that is shown, once."""
    founding = ["hds", "add", "noord", "--name", "HDS Noord", "--administrator", "Els", "--data", folder]
    assert run(founding) == 0
    client = logged_in(app, "els", _password(capsys.readouterr().out))
    assert client.get(ME).json()["memberships"] == [
        {"hds_id": "noord", "hds_name": "HDS Noord", "roles": ["administrator"], "gp_id": None}
    ]
    assert run(founding) == 2
    assert "al een HDS" in capsys.readouterr().err


def test_an_account_serves_at_a_second_hds(
    app: FastAPI, database: Database, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As administrator of a new one, or with a role at one that is there; it keeps its password."""
    add_account(database, "els", "administrator")
    add_user(database, "zelf", "elders", "gp", gp_id="b")
    assert run(["hds", "add", "noord", "--name", "N", "--administrator", "els", "--data", folder]) == 0
    assert "wachtwoord" not in capsys.readouterr().out
    assert run(["user", "grant", "els", "--hds", "elders", "--role", "gp", "--gp", "b", "--data", folder]) == 0
    found = {one["hds_id"]: one["roles"] for one in logged_in(app, "els").get(ME).json()["memberships"]}
    assert found == {"test": ["administrator"], "noord": ["administrator"], "elders": ["gp"]}


def test_somebody_is_let_back_in(
    app: FastAPI, database: Database, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also the last administrator, who lost the password or was disabled."""
    user_id = add_account(database, "els", "administrator")
    with database.writing() as session:
        session.get_one(User, user_id).disabled_at = session.get_one(User, user_id).created_at
    client = browser(app)
    assert try_login(client, "els").status_code == 401
    assert run(["user", "password", "els", "--data", folder]) == 0
    answer = try_login(client, "els", _password(capsys.readouterr().out))
    assert answer.json()["user"]["must_change_password"] is True
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id.is_(None))).all() == [
            "login.failed",
            "user.password_reset",
        ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hds", "add", "Noord!", "--name", "N", "--administrator", "x"], "kan geen code"),
        (["hds", "add", "noord", "--name", "N", "--administrator", "x", "--oidc"], "e-mailadres"),
        (["user", "grant", "niemand", "--hds", "test", "--role", "planner"], "geen gebruiker"),
        (["user", "grant", "els", "--hds", "niets", "--role", "planner"], "geen HDS"),
        (["user", "grant", "els", "--hds", "test", "--role", "baas"], "geen rol"),
        (["user", "grant", "els", "--hds", "test", "--role", "gp"], "gp_id"),
        (["user", "grant", "els", "--hds", "test", "--role", "administrator"], "al"),
        (["user", "password", "niemand"], "geen gebruiker"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_half_done(
    database: Database, folder: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With status 2, in Dutch."""
    add_user(database, "els", "test", "administrator")
    assert run([*arguments, "--data", folder]) == 2
    assert said in capsys.readouterr().err
    with database.reading() as session:
        assert len(session.scalars(select(Membership)).all()) == 1
