"""Logging in by an OIDC provider: a real one, on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey
from pydantic import SecretStr
from sqlalchemy import select

from api.auth.oidc.flow import own_path
from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import OidcLogin, User
from api.settings import OidcSettings, Settings
from tests.api.auth.oidc_provider import CLIENT_ID, CLIENT_SECRET, TestProvider, new_key, running_provider
from tests.api.auth.people import ME, add_account
from tests.api.conftest import add_user
from tests.api.one_app import one_app

LOGIN = "/api/v1/auth/oidc/login"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, but where a test says both: most of this is between browser, service and provider."""
    kind: str = getattr(request, "param", "sqlite")
    url: str = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    return url


on_both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def provider() -> Iterator[TestProvider]:
    """A provider where ria is logged in."""
    with running_provider() as found:
        yield found


@pytest.fixture
def app(settings: Settings, database: Database, provider: TestProvider) -> Iterator[FastAPI]:
    """The service, with that provider."""
    oidc = OidcSettings(issuer=provider.issuer, client_id=CLIENT_ID, client_secret=SecretStr(CLIENT_SECRET))
    found = one_app(settings.model_copy(update={"oidc": oidc, "base_url": "http://testserver"}), database)
    yield found
    found.state.database.close()


@pytest.fixture
def ria(database: Database) -> int:
    """The account of ria, invited by address."""
    user_id = add_user(database, "ria", "test", "planner")
    with database.writing() as session:
        session.get_one(User, user_id).email = "Ria@hds.example"
    return user_id


