"""Accounts, memberships and tokens as they are made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.auth.passwords import check_password
from api.auth.principal import Role
from api.auth.secret_values import hash_of
from api.clock import now
from api.db.engine import Database
from api.db.tables.people import ApiToken, LoginSession, Membership
from api.errors import Problem
from api.users.service import add_membership, create_user, new_token, one_time_password, set_password
from tests.api.conftest import add_hds, add_user


def test_a_password_is_stored_as_argon2_only(database: Database) -> None:
    """The table never holds the password itself."""
    password = one_time_password()
    with database.writing() as session:
        user = create_user(session, "ria", password=password)
    assert user.password_hash is not None and user.password_hash.startswith("$argon2id$")
    assert check_password(password, user.password_hash) == (True, None)


def test_a_username_serves_once(database: Database) -> None:
    """A second account of the same name is refused."""
    with database.writing() as session:
        create_user(session, "ria")
    with pytest.raises(Problem) as refused, database.writing() as session:
        create_user(session, "ria")
    assert refused.value.code == "conflict"


def test_the_role_gp_names_a_gp_of_the_hds(database: Database) -> None:
    """Without a GP, or with one of another HDS, the membership is refused."""
    add_user(database, "huisarts", "elders", "gp", gp_id="a")
    add_hds(database)
    with database.writing() as session:
        user_id = create_user(session, "ria").id
    for gp_id, code in ((None, "gp_needed"), ("a", "unknown_gp")):
        with pytest.raises(Problem) as refused, database.writing() as session:
            add_membership(session, user_id, "test", Role.GP, gp_id)
        assert refused.value.code == code
    with database.writing() as session:
        add_membership(session, user_id, "elders", Role.GP, "a")
    with database.reading() as session:
        assert session.scalar(select(Membership.gp_number).where(Membership.user_id == user_id)) is not None


def test_only_the_hash_of_a_token_is_stored(database: Database) -> None:
    """The secret is nowhere in the row, which expires after the days asked for."""
    user_id = add_user(database, "ria", "test", "planner")
    with database.writing() as session:
        secret = new_token(session, user_id, "test", ["planner"], days=2, name="export")
    with database.reading() as session:
        token = session.scalars(select(ApiToken)).one()
    assert secret.startswith("anw_")
    assert token.token_hash == hash_of(secret)
    assert now() + timedelta(days=1) < token.expires_at <= now() + timedelta(days=2)


def test_a_new_password_ends_every_session(database: Database) -> None:
    """Who knew the old password is out."""
    with database.writing() as session:
        user = create_user(session, "ria", password="oud")
        moment = now()
        session.add(
            LoginSession(
                secret_hash="x", user_id=user.id, csrf_token="c", created_at=moment, seen_at=moment, expires_at=moment
            )
        )
        session.flush()
        set_password(session, user, "nieuw", must_change=True)
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []
    assert check_password("oud", user.password_hash)[0] is False
    assert user.must_change_password
