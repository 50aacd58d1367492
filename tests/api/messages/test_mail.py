"""E-mail: who gets it, what stands in it, and what happens when it does not arrive."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.headerregistry import Address

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import GpRow
from api.db.tables.messages import Delivery
from api.db.tables.people import Hds, User
from api.messages import delivering
from api.messages.delivering import LEASE, MOST_ATTEMPTS, PAUSES, Claim, deliver
from api.messages.mail import Mailer
from api.messages.upkeep import send_mail, spread_events
from api.settings import Settings
from tests.api.messages.post import SENDER, Inbox, at, deliveries, happened, mailing, person, work
from tests.api.ops.log import Log
from tests.api.swaps.market import move, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"


def test_who_gets_a_duty_by_a_swap_reads_so_in_the_mail(
    app: FastAPI, database: Database, posting: Settings, inbox: Inbox
) -> None:
    """From the swap to the mailbox: names, day, times and post, in Dutch, from and to whom it should."""
    published(database, {shift(4): "a"})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        done = b.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b")]})
    assert done.json()["state"] == "done", done.text
    person(database, "bea", "gp", gp_id="b")
    work(database, posting)
    [mail] = inbox.mails
    assert inbox.receivers == ["bea@huisarts.example"]
    assert (mail["To"], mail["From"].addresses[0].addr_spec) == ("bea@huisarts.example", SENDER)
    assert mail["Auto-Submitted"] == "auto-generated"
    told = "ma 4 januari 2027, 17–23 uur (Post P)"
    assert mail["Subject"] == f"Uw rooster is gewijzigd: {told}"
    assert f"De dienst {told} gaat van Dokter a naar Dokter b." in mail.get_content()
    assert "https://rooster.example" in mail.get_content()
    assert mail.get_content_type() == "text/plain"
    assert [one.state for one in deliveries(database)] == ["sent"]


def _one_waiting(database: Database, posting: Settings, *, address: str = "bea@huisarts.example") -> None:
    published(database, {shift(4): "b"})
    person(database, "bea", "gp", gp_id="b", address=address)
    happened(database, "duty_changed", {"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": "b"}, "b")
    spread_events(database, posting, now())


def test_what_the_server_puts_off_is_tried_again_after_longer_and_longer(
    database: Database, posting: Settings, inbox: Inbox
) -> None:
    """At the pauses that were promised and not before; the last attempt that fails is the end."""
    _one_waiting(database, posting)
    inbox.verdict = lambda _: "451 later"
    moment = now()
    for attempt, pause in enumerate((*PAUSES, None), 1):
        assert send_mail(database, posting, at(moment)) == 1
        assert send_mail(database, posting, at(moment)) == 0
        [row] = deliveries(database)
        assert (row.attempts, row.last_error) == (attempt, "smtp 451")
        if pause is not None:
            assert (row.state, row.next_at) == ("waiting", moment + pause)
            assert send_mail(database, posting, at(moment + pause - timedelta(seconds=1))) == 0
            moment += pause
    assert (row.state, row.attempts, inbox.mails) == ("failed", MOST_ATTEMPTS, [])


def test_what_was_put_off_arrives_when_the_server_is_ready(database: Database, posting: Settings, inbox: Inbox) -> None:
    """Once."""
    _one_waiting(database, posting)
    inbox.verdict = lambda _: "451 later"
    send_mail(database, posting)
    inbox.verdict = lambda _: "250 OK"
    for _ in range(2):
        send_mail(database, posting, lambda: now() + PAUSES[0])
    assert (len(inbox.mails), deliveries(database)[0].state) == (1, "sent")


def test_what_the_server_refuses_for_good_is_not_tried_again(
    database: Database, posting: Settings, inbox: Inbox, log: Log
) -> None:
    """5xx is the end, and neither record nor log holds more than the code."""
    _one_waiting(database, posting)
    inbox.verdict = lambda address: f"550 no {address} here"
    send_mail(database, posting)
    assert [(one.state, one.attempts, one.last_error) for one in deliveries(database)] == [("failed", 1, "smtp 550")]
    assert [line["code"] for line in log.of("delivery_failed")] == ["smtp 550"]
    assert "huisarts.example" not in log.text


def test_a_server_that_is_away_costs_one_attempt_of_one_delivery(
    database: Database, posting: Settings, settings: Settings, inbox: Inbox
) -> None:
    """The others are not tried, and all arrive once it is back."""
    published(database, {shift(4): "b"})
    for name in ("bea", "bep", "bob"):
        person(database, name, "gp", gp_id="b")
    happened(database, "duty_changed", {"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": "b"}, "b")
    away = mailing(settings, 1)
    spread_events(database, away, now())
    assert send_mail(database, away) == 1
    assert sorted((one.attempts, one.state) for one in deliveries(database)) == [
        (0, "waiting"), (0, "waiting"), (1, "waiting"),
    ]  # fmt: skip
    assert any("no mail server" in one.last_error for one in deliveries(database))
    assert send_mail(database, posting, lambda: now() + PAUSES[0]) == 3
    assert len(inbox.mails) == 3


def test_a_server_that_hangs_up_on_one_mail_is_called_anew_for_the_next(
    database: Database, posting: Settings, inbox: Inbox
) -> None:
    """The other mails do not pay for it with an attempt."""
    published(database, {shift(4): "b"})
    for name in ("bea", "bep"):
        person(database, name, "gp", gp_id="b")
    happened(database, "duty_changed", {"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": "b"}, "b")
    spread_events(database, posting, now())
    inbox.verdict = lambda address: "421 not now" if address.startswith("bea") else "250 OK"
    send_mail(database, posting)
    assert inbox.receivers == ["bep@huisarts.example"]
    assert sorted((one.last_error, one.state) for one in deliveries(database)) == [
        ("", "sent"),
        ("smtp 421", "waiting"),
    ]


def test_without_a_mail_server_no_mail_is_made(database: Database, settings: Settings) -> None:
    """Nothing piles up that would go out all at once when there is one."""
    _one_waiting(database, settings)
    assert deliveries(database) == []


def test_many_workers_send_each_mail_once(database: Database, posting: Settings, inbox: Inbox) -> None:
    """Spreading and sending at the same moment, each in its own way through the rows."""
    published(database, {shift(4): "b"})
    for name in ("bea", "bep", "bob"):
        person(database, name, "gp", gp_id="b")
    for day in range(8):
        about = {"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": "b", "day": day}
        happened(database, "duty_changed", about, "b")
    with ThreadPoolExecutor(6) as pool:
        for one in [pool.submit(work, database, posting) for _ in range(12)]:
            one.result()
    work(database, posting)
    assert (len(inbox.mails), len({mail["Message-ID"] for mail in inbox.mails})) == (24, 24)
    assert {(one.state, one.attempts) for one in deliveries(database)} == {("sent", 1)}


def test_a_worker_killed_after_sending_leaves_a_copy_that_is_known_for_one(
    database: Database, posting: Settings, inbox: Inbox, database_url: str
) -> None:
    """The delivery stays leased; when the lease is over it goes out again under the same Message-ID."""
    _one_waiting(database, posting)
    command = [sys.executable, "-m", "tests.api.messages.dying_worker", database_url, str(inbox.port)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -9
    assert (len(inbox.mails), deliveries(database)[0].state) == (1, "sending")
    assert send_mail(database, posting, lambda: now() + LEASE - timedelta(minutes=1)) == 0
    assert send_mail(database, posting, lambda: now() + LEASE) == 1
    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert [(one.state, one.attempts) for one in deliveries(database)] == [("sent", 2)]


def test_who_comes_back_after_the_lease_ran_out_marks_nothing(
    database: Database, posting: Settings, inbox: Inbox
) -> None:
    """The delivery is another worker's by then, which may still be sending it."""
    _one_waiting(database, posting)

    class Slow(Mailer):
        def send(self, claim: Claim) -> None:
            assert delivering._claim(database, "email", now() + LEASE) is not None
            super().send(claim)

    with Slow(database, posting) as slow:
        assert deliver(database, slow) == 1
    assert [(one.state, one.attempts) for one in deliveries(database)] == [("sending", 2)]


