"""What is done of its own accord about messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.clock import now
from api.db.engine import Database
from api.messages.caller import Caller
from api.messages.delivering import deliver
from api.messages.mail import Mailer
from api.messages.spreading import spread
from api.settings import Settings


def spread_events(database: Database, settings: Settings, moment: datetime) -> int:
    """Turn what waits in the outbox into notices and deliveries; e-mail only where there is a server for it."""
    return spread(database, moment, by_mail=bool(settings.mail.host))


def send_mail(database: Database, settings: Settings, clock: Callable[[], datetime] = now) -> int:
    """Send the e-mail that is due; returns how many were tried."""
    if not settings.mail.host:
        return 0
    with Mailer(database, settings) as mailer:
        return deliver(database, mailer, clock)


def call_webhooks(database: Database, settings: Settings, clock: Callable[[], datetime] = now) -> int:
    """Call the systems that are to be told; returns how many calls were tried."""
    return deliver(database, Caller(database, settings), clock)
