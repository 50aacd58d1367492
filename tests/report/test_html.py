"""The report page: what it says, for small, large and ugly rosters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scheduler.domain.people import Contract, Post
from scheduler.domain.result import EndedBy
from scheduler.domain.settings import SharingSettings
from scheduler.domain.shift import Burden
from scheduler.report.html import report_html
from tests import builders
from tests.browser import Watched, chromium
from tests.report.results import WEEK, one_away, one_gp, result_of, two_posts

VOID = {"meta", "link", "input", "br", "path", "line", "rect"}


class _Outline(HTMLParser):
    """Texts by the id of the section they stand in, and whether tags are nested well."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sections: dict[str, str] = {}
        self.section = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow the sections and remember what has to be closed."""
        if tag == "section":
            self.section = dict(attrs)["id"] or ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every end closes the tag that was opened last."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Gather the words of each section, blanks folded."""
        self.sections[self.section] = f"{self.sections.get(self.section, '')} {' '.join(data.split())}"


def _sections(html: str) -> dict[str, str]:
    outline = _Outline(html)
    assert outline.open == []
    return {name: " ".join(words.split()) for name, words in outline.sections.items()}


def test_a_proven_roster_says_so() -> None:
    """One GP, one shift, all bounds met: everything is filled, kept and proven."""
    said = _sections(report_html(*one_gp()))
    assert "Alle diensten zijn gevuld en alle regels zijn gehouden." in said["samenvatting"]
    assert said["samenvatting"].count("bewezen optimaal") == 2
    assert "Elke dienst heeft een huisarts." in said["knelpunten"]
    assert "Dokter A" in said["rooster"]


def test_an_empty_roster_names_every_open_shift_and_why() -> None:
    """With nobody on duty the page tells how many shifts are open, lists them, and counts who drops out."""
    dossier, result = two_posts(filled=False, absences=[])
    said = _sections(report_html(dossier, result))
    count = len(result.roster.shifts)
    assert f"{count} diensten zijn niet gevuld; alle regels zijn gehouden." in said["samenvatting"]
    assert said["knelpunten"].count("vrij volgens de regels: 6") == count
    assert "standby/2027-01-31/1" in said["knelpunten"]


def test_an_open_shift_says_what_right_would_fill_it() -> None:
    """Two GPs may work at the other post only; with a right to this one either could take the shift."""
    dossier = builders.dossier(
        [builders.gp("A"), builders.gp("B")],
        [builders.agreement(gp_id, posts={"Q"}) for gp_id in "AB"],
        [builders.shift_type("evening", days={"mon"})],
        posts=[Post(id="P", name="P", patients=1), Post(id="Q", name="Q", patients=1)],
        period=WEEK,
    )
    said = _sections(report_html(dossier, result_of(dossier, {})))["knelpunten"]
    assert "2 door bevoegdheid of overeenkomst" in said
    assert "Met post P erbij zouden 2 huisartsen deze dienst kunnen doen." in said


def test_a_broken_rule_is_not_hidden() -> None:
    """A GP on duty without agreement makes the verdict a bad one and names the rule."""
    dossier, _ = one_gp()
    stranger = dossier.replace(gps=[*dossier.gps, builders.gp("Z")])
    said = _sections(report_html(stranger, result_of(stranger, {"evening/2027-01-04/1": "Z"})))
    assert "er zijn regels overtreden" in said["samenvatting"]
    assert "bevoegd en overeenkomst: 1" in said["knelpunten"]
    assert "bewezen optimaal" not in said["samenvatting"]


def test_names_cannot_smuggle_markup_in() -> None:
    """What stands in a dossier is shown as text and never run."""
    dossier, _ = one_gp()
    evil = dossier.replace(gps=[dossier.gps[0].replace(name="<script>alert(1)</script>")], hds_name='"><img src=x>')
    html = report_html(evil, result_of(evil, {"evening/2027-01-04/1": "A"}), ["<b>let op</b>"])
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<b>let op" not in html


def test_the_page_needs_nothing_from_outside() -> None:
    """No address of anything to load stands in the page, and its policy forbids loading."""
    html = report_html(*two_posts())
    assert "default-src 'none'" in html
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:,)[^"']*""", html)
    assert not re.findall(r"(?:url\(|@import)", html)


def test_fairness_per_class_and_per_gp() -> None:
    """Each class and each GP has a row with assigned and target hours."""
    dossier, result = two_posts()
    said = _sections(report_html(dossier, result))
    for words in ("praktijkhouders", "huisartsen in dienstverband", "waarnemers"):
        assert words in said["verdeling"]
    for gp in dossier.gps[:6]:
        assert gp.name in said["huisartsen"]
    target = sum(hours for (gp_id, burden), hours in result.targets.items() if (gp_id, burden) == ("A", Burden.NIGHT))
    assert f"van {f'{target:.1f}'.replace('.', ',')} u" in said["huisartsen"]


