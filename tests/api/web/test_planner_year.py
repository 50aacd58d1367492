"""The planner through the year: deals to approve, rings, groups, repairs, extra shifts, the round, deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery, Webhook
from api.db.tables.neighbours import Neighbour
from api.db.tables.outbox import OutboxEvent
from api.db.tables.repair import Repair
from tests.api.web.desk import DESKTOP, HDS, NEIGHBOUR, PHONE, START, Desk, card, day, desk, evening, flaws
from tests.browser import PATIENCE

MONDAY = next(number for number in range(40, 47) if day(number).weekday() == 0)
FRIDAY = MONDAY + 4
WEEK = 7
ROSTER = {
    evening(3): "a", evening(10): "a", evening(17): "a", evening(24): "a", evening(26): "b", evening(31): "c",
    # three evenings a week is all that b may do, and a is there on Friday already: without c somebody must move
    evening(MONDAY): "b", evening(MONDAY + 1): "b", evening(MONDAY + 2): "b", evening(FRIDAY): "c",
    evening(FRIDAY, 2): "a",
    **{evening(MONDAY - WEEK + number): "b" for number in range(3)}, evening(FRIDAY - WEEK): "c",
    evening(FRIDAY - WEEK, 2): "a",
}  # fmt: skip
ROOMS = {
    "planner": {
        "Ruilmarkt": "Ringen zoeken", "Herstel": "Voorstellen", "Opschalen": "Extra diensten openen",
        "Uitlenen": "Wie leende wat aan wie",
        "Ronde": "Een ronde openen", "Roosters": "Versies", "Rooster": "Rooster van kracht", "Berichten": "Berichten",
        "Nu te doen": "Diensten die iemand nodig hebben",
    },
    "administrator": {"Koppelingen": "Systemen die bericht krijgen", "Buren": "Buren", "Beheer": "Gebruikers"},
    "a": {
        "Ruilen": "Wacht op uw antwoord", "De ronde": "Mijn wensen en afwezigheid", "Mijn aandeel": "Mijn aandeel",
        "Rooster": "Rooster van kracht", "Berichten": "Berichten", "Mijn diensten": "Mijn diensten",
    },
}  # fmt: skip
"""For each user the links and a heading of the room that each opens."""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service at an HDS where the planner approves swaps."""
    with desk(tmp_path_factory.mktemp("year"), ROSTER, {"swaps": {"approval": True}}) as found:
        yield found


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("user", ROOMS)
def test_each_room_opens_fits_and_can_be_read(at: Desk, user: str, width: int) -> None:
    """No mistake in the browser, nothing wider than the screen, every field and button with a name."""
    watched = at.open(user, "", width)
    for link, title in ROOMS[user].items():
        watched.page.get_by_role("link", name=link, exact=True).click()
        expect(watched.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(watched.page.locator(".loading")).to_have_count(0)
        assert (watched.mistakes, flaws(watched.page)) == ([], []), title
        assert watched.overflow() <= 0, title
        assert watched.page.locator(".trouble").count() == 0, title
    assert all(request.startswith(at.url) for request in watched.requests)


def test_a_roster_that_lies_ahead_is_one_step_away(at: Desk) -> None:
    """A week without duties leads to the first one after it."""
    watched = at.open("a", "roster")
    page = watched.page
    expect(page.get_by_text("In deze week is er geen dienst")).to_be_visible()
    page.get_by_role("button", name="Naar de eerste dienst daarna").click()
    expect(page.get_by_role("cell", name="Dokter a").first).to_be_visible()
    expect(page.get_by_label("Week vanaf")).to_have_value(str(START))
    assert (watched.mistakes, flaws(page)) == ([], [])


def test_a_deal_that_all_agreed_with_is_approved(at: Desk) -> None:
    """The planner sees the verdict with the figures of both before deciding."""
    giver = at.open("a", "duties").page
    card(giver, 3).get_by_role("button", name="Ruilen").click()
    giver.get_by_role("dialog").get_by_role("button", name="Aanbieden").click()
    taker = at.open("b", "market").page
    card(taker, 3).get_by_role("button", name="Bekijken en overnemen").click()
    taker.get_by_role("dialog").get_by_role("button", name="Overnemen").click()
    expect(taker.get_by_role("status").filter(has_text="de planner beslist nu")).to_be_visible()
    page = at.open("planner", "today", DESKTOP).page
    card(page, 3).get_by_role("button", name="Bekijken en beslissen").first.click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Wat het betekent voor Dokter a")).to_be_visible()
    expect(sheet.get_by_text("Wat het betekent voor Dokter b")).to_be_visible()
    assert flaws(page) == []
    sheet.get_by_role("button", name="Goedkeuren").click()
    expect(page.get_by_role("status").filter(has_text="Gedaan")).to_be_visible()
    assert at.performer(evening(3)) == "b"


def test_a_group_is_made_and_a_gp_offers_to_it(at: Desk) -> None:
    """The name of the group is a choice for those who are in it."""
    page = at.open("planner", "swaps").page
    page.get_by_role("button", name="Groep maken").click()
    sheet = page.get_by_role("dialog", name="Groep maken")
    sheet.get_by_label("Naam").fill("Hagro Zuid")
    sheet.get_by_label("Dokter a").check()
    sheet.get_by_label("Dokter b").check()
    sheet.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Hagro Zuid")).to_be_visible()
    giver = at.open("a", "duties").page
    card(giver, 10).get_by_role("button", name="Ruilen").click()
    giver.get_by_role("dialog").get_by_label("Groep: Hagro Zuid").check()
    giver.get_by_role("dialog").get_by_role("button", name="Aanbieden").click()
    expect(giver.get_by_role("status").filter(has_text="aan uw groep")).to_be_visible()
    expect(card(at.open("b", "market").page, 10)).to_have_count(1)
    expect(card(at.open("c", "market").page, 10)).to_have_count(0)


def test_rings_are_searched_and_the_result_tells_what_is_proven(at: Desk) -> None:
    """Two offers that fit each other become one proposal, and nothing more can move."""
    for gp, mine, other in (("a", 24, 26), ("b", 26, 24)):
        page = at.open(gp, "duties").page
        card(page, mine).get_by_role("button", name="Ruilen").click()
        sheet = page.get_by_role("dialog")
        sheet.get_by_label("Ruilen voor een soort dienst").check()
        sheet.get_by_label("Van", exact=True).fill(str(day(other)))
        sheet.get_by_label("Tot en met").fill(str(day(other)))
        sheet.get_by_role("button", name="Aanbieden").click()
        expect(card(page, mine).get_by_text("aangeboden")).to_be_visible()
    watched = at.open("planner", "swaps")
    page = watched.page
    page.get_by_label("Seconden zoeken").fill("2")
    page.get_by_role("button", name="Zoeken en voorstellen").click()
    expect(page.get_by_role("status").filter(has_text="voorgesteld")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("meer kan niet")).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])