def test_a_sender_that_the_server_refuses_loses_no_mail(database: Database, posting: Settings, inbox: Inbox) -> None:
    """That is a fault of the installation and of no message: all of it goes out once it is mended."""
    _one_waiting(database, posting)
    happened(database, "swap_refused", {"moves": []}, "b")
    spread_events(database, posting, now())
    inbox.of_sender = "550 not allowed to send"
    assert send_mail(database, posting) == 1
    assert sorted((one.state, one.last_error) for one in deliveries(database)) == [
        ("waiting", ""), ("waiting", "smtp sender 550")
    ]  # fmt: skip
    inbox.of_sender = "250 OK"
    assert send_mail(database, posting, at(now() + PAUSES[0])) == 2
    assert {one.state for one in deliveries(database)} == {"sent"}


def test_what_kills_every_worker_is_given_up(database: Database, posting: Settings) -> None:
    """A lease that ran out as often as there are attempts ends as failed, without being tried once more."""
    _one_waiting(database, posting)
    with database.writing() as session:
        session.execute(update(Delivery).values(state="sending", attempts=MOST_ATTEMPTS))
    assert send_mail(database, posting) == 0
    assert [(one.state, one.last_error) for one in deliveries(database)] == [("failed", "lost")]


def test_a_name_adds_no_header_and_no_receiver(database: Database, posting: Settings, inbox: Inbox) -> None:
    """Breaks in a name become spaces wherever the name stands."""
    _one_waiting(database, posting)
    evil = "Jan\r\nBcc: all@huisarts.example\r\n\r\nhallo"
    with database.writing() as session:
        session.execute(update(GpRow).values(name=evil))
        session.get_one(Hds, "test").name = evil
    send_mail(database, posting)
    [mail] = inbox.mails
    assert mail["Bcc"] is None
    assert inbox.receivers == ["bea@huisarts.example"]
    assert "Jan Bcc: all@huisarts.example hallo" in mail.get_content()