def test_a_class_is_that_of_the_agreement() -> None:
    """Who is a trainee on the list but works as a locum under an agreement counts among the locums."""
    dossier = builders.dossier(
        [builders.gp("A"), builders.gp("N", Contract.TRAINEE, trainer_gp_id="A")],
        [builders.agreement("A"), builders.agreement("N")],
        [builders.shift_type("evening", days={"mon"}, headcount=2)],
        period=WEEK,
    )
    said = _sections(
        report_html(dossier, result_of(dossier, {"evening/2027-01-04/1": "A", "evening/2027-01-04/2": "N"}))
    )
    assert "waarnemers 2 2" in said["verdeling"]
    assert "aiossen" not in said["verdeling"]


def test_wishes_met_and_not() -> None:
    """A wish to be free on the own shift is listed as not met, one for another day as met."""
    dossier, _ = one_gp()
    wishes = [
        {"gp_id": "A", "start": builders.moment(a), "end": builders.moment(b), "wish": "avoid", "weight": 7}
        for a, b in (("2027-01-04", "2027-01-05"), ("2027-01-06", "2027-01-08"))
    ]
    wishing = dossier.replace(wishes=wishes)
    said = _sections(report_html(wishing, result_of(wishing, {"evening/2027-01-04/1": "A"})))
    assert "1 van de 2 wensen zijn vervuld." in said["samenvatting"]
    assert "Niet vervulde wensen van huisartsen (1)" in said["wensen"]
    assert "ma 4 jan liever niet 7 ma 4 jan 17–23" in said["wensen"]


def test_a_period_without_shifts_has_a_report() -> None:
    """Nothing to do is no reason to fail: the page says that nothing is open."""
    dossier, _ = one_gp()
    idle = dossier.replace(shift_types=[builders.shift_type("evening", days={"holiday"})])
    said = _sections(report_html(idle, result_of(idle, {})))
    assert "Alle diensten zijn gevuld en alle regels zijn gehouden." in said["samenvatting"]


def test_notices_and_a_stop_are_told() -> None:
    """Remarks from the reading stand at the end; a run that was stopped is called so at the top."""
    dossier, result = one_gp()
    stopped = result.replace(ended_by=EndedBy.CANCEL)
    said = _sections(report_html(dossier, stopped, ["gps.csv: kolom fax overgeslagen"]))
    assert "voortijdig gestopt" in said["samenvatting"]
    assert "gps.csv: kolom fax overgeslagen" in said["verantwoording"]


@pytest.mark.parametrize(
    ("workers", "ended_by", "is_told"),
    [(1, EndedBy.CLOCK, True), (1, EndedBy.WORK, False), (2, EndedBy.CLOCK, False)],
)
def test_that_one_worker_was_cut_short_by_the_clock_is_told(workers: int, ended_by: EndedBy, is_told: bool) -> None:
    """The same order may give another roster then; with two workers it always may."""
    dossier, result = one_gp()
    said = _sections(report_html(dossier, result.replace(workers=workers, ended_by=ended_by)))
    assert ("een volgende keer een ander rooster" in said["samenvatting"]) is is_told


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    with chromium() as found:
        yield found


