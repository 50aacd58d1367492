"""The round on the pages: the planner opens it and moves dates, a GP hands in, gives back and picks up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.clock import today
from tests.api.web.desk import DESKTOP, Desk, card, day, desk, evening, flaws

PHASES = ("registration", "making", "draft_published", "free_locums", "closing", "published")
DRAFT = {evening(number): "abc"[number % 3] for number in range(1, 31, 2)}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service with a roster in force and a draft for another one."""
    choices = {"planning": {"give_back_percent": 100}}
    with desk(tmp_path_factory.mktemp("round"), {evening(3): "a"}, choices, DRAFT) as found:
        yield found


def _dates(page: Page, phase: str, opens: int, closes: int) -> None:
    """Have a phase open and close so many days from now."""
    box = page.locator(f'[data-phase="{phase}"]:visible')
    box.get_by_label("Opent").fill(f"{today() + timedelta(days=opens)}T00:05")
    if phase != "published":
        box.get_by_label("Sluit").fill(f"{today() + timedelta(days=closes)}T00:05")


def test_a_round_from_its_opening_to_what_gps_do_with_the_draft(at: Desk) -> None:
    """Opened by the planner, handed in by a GP, moved on to the draft, given back and picked up."""
    watched = at.open("planner", "rounds", DESKTOP)
    page = watched.page
    for place, phase in enumerate(PHASES):
        _dates(page, phase, 3 * place, 3 * place + 3)
    page.get_by_role("button", name="Ronde openen").click()
    expect(page.get_by_role("status").filter(has_text="De ronde is geopend")).to_be_visible()
    expect(page.get_by_text("3 nog niet")).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])
    _hand_in(at)
    _move_on(at)
    _reshuffle(at)


def _hand_in(at: Desk) -> None:
    watched = at.open("a", "round")
    page = watched.page
    expect(page.get_by_text("U kunt nu uw wensen en afwezigheid doorgeven")).to_be_visible()
    page.get_by_text("Afwezigheid toevoegen").click()
    adding = page.locator("details[open]")
    adding.get_by_label("Van", exact=True).fill(str(day(8)))
    adding.get_by_label("Omschrijving").fill("Congres")
    adding.get_by_role("button", name="Toevoegen").click()
    own = page.get_by_role("region", name="Mijn wensen en afwezigheid")
    expect(card(own, 8).get_by_text("Congres")).to_be_visible()
    adding.get_by_text("Afwezigheid toevoegen").click()
    page.get_by_text("Wens toevoegen").click()
    adding = page.locator("details[open]")
    adding.get_by_label("graag wel").check()
    adding.get_by_label("Van", exact=True).fill(str(day(9)))
    adding.get_by_role("button", name="Toevoegen").click()
    expect(card(own, 9).get_by_text("graag wel")).to_be_visible()
    card(own, 9).get_by_role("button", name="Weghalen").click()
    expect(card(own, 9)).to_have_count(0)
    page.get_by_role("button", name="Dit is alles").click()
    expect(page.get_by_role("status").filter(has_text="Genoteerd")).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])
    assert watched.overflow() <= 0


def _move_on(at: Desk) -> None:
    """The planner moves the dates so that GPs reshuffle now, and picks the draft."""
    page = at.open("planner", "rounds", DESKTOP).page
    expect(page.get_by_text("1 gaven door, 2 nog niet")).to_be_visible()
    page.get_by_text("Data wijzigen").click()
    for place, phase in enumerate(PHASES):
        _dates(page, phase, 3 * place - 9, 3 * place - 6)
    _dates(page, "draft_published", -3, 1)
    for place, phase in enumerate(PHASES[3:]):
        _dates(page, phase, 1 + 3 * place, 4 + 3 * place)
    page.get_by_role("button", name="Data bewaren").click()
    expect(page.get_by_role("status").filter(has_text="De data zijn gewijzigd")).to_be_visible()
    page.get_by_role("button", name="Met dit concept verder").click()
    expect(page.get_by_role("status").filter(has_text="Het concept is gekozen")).to_be_visible()


def _reshuffle(at: Desk) -> None:
    watched = at.open("b", "round")
    page = watched.page
    expect(page.get_by_role("heading", name="Mijn diensten in het concept")).to_be_visible()
    given = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Teruggeven")).first
    given.get_by_role("button", name="Teruggeven").click()
    page.get_by_role("dialog").get_by_role("button", name="Ja, ik geef deze dienst terug").click()
    expect(page.get_by_role("status").filter(has_text="teruggegeven")).to_be_visible()
    picked = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Oppakken")).first
    picked.get_by_role("button", name="Oppakken").click()
    page.get_by_role("dialog").get_by_role("button", name="Ja, ik pak deze dienst op").click()
    expect(page.get_by_role("status").filter(has_text="De dienst is van u")).to_be_visible()
    expect(page.get_by_text("opgepakt")).to_be_visible()
    assert (watched.mistakes, flaws(page)) == ([], [])
    assert watched.overflow() <= 0
    standing = at.open("planner", "rounds").page
    standing.get_by_text("2 stappen").click()
    expect(standing.get_by_text("teruggegeven", exact=True)).to_be_visible()


def test_a_round_is_stopped_with_a_reason(at: Desk) -> None:
    """At any time, also after a change by another planner was read; the page then offers to open a new one."""
    page, other = at.open("planner", "rounds").page, at.open("planner", "rounds").page
    other.get_by_text("Data wijzigen").click()
    other.get_by_role("button", name="Data bewaren").click()
    expect(other.get_by_role("status").filter(has_text="De data zijn gewijzigd")).to_be_visible()
    for refused in (True, False):
        page.get_by_text("Ronde stoppen").first.click()
        page.get_by_label("Reden").last.fill("Wij beginnen opnieuw")
        page.get_by_role("button", name="Ronde stoppen").click()
        expect(page.get_by_role("alert").filter(has_text="gewijzigd")).to_have_count(int(refused))
    expect(page.get_by_role("heading", name="Een ronde openen")).to_be_visible()
