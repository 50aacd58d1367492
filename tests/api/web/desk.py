"""A small HDS with a roster that lies ahead, served, and a browser in which its people look at their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from api.auth.principal import Member, Role
from api.clock import today
from api.db.engine import Database
from api.db.migrate import upgrade
from api.db.tables.people import Hds
from api.rosters.publishing import Order, publish
from api.users.service import add_membership, create_user
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role as DoctorRole
from scheduler.domain.settings import RuleParameters
from scheduler.domain.time import Period
from tests.api.conftest import add_hds
from tests.api.rosters.stage import Stage, set_up
from tests.api.web.served import served
from tests.browser import PATIENCE, Watched, chromium, open_context
from tests.builders import agreement, dossier, gp, shift_type

PASSWORD = "kers-boom-vlam-ruit"
HDS, NEIGHBOUR = "test", "buur"
GPS = ("a", "b", "c")
PHONE, DESKTOP = 390, 1280
START = today() + timedelta(days=7)
"""The first day of the roster: always ahead, as duties that have begun change hands no more."""
DAYS = 55


def day(number: int) -> date:
    """A day of the roster, counted from 1."""
    return START + timedelta(days=number - 1)


def evening(number: int, place: int = 1) -> str:
    """The id of an evening shift."""
    return f"avond/{day(number)}/{place}"


def standby(number: int) -> str:
    """The id of a standby."""
    return f"wacht/{day(number)}/1"


def ahead() -> Dossier:
    """Two evening shifts a day from a week from now with a standby behind them, and three locums who may do all."""
    period = Period(start=START, end=day(DAYS))
    valid = {"valid_from": START - timedelta(days=400), "valid_until": START + timedelta(days=400)}
    people = [gp(name, practice_id="PR") for name in GPS]
    return dossier(
        people, [agreement(one.id, roles={DoctorRole.CONSULT, DoctorRole.STANDBY}, **valid) for one in people],
        [shift_type("avond", headcount=2), shift_type("wacht", role=DoctorRole.STANDBY)],
        period=period, rules=RuleParameters(max_weekends_in_5=5, christmas_and_new_year="ignore"),
    )  # fmt: skip


def prepare(
    folder: Path,
    gp_of: Mapping[str, str],
    users: Mapping[str, tuple[Role, str | None]],
    settings: Mapping[str, Any],
) -> Stage:
    """Make the database of a service in `folder`: the dossier, a published roster, these users, what the HDS chose."""
    database = Database(f"sqlite:///{folder / 'anw.sqlite'}")
    upgrade(database)
    stage = set_up(database, ahead(), HDS)
    add_hds(database, NEIGHBOUR)
    with database.writing() as session:
        session.get_one(Hds, HDS).settings = dict(settings)
        for name, (role, gp_id) in users.items():
            user = create_user(session, name, display_name=f"Proef {name}", email=None, password=PASSWORD)
            add_membership(session, user.id, HDS, role, gp_id=gp_id)
            if role is Role.PLANNER:
                planner = user.id
    version = stage.draft(gp_of)
    with database.writing() as session:
        member = Member(planner, HDS, frozenset({Role.PLANNER}))
        publish(session, member, version, Order(START, "test"), "*", None)
    database.close()
    return stage


@dataclass
class Desk:
    """The service and the browser; everybody is logged in once and has a page of each width."""

    url: str
    browser: Browser
    stage: Stage
    contexts: dict[tuple[str, int], BrowserContext] = field(default_factory=dict)

    def open(self, user: str, room: str, width: int = PHONE) -> Watched:
        """A fresh page of a room, with everything on it there."""
        context = self.contexts.get((user, width)) or self._log_in(user, width)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        page.goto(f"{self.url}/rooster#{room}")
        expect(page.locator(".loading")).to_have_count(0, timeout=PATIENCE)
        return watched

    def _log_in(self, user: str, width: int) -> BrowserContext:
        context = open_context(self.browser, viewport={"width": width, "height": 900}, locale="nl-NL")
        answer = context.request.post(
            f"{self.url}/api/v1/auth/login", data={"username": user, "password": PASSWORD}
        )  # fmt: skip
        assert answer.status == 200
        self.contexts[user, width] = context
        return context

    def performer(self, shift_id: str) -> str | None:
        """Who performs a duty now."""
        database = Database(self.stage.database.url)
        try:
            return Stage(database, self.stage.dossier, 0, "", HDS).in_force()[shift_id][0]
        finally:
            database.close()


@contextmanager
def desk(
    folder: Path,
    gp_of: Mapping[str, str],
    settings: Mapping[str, Any] | None = None,
    draft: Mapping[str, str] | None = None,
) -> Iterator[Desk]:
    """The service with this roster in force, for a planner, an administrator and the three GPs.

    `settings` is what the HDS chose, as in its settings; `draft` a version that is not published.
    """
    users = {"planner": (Role.PLANNER, None), "administrator": (Role.ADMINISTRATOR, None)}
    stage = prepare(folder, gp_of, users | {name: (Role.GP, name) for name in GPS}, settings or {})
    if draft is not None:
        stage.draft(draft)
    with served(folder, demo=False) as service, chromium() as browser:
        yield Desk(service.url, browser, stage)


def card(page: Page | Locator, number: int) -> Locator:
    """The card of the duty of a day of the roster."""
    return page.get_by_role("listitem").filter(has_text=re.compile(rf"\b{shown(day(number))}\b"))


def shown(of: date) -> str:
    """A day as the pages write it, without the weekday: `4 dec 2026`."""
    months = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    return f"{of.day} {months[of.month - 1]} {of.year}"


def flaws(page: Page) -> list[str]:
    """What a reader with a keyboard or a screen reader would stumble over on the page as it is."""
    return list(page.evaluate(_FLAWS))


_FLAWS = """() => {
  const found = [];
  const visible = (one) => one.checkVisibility();
  const words = (one) => one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || "";
  const name = (one) => words(one).trim();
  for (const one of document.querySelectorAll("button, a[href], input, select, textarea, dialog"))
    if (visible(one) && !name(one) && !one.getAttribute("aria-labelledby")) found.push(`no name: ${one.outerHTML}`);
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  ids.filter((one, at) => ids.indexOf(one) !== at).forEach((one) => found.push(`id twice: ${one}`));
  let last = 1;
  for (const one of document.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(one.tagName[1]);
    if (level > last + 1) found.push(`heading skips a level: ${one.textContent}`);
    last = level;
  }
  for (const one of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const kind of ["aria-labelledby", "aria-describedby"]) {
      const id = one.getAttribute(kind);
      if (id && !document.getElementById(id)) found.push(`points nowhere: ${id}`);
    }
  if (document.querySelectorAll("main").length !== 1) found.push("main");
  for (const one of document.querySelectorAll("button, select, input"))
    if (visible(one) && one.getBoundingClientRect().height < 18) found.push(`too small: ${one.outerHTML}`);
  const empty = /\\{\\w+\\}|undefined|null|NaN|Invalid Date/.exec(document.body.innerText);
  if (empty) found.push(`not filled in: ${empty[0]}`);
  return found;
}"""