@pytest.mark.parametrize(("width", "height"), [(375, 812), (820, 1180), (1280, 900)])
@pytest.mark.parametrize("make", [one_gp, two_posts, lambda: two_posts(filled=False)])
def test_it_fits_any_screen(browser: Browser, tmp_path: Path, make: object, width: int, height: int) -> None:
    """On phone, tablet and desk nothing sticks out, nothing is logged and nothing is fetched, months opened too."""
    assert callable(make)
    path = tmp_path / "report.html"
    path.write_text(report_html(*make()), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": height})
    seen = Watched(context.new_page())
    seen.page.goto(path.as_uri())
    assert seen.overflow() <= 0
    seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert seen.overflow() <= 0
    assert seen.mistakes == []
    assert seen.requests == [path.as_uri()]
    context.close()


def test_searching_and_sorting(browser: Browser, tmp_path: Path) -> None:
    """A search leaves the rows that match, a class those of the class, and a head sorts, both ways."""
    path = tmp_path / "report.html"
    path.write_text(report_html(*two_posts()), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.fill("#gp-search", "dokter c")
    assert page.locator("#gp-table tbody tr:visible").all_inner_texts()[0].startswith("Dokter C")
    assert page.locator("#gp-table tbody tr:visible").count() == 1
    page.fill("#gp-search", "")
    page.select_option("#gp-class", "salaried")
    assert page.locator("#gp-table tbody tr:visible").count() == 2
    page.select_option("#gp-class", "")
    worst = page.locator("#gp-table thead th").last.locator("button")
    values = "[...document.querySelectorAll('#gp-table td:last-child')].map((cell) => Number(cell.dataset.s))"
    worst.click()
    assert page.evaluate(values) == sorted(page.evaluate(values), reverse=True)
    worst.click()
    assert page.evaluate(values) == sorted(page.evaluate(values))
    page.close()


def test_the_roster_can_be_searched(browser: Browser, tmp_path: Path) -> None:
    """A GP's name marks that GP's shifts and opens the months that hold them."""
    dossier, result = two_posts()
    path = tmp_path / "report.html"
    path.write_text(report_html(dossier, result), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.locator("details.month[open]").count() == 0
    page.fill("#grid-search", "Dokter B")
    page.wait_for_selector("details.month[open] .hit")
    assert page.locator(".hit").count() == len(result.roster.by_gp["B"])
    assert page.locator("#grid-count").inner_text() == f"{len(result.roster.by_gp['B'])} diensten gevonden"
    page.close()


def test_a_gp_leads_to_the_own_shifts(browser: Browser, tmp_path: Path) -> None:
    """A press on a name in the table marks that GP's shifts in the roster and no one else's."""
    dossier, result = two_posts()
    path = tmp_path / "report.html"
    path.write_text(report_html(dossier, result), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_role("button", name="Dokter C").click()
    page.wait_for_selector("details.month[open] .hit")
    assert set(page.locator(".hit").all_inner_texts()) == {"Dokter C C"}
    assert page.locator(".hit").count() == len(result.roster.by_gp["C"])
    page.close()


def test_without_script_everything_is_there(browser: Browser, tmp_path: Path) -> None:
    """With scripts off the tables are whole and the search fields, which would do nothing, are hidden."""
    path = tmp_path / "report.html"
    path.write_text(report_html(*two_posts()), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("#gp-table tbody tr:visible").count() == 6
    assert not page.locator("#gp-search").is_visible()
    context.close()


def test_every_picture_and_table_can_be_read_aloud(browser: Browser, tmp_path: Path) -> None:
    """Figures have a text instead, tables a caption and scoped heads, headings skip no level."""
    path = tmp_path / "report.html"
    path.write_text(report_html(*two_posts()), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.locator("figure:not(:has([role=img][aria-label]:not([aria-label=''])))").count() == 0
    assert page.locator("table:not(:has(caption)), th:not([scope])").count() == 0
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    page.close()


def test_who_could_not_be_there_is_named_and_the_claim_is_of_the_others() -> None:
    """The summary says why it cannot be smaller, and gives the figure without A; the bottlenecks say why of A."""
    said = _sections(report_html(*one_away()))
    assert "1,67 dienst" in said["samenvatting"]
    assert "Kleiner kan niet, omdat A de streefuren niet kan halen." in said["samenvatting"]
    assert "Bij de anderen is de grootste afwijking 1,33: bewezen optimaal." in said["samenvatting"]
    assert "zonder wie het streven niet kan halen: 1,33" in said["verdeling"]
    assert "Afwezig van 1 januari 2027 t/m 31 januari 2027 (reis); dit verlaagt het aandeel niet." in said["knelpunten"]


def test_nothing_is_called_optimal_that_is_only_held_up_by_an_absence() -> None:
    """The others are further off than the bound on them."""
    said = _sections(report_html(*one_away(deviation_bound_within_reach={Burden.EVENING: 1.0})))
    assert "Bij de anderen is de grootste afwijking 1,33; de ondergrens is daar 1,00." in said["samenvatting"]
    assert said["verdeling"].count("bewezen optimaal") == 0


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        ({}, ["verdeeld naar patiënten en binnen een praktijk naar dagen en gewicht"]),
        ({"owner_key": "equal", "least_hours": 40}, ["gelijk verdeeld over alle praktijkhouders", "minstens 40 uur"]),
        ({"owner_key": "fte", "excused_reasons": ("ziek", "verlof")}, ["naar dagen en fte", "aandeel: ziek, verlof."]),
    ],
)
def test_the_key_by_which_hours_were_shared_is_told(sharing: dict[str, object], said: list[str]) -> None:
    """As this dossier has it, with the least hours and the excused reasons where there are any."""
    dossier, result = one_gp()
    page = _sections(report_html(dossier.replace(sharing=SharingSettings.model_validate(sharing)), result))
    assert all(part in page["verantwoording"] for part in said)
