"""Deliveries to webhooks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.clock import local, now
from api.db.engine import Database
from api.db.tables.messages import Delivery
from api.db.tables.outbox import OutboxEvent
from api.messages import repository, webhook_repository
from api.messages.calling import post
from api.messages.delivering import PAUSES, Claim, Undelivered
from api.messages.signing import secret_of, signature
from api.outbox import Notice, tell
from api.settings import Settings

PATIENCE = timedelta(days=5)
"""How long a system may fail before it is told nothing more."""


class Caller:
    """Calls the systems of an HDS."""

    channel = "webhook"

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def send(self, claim: Claim) -> None:
        """Call one system about one event; raises Undelivered."""
        assert claim.webhook_id is not None
        at = now()
        with self._database.reading() as session:
            webhook = webhook_repository.webhook(session, claim.hds_id, claim.webhook_id)
            if webhook is None or not webhook.active:
                raise Undelivered("webhook off", unwanted=True)
            body = body_of(repository.event(session, claim.event_id))
            former = webhook.former_salt if webhook.former_until is not None and at < webhook.former_until else None
            url, salts = webhook.url, [webhook.salt, former]
        signing = [secret_of(self._settings, salt) for salt in salts if salt is not None]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "anw-rooster",
            "X-Anw-Delivery": str(claim.id),
            "X-Anw-Signature": signature(body, int(at.timestamp()), signing),
        }
        allowed = {"development": self._settings.development, "inside": self._settings.webhooks_inside}
        post(url, body, headers, **allowed)

    def marked(self, session: Session, delivery: Delivery, moment: datetime) -> None:
        """Keep how long the system has failed; one that fails for days is switched off, and the planners told.

        One that failed is left alone for a while: a system that hangs would hold up the others with each delivery.
        """
        if delivery.state == "dropped" or delivery.webhook_id is None:
            return
        webhook = webhook_repository.webhook(session, delivery.hds_id, delivery.webhook_id, lock=True)
        if webhook is None:
            return
        if delivery.state == "sent":
            webhook.failing_since = None
            return
        webhook_repository.put_off(session, webhook.id, moment + PAUSES[0])
        webhook.failing_since = webhook.failing_since or moment
        if webhook.active and moment - webhook.failing_since >= PATIENCE:
            webhook.active, webhook.disabled_at, webhook.revision = False, moment, webhook.revision + 1
            about = {"webhook_id": webhook.id, "failing_since": webhook.failing_since}
            tell(session, webhook.hds_id, Notice("webhook_disabled", about, to_planners=True))


def body_of(event: OutboxEvent) -> bytes:
    """What a system is told of an event: ids and no names, the same bytes every time."""
    told = {
        "id": event.id,
        "kind": event.kind,
        "at": local(event.created_at).isoformat(),
        "hds": event.hds_id,
        "about": {key: value for key, value in event.about.items() if key != "words"},
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
