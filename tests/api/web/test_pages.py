"""The pages in a real browser: a planner makes and publishes a roster, a GP sees it, each sees the own part."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.dossier import write_dossier
from scheduler.generate import generate
from tests.api.web.served import Served, served
from tests.browser import PATIENCE, Watched, chromium, open_context

OWN = "kers-boom-vlam-ruit"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service with the demo, for all tests of this module."""
    with served(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with chromium() as found:
        yield found


def _log_in(browser: Browser, service: Served, user: str, width: int = 1200) -> Watched:
    """A page of somebody who logged in for the first time and chose a password."""
    page = open_context(browser, viewport={"width": width, "height": 900}, locale="nl-NL").new_page()
    watched = Watched(page)
    page.goto(service.url)
    page.get_by_label("Gebruikersnaam").fill(user)
    page.get_by_label("Wachtwoord", exact=True).fill(service.passwords[user])
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_label("Nieuw wachtwoord").fill(OWN)
    page.get_by_role("button", name="Wachtwoord bewaren").click()
    page.wait_for_url("**/rooster")
    # who has not logged in yet asks who it is and is told so: the one mistake that a browser may log here
    watched.mistakes[:] = [one for one in watched.mistakes if "401" not in one]
    return watched


def _small_dossier(folder: Path) -> Path:
    """A month that no roster in force of the demo touches, packed."""
    dossier = generate(gps=20, posts=1, seed=3, year=2029, months=1).replace(hds_id="fictief-350-3-7")
    write_dossier(dossier, folder / "dossier")
    packed = folder / "dossier.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (folder / "dossier").iterdir():
            archive.write(file, file.name)
        archive.writestr("telefoons.csv", "naam")
    return packed


def test_a_planner_takes_in_a_dossier_makes_a_roster_and_publishes_it(
    service: Served, browser: Browser, tmp_path: Path
) -> None:
    """From file to roster in force without leaving the page, and the roster is shown to a GP."""
    watched = _log_in(browser, service, "planner")
    page = watched.page
    page.get_by_role("link", name="Roosters").click()
    page.get_by_label("Dossier inlezen").set_input_files(_small_dossier(tmp_path))
    page.get_by_role("button", name="Inlezen", exact=True).click()
    expect(page.get_by_text("Het dossier is ingelezen.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("status").filter(has_text="telefoons.csv: Dit bestand hoort niet bij")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="31 jan 2029")
    row.get_by_label("Seconden").fill("5")
    row.get_by_role("button", name="Rooster maken").click()
    expect(page.locator(".badge.done")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("is van kracht vanaf")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Rooster", exact=True).click()
    page.get_by_label("Week vanaf").fill("2029-01-08")
    page.get_by_role("button", name="Laat zien").click()
    expect(page.get_by_role("row").filter(has_text="8 jan 2029").first).to_be_visible(timeout=PATIENCE)
    assert watched.mistakes == []
    assert all(request.startswith(service.url) for request in watched.requests)


def test_a_wrong_file_is_refused_on_the_page_with_every_mistake(
    service: Served, browser: Browser, tmp_path: Path
) -> None:
    """The planner reads which file, which line and what was expected."""
    packed = tmp_path / "fout.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hds.toml", "format = 1\n")
    page = open_context(browser).new_page()
    page.goto(f"{service.url}/inloggen")
    page.get_by_label("Gebruikersnaam").fill("planner")
    page.get_by_label("Wachtwoord", exact=True).fill(OWN)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("link", name="Roosters").click()
    page.get_by_label("Dossier inlezen").set_input_files(packed)
    page.get_by_role("button", name="Inlezen", exact=True).click()
    trouble = page.locator(".trouble").filter(has_text="gps.csv")
    expect(trouble).to_be_visible(timeout=PATIENCE)
    assert trouble.locator("li").count() > 3


@pytest.mark.parametrize(
    ("user", "title", "told"),
    [
        ("gp", "Mijn diensten", "Mijn diensten"), ("finance", "Vooruitblik", "Vooruitblik"),
        ("insurer", "Dekking", "0 keer een achterwacht opgeroepen"), ("administrator", "Logboek", "Logboek"),
    ],
)  # fmt: skip
def test_each_role_has_a_page_of_its_own_also_on_a_phone(
    service: Served, browser: Browser, user: str, title: str, told: str
) -> None:
    """It opens without a mistake in the browser, fits a phone, and asks nothing of any other host."""
    watched = _log_in(browser, service, user, width=390)
    expect(watched.page.get_by_role("heading", name=title).first).to_be_visible(timeout=PATIENCE)
    expect(watched.page.get_by_text(told).first).to_be_visible(timeout=PATIENCE)
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.locator(".trouble").count() == 0
    assert watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert watched.mistakes == []
    assert all(request.startswith(service.url) for request in watched.requests)


def test_a_wrong_password_is_told_and_nothing_else(service: Served, browser: Browser) -> None:
    """The page says that name or password is wrong, not which."""
    page: Page = open_context(browser).new_page()
    page.goto(f"{service.url}/inloggen")
    page.get_by_label("Gebruikersnaam").fill("niemand")
    page.get_by_label("Wachtwoord", exact=True).fill("mis")
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("alert")).to_have_text("Naam of wachtwoord klopt niet", timeout=PATIENCE)
