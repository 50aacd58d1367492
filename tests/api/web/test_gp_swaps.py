"""What a GP does with duties on a phone: look them up, offer, take over, exchange, answer, see what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from api.auth.principal import Role
from api.db.engine import Database
from api.db.tables.people import Hds, User
from api.users.service import add_membership
from tests.api.web.desk import HDS, Desk, card, day, desk, evening, flaws

ROSTER = {
    evening(3): "a", evening(10): "a", evening(17): "a", evening(24): "a", evening(5): "b", evening(12): "b",
    evening(19): "b", evening(26): "b", evening(7): "c", evening(17, 2): "c", evening(33): "a",
}  # fmt: skip


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service and a browser for all tests of this module; each test has duties of its own, `c` is a planner too."""
    with desk(tmp_path_factory.mktemp("swaps"), ROSTER) as found:
        database = Database(found.stage.database.url)
        with database.writing() as session:
            c = session.scalars(select(User).where(User.username == "c")).one()
            add_membership(session, c.id, HDS, Role.PLANNER)
        database.close()
        yield found


def _choose(at: Desk, **choices: object) -> None:
    database = Database(at.stage.database.url)
    with database.writing() as session:
        session.get_one(Hds, HDS).settings = {"swaps": choices}
    database.close()


def test_a_duty_is_handed_to_a_colleague_who_agrees(at: Desk) -> None:
    """The verdict is shown before sending and before answering; afterwards the colleague performs it."""
    giver = at.open("a", "duties")
    card(giver.page, 3).get_by_role("button", name="Ruilen").click()
    sheet = giver.page.get_by_role("dialog", name="Ruilen of overdragen")
    sheet.get_by_label("Eén collega").check()
    sheet.get_by_label("Collega", exact=True).select_option("Dokter b")
    expect(sheet.get_by_text("Dit mag")).to_be_visible()
    expect(sheet.get_by_text("Wat het voor u betekent")).to_be_visible()
    assert flaws(giver.page) == []
    sheet.get_by_role("button", name="Overdracht voorstellen").click()
    expect(giver.page.get_by_role("status").filter(has_text="naar Dokter b gestuurd")).to_be_visible()
    expect(card(giver.page, 3).get_by_text("ruil voorgesteld")).to_be_visible()
    expect(card(at.open("c", "market").page, 3)).to_have_count(0)
    taker = at.open("b", "market")
    card(taker.page, 3).get_by_role("button", name="Bekijken en antwoorden").click()
    taker.page.get_by_role("dialog").get_by_role("button", name="Akkoord").click()
    expect(taker.page.get_by_role("status").filter(has_text="Gedaan")).to_be_visible()
    assert at.performer(evening(3)) == "b"
    assert (giver.mistakes, taker.mistakes) == ([], [])


def test_an_offer_to_all_is_taken_over(at: Desk) -> None:
    """Who takes what is offered for nothing has it at once, and both read what came of it."""
    giver = at.open("a", "duties")
    card(giver.page, 10).get_by_role("button", name="Ruilen").click()
    sheet = giver.page.get_by_role("dialog")
    sheet.get_by_label("Toelichting").fill("Bruiloft van mijn zus")
    sheet.get_by_role("button", name="Aanbieden").click()
    expect(card(giver.page, 10).get_by_text("aangeboden")).to_be_visible()
    # as long as it is for others first, it is shown with when it opens
    _choose(at, access_hours={"locum": 48})
    offered = card(at.open("c", "market").page, 10)
    expect(offered.get_by_text("U kunt deze dienst overnemen vanaf")).to_be_visible()
    expect(offered.get_by_role("button")).to_have_count(0)
    _choose(at)
    taker = at.open("c", "market")
    offered = card(taker.page, 10)
    expect(offered.get_by_text("Bruiloft van mijn zus")).to_be_visible()
    offered.get_by_role("button", name="Bekijken en overnemen").click()
    sheet = taker.page.get_by_role("dialog", name="Dienst overnemen")
    expect(sheet.get_by_text("Dit mag")).to_be_visible()
    sheet.get_by_role("button", name="Overnemen").click()
    expect(card(taker.page, 10).get_by_text("gedaan", exact=True)).to_be_visible()
    assert at.performer(evening(10)) == "c"
    history = at.open("a", "market").page.get_by_role("region", name="Geweest")
    expect(history.get_by_text("van Dokter a naar Dokter c")).to_be_visible()


