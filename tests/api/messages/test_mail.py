"""E-mail: who gets it, what stands in it, and what happens when it does not arrive."""

from __future__ import annotations

from fastapi import FastAPI

from api.db.engine import Database
from api.settings import Settings
from tests.api.messages.post import Inbox, deliveries, person, work
from tests.api.swaps.market import move, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"


def test_who_gets_a_duty_by_a_swap_reads_so_in_the_mail(
    app: FastAPI, database: Database, posting: Settings, inbox: Inbox
) -> None:
    """From the swap to the mailbox: names, day, times and post, in Dutch, from and to whom it should."""
    published(database, {shift(4): "a"})
    person(database, "user-c", "gp", gp_id="c")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        done = b.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b")]})
    assert done.json()["state"] == "done", done.text
    person(database, "bea", "gp", gp_id="b")
    work(database, posting)
    [mail] = inbox.mails
    assert inbox.receivers == ["bea@huisarts.example"]
    assert mail["To"] == "bea@huisarts.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    told = "ma 4 januari 2027, 17–23 uur (Post P)"
    assert mail["Subject"] == f"Uw rooster is gewijzigd: {told}"
    assert f"De dienst {told} gaat van a naar b." in mail.get_content()
    assert "https://rooster.example" in mail.get_content()
    assert [one.state for one in deliveries(database)] == ["sent"]
