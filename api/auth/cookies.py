"""The cookies: names, attributes, and reading them back."""

from __future__ import annotations

from fastapi import Request, Response

from api.settings import Settings

SESSION = "anw_session"
DEVICE = "anw_device"
OIDC = "anw_oidc"
DEVICE_SECONDS = 180 * 24 * 3600
OIDC_SECONDS = 600


def named(settings: Settings, name: str) -> str:
    """The full name: `__Host-` makes browsers refuse a cookie that another host or an unsafe page has set."""
    return f"__Host-{name}" if settings.secure_cookies else name


def read(request: Request, settings: Settings, name: str) -> str | None:
    """What the caller sent, if anything."""
    return request.cookies.get(named(settings, name)) or None


def give(response: Response, settings: Settings, name: str, value: str, seconds: int | None = None) -> None:
    """Put a cookie on the answer that no script reads and other sites don't send along; without `seconds` it ends
    with the browser. Lax and not Strict: who comes back from the OIDC provider is already logged in.
    """
    response.set_cookie(
        named(settings, name), value, max_age=seconds, path="/", secure=settings.secure_cookies, httponly=True,
        samesite="lax",
    )  # fmt: skip


def take(response: Response, settings: Settings, name: str) -> None:
    """Remove a cookie."""
    response.delete_cookie(
        named(settings, name), path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )
