"""Finance looks ahead, closes a run, and corrects the payment file until it went to the bank, on the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.auth.principal import Role
from api.db.engine import Database
from api.db.migrate import upgrade
from api.users.service import add_membership, create_user
from tests.api.payouts.in_force import publish
from tests.api.web.desk import DESKTOP, PASSWORD, PHONE, flaws
from tests.api.web.served import served
from tests.browser import PATIENCE, Watched, chromium
from tests.payout.paying import IBAN_C, IBAN_HDS

HDS = "test"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service on an HDS whose duties of January 2024 are to be paid, for one finance officer."""
    folder = tmp_path_factory.mktemp("finance")
    database = Database(f"sqlite:///{folder / 'anw.sqlite'}")
    upgrade(database)
    publish(database)
    with database.writing() as session:
        user = create_user(session, "geld", display_name="Financieel", email=None, password=PASSWORD)
        add_membership(session, user.id, HDS, Role.FINANCE)
    database.close()
    with served(folder, demo=False) as found:
        yield found.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with chromium() as found:
        yield found


def opened(browser: Browser, url: str, width: int) -> Watched:
    """The page of finance, logged in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
    login = {"username": "geld", "password": PASSWORD}
    assert context.request.post(f"{url}/api/v1/auth/login", data=login).status == 200
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    watched = Watched(page)
    page.goto(f"{url}/rooster#{HDS}/finance")
    expect(page.get_by_role("heading", name="Betaalruns")).to_be_visible()
    return watched


def require_clean(watched: Watched) -> None:
    """Nothing to stumble over, nothing wider than the screen, no mistake in the browser."""
    assert flaws(watched.page) == []
    assert watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert watched.mistakes == []


def replaced(page: Page, account: str) -> None:
    """Fill in and send the form that replaces the payment file."""
    page.locator("dialog summary").click()
    form = page.locator("dialog details form")
    form.get_by_label("Reden").fill("verkeerde rekening")
    form.get_by_label("Rekening van de HDS").fill(account)
    form.get_by_label("niet door de bank uitgevoerd").check()
    form.get_by_role("button", name="Betaalbestand vervangen").click()


def test_a_payment_file_is_made_corrected_and_sent(service: str, browser: Browser) -> None:
    """From the look ahead to the bank; what is void cannot be fetched, what was sent cannot be replaced."""
    watched = opened(browser, service, DESKTOP)
    page = watched.page
    page.get_by_label("Maand").fill("2024-01")
    page.get_by_role("button", name="Bekijken").click()
    page.get_by_role("button", name="Run sluiten").click()
    row = page.get_by_role("row").filter(has_text="31 jan 2024")
    expect(row).to_contain_text("geen")
    row.get_by_role("button", name="Betaalbestand").click()
    page.locator("dialog").get_by_label("Rekening van de HDS").fill(IBAN_HDS)
    page.get_by_role("button", name="Betaalbestand maken").click()
    expect(page.locator("dialog")).to_contain_text(IBAN_HDS)
    replaced(page, IBAN_C)
    cards = page.locator("dialog li")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text(IBAN_C)
    expect(cards.last).to_contain_text("verkeerde rekening")
    assert [cards.nth(place).get_by_role("link").count() for place in (0, 1)] == [1, 0]
    require_clean(watched)
    page.get_by_role("button", name="Is naar de bank gestuurd").click()
    expect(cards.first).to_contain_text("verstuurd")
    expect(page.locator("dialog form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(row).to_contain_text("verstuurd")
    require_clean(watched)


def test_the_page_fits_a_phone(service: str, browser: Browser) -> None:
    """With a run and its payment file on it."""
    watched = opened(browser, service, PHONE)
    watched.page.get_by_label("Maand").fill("2024-02")
    watched.page.get_by_role("button", name="Bekijken").click()
    expect(watched.page.get_by_role("button", name="Run sluiten")).to_be_visible()
    require_clean(watched)
