"""Real workers, as they are started from the command line, tell what happened."""

from __future__ import annotations

import signal
from pathlib import Path

from api.clock import now
from api.db.engine import Database
from api.db.migrate import upgrade
from api.db.tables.messages import Webhook
from tests.api.jobs.stage import Workers, until
from tests.api.messages.post import SENDER, Called, Inbox, deliveries, happened, person

START = "import sys; from api.cli import main; sys.argv = ['anw', 'worker']; main()"
EVENTS = 20


def test_two_workers_mail_and_call_once_for_each_event(
    database_url: str, tmp_path: Path, inbox: Inbox, system: Called
) -> None:
    """Both do all of it at once; nothing is sent twice or left out, and told to stop they leave nothing half done."""
    database = Database(database_url)
    upgrade(database)
    person(database, "bea", "gp", gp_id="b")
    _hook(database, system.url)
    workers = Workers(database, tmp_path)
    (tmp_path / "start.py").write_text(START)
    mail = {"ANW_SMTP_HOST": "127.0.0.1", "ANW_SMTP_PORT": str(inbox.port), "ANW_SMTP_SENDER": SENDER}
    try:
        both = [workers.start("start", **mail, ANW_SMTP_SECURITY="none") for _ in range(2)]
        for number in range(EVENTS):
            happened(database, "round_reminder", {"round_id": number}, "b")
        until(lambda: len(inbox.mails) >= EVENTS and len(system.asked) >= EVENTS)
        for one in both:
            one.send_signal(signal.SIGTERM)
            one.wait(60)
    finally:
        workers.end()
    assert len(inbox.mails) == len({mail["Message-ID"] for mail in inbox.mails}) == EVENTS
    assert len(system.asked) == EVENTS
    found = [*deliveries(database), *deliveries(database, "webhook")]
    assert {(one.state, one.attempts) for one in found} == {("sent", 1)}
    database.close()


def _hook(database: Database, url: str) -> None:
    at = now()
    with database.writing() as session:
        session.add(Webhook(hds_id="test", url=url, kinds=[], salt="x", created_at=at, changed_at=at))
