"""A mail server and a web server of our own, and a small HDS that sends to them."""

from __future__ import annotations

import email
import email.policy
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery
from api.db.tables.people import Gp, User
from api.messages.upkeep import call_webhooks, send_mail, spread_events
from api.outbox import Notice, tell
from api.settings import MailSettings, Settings
from tests.api.conftest import add_user

SENDER = "rooster@hds.example"


@dataclass
class Inbox:
    """What a mail server took; `verdict` answers each receiver, `of_sender` the sender with a line of SMTP: yes."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    verdict: Callable[[str], str] = lambda _: "250 OK"
    of_sender: str = "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, or not."""
        if self.of_sender.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options += options
        return self.of_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a receiver, or not."""
        answer = self.verdict(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=email.policy.SMTP)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.receivers += envelope.rcpt_tos
        return "250 OK"


class _AnyPort(Controller):
    """Takes a port that is free, which the library would have to be told."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(**options: Any) -> Iterator[Inbox]:
    """A mail server on this machine."""
    inbox = Inbox()
    controller = _AnyPort(inbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()


def mailing(settings: Settings, port: int) -> Settings:
    """The settings with a mail server at this port."""
    mail = MailSettings(host="127.0.0.1", port=port, security="none", sender=SENDER, timeout=5)
    return settings.model_copy(update={"mail": mail, "base_url": "https://rooster.example"})


@dataclass
class Called:
    """What a web server was asked; `status` is what it answers, `before` runs first."""

    url: str = ""
    status: int = 204
    location: str = ""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    before: Callable[[], Any] = lambda: None


@contextmanager
def web_server(safe: ssl.SSLContext | None = None) -> Iterator[Called]:
    """A web server on this machine, by https where it is `safe`."""
    called = Called()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            called.before()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            called.asked.append((self.path, dict(self.headers), body))
            self.send_response(called.status)
            if called.location:
                self.send_header("Location", called.location)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    called.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    if safe is not None:
        server.socket = safe.wrap_socket(server.socket, server_side=True)
        called.url = f"https://localhost:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield called
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def person(database: Database, name: str, *roles: str, gp_id: str | None = None, address: str | None = "") -> int:
    """A user with an e-mail address: `<name>@huisarts.example` unless given, none for None."""
    user_id = add_user(database, name, "test", *roles, gp_id=gp_id)
    with database.writing() as session:
        session.get_one(User, user_id).email = f"{name}@huisarts.example" if address == "" else address
    return user_id


def happened(database: Database, kind: str, about: dict[str, Any], *gp_ids: str, **more: Any) -> None:
    """Something to tell to these GPs."""
    with database.writing() as session:
        numbers = session.scalars(select(Gp.number).where(Gp.hds_id == "test", Gp.gp_id.in_(gp_ids))).all()
        tell(session, "test", Notice(kind, about, numbers, **more))


def work(database: Database, settings: Settings) -> None:
    """What a worker does of its own accord, until nothing is due."""
    spread_events(database, settings, now())
    while send_mail(database, settings) or call_webhooks(database, settings):
        """Go on."""


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def deliveries(database: Database, channel: str = "email") -> list[Delivery]:
    """Every delivery of a channel, in order."""
    with database.reading() as session:
        found = select(Delivery).where(Delivery.channel == channel).order_by(Delivery.id)
        return list(session.scalars(found))
