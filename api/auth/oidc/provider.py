"""The OIDC provider as it is found by its issuer: where to send people, and what to believe of what it says.

Checks follow OpenID Connect Core 1.0 (3.1.3.7) and Discovery 1.0 (4.3), PKCE by RFC 7636, the issuer in the answer by
RFC 9207. Libraries are imported by the request that needs them: most processes never log anybody in this way.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api.errors import Problem
from api.settings import OidcSettings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key pair: with a shared secret, whoever knows it could log in as anybody."""
LEEWAY_SECONDS = 60
_TIMEOUT_SECONDS = 5.0
_METADATA_SECONDS = 3600.0
_KEYS_AGAIN_SECONDS = 30.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Identity:
    """Who the provider says somebody is; `email` only when the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


@dataclass
class Provider:
    """One provider; remembers its metadata for an hour and its keys until a token names another."""

    settings: OidcSettings
    redirect_uri: str
    _lock: Lock = field(default_factory=Lock)
    _metadata: tuple[float, Mapping[str, Any]] | None = None
    _keys: tuple[float, KeySet] | None = None

    def login_url(self, state: str, nonce: str, code_verifier: str) -> str:
        """Where to send somebody who wants to log in; raises Problem `oidc_unavailable`."""
        endpoint = self._endpoint("authorization_endpoint")
        with self._client() as client:
            url: str = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=code_verifier)[
                0
            ]
        return url

    def identity(self, code: str, nonce: str, code_verifier: str) -> Identity:
        """Who logged in, by the code that came back; raises Problem `oidc_refused` or `oidc_unavailable`."""
        token = self._token(code, code_verifier)
        claims = self._claims(token.get("id_token"), nonce)
        told = claims if "email" in claims else self._userinfo(token, claims)
        email = told.get("email") if told.get("email_verified") in (True, "true") else None
        return Identity(self.settings.issuer, claims["sub"], email if isinstance(email, str) else None)

    def _client(self) -> OAuth2Client:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret.get_secret_value() or None,
            token_endpoint_auth_method=self._way_to_prove(),
            scope=self.settings.scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )

    def _way_to_prove(self) -> str:
        if not self.settings.client_secret.get_secret_value():
            return "none"
        known = self._known().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"

    def _token(self, code: str, code_verifier: str) -> Mapping[str, Any]:
        import httpx2
        from authlib.integrations.base_client import OAuthError

        endpoint = self._endpoint("token_endpoint")
        try:
            with self._client() as client:
                found: Mapping[str, Any] = client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=code_verifier
                )
        except OAuthError:
            raise Problem("oidc_refused") from None
        except (httpx2.HTTPError, ValueError):
            raise Problem("oidc_unavailable") from None
        return found

    def _claims(self, id_token: Any, nonce: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        if not isinstance(id_token, str):
            raise Problem("oidc_refused")
        try:
            claims = self._decoded(id_token)
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self.settings.issuer},
                aud={"essential": True, "value": self.settings.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError):
            raise Problem("oidc_refused") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if several else self.settings.client_id)
        if claims.get("nonce") != nonce or party != self.settings.client_id:
            raise Problem("oidc_refused")
        return claims

    def _decoded(self, id_token: str) -> dict[str, Any]:
        """The claims of a token that was signed by a key of the provider; new keys are fetched when it names one."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError

        keys = self._key_set(again=False)
        try:
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._key_set(again=True), algorithms=ALGORITHMS).claims

    def _key_set(self, *, again: bool) -> KeySet:
        """The keys of the provider; `again` fetches them anew, but not for every made-up token."""
        with self._lock:
            aged = None if self._keys is None else time.monotonic() - self._keys[0]
            if self._keys is None or aged is None or (again and aged >= _KEYS_AGAIN_SECONDS):
                self._keys = (time.monotonic(), _keys_of(self._json(self._endpoint("jwks_uri"))))
            return self._keys[1]

    def _userinfo(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What else the provider tells of the same person; some keep the address out of the token."""
        endpoint = self._known().get("userinfo_endpoint")
        if endpoint is None or not isinstance(token.get("access_token"), str):
            return {}
        told = self._json(_safe(endpoint), {"Authorization": f"Bearer {token['access_token']}"})
        return told if told.get("sub") == claims["sub"] else {}

    def _endpoint(self, name: str) -> str:
        return _safe(self._known().get(name))

    def _known(self) -> Mapping[str, Any]:
        """The metadata of the provider, which must name the very issuer that was asked."""
        known = self._metadata
        if known is not None and time.monotonic() - known[0] < _METADATA_SECONDS:
            return known[1]
        url = f"{_safe(self.settings.issuer).rstrip('/')}/.well-known/openid-configuration"
        found = self._json(url)
        if found.get("issuer") != self.settings.issuer:
            raise Problem("oidc_unavailable")
        self._metadata = (time.monotonic(), found)
        return found

    def _json(self, url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        import httpx2

        try:
            answer = httpx2.get(url, headers=dict(headers or {}), timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (httpx2.HTTPError, ValueError):
            raise Problem("oidc_unavailable") from None
        if not isinstance(found, dict):
            raise Problem("oidc_unavailable")
        return found


def _safe(url: Any) -> str:
    """Only over TLS, or to this very machine."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise Problem("oidc_unavailable")
    return str(url)


def _keys_of(found: Mapping[str, Any]) -> KeySet:
    """The keys to check signatures with; kinds that are not known here are passed over."""
    from joserfc.errors import JoseError
    from joserfc.jwk import Key, KeySet, import_key

    keys: list[Key] = []
    listed = found.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig":
            try:
                keys.append(import_key(one))
            except (JoseError, ValueError, KeyError):
                continue  # one key that can't be read spoils no other
    if not keys:
        raise Problem("oidc_unavailable")
    return KeySet(keys)
