"""E-mail by SMTP: plain text, one receiver each."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from api.clock import local
from api.db.engine import Database
from api.db.tables.messages import Delivery
from api.messages import repository
from api.messages.delivering import Claim, Undelivered
from api.messages.wording import Wording, one_line
from api.settings import MailSettings, Settings
from scheduler.messages import text

_ADDRESS = re.compile(r"[^\s@,;:<>()\"\\]+@[^\s@,;:<>()\"\\]+")
_ATEXT_ONLY = re.compile(r"[A-Za-z0-9.-]+")


class Mailer:
    """Sends e-mail over one connection, made when it is needed; close it, or use it as a context manager."""

    channel = "email"

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, claim: Claim) -> None:
        """Send one; raises Undelivered: for good when the server refuses this message, for now otherwise.

        A sender that is refused is no fault of the message.
        """
        message, address = self._written(claim)
        server = self._server or self._connected()
        try:
            server.send_message(message, self._sender.addr_spec, [address])
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 0)
            raise self._refused(code) from None
        except smtplib.SMTPSenderRefused as error:
            self._hang_up()
            raise Undelivered(f"smtp sender {error.smtp_code}", halt=True) from None
        except smtplib.SMTPNotSupportedError:
            raise Undelivered("smtp utf8", permanent=True) from None
        except smtplib.SMTPServerDisconnected:
            self._hang_up()
            raise Undelivered("smtp disconnected") from None
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code) from None
        except OSError as error:
            self._hang_up()
            raise Undelivered(f"smtp {type(error).__name__}", halt=True) from None

    def marked(self, session: Session, delivery: Delivery, moment: datetime) -> None:
        """Nothing else hangs on an e-mail."""

    @property
    def _sender(self) -> Address:
        return Address(self._settings.mail.sender_name, addr_spec=self._settings.mail.sender)

    def _written(self, claim: Claim) -> tuple[EmailMessage, str]:
        """The message and the address it goes to, with the names and the address as they are now."""
        with self._database.reading() as session:
            row = repository.delivery(session, claim.id, lock=False)
            user = None if row is None else repository.addressee(session, row)
            if user is None or not user.email:
                raise Undelivered("no address", unwanted=True)
            event = repository.event(session, claim.event_id)
            wording = Wording(session, claim.hds_id, [event.about])
            subject, body = wording.subject(event.kind, event.about), wording.body(event.kind, event.about)
            hds, address = repository.hds_name(session, claim.hds_id), user.email
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._sender, _receiver(address)
        message["Subject"] = subject
        message["Date"] = format_datetime(local(claim.created_at))
        message["Message-ID"] = message_id(claim, self._sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        url = self._settings.base_url.rstrip("/")
        message.set_content(text("messages.mail.body", body=body, url=url, hds=one_line(hds)).strip() + "\n")
        return message, address

    def _connected(self) -> smtplib.SMTP:
        try:
            self._server = connect(self._settings.mail)
        except (OSError, smtplib.SMTPException) as error:
            code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
            raise Undelivered(f"no mail server: {type(error).__name__}{code}", halt=True) from None
        return self._server

    def _refused(self, code: int) -> Undelivered:
        permanent = 500 <= code < 600
        if not permanent:  # who says "not now" may say so by closing the connection
            self._hang_up()
        return Undelivered(f"smtp {code}", permanent=permanent)

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def _receiver(address: str) -> Address:
    """One address and no more; raises Undelivered for anything else."""
    try:
        if _ADDRESS.fullmatch(address):
            return Address(addr_spec=address)
    except (ValueError, MessageError):
        pass
    raise Undelivered("bad address", permanent=True)


def message_id(claim: Claim, domain: str) -> str:
    """The same for every attempt at a delivery, so that a second copy is known for one."""
    safe = domain if _ATEXT_ONLY.fullmatch(domain) else "anw-rooster"
    return f"<anw-{claim.id}-{int(claim.created_at.timestamp() * 1000)}@{safe}>"


def connect(mail: MailSettings) -> smtplib.SMTP:
    """A connection to the server, safe and logged in as the settings say; raises OSError or SMTPException."""
    context = ssl.create_default_context()
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout)
    try:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server