@pytest.mark.parametrize(
    "address",
    ["bea@huisarts.example\r\nBcc: x@y.example", "bea@a.example, x@b.example", "Bea <bea@a.example>", "bea", "@", "é"],
)
def test_what_is_no_single_address_gets_no_mail(
    database: Database, posting: Settings, inbox: Inbox, address: str
) -> None:
    """And is not tried again."""
    _one_waiting(database, posting, address=address)
    send_mail(database, posting)
    assert (inbox.mails, [one.state for one in deliveries(database)]) == ([], ["failed"])


def test_who_left_meanwhile_gets_no_mail(database: Database, posting: Settings, inbox: Inbox) -> None:
    """What waits for somebody who may not log in any more is dropped."""
    _one_waiting(database, posting)
    with database.writing() as session:
        session.scalars(select(User).where(User.username == "bea")).one().disabled_at = now()
    send_mail(database, posting)
    assert (inbox.mails, [one.state for one in deliveries(database)]) == ([], ["dropped"])


def test_a_fault_of_our_own_stops_nothing(database: Database, posting: Settings, inbox: Inbox) -> None:
    """A notice of a kind that nobody knows is sent under its own name; a sender that breaks is tried again."""
    published(database, {shift(4): "b"})
    person(database, "bea", "gp", gp_id="b")
    happened(database, "never_heard_of", {"x": 1}, "b")
    spread_events(database, posting, now())
    broken = posting.model_copy(update={"mail": posting.mail.model_copy(update={"sender": "@@"})})
    assert send_mail(database, broken) == 1
    assert [one.state for one in deliveries(database)] == ["waiting"]
    send_mail(database, posting, lambda: now() + PAUSES[0])
    assert [mail["Subject"] for mail in inbox.mails] == ["never_heard_of"]
    assert Address(addr_spec=SENDER).domain in inbox.mails[0]["Message-ID"]


class _Broken:
    """Sends nothing, by a fault of its own."""

    channel = "email"

    def send(self, claim: Claim) -> None:
        """Break."""
        raise KeyError("mevrouw Jansen")

    def marked(self, session: Session, delivery: Delivery, moment: datetime) -> None:
        """Nothing follows."""


def test_a_delivery_that_breaks_is_told_with_its_ids(database: Database, posting: Settings, log: Log) -> None:
    """And is tried again later, as one that a server refused."""
    _one_waiting(database, posting)
    assert deliver(database, _Broken()) == 1
    [line] = log.of("background_failure")
    assert (line["work"], line["error"], line["attempt"]) == ("delivery_email", ["builtins.KeyError"], 1)
    assert line["delivery_id"] == deliveries(database)[0].id
    assert "Jansen" not in log.text
