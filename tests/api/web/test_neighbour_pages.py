"""Two HDSs: one person linked with a code that is brought from one page to the other, and an invitation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from api.auth.principal import Role
from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import NoticeRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp
from api.users.service import add_membership, create_user
from tests.api.web.desk import DESKTOP, HDS, NEIGHBOUR, PASSWORD, PHONE, Desk, desk, evening, flaws

COUNTS = {HDS: 1, NEIGHBOUR: 31}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service with a duty for `a`, and at the neighbour a GP and an administrator."""
    with desk(tmp_path_factory.mktemp("elsewhere"), {evening(3): "a", evening(5): "b"}) as found:
        database = Database(found.stage.database.url)
        with database.writing() as session:
            user = create_user(session, "overkant", display_name="Beheer buur", email=None, password=PASSWORD)
            add_membership(session, user.id, NEIGHBOUR, Role.ADMINISTRATOR)
            session.add_all(Gp(hds_id=NEIGHBOUR, gp_id=gp_id) for gp_id in ("elders", "ook-b"))
            session.flush()
            both = create_user(session, "twee", display_name="Huisarts van twee", email=None, password=PASSWORD)
            for hds_id, gp_id in ((NEIGHBOUR, "ook-b"), (HDS, "b")):
                add_membership(session, both.id, hds_id, Role.GP, gp_id=gp_id)
            _told_at_both(session)
        database.close()
        yield found


def _told_at_both(session: Session) -> None:
    """A planner of both HDSs has a notice at the one, and at the other more than are shown at once."""
    user = create_user(session, "beide", display_name="Planner van twee", email=None, password=PASSWORD)
    moment = now()
    for hds_id in (HDS, NEIGHBOUR):
        add_membership(session, user.id, hds_id, Role.PLANNER)
        told = {"hds_id": hds_id, "kind": "round_to_publish", "created_at": moment, "spread_at": moment}
        events = [OutboxEvent(about={}, gp_numbers=[], **told) for _ in range(COUNTS[hds_id])]
        session.add_all(events)
        session.flush()
        session.add_all(NoticeRow(event_id=event.id, user_id=user.id, hds_id=hds_id) for event in events)


def test_what_is_read_at_one_hds_is_new_at_the_other_still(at: Desk) -> None:
    """The count beside the name of each room is that of its HDS; what is older than a page can be read too."""
    page = at.open("beide", f"{HDS}/notices").page
    here, there = (page.get_by_role("link", name=f"Berichten · HDS {hds_id}") for hds_id in (HDS, NEIGHBOUR))
    for room, hds_id in ((here, HDS), (there, NEIGHBOUR)):
        expect(room).to_contain_text(f"({COUNTS[hds_id]})")
    page.get_by_role("button", name="Alles gelezen").click()
    expect(here).not_to_contain_text("(")
    expect(there).to_contain_text(f"({COUNTS[NEIGHBOUR]})")
    there.click()
    expect(page.get_by_role("listitem").filter(has_text="nieuw")).to_have_count(30)
    page.get_by_role("button", name="Oudere berichten").click()
    expect(page.get_by_role("listitem").filter(has_text="nieuw")).to_have_count(COUNTS[NEIGHBOUR])


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_gp_sees_the_own_duties_everywhere(at: Desk, width: int) -> None:
    """With the name of the HDS; the page has no flaws."""
    watched = at.open("a", "elsewhere", width)
    duty = watched.page.get_by_role("listitem").filter(has_text="HDS test")
    expect(duty.get_by_text("avond", exact=True)).to_be_visible()
    assert flaws(watched.page) == []
    assert watched.mistakes == []


def test_from_a_duty_at_one_hds_one_comes_to_the_share_at_that_hds(at: Desk) -> None:
    """Links within a room stay at its HDS."""
    page = at.open("twee", f"{HDS}/duties").page
    page.get_by_role("button", name="Waarom ik?").click()
    page.get_by_role("dialog").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Mijn aandeel", exact=True)).to_be_visible()
    expect(page.locator("#hds")).to_have_text("HDS test")


def test_a_code_of_the_gp_is_entered_at_the_other_hds_and_the_link_undone(at: Desk) -> None:
    """The administrator there needs the consent; a code works once; either side ends it."""
    mine = at.open("a", "elsewhere").page
    mine.get_by_text("Een code geven").click()
    mine.get_by_role("button", name="Code maken").click()
    secret = mine.locator(".made").get_by_label("Code").input_value()
    assert flaws(mine) == []

    theirs = at.open("overkant", "elsewhere", DESKTOP).page
    theirs.get_by_text("Een code invoeren").click()
    entering = theirs.locator("details").filter(has_text="Een code invoeren")
    for attempt in range(2):
        entering.get_by_label("Code", exact=True).fill(secret)
        entering.get_by_label("Kenmerk van de huisarts").fill("elders")
        entering.get_by_label("Toestemming").fill("map 12")
        entering.get_by_role("button", name="Koppelen").click()
        if attempt == 0:
            expect(theirs.get_by_role("listitem").filter(has_text="elders").get_by_text("met een code")).to_be_visible()
            assert flaws(theirs) == []
    expect(theirs.get_by_role("alert")).to_contain_text("al gebruikt")

    mine.reload()
    linked = mine.get_by_role("listitem").filter(has_text="gekoppeld met een code")
    linked.get_by_role("button", name="Ontkoppelen").click()
    expect(mine.get_by_role("status").filter(has_text="opgeheven")).to_be_visible()
    expect(linked).to_have_count(0)


def test_an_invitation_of_another_hds_is_accepted(at: Desk) -> None:
    """The invited side sees who asks and why, and answers; both are neighbours then."""
    theirs = at.open("overkant", "neighbours", DESKTOP).page
    theirs.get_by_text("Een organisatie uitnodigen").first.click()
    theirs.get_by_label("Kenmerk van de organisatie").fill(HDS)
    theirs.get_by_label("Bericht").fill("Zoals besproken")
    theirs.get_by_role("button", name="Een organisatie uitnodigen").click()
    expect(theirs.get_by_role("listitem").filter(has_text="HDS test")).to_be_visible()

    watched = at.open("administrator", "neighbours")
    asked = watched.page.get_by_role("listitem").filter(has_text="HDS buur")
    expect(asked).to_contain_text("Zoals besproken")
    asked.get_by_role("button", name="Aannemen").click()
    expect(asked.get_by_text("buren", exact=True)).to_be_visible()
    assert flaws(watched.page) == []
    assert watched.mistakes == []
