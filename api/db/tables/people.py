"""HDSs, their GPs, and the people who log in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId

ROLES = ("planner", "gp", "finance", "insurer", "administrator")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL of a check that `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Hds(Base):
    """An HDS; `settings` holds retention and the like."""

    __tablename__ = "hds"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Gp(Base):
    """A GP of one HDS, the same over all its dossiers; `number` never shows outside, `gp_id` is the id in dossiers."""

    __tablename__ = "gp"
    __table_args__ = (UniqueConstraint("hds_id", "gp_id"), UniqueConstraint("hds_id", "number"))

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    gp_id: Mapped[str] = mapped_column(String(200))
    erased_at: Mapped[datetime | None]


class User(Base):
    """Somebody who logs in; without `password_hash` only by the OIDC provider."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(200), unique=True)
    display_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Membership(Base):
    """One role of a user at one HDS; the role `gp` names which GP the user is, the others may."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES), "known_role"),
        CheckConstraint("(role = 'gp') = (gp_number IS NOT NULL)", "gp_is_somebody"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        Index("ix_membership_gp", "gp_number"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    gp_number: Mapped[int | None] = mapped_column(BigId)


class LoginSession(Base):
    """A session of pages; the cookie holds the secret, the table its SHA-256."""

    __tablename__ = "login_session"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A bearer token for API clients, stored as SHA-256; `scopes` are roles, `read_only` bars changes."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    read_only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class LoginAttempt(Base):
    """A failed login, for the rate limit; name and address are kept as keyed hashes only."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username_hash: Mapped[str] = mapped_column(String(64), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class OidcLogin(Base):
    """A login at the OIDC provider that is under way."""

    __tablename__ = "oidc_login"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str]
    code_verifier: Mapped[str]
    return_to: Mapped[str]
    created_at: Mapped[datetime]
