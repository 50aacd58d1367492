"""A small OIDC provider on a port of this machine, which can be told to misbehave in any one way."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "anw", "geheim van de test"
Claims = dict[str, Any]


def new_key(kid: str) -> RSAKey:
    """A fresh pair of keys."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@cache
def usual_key() -> RSAKey:
    """The pair of keys of every provider that is not told otherwise: making one takes a while."""
    return new_key("one")


@dataclass
class TestProvider:
    """Who is logged in at it, its keys, and what it does wrong: `tamper` changes the claims before they are signed."""

    __test__ = False

    issuer: str = ""
    named_issuer: str = ""
    subject: str = "subject-1"
    email: str | None = "ria@hds.example"
    email_verified: bool = True
    email_in_token: bool = True
    key: RSAKey = field(default_factory=usual_key)
    published: list[RSAKey] = field(default_factory=list)
    algorithm: str = "RS256"
    tamper: Callable[[Claims], None] = lambda claims: None
    broken: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def metadata(self) -> Claims:
        """What discovery tells."""
        return {
            "issuer": self.named_issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }

    def keys(self) -> Claims:
        """The public halves of the keys."""
        return {"keys": [key.as_dict(private=False) for key in self.published or [self.key]]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Log the user in at once and send the browser back with a code."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Change a code, once, for tokens: checks the client, the address and the PKCE verifier."""
        begun = self.codes.pop(sent.get("code", ""), None)
        proof = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != f"Basic {proof}":
            return 401, {"error": "invalid_client"}
        if begun is None or begun["redirect_uri"] != sent["redirect_uri"] or begun["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(8)
        self.tokens.add(access)
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self.id_token(begun["nonce"])}

    def id_token(self, nonce: str) -> str:
        """A signed token for the user, as `tamper` leaves it."""
        moment = int(time.time())
        claims: Claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "nonce": nonce, "iat": moment,
            "exp": moment + 300,
        }  # fmt: skip
        if self.email_in_token:
            claims |= self.address()
        self.tamper(claims)
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key)

    def address(self) -> Claims:
        """The address of the user, as far as the provider tells it."""
        return {} if self.email is None else {"email": self.email, "email_verified": self.email_verified}


def _handler(provider: TestProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if provider.broken:
                self._answer(500, {})
            elif parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._answer(200, provider.keys())
            elif parts.path == "/userinfo":
                known = self.headers["Authorization"].removeprefix("Bearer ") in provider.tokens
                self._answer(200 if known else 401, {"sub": provider.subject, **provider.address()})
            else:
                self._answer(200, provider.metadata())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.token(sent, self.headers.get("Authorization", "")))

        def _answer(self, status: int, body: Claims) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests stay quiet."""

    return Handler


@contextmanager
def running_provider() -> Iterator[TestProvider]:
    """A provider that answers on a free port of this machine until the end."""
    provider = TestProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
