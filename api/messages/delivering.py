"""Deliveries one by one: leased, sent, marked; what fails is tried again after longer and longer, and then given up.

A delivery is leased in a transaction of its own before it is sent, so that no two workers send it. Who dies between
sending and marking leaves the lease to run out, and the delivery is sent again under the same id: a receiver tells by
that id (Message-ID, X-Anw-Delivery) that it had it already.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery
from api.messages import repository
from api.ops.failures import report_failure

_log = structlog.get_logger()
LEASE = timedelta(minutes=10)
"""Longer than any sending lasts: each has a limit of its own."""
ROUND_SECONDS = 4.0
"""A worker that is told to stop waits longer than this, so that it seldom leaves anything between sent and marked."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""Before the second attempt, the third and so on; a server that is down for a weekend still gets all."""
MOST_ATTEMPTS = len(PAUSES) + 1


class Undelivered(Exception):
    """It did not arrive: `code` says why without naming anybody.

    `permanent`: it never will. `unwanted`: nobody is there to get it any more. `halt`: nothing else would arrive now.
    """

    def __init__(self, code: str, *, permanent: bool = False, unwanted: bool = False, halt: bool = False) -> None:
        super().__init__(code)
        self.code, self.permanent, self.unwanted, self.halt = code[:100], permanent, unwanted, halt


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker alone may send now; `attempt` counts from 1."""

    id: int
    event_id: int
    hds_id: str
    user_id: int | None
    webhook_id: int | None
    attempt: int
    created_at: datetime


class Sender(Protocol):
    """A way to deliver."""

    channel: str

    def send(self, claim: Claim) -> None:
        """Deliver; raises Undelivered."""
        ...

    def marked(self, session: Session, delivery: Delivery, moment: datetime) -> None:
        """Is told what became of a delivery, in the transaction that marks it."""
        ...


def deliver(database: Database, sender: Sender, clock: Callable[[], datetime] = now) -> int:
    """Send what is due, for a few seconds; returns how many were tried."""
    with database.reading() as session:  # most of the time there is nothing, and nobody need be locked out
        if not repository.has_due(session, sender.channel, clock()):
            return 0
    tried, end = 0, time.monotonic() + ROUND_SECONDS
    while time.monotonic() < end:
        claim = _claim(database, sender.channel, clock())
        if claim is None:
            return tried
        tried += 1
        failure = _tried(sender, claim)
        _mark(database, sender, claim, failure, clock())
        if failure is not None:
            _log.warning("delivery_failed", delivery_id=claim.id, attempt=claim.attempt, code=failure.code)
            if failure.halt:
                return tried
    return tried


def _claim(database: Database, channel: str, moment: datetime) -> Claim | None:
    while True:
        with database.writing() as session:
            row = repository.next_due(session, channel, moment)
            if row is None:
                return None
            if row.attempts < MOST_ATTEMPTS:
                return _leased(row, moment)
            # whoever tried it last died of it, or with it
            row.state, row.last_error = "failed", "lost"


def _leased(row: Delivery, moment: datetime) -> Claim:
    row.state, row.attempts, row.next_at = "sending", row.attempts + 1, moment + LEASE
    return Claim(row.id, row.event_id, row.hds_id, row.user_id, row.webhook_id, row.attempts, row.created_at)


def _tried(sender: Sender, claim: Claim) -> Undelivered | None:
    try:
        sender.send(claim)
    except Undelivered as failure:
        return failure
    except Exception as error:
        # a fault of our own must neither stop the others nor be taken for a success
        report_failure(
            error, f"delivery_{sender.channel}", hds_id=claim.hds_id, delivery_id=claim.id, attempt=claim.attempt
        )
        return Undelivered(type(error).__name__)
    return None


def _mark(database: Database, sender: Sender, claim: Claim, failure: Undelivered | None, moment: datetime) -> None:
    with database.writing() as session:
        row = repository.delivery(session, claim.id)
        if row is None or row.state != "sending" or row.attempts != claim.attempt:
            return  # the lease ran out: another worker has it
        if failure is None:
            row.state, row.sent_at, row.last_error = "sent", moment, ""
        else:
            row.last_error = failure.code
            row.state = "dropped" if failure.unwanted else "failed"
            if not (failure.unwanted or failure.permanent) and row.attempts < MOST_ATTEMPTS:
                row.state, row.next_at = "waiting", moment + PAUSES[row.attempts - 1]
        sender.marked(session, row, moment)
