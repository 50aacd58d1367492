"""A login by the provider: sent there with a state that serves once, back with a code, in as whom we know.

The state is bound to the browser by a cookie, so that nobody can be brought into another's session by a link.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete

from api.audit import Act, record
from api.audit.trail import INSTALLATION
from api.auth.oidc.linking import account_of
from api.auth.oidc.provider import Provider
from api.auth.secret_values import hash_of, new_secret
from api.auth.sessions import Opened, open_session
from api.clock import now
from api.db.engine import Database
from api.db.tables.people import OidcLogin
from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text

MINUTES = 10
"""How long somebody may take at the provider."""
HOME = "/"


@dataclass(frozen=True)
class Answer:
    """What came back from the provider, with the cookie of the browser that brought it."""

    state: str | None
    code: str | None
    error: str | None
    issuer: str | None
    cookie: str | None


def own_path(wanted: str | None) -> str:
    """Where to go after the login: a path of this site, whatever was asked for."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return HOME
    if any(ord(sign) <= 32 or ord(sign) >= 127 for sign in wanted):
        return HOME
    parts = urlsplit(wanted)
    return HOME if parts.scheme or parts.netloc else wanted


def begin(database: Database, provider: Provider, return_to: str | None) -> tuple[str, str]:
    """Where to send the browser, and the state to give it in a cookie; raises Problem `oidc_unavailable`."""
    state, nonce, code_verifier = new_secret(), new_secret(), new_secret()
    url = provider.login_url(state, nonce, code_verifier)
    moment = now()
    with database.writing() as session:
        session.execute(delete(OidcLogin).where(OidcLogin.created_at <= moment - timedelta(minutes=MINUTES)))
        session.add(
            OidcLogin(
                state_hash=hash_of(state), nonce=nonce, code_verifier=code_verifier, return_to=own_path(return_to),
                created_at=moment,
            )
        )  # fmt: skip
    return url, state


def finish(
    database: Database, settings: Settings, provider: Provider, answer: Answer, replaces: str | None
) -> tuple[Opened, str]:
    """A session for who logged in at the provider, and where to go next.

    Raises Problem `oidc_refused` for anything that does not fit or anybody unknown, `oidc_unavailable` when the
    provider can't be asked. Whatever the outcome, the state is spent.
    """
    begun = _spend(database, answer)
    if answer.error is not None or not answer.code or answer.issuer not in (None, provider.settings.issuer):
        raise Problem("oidc_refused")
    identity = provider.identity(answer.code, begun.nonce, begun.code_verifier)
    with database.writing() as session:
        user = account_of(session, identity)
        if user is not None:
            opened = open_session(session, settings, user.id, replaces)
            record(session, INSTALLATION, user.id, Act("login.succeeded", f"user/{user.id}", after={"by": "oidc"}))
            return opened, begun.return_to
        record(session, INSTALLATION, None, Act("login.failed", "user/?", after={"by": "oidc"}))
    raise Problem("oidc_refused", text("auth.not_invited"))


def _spend(database: Database, answer: Answer) -> OidcLogin:
    if not answer.state or not hmac.compare_digest(answer.state.encode(), (answer.cookie or "").encode()):
        raise Problem("oidc_refused")
    with database.writing() as session:
        begun: OidcLogin | None = session.scalar(
            delete(OidcLogin).where(OidcLogin.state_hash == hash_of(answer.state)).returning(OidcLogin)
        )
    if begun is None or begun.created_at <= now() - timedelta(minutes=MINUTES):
        raise Problem("oidc_refused")
    return begun