def test_an_exchange_for_a_named_duty_is_refused_with_a_reason(at: Desk) -> None:
    """The colleague says no and why; nothing changes hands, and who asked reads the reason."""
    asker = at.open("a", "duties")
    card(asker.page, 24).get_by_role("button", name="Ruilen").click()
    sheet = asker.page.get_by_role("dialog")
    sheet.get_by_label("Ruilen voor één bepaalde dienst").check()
    expect(sheet.get_by_role("button", name="Ruil voorstellen")).to_be_disabled()
    sheet.get_by_label("Diensten van").fill(str(day(26)))
    sheet.get_by_role("radio", name=re.compile("Dokter b")).check()
    expect(sheet.get_by_text("Dit mag")).to_be_visible()
    sheet.get_by_role("button", name="Ruil voorstellen").click()
    expect(sheet).to_be_hidden()
    asked = at.open("b", "market").page
    card(asked, 24).get_by_role("button", name="Bekijken en antwoorden").click()
    asked.get_by_label("Reden van weigeren").fill("Dan ben ik weg")
    asked.get_by_role("button", name="Weigeren").click()
    expect(asked.get_by_role("status").filter(has_text="geweigerd")).to_be_visible()
    history = at.open("a", "market").page.get_by_role("region", name="Geweest")
    expect(history.get_by_text("Dan ben ik weg")).to_be_visible()
    assert at.performer(evening(24)) == "a"


def test_an_offer_for_a_kind_of_duty_is_answered_with_one_and_can_be_taken_back(at: Desk) -> None:
    """What is wanted in return stands in words; a duty that fits makes the exchange done at once."""
    giver = at.open("b", "duties")
    for number in (12, 19):
        card(giver.page, number).get_by_role("button", name="Ruilen").click()
        sheet = giver.page.get_by_role("dialog")
        sheet.get_by_label("Ruilen voor een soort dienst").check()
        sheet.get_by_label("Van", exact=True).fill(str(day(1)))
        sheet.get_by_label("Tot en met").fill(str(day(9)))
        sheet.get_by_label("consult").check()
        sheet.get_by_role("button", name="Aanbieden").click()
        expect(card(giver.page, number).get_by_text("aangeboden")).to_be_visible()
    card(giver.page, 19).get_by_role("button", name="Aanbod terugnemen").click()
    expect(card(giver.page, 19).get_by_role("button", name="Ruilen")).to_be_visible()
    taker = at.open("c", "market").page
    expect(card(taker, 12).get_by_text("een dienst: consult, vanaf")).to_be_visible()
    card(taker, 12).get_by_role("button", name="Bekijken en ruilen").click()
    sheet = taker.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="Ruil voorstellen")).to_be_disabled()
    given = sheet.get_by_label("Wat u ervoor teruggeeft")
    given.select_option(given.locator("option").nth(1).get_attribute("value"))
    expect(sheet.get_by_text("Dit mag")).to_be_visible()
    sheet.get_by_role("button", name="Ruil voorstellen").click()
    expect(taker.get_by_role("status").filter(has_text="Gedaan")).to_be_visible()
    assert (at.performer(evening(12)), at.performer(evening(7))) == ("c", "b")


