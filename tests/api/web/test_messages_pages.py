"""Notices, what one wants to be told, the own calendar, and systems that are told."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.api.web.desk import Desk, card, desk, evening, flaws
from tests.browser import PATIENCE


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service with a duty for `a`."""
    with desk(tmp_path_factory.mktemp("messages"), {evening(3): "a"}) as found:
        yield found


def test_a_notice_is_read_and_is_new_no_longer(at: Desk) -> None:
    """What a colleague asks comes as a notice within seconds."""
    page = at.open("a", "duties").page
    card(page, 3).get_by_role("button", name="Ruilen").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Eén collega").check()
    sheet.get_by_label("Collega", exact=True).select_option("Dokter b")
    sheet.get_by_role("button", name="Overdracht voorstellen").click()
    expect(sheet).to_be_hidden()
    told = at.open("b", "notices")
    new = told.page.get_by_text("nieuw", exact=True)
    while not new.count():
        told.page.wait_for_timeout(500)
        told.page.reload()
        told.page.wait_for_load_state("networkidle")
    assert flaws(told.page) == []
    told.page.get_by_role("button", name="Alles gelezen").click()
    expect(new).to_have_count(0)
    assert told.mistakes == []


def test_somebody_chooses_what_to_be_told(at: Desk) -> None:
    """The choice is there again on the next visit; e-mail alone is not possible."""
    page = at.open("a", "notices").page
    page.get_by_text("Kiezen", exact=True).click()
    offers = page.get_by_role("group", name="Alle diensten die aan iedereen")
    offers.get_by_label("ook per e-mail").check()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("status").filter(has_text="Uw keuze is bewaard")).to_be_visible()
    again = at.open("a", "notices").page
    again.get_by_text("Kiezen", exact=True).click()
    expect(
        again.get_by_role("group", name="Alle diensten die aan iedereen").get_by_label("op deze pagina")
    ).to_be_checked()


def test_a_gp_and_a_planner_keep_a_telephone_number(at: Desk) -> None:
    """As it is written, refused where it is none; the planner sees and changes the same one."""
    watched = at.open("a", "notices")
    page = watched.page
    mine = page.get_by_role("region", name="Mijn telefoonnummer")
    mine.get_by_label("Telefoonnummer", exact=True).fill("112")
    mine.get_by_role("button", name="Dit nummer gebruiken").click()
    expect(mine.get_by_role("alert")).to_contain_text("een gewoon telefoonnummer")
    mine.get_by_label("Telefoonnummer", exact=True).fill("+31 (0)6-12345678")
    mine.get_by_role("button", name="Dit nummer gebruiken").click()
    expect(mine.get_by_label("Telefoonnummer", exact=True)).to_have_value("06 12345678")
    assert flaws(page) == []
    office = at.open("planner", "today").page
    office.get_by_text("Nummer bekijken of wijzigen").click()
    numbers = office.get_by_role("region", name="Telefoonnummers")
    numbers.get_by_label("Huisarts").select_option("Dokter a")
    expect(numbers.get_by_label("Telefoonnummer", exact=True)).to_have_value("06 12345678")
    assert flaws(office) == []
    numbers.get_by_role("button", name="Nummer verwijderen").click()
    expect(numbers.get_by_label("Telefoonnummer", exact=True)).to_have_value("")


def test_a_calendar_is_made_opened_by_its_address_and_revoked(at: Desk) -> None:
    """The address is shown once, gives the duties, and after revoking nothing."""
    page = at.open("a", "notices").page
    page.get_by_text("Agenda koppelen").click()
    page.get_by_role("button", name="Adres maken", exact=True).click()
    address = page.get_by_label("Adres van uw agenda").input_value()
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert b"BEGIN:VEVENT" in answer.read()
    page.get_by_role("button", name="Adres intrekken").click()
    expect(page.get_by_role("status").filter(has_text="ingetrokken")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address, timeout=10)


def test_an_administrator_adds_a_system_tries_it_and_removes_it(at: Desk) -> None:
    """The secret is shown once; what does not arrive stands with the deliveries."""
    watched = at.open("administrator", "webhooks")
    page = watched.page
    page.get_by_text("Koppeling maken").first.click()
    page.get_by_label("Adres").fill("https://systeem.invalid/anw")
    page.get_by_role("button", name="Koppeling maken").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    assert flaws(page) == []
    page.get_by_role("button", name="Proberen").click()
    expect(page.get_by_role("status").filter(has_text="proefbericht")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Uitzetten").click()
    expect(page.get_by_role("button", name="Aanzetten")).to_be_visible()
    page.get_by_role("button", name="Nieuw geheim").click()
    expect(page.get_by_text("whsec_").first).to_be_visible()
    page.get_by_role("button", name="Weghalen").click()
    expect(page.get_by_text("Er zijn geen koppelingen.")).to_be_visible()
    assert watched.mistakes == []
