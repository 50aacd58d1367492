"""What leaves the machine goes by TLS to whom it is meant for, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr, ValidationError

from api.clock import now
from api.db.engine import Database
from api.messages import calling
from api.messages.delivering import Undelivered
from api.messages.upkeep import send_mail, spread_events
from api.settings import MailSettings, Settings
from tests.api.messages.post import SENDER, Inbox, deliveries, happened, mail_server, person, web_server
from tests.api.messages.safe import certificate, shows


@pytest.fixture(autouse=True)
def fresh_trust() -> Iterator[None]:
    """What is trusted is read once a process."""
    calling._trusted.cache_clear()
    yield
    calling._trusted.cache_clear()


class _Doorkeeper:
    """Lets one user in."""

    def __call__(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """By name and password."""
        return AuthResult(success=(data.login, data.password) == (b"rooster", b"geheim"))


def _sent(database: Database, settings: Settings, inbox: Inbox, **mail: object) -> str:
    """What becomes of one mail with these settings of mail."""
    person(database, "bea", "gp", gp_id="b")
    happened(database, "round_reminder", {}, "b")
    kept = MailSettings(host="localhost", port=inbox.port, sender=SENDER, timeout=5, **mail)  # type: ignore[arg-type]
    how = settings.model_copy(update={"mail": kept})
    spread_events(database, how, now())
    send_mail(database, how)
    [row] = deliveries(database)
    return row.last_error or row.state


@pytest.mark.parametrize(("password", "outcome"), [("geheim", "sent"), ("mis", "no mail server")])
def test_mail_is_handed_over_after_starttls_and_login(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, outcome: str
) -> None:
    """To a server that is known; a login that fails is no fault of the mail, which waits."""
    cert = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    options = {"tls_context": shows(cert), "authenticator": _Doorkeeper(), "auth_required": True}
    with mail_server(require_starttls=True, **options) as inbox:
        said = _sent(database, settings, inbox, user="rooster", password=SecretStr(password))
    assert (said.split(":")[0], len(inbox.mails)) == (outcome, int(outcome == "sent"))
    assert [one.state for one in deliveries(database)] == ["sent" if outcome == "sent" else "waiting"]


def test_mail_goes_to_no_server_that_cannot_prove_who_it_is(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Neither name nor password is told to it."""
    with mail_server(tls_context=shows(certificate(tmp_path, "localhost"))) as inbox:
        assert "SSLCertVerificationError" in _sent(database, settings, inbox, user="rooster")
    assert inbox.mails == []


def test_mail_goes_to_no_server_without_tls(database: Database, settings: Settings) -> None:
    """Unless the settings say so."""
    with mail_server() as inbox:
        assert "SMTPNotSupportedError" in _sent(database, settings, inbox)
    assert inbox.mails == []


def test_a_mail_server_needs_a_sender() -> None:
    """Told when the service starts, not when the first mail goes out."""
    with pytest.raises(ValidationError, match="ANW_SMTP_SENDER"):
        MailSettings(host="smtp.example")


@pytest.mark.parametrize(("named", "trusted", "outcome"), [
    ("localhost", True, ""), ("localhost", False, "tls"), ("elders.example", True, "tls"),
])  # fmt: skip
def test_a_system_is_called_by_tls_that_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, trusted: bool, outcome: str
) -> None:
    """Its certificate must be trusted and bear its name, though the connection goes to a number."""
    cert = certificate(tmp_path, named)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with web_server(shows(cert)) as system:
        try:
            calling.post(system.url, b"{}", {}, development=False, inside=True)
        except Undelivered as failure:
            assert failure.code == outcome
        else:
            assert (outcome, len(system.asked)) == ("", 1)
            assert system.asked[0][1]["Host"] == system.url.split("/")[2]