def test_a_longer_absence_is_repaired(at: Desk) -> None:
    """Asked, worked out while the page follows it, shown with reasons and proof, and carried out."""
    watched = at.open("planner", "repair", DESKTOP)
    page = watched.page
    page.get_by_label("Wie is er weg?").select_option("Dokter c")
    page.get_by_label("Vanaf").fill(f"{day(28)}T00:00")
    page.get_by_label("Tot", exact=True).fill(f"{day(33)}T00:00")
    page.get_by_label("Reden").fill("Verlof")
    page.get_by_role("button", name="Voorstel laten maken").click()
    apply = page.get_by_role("button", name="Uitvoeren")
    expect(apply).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Bewezen")).to_be_visible()
    expect(page.get_by_text("van Dokter c naar Dokter")).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])
    apply.click()
    page.get_by_role("dialog").get_by_role("button", name="Uitvoeren").click()
    expect(page.get_by_text("uitgevoerd").first).to_be_visible()
    assert at.performer(evening(31)) in ("a", "b")


def test_extra_shifts_are_opened_and_a_gp_takes_one(at: Desk) -> None:
    """First who could do it, then open and offered, once though the connection broke; the first who takes it has it."""
    watched = at.open("planner", "peak", DESKTOP)
    page = watched.page
    page.get_by_label("Eerste dag").fill(str(day(6)))
    page.get_by_label("Reden").fill("Griepgolf")
    page.get_by_role("button", name="Bekijken", exact=True).click()
    expect(page.get_by_role("cell", name="3 huisartsen")).to_be_visible()
    page.route("**/open-shifts", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Openen en aan iedereen aanbieden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute("**/open-shifts")
    watched.mistakes.clear()
    page.get_by_role("button", name="Openen en aan iedereen aanbieden").click()
    expect(page.get_by_role("status").filter(has_text="1 diensten geopend")).to_be_visible()
    expect(page.get_by_text("Griepgolf", exact=True)).to_have_count(1)
    assert (watched.mistakes, flaws(page)) == ([], [])
    taker = at.open("c", "market").page
    card(taker, 6).get_by_role("button", name="Bekijken").click()
    expect(taker.get_by_role("dialog").get_by_text("Dit mag")).to_be_visible()
    taker.get_by_role("dialog").get_by_role("button", name="Ik neem deze dienst").click()
    expect(taker.get_by_role("status").filter(has_text="De dienst is van u")).to_be_visible()
    expect(at.open("planner", "peak").page.get_by_text("gevuld")).to_be_visible()


def test_a_repair_that_moves_a_duty_of_another_asks_that_gp(at: Desk) -> None:
    """The GP sees what would go and what would come, and with the last consent it is done as a whole."""
    proposal, sheet = _about_to_apply(at.open("planner", "repair", DESKTOP).page, FRIDAY, "Bruiloft")
    expect(sheet.get_by_label("Vraag het aan wie het raakt")).to_be_checked()
    sheet.get_by_role("button", name="Uitvoeren").click()
    expect(proposal.get_by_text("wordt gevraagd").first).to_be_visible()
    watched = at.open("b", "market")
    asked = watched.page.get_by_role("listitem").filter(has_text="mag verschuiven")
    expect(asked.get_by_text("U krijgt")).to_be_visible()
    assert flaws(watched.page) == []
    asked.get_by_role("button", name="Bekijken en antwoorden").click()
    watched.page.get_by_role("dialog").get_by_role("button", name="Akkoord").click()
    expect(watched.page.get_by_role("status").filter(has_text="akkoord is genoteerd")).to_be_visible()
    assert at.performer(evening(FRIDAY)) == "b"
    assert watched.mistakes == []


def test_a_repair_that_ends_after_its_room_was_left_is_shown_as_it_ended(at: Desk) -> None:
    """Followed on by whoever comes back, not by the page as it was before."""
    asked = {"vacated": [], "movable": "nobody", "movable_gp_ids": [], "time_limit": 20.0}
    moment, database = now(), Database(at.stage.database.url)
    with database.writing() as session:
        row = Repair(
            id="0a", hds_id=HDS, dossier_id=at.stage.dossier_id, state="running", reason="Verbouwing", request=asked,
            requested_at=moment, attempt=1, executor_id="elsewhere", lease_until=moment + timedelta(hours=1),
        )  # fmt: skip
        session.add(row)
    page = at.open("planner", "repair", DESKTOP).page
    for link, title in (("Rooster", "Rooster van kracht"), ("Herstel", "Voorstellen")):
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    shown = page.get_by_role("listitem").filter(has_text="Verbouwing")
    expect(shown.get_by_text("mislukt", exact=True)).to_have_count(0)
    with database.writing() as session:
        session.get_one(Repair, "0a").state = "failed"
    database.close()
    expect(shown.get_by_text("mislukt", exact=True)).to_be_visible()


def _about_to_apply(page: Page, friday: int, reason: str) -> tuple[Locator, Locator]:
    """The proposal for a Friday without `c`, and the sheet in which it is decided on."""
    page.get_by_label("Wie is er weg?").select_option("Dokter c")
    page.get_by_label("Vanaf").fill(f"{day(friday)}T00:00")
    page.get_by_label("Tot", exact=True).fill(f"{day(friday + 1)}T00:00")
    page.get_by_label("Ja, als dat ruimte maakt").check()
    page.get_by_label("Reden").fill(reason)
    page.get_by_role("button", name="Voorstel laten maken").click()
    proposal = page.get_by_role("listitem").filter(has_text=reason)
    proposal.get_by_role("button", name="Uitvoeren").click(timeout=PATIENCE)
    return proposal, page.get_by_role("dialog", name="Uitvoeren")


def test_a_planner_who_decides_over_others_says_why_and_they_read_it(at: Desk) -> None:
    """Without a reason it is refused; with one the duties move at once, and who loses one is told in these words."""
    watched = at.open("planner", "repair", DESKTOP)
    proposal, sheet = _about_to_apply(watched.page, FRIDAY - WEEK, "Verhuizing")
    sheet.get_by_label("Ik beslis voor hen").check()
    sheet.get_by_role("button", name="Uitvoeren").click()
    expect(sheet.get_by_role("alert")).to_contain_text("Zeg waarom")
    sheet.get_by_label("Toelichting").fill("Er is niemand anders")
    sheet.get_by_role("button", name="Uitvoeren").click()
    expect(proposal.get_by_text("uitgevoerd").first).to_be_visible()
    assert at.performer(evening(FRIDAY - WEEK)) == "b"
    told = at.open("b", "notices").page
    while not told.get_by_text("Er is niemand anders").count():
        told.wait_for_timeout(500)
        told.reload()
        told.wait_for_load_state("networkidle")


def test_a_message_that_did_not_arrive_is_sent_anew(at: Desk) -> None:
    """It stands among what is to be done with the reason, and no longer once it is tried again."""
    moment, database = now(), Database(at.stage.database.url)
    with database.writing() as session:
        event = OutboxEvent(hds_id=HDS, kind="ping", about={}, gp_numbers=[], created_at=moment, spread_at=moment)
        hook = Webhook(
            hds_id=HDS, url="https://x.example", kinds=[], salt="", active=False, created_at=moment, changed_at=moment
        )
        session.add_all([event, hook])
        session.flush()
        row = {"event_id": event.id, "hds_id": HDS, "channel": "webhook", "webhook_id": hook.id, "state": "failed"}
        session.add(Delivery(**row, last_error="http 500", attempts=8, next_at=moment, created_at=moment))
    database.close()
    watched = at.open("planner", "today")
    page = watched.page
    lost = page.get_by_role("listitem").filter(has_text="http 500")
    expect(lost).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])
    lost.get_by_role("button", name="Nog eens proberen").click()
    expect(lost).to_have_count(0)


