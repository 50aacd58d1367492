"""Falling ill, standing in, and the planner who sees to what is left: each on the own page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.api.web.desk import DESKTOP, Desk, card, day, desk, evening, flaws, standby

ROSTER = {
    evening(3): "a", evening(3, 2): "c", evening(10): "a", evening(10, 2): "c", evening(17): "a", evening(17, 2): "b",
    standby(17): "c", evening(24): "b", evening(24, 2): "c", evening(31): "c",
}  # fmt: skip


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service, where a standby is called by the planner and not by itself."""
    with desk(tmp_path_factory.mktemp("sickness"), ROSTER, {"sickness": {"standby": "ask_planner"}}) as found:
        yield found


def _report(at: Desk, gp: str, number: int) -> None:
    page = at.open(gp, "duties").page
    card(page, number).get_by_role("button", name="Ziek").click()
    page.get_by_role("dialog", name="Ziek melden").get_by_role("button", name="Meld mij ziek").click()
    expect(page.get_by_role("status").filter(has_text="U bent ziek gemeld")).to_be_visible()
    expect(page.get_by_role("region", name="Ziek", exact=True).get_by_text("loopt").first).to_be_visible()


def test_who_is_asked_to_stand_in_says_yes_and_has_the_duty(at: Desk) -> None:
    """Nobody reads why, the deadline counts down, and afterwards the duty stands with who said yes."""
    _report(at, "a", 3)
    watched = at.open("b", "duties")
    asked = card(watched.page, 3).filter(has_text="Antwoord voor")
    expect(asked.get_by_text("nog ")).to_be_visible()
    assert flaws(watched.page) == []
    asked.get_by_role("button", name="Bekijken en antwoorden").click()
    watched.page.get_by_role("button", name="Ja, ik neem deze dienst").click()
    expect(watched.page.get_by_role("status").filter(has_text="de dienst is van u")).to_be_visible()
    assert at.performer(evening(3)) == "b"
    assert watched.mistakes == []
    ill = at.open("a", "duties").page.get_by_role("region", name="Ziek", exact=True)
    expect(ill.get_by_text("ingevuld")).to_be_visible()


def test_the_planner_assigns_from_the_ranked_list(at: Desk) -> None:
    """While somebody is asked the planner may decide; the steps of the case can be read."""
    _report(at, "a", 10)
    watched = at.open("planner", "today", DESKTOP)
    case = card(watched.page, 10)
    expect(case.get_by_text("Dokter a", exact=True)).to_be_visible()
    case.get_by_text("Verloop").click()
    expect(case.get_by_text("ziek gemeld")).to_be_visible()
    assert flaws(watched.page) == []
    case.get_by_role("button", name="Toewijzen").click()
    sheet = watched.page.get_by_role("dialog", name="Toewijzen")
    sheet.get_by_role("radio", name="Dokter b").check()
    sheet.get_by_role("button", name="Toewijzen").click()
    expect(watched.page.get_by_role("status").filter(has_text="De dienst is van Dokter b")).to_be_visible()
    assert at.performer(evening(10)) == "b"
    assert watched.mistakes == []


def test_the_planner_calls_the_standby(at: Desk) -> None:
    """The standby of that evening is named with the hours and called at once, and called off who does not come."""
    _report(at, "a", 17)
    page = at.open("planner", "today").page
    card(page, 17).get_by_role("button", name="Achterwacht oproepen").click()
    page.get_by_role("dialog").get_by_role("listitem").filter(has_text="Dokter c").get_by_role("button").click()
    expect(page.get_by_role("status").filter(has_text="Dokter c is opgeroepen")).to_be_visible()
    expect(card(page, 17).filter(has_text="Dokter a")).to_have_count(0)
    page.get_by_role("region", name="Opgeroepen achterwachten").get_by_role("button", name="Oproep intrekken").click()
    expect(page.get_by_role("status").filter(has_text="ingetrokken")).to_be_visible()
    expect(card(page, 17).filter(has_text="Dokter a").get_by_text("wacht op u")).to_be_visible()


def test_a_period_is_reported_prolonged_and_ended(at: Desk) -> None:
    """Who is better takes back what nobody does yet."""
    page = at.open("c", "duties").page
    page.get_by_role("button", name="Ziek melden voor een periode").click()
    page.get_by_role("dialog").get_by_role("button", name="Meld mij ziek").click()
    ill = page.get_by_role("region", name="Ziek", exact=True)
    expect(ill.get_by_text("einde onbekend")).to_be_visible()
    ill.get_by_role("button", name="Ik ben beter").first.click()
    page.get_by_label("Weer beter vanaf").fill(f"{day(5)}T08:00")
    page.get_by_role("dialog").get_by_role("button", name="Ik ben beter").click()
    expect(page.get_by_role("status").filter(has_text="beter gemeld")).to_be_visible()
    expect(ill.get_by_text("Beter", exact=True)).to_be_visible()


def test_the_planner_reports_somebody_sick_and_leaves_a_duty_open_with_a_reason(at: Desk) -> None:
    """Somebody rings; the planner writes it down, closes what need not be filled, and is told of the recovery too."""
    page = at.open("planner", "today").page
    page.get_by_role("button", name="Iemand ziek melden").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Huisarts").select_option("Dokter b")
    sheet.get_by_label("Tot", exact=True).fill(f"{day(30)}T08:00")
    sheet.get_by_role("button", name="Ziek melden").click()
    expect(page.get_by_role("status").filter(has_text="Dokter b is ziek gemeld")).to_be_visible()
    card(page, 24).get_by_role("button", name="Open laten").click()
    page.get_by_label("Reden").fill("De post draait met één minder")
    page.get_by_role("dialog").get_by_role("button", name="Open laten").click()
    expect(page.get_by_role("status").filter(has_text="niemand meer gezocht")).to_be_visible()
    assert at.performer(evening(24)) is None
    ill = page.get_by_role("region", name="Wie ziek is").get_by_role("listitem").filter(has_text="Dokter b")
    ill.get_by_role("button", name="Beter melden").click()
    page.get_by_role("dialog").get_by_role("button", name="Beter melden").click()
    expect(ill).to_have_count(0)