def test_what_breaks_a_rule_says_so_and_cannot_be_sent(at: Desk) -> None:
    """Two duties on one evening: the rule is named, and the button stays shut."""
    page = at.open("a", "duties").page
    card(page, 17).get_by_role("button", name="Ruilen").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("mag deze dienst volgens het rooster overnemen").click()
    expect(sheet.get_by_role("listitem").filter(has_text="Dokter b")).to_be_visible()
    expect(sheet.get_by_text("1 door geen overlap")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_who_comes_too_late_reads_so_and_sees_what_is_left(at: Desk) -> None:
    """What a colleague took meanwhile is on the page no longer once the refusal was read."""
    giver = at.open("a", "duties").page
    card(giver, 33).get_by_role("button", name="Ruilen").click()
    giver.get_by_role("dialog").get_by_role("button", name="Aanbieden").click()
    expect(card(giver, 33).get_by_text("aangeboden")).to_be_visible()
    late, first = at.open("c", "market").page, at.open("b", "market").page
    for page in (first, late):
        card(page, 33).get_by_role("button", name="Bekijken en overnemen").click()
    first.get_by_role("dialog").get_by_role("button", name="Overnemen").click()
    expect(first.get_by_role("status").filter(has_text="Gedaan")).to_be_visible()
    late.get_by_role("dialog").get_by_role("button", name="Overnemen").click()
    expect(late.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    late.keyboard.press("Escape")
    offered = late.get_by_role("region", name="Aangeboden door collega")
    expect(card(offered, 33)).to_have_count(0)
    assert at.performer(evening(33)) == "b"


def test_the_roster_is_shown_from_today_on_by_the_clock_of_amsterdam(at: Desk) -> None:
    """Also in the hour after midnight, when it is still yesterday by UTC."""
    page = at.open("a", "share").page
    page.clock.set_fixed_time("2026-12-01T23:30:00Z")
    page.get_by_role("link", name="Rooster", exact=True).click()
    expect(page.get_by_label("Vanaf")).to_have_value("2026-12-02")


def test_a_night_that_began_yesterday_is_shown_until_it_is_over(at: Desk) -> None:
    """Who is on duty after midnight finds that duty, to report sick for it, and no other of yesterday."""
    page = at.open("a", "share").page
    page.clock.set_fixed_time("2026-12-02T02:00:00+01:00")
    mine = [_own("2026-12-01T17:00:00+01:00", "2026-12-01T23:00:00+01:00"), _own(*NIGHT)]

    def answer(route: Route) -> None:
        first = parse_qs(urlsplit(route.request.url).query)["from"][0]
        route.fulfill(json={"items": [one for one in mine if one["start"][:10] >= first]})

    page.route("**/roster/mine*", answer)
    page.get_by_role("link", name="Mijn diensten", exact=True).click()
    expect(page.get_by_role("button", name="Ziek", exact=True)).to_have_count(1)
    expect(page.get_by_text("23:00–08:00")).to_be_visible()


NIGHT = ("2026-12-01T23:00:00+01:00", "2026-12-02T08:00:00+01:00")


def _own(start: str, end: str) -> dict[str, Any]:
    return {
        "shift_id": start, "start": start, "end": end, "role": "consult", "burden": "night", "post_id": "P",
        "hours": 9.0, "as": "performer", "gp_id": "a", "outside_roster": False,
    }  # fmt: skip


def test_an_answer_that_comes_late_does_not_take_the_place_of_a_later_one(at: Desk) -> None:
    """A part of a page that is asked for twice shows what was asked for last."""
    shown = at.open("a", "share").page.evaluate("""async () => {
      const { part } = await import("/static/anw/parts.js");
      const answers = [];
      const made = part(() => new Promise((come) => answers.push(come)));
      const asked = [made.again(), made.again()];
      answers[1]("later");
      answers[0]("earlier");
      await Promise.all(asked);
      return made.box.textContent;
    }""")
    assert shown == "later"


def test_a_room_that_cannot_be_had_says_so(at: Desk) -> None:
    """It does not seem to load for ever."""
    page = at.open("a", "share").page
    page.route("**/roster/names", lambda route: route.abort())
    page.get_by_role("link", name="Ruilen", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".loading")).to_have_count(0)


def test_a_gp_reads_why_a_duty_is_the_own_one(at: Desk) -> None:
    """The explanation names the duty and how many others could have done it."""
    page = at.open("a", "duties").page
    card(page, 17).get_by_role("button", name="Waarom ik?").click()
    expect(page.get_by_role("dialog").get_by_text("andere huisartsen")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("Ingedeeld: Dokter a")).to_be_visible()