def _browser(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def _go(client: TestClient, return_to: str | None = None) -> str:
    """Go to the provider, and give the address to which it sends the browser back."""
    sent = client.get(LOGIN, params={} if return_to is None else {"return_to": return_to})
    assert sent.status_code == 303, sent.text
    back = httpx2.get(sent.headers["Location"], follow_redirects=False)
    assert back.status_code == 302
    return str(back.headers["Location"])


def _log_in(client: TestClient, return_to: str | None = None) -> Any:
    return client.get(_go(client, return_to))


def _is_refused(answer: Any, code: str = "oidc_refused") -> bool:
    return bool(answer.json()["code"] == code and "anw_session" not in answer.headers.get("set-cookie", ""))


@on_both
def test_somebody_invited_by_address_comes_in(app: FastAPI, database: Database, ria: int) -> None:
    """And is sent where the login began."""
    client = _browser(app)
    answer = _log_in(client, "/rooster?jaar=2027")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rooster?jaar=2027")
    assert client.get(ME).json()["user"]["id"] == ria
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions == ["user.linked", "login.succeeded"]


def test_who_was_linked_is_known_by_issuer_and_subject(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """A later change of address does not matter, and the old address opens nothing for another."""
    _log_in(_browser(app))
    provider.email = "anders@hds.example"
    client = _browser(app)
    _log_in(client)
    assert client.get(ME).json()["user"]["id"] == ria
    provider.subject, provider.email = "subject-2", "ria@hds.example"
    assert _is_refused(_log_in(_browser(app)))


def test_the_address_may_come_from_userinfo(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """Some providers keep it out of the token."""
    provider.email_in_token = False
    assert _log_in(_browser(app)).status_code == 303
    assert "/userinfo" in provider.asked


def test_an_unverified_address_opens_nothing(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """Anybody can claim one."""
    provider.email_verified = False
    assert _is_refused(_log_in(_browser(app)))


def test_an_account_with_a_password_is_not_found_by_address(app: FastAPI, database: Database) -> None:
    """It was not invited for the provider."""
    user_id = add_account(database, "ria", "planner")
    with database.writing() as session:
        session.get_one(User, user_id).email = "ria@hds.example"
    assert _is_refused(_log_in(_browser(app)))


@on_both
def test_invitations_of_several_hdss_serve_one_account(app: FastAPI, database: Database, ria: int) -> None:
    """Those before the first login and those after it; one that grants what is held already adds nothing."""

    def invite(name: str, hds_id: str, *roles: str) -> None:
        other = add_user(database, name, hds_id, *roles)
        with database.writing() as session:
            session.get_one(User, other).email = "ria@hds.example"

    invite("ria-2", "elders", "finance")
    invite("ria-3", "test", "planner", "insurer")
    client = _browser(app)
    assert _log_in(client).status_code == 303
    invite("ria-4", "noord", "planner")
    assert _log_in(client).status_code == 303
    me = client.get(ME).json()
    assert me["user"]["id"] == ria
    assert {one["hds_id"]: one["roles"] for one in me["memberships"]} == {
        "test": ["insurer", "planner"],
        "elders": ["finance"],
        "noord": ["planner"],
    }
    with database.reading() as session:
        assert len(session.scalars(select(User).where(User.disabled_at.is_(None))).all()) == 1


@on_both
def test_a_stranger_and_a_disabled_user_stay_out(
    app: FastAPI, database: Database, provider: TestProvider, ria: int
) -> None:
    """Before and after they were linked."""
    provider.email = "vreemd@elders.example"
    assert _is_refused(_log_in(_browser(app)))
    provider.email = "ria@hds.example"
    assert _log_in(_browser(app)).status_code == 303
    with database.writing() as session:
        session.get_one(User, ria).disabled_at = now()
    assert _is_refused(_log_in(_browser(app)))


WRONG_CLAIMS: tuple[tuple[str, Any], ...] = (
    ("nonce", "een andere"),
    ("nonce", None),
    ("aud", "een andere client"),
    ("aud", None),
    ("aud", ["anw", "een andere client"]),
    ("azp", "een andere client"),
    ("iss", "https://elders.example"),
    ("exp", 1),
    ("exp", None),
    ("iat", 32503680000),
    ("sub", None),
)


def test_a_token_with_a_wrong_claim_is_refused(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """Whatever else is right about it; without the fault it is taken."""
    for claim, value in WRONG_CLAIMS:
        provider.tamper = partial(_put, claim, value)
        assert _is_refused(_log_in(_browser(app))), (claim, value)
    provider.tamper = lambda claims: None
    assert _log_in(_browser(app)).status_code == 303


def _put(claim: str, value: Any, claims: dict[str, Any]) -> None:
    claims[claim] = value
    if value is None:
        del claims[claim]


def test_a_token_signed_by_another_key_is_refused(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """Even when it bears the name of the right key."""
    provider.published = [provider.key]
    provider.key = new_key("one")
    assert _is_refused(_log_in(_browser(app)))


def test_a_token_without_a_signature_of_a_key_pair_is_refused(app: FastAPI, provider: TestProvider, ria: int) -> None:
    """Neither unsigned, nor signed with the secret that the provider shares with us."""
    provider.published = [provider.key]
    provider.algorithm, provider.key = "HS256", OctKey.import_key(CLIENT_SECRET, {"kid": "one"})  # type: ignore[assignment]
    assert _is_refused(_log_in(_browser(app)))
    provider.id_token = lambda nonce: "eyJhbGciOiJub25lIn0.e30."  # type: ignore[method-assign]
    assert _is_refused(_log_in(_browser(app)))


def test_new_keys_of_the_provider_are_fetched(
    app: FastAPI, provider: TestProvider, ria: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a token names a key that is not known yet, but not again for every made-up token."""
    _log_in(_browser(app))
    provider.key = new_key("two")
    before = provider.asked.count("/keys")
    assert _is_refused(_log_in(_browser(app)))
    assert provider.asked.count("/keys") == before
    monkeypatch.setattr("api.auth.oidc.provider._KEYS_AGAIN_SECONDS", 0.0)
    assert _log_in(_browser(app)).status_code == 303
    assert provider.asked.count("/keys") == before + 1


@on_both
def test_a_state_serves_once(app: FastAPI, ria: int) -> None:
    """Who finds the address to which the provider sent somebody back comes too late."""
    client = _browser(app)
    back = _go(client)
    cookie = client.cookies["anw_oidc"]
    assert client.get(back).status_code == 303
    client.cookies.set("anw_oidc", cookie)
    assert _is_refused(client.get(back))


def test_a_state_serves_only_the_browser_that_began(app: FastAPI, ria: int) -> None:
    """Nobody is brought into the session of another by a link."""
    back = _go(_browser(app))
    victim = _browser(app)
    assert _is_refused(victim.get(back))
    _go(victim)
    assert _is_refused(victim.get(back))


def test_a_state_serves_ten_minutes(app: FastAPI, ria: int) -> None:
    """Who takes longer begins again."""
    client = _browser(app)
    back = _go(client)
    with time_machine.travel(now() + timedelta(minutes=10), tick=False):
        client.cookies.set("anw_oidc", parse_qs(urlsplit(back).query)["state"][0])
        assert _is_refused(client.get(back))


def test_what_the_provider_refused_opens_nothing(app: FastAPI, ria: int) -> None:
    """An error, no code, a made-up code, another issuer; each spends the state."""
    for query in ("error=access_denied", "", "code=verzonnen", "code=x&iss=https://elders.example"):
        client = _browser(app)
        state = parse_qs(urlsplit(_go(client)).query)["state"][0]
        assert _is_refused(client.get(f"/api/v1/auth/oidc/callback?state={state}&{query}"))
    assert _is_refused(_browser(app).get("/api/v1/auth/oidc/callback"))


def test_a_code_without_its_verifier_is_worth_nothing(
    app: FastAPI, database: Database, provider: TestProvider, ria: int
) -> None:
    """The provider holds us to PKCE."""
    client = _browser(app)
    back = _go(client)
    assert all(asked["code_challenge_method"] == "S256" for asked in provider.codes.values())
    with database.writing() as session:
        session.scalars(select(OidcLogin)).one().code_verifier = "een andere"
    assert _is_refused(client.get(back))


def test_a_provider_that_does_not_answer_is_told_as_such(app: FastAPI, provider: TestProvider) -> None:
    """503, and one may try again."""
    provider.broken = True
    answer = _browser(app).get(LOGIN)
    assert (answer.status_code, answer.json()["code"]) == (503, "oidc_unavailable")


def test_a_provider_that_names_another_issuer_is_not_believed(app: FastAPI, provider: TestProvider) -> None:
    """Discovery must tell the very issuer that was asked."""
    provider.named_issuer = "https://elders.example"
    assert _browser(app).get(LOGIN).json()["code"] == "oidc_unavailable"


def test_a_provider_without_tls_elsewhere_is_not_asked(settings: Settings, database: Database) -> None:
    """Plain HTTP serves on this very machine only."""
    oidc = OidcSettings(issuer="http://aanbieder.example", client_id="anw")
    app = one_app(settings.model_copy(update={"oidc": oidc}), database)
    assert _browser(app).get(LOGIN).json()["code"] == "oidc_unavailable"


def test_without_a_provider_the_routes_do_not_exist(settings: Settings, database: Database) -> None:
    """The installation chose local accounts only."""
    client = _browser(one_app(settings, database))
    assert client.get(LOGIN).status_code == 404
    assert client.get("/api/v1/auth/oidc/callback").status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elders.example", "//elders.example", "/\\elders.example", "\\\\elders.example", "elders",
        "javascript:alert(1)", "/\t/elders.example", "/ /x", "/pagina\r\nSet-Cookie: a=b", "", "/é",
    ],
)  # fmt: skip
def test_a_login_never_leads_to_another_site(elsewhere: str) -> None:
    """Whatever was asked for, one ends up at home."""
    assert own_path(elsewhere) == "/"


@pytest.mark.parametrize("own", ["/", "/rooster", "/rooster?jaar=2027#juni", "/a//b"])
def test_a_login_leads_to_the_page_asked_for(own: str) -> None:
    """When it is one of this site."""
    assert own_path(own) == own


def test_an_open_redirect_is_not_kept(app: FastAPI, ria: int) -> None:
    """From the first request to the last."""
    assert _log_in(_browser(app), "//elders.example").headers["Location"] == "/"