def test_a_gp_states_what_to_take_and_takes_that_back(at: Desk) -> None:
    """What is wanted stands in words with how many at most."""
    page = at.open("c", "market").page
    page.get_by_role("button", name="Extra diensten zoeken").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("zaterdag").check()
    sheet.get_by_label("Hoeveel hoogstens").fill("2")
    sheet.get_by_role("button", name="Opgeven").click()
    stated = page.get_by_role("listitem").filter(has_text="een dienst: zaterdag")
    expect(stated.get_by_text("2, waarvan 0 gevonden")).to_be_visible()
    stated.get_by_role("button", name="Intrekken").click()
    expect(stated).to_have_count(0)


def test_a_neighbour_is_invited_and_the_invitation_taken_back(at: Desk) -> None:
    """An id that nobody has is refused in words."""
    page = at.open("administrator", "neighbours").page
    page.get_by_text("Een organisatie uitnodigen").first.click()
    page.get_by_label("Kenmerk van de organisatie").fill("bestaat-niet")
    page.get_by_role("button", name="Een organisatie uitnodigen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Kenmerk van de organisatie").fill("buur")
    page.get_by_role("button", name="Een organisatie uitnodigen").click()
    invited = page.get_by_role("listitem").filter(has_text="HDS buur")
    expect(invited.get_by_text("uitgenodigd", exact=True)).to_be_visible()
    invited.get_by_role("button", name="Beëindigen").click()
    expect(invited.get_by_text("uitgenodigd", exact=True)).to_have_count(0)


def _become_neighbours(at: Desk) -> None:
    moment = now()
    database = Database(at.stage.database.url)
    with database.writing() as session:
        session.add(
            Neighbour(
                hds_id=HDS, invited_hds_id=NEIGHBOUR, pair=f"{NEIGHBOUR}|{HDS}", state="accepted", invited_at=moment,
                changed_at=moment,
            )
        )  # fmt: skip
    database.close()


def test_an_open_shift_is_opened_to_a_neighbour_and_taken_back(at: Desk) -> None:
    """The account stays empty for as long as nobody took one."""
    _become_neighbours(at)
    page = at.open("planner", "lending").page
    page.get_by_role("group", name="Diensten", exact=True).get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Openstellen").click()
    opened = page.get_by_role("listitem").filter(has_text="HDS buur")
    expect(opened.get_by_text("staat open", exact=True)).to_be_visible()
    opened.get_by_role("button", name="Intrekken").click()
    expect(page.get_by_text("Er staat niets open bij buren.")).to_be_visible()
    page.get_by_role("button", name="Tonen").click()
    expect(page.get_by_text("Er is niets geleend in deze tijd.")).to_be_visible()
