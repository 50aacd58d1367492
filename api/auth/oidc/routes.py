"""Logging in by the provider: out to it, and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse

from api.auth import cookies
from api.auth.callers import settings_of
from api.auth.oidc import flow
from api.auth.oidc.provider import Provider
from api.db.sessions import database
from api.errors import Problem, problems
from api.fields import Text
from api.room import room
from api.settings import Settings

PATH = "/auth/oidc"
router = room(PATH, "auth")


def _provider(request: Request) -> Provider:
    """The provider of this installation, remembered by the application; raises Problem `not_found` without one."""
    settings = settings_of(request)
    if not settings.oidc.issuer:
        raise Problem("not_found")
    known: Provider | None = getattr(request.app.state, "oidc_provider", None)
    if known is None:
        known = request.app.state.oidc_provider = Provider(settings.oidc, _redirect_uri(settings, request))
    return known


def _redirect_uri(settings: Settings, request: Request) -> str:
    """By the address in the settings: what the caller names as host proves nothing."""
    before = request.url.path.partition(PATH)[0]
    return f"{settings.base_url.rstrip('/')}{before}{PATH}/callback"


OidcProvider = Annotated[Provider, Depends(_provider)]


@router.get(
    "/login",
    status_code=303,
    response_class=RedirectResponse,
    summary="Log in by the provider",
    responses=problems("not_found", "oidc_unavailable"),
)
def go_to_provider(
    request: Request,
    provider: OidcProvider,
    return_to: Annotated[Text | None, Query(description="A path of this site to go to afterwards.")] = None,
) -> RedirectResponse:
    """Sends the browser to the provider; only paths of this site are returned to."""
    url, state = flow.begin(database(request), provider, return_to)
    response = RedirectResponse(url, 303)
    cookies.give(response, settings_of(request), cookies.OIDC, state, cookies.OIDC_SECONDS)
    return response


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    summary="Come back from the provider",
    responses=problems("not_found", "oidc_refused", "oidc_unavailable"),
)
def come_back(
    request: Request,
    provider: OidcProvider,
    state: Annotated[Text | None, Query(description="As it was sent along.")] = None,
    code: Annotated[Text | None, Query(description="What the provider gives for a token, once.")] = None,
    error: Annotated[Text | None, Query(description="Why there is no code.")] = None,
    iss: Annotated[Text | None, Query(description="The issuer, by RFC 9207.")] = None,
) -> RedirectResponse:
    """Opens a session for an account that the provider's user has here, and goes where the login began."""
    settings = settings_of(request)
    answer = flow.Answer(state, code, error, iss, cookies.read(request, settings, cookies.OIDC))
    replaces = cookies.read(request, settings, cookies.SESSION)
    opened, return_to = flow.finish(database(request), settings, provider, answer, replaces)
    response = RedirectResponse(return_to, 303)
    cookies.give(response, settings, cookies.SESSION, opened.secret)
    cookies.take(response, settings, cookies.OIDC)
    return response
