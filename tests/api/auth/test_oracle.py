"""What a GP can find out about colleagues by asking all that may be asked, for each day of a year: nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.principal import Member, Role
from api.clock import now
from api.db.engine import Database
from api.db.tables import Base
from api.messages.spreading import spread
from api.rosters.publishing import Order, publish
from api.settings import Settings
from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence, Limit, Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Burden
from tests.api.auth.attacker import HDS, Attacker, differences
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import set_up
from tests.builders import agreement, dossier, gp, shift_type
from tests.duty_builders import YEAR

HOLDERS = ("a", "b", None)
"""Who has the first, the second and the third duty, and so on through the year; `c` has none."""


def _year(**private: Any) -> Dossier:
    """An evening shift on every Saturday of a year, for three locums."""
    types = [shift_type("avond", days={"saturday"})]
    fields = {"period": YEAR, "rules": RuleParameters(max_weekends_in_5=5)} | private
    return dossier([gp(name) for name in "abc"], [agreement(name) for name in "abc"], types, **fields)


def _away() -> dict[str, Any]:
    """`b` is away on every fifth day of duty and `c` on every fourth, each with wishes on others."""
    days = [shift.start.replace(hour=0, minute=0) for shift in shifts_of(_year())]
    spans = [{"start": day, "end": day + timedelta(days=1)} for day in days]
    return {
        "absences": [
            *(Absence(gp_id="b", reason="behandeling", **span) for span in spans[::5]),
            *(Absence(gp_id="c", reason="verlof", **span) for span in spans[::4]),
        ],
        "wishes": [Wish(gp_id="b", wish=WishKind.AVOID, weight=9, **span) for span in spans[1::5]],
    }


def _full() -> dict[str, Any]:
    """`b` may not get a single duty more by an own limit, which leaves the shares as they are."""
    had = 6 * len(shifts_of(_year())[1::3])
    return {"limits": [Limit(gp_id="b", burden=Burden.WEEKEND, max_hours=had + 3)]}


class World:
    """An HDS with a year in force, in a database of its own."""

    def __init__(self, folder: Path, of: Dossier) -> None:
        self.database = Database(f"sqlite:///{folder / uuid.uuid4().hex}.sqlite")
        Base.metadata.create_all(self.database.engine)
        self.performers = {
            shift.id: HOLDERS[place % len(HOLDERS)] for place, shift in enumerate(shifts_of(of))
        }  # fmt: skip
        stage = set_up(self.database, of)
        planner = add_user(self.database, "publisher", "test", "planner")
        version = stage.draft({shift_id: gp_id for shift_id, gp_id in self.performers.items() if gp_id})
        with self.database.writing() as session:
            order = Order(YEAR.start, "test", accept_violations=True)
            publish(session, Member(planner, "test", frozenset({Role.PLANNER})), version, order, "*", None)
        self.app: FastAPI = create_app(
            Settings(
                database_url=self.database.url, development=True, secure_cookies=False, work_folder=folder,
                swap_questions=10**6,
            )
        )  # fmt: skip

    def speaks(self, name: str, role: str = "gp") -> TestClient:
        """A client of a GP, or of the planner."""
        user_id = add_user(self.database, f"user-{name}", "test", role, gp_id=name if role == "gp" else None)
        secret = token_for(self.database, user_id, "test", role)
        return TestClient(self.app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)

    def attacked(self) -> Attacker:
        """What `a` finds out."""
        found = self._attacker("a", "gp")
        found.read_everything()
        found.judge_handovers()
        found.judge_chains()
        found.try_everything()
        spread(self.database, now(), by_mail=False)
        found.ask("GET", f"{HDS}/messages/mine")
        found.ask("GET", f"{HDS}/roster")
        return found

    def asked_by_planner(self) -> Attacker:
        """What a planner reads about the same handovers."""
        found = self._attacker("planner", "planner")
        found.judge_handovers()
        return found

    def _attacker(self, name: str, role: str) -> Attacker:
        return Attacker(self.speaks(name, role), "a", ["b", "c"], self.performers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases are."""
    return tmp_path_factory.mktemp("oracle")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Attacker:
    """What is found out where nobody has anything private."""
    return World(folder, _year()).attacked()


def test_absence_illness_and_wishes_of_colleagues_change_no_answer(folder: Path, plain: Attacker) -> None:
    """On no day of the year is any answer another one: who guesses does as well; ids and revisions, left out, count on.

    The same questions, asked by a planner, do tell of absences, or this would show nothing.
    """
    world = World(folder, _year(**_away()))
    speaks_for_b = world.speaks("b")
    # ill on days without a duty, as duties that are given back stand open in everybody's roster
    for shift_id in list(world.performers)[2::9]:
        day = shift_id.split("/")[1]
        ill = {"start": f"{day}T12:00:00+01:00", "until": f"{day}T23:30:00+01:00"}
        assert speaks_for_b.post(f"{HDS}/sickness", json=ill).status_code == 201
    planner = world.asked_by_planner()
    found = world.attacked()
    assert len(found.answers) > 400
    assert not (told := differences(plain, found)), "\n".join(told[:5])
    asked = planner.answers.keys() & found.answers.keys()
    private = [one for one in asked if planner.answers[one][1]["legal"] != found.answers[one][1]["legal"]]
    days_of_a = {shift_id.split("/")[1] for shift_id, gp_id in world.performers.items() if gp_id == "a"}
    assert len(private) == sum(f"{one.start:%Y-%m-%d}" in days_of_a for one in _away()["absences"]) > 5


def test_an_own_limit_of_a_colleague_changes_no_answer(folder: Path, plain: Attacker) -> None:
    """Nor does that a colleague wants no hour more."""
    found = World(folder, _year(**_full())).attacked()
    assert not (told := differences(plain, found)), "\n".join(told[:5])
