"""Logging in and out, who am I, and another password."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Request, Response
from sqlalchemy.orm import Session

from api.auth import cookies, login
from api.auth.access import Newcomer
from api.auth.callers import require_own_origin, settings_of
from api.auth.principal import Caller, plain_name
from api.auth.rate import device_cookie
from api.auth.repository import memberships
from api.auth.schemas import Account, Credentials, MembershipShown, NewPassword, WhoAmI
from api.auth.sessions import Opened
from api.db.sessions import ReadSession, database
from api.db.tables.people import User
from api.errors import problems
from api.room import room

router = room("/auth", "auth")


@router.post(
    "/login",
    summary="Log in with a local account",
    responses=problems("wrong_credentials", "too_many_attempts", "csrf_refused", "malformed"),
)
def log_in(request: Request, response: Response, body: Credentials) -> WhoAmI:
    """Opens a session in a cookie; a session that the caller had before ends."""
    require_own_origin(request)
    settings = settings_of(request)
    asking = login.Asking(
        address_of(request),
        cookies.read(request, settings, cookies.DEVICE),
        cookies.read(request, settings, cookies.SESSION),
    )
    opened = login.log_in(database(request), settings, body.username, body.password, asking)
    cookies.give(
        response, settings, cookies.DEVICE, device_cookie(settings, plain_name(body.username)), cookies.DEVICE_SECONDS
    )
    return _enter(request, response, opened)


@router.post(
    "/logout",
    status_code=204,
    summary="Log out",
    responses=problems("not_logged_in", "csrf_refused", "wrong_state"),
)
def log_out(request: Request, response: Response, who: Newcomer, session: ReadSession) -> None:
    """Ends the session of the cookie."""
    session.commit()  # its connection goes back before another is asked for
    login.log_out(database(request), who)
    cookies.take(response, settings_of(request), cookies.SESSION)


@router.get("/me", summary="Who am I", responses=problems("not_logged_in"))
def me(who: Newcomer, session: ReadSession) -> WhoAmI:
    """The caller, the memberships that count here, and for a session its CSRF token."""
    return _show(session, who)


@router.post(
    "/password",
    summary="Choose another password",
    responses=problems(
        "not_logged_in", "csrf_refused", "wrong_credentials", "too_many_attempts", "password_weak", "wrong_state"
    ),
)
def change_password(
    request: Request, response: Response, body: NewPassword, who: Newcomer, session: ReadSession
) -> WhoAmI:
    """Ends every other session of the user and opens this one anew; with `end_tokens` all tokens end too."""
    session.commit()  # its connection goes back before others are asked for
    opened = login.change_password(database(request), settings_of(request), who, body, address_of(request))
    return _enter(request, response, opened)


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy uvicorn's `--forwarded-allow-ips` makes it the caller's."""
    return request.client.host if request.client else ""


def _enter(request: Request, response: Response, opened: Opened) -> WhoAmI:
    cookies.give(response, settings_of(request), cookies.SESSION, opened.secret)
    with database(request).reading() as session:
        return _show(session, Caller(opened.user_id, csrf_token=opened.csrf_token, expires_at=opened.expires_at))


def _show(session: Session, who: Caller) -> WhoAmI:
    user = session.get_one(User, who.user_id)
    assert who.expires_at is not None
    return WhoAmI(
        user=Account.model_validate(user, from_attributes=True),
        memberships=[MembershipShown.model_validate(asdict(one)) for one in memberships(session, who)],
        by="session" if who.token_id is None else "token",
        csrf_token=who.csrf_token,
        read_only=who.read_only,
        expires_at=who.expires_at,
    )
