"""Extra shifts in force: open duties of the roster, demand of the dossier, and there still after a publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.dossiers.mapping import read_dossier
from api.errors import Problem
from api.peak.opening import open_shifts
from api.rosters.coverage import coverage_of
from api.rosters.drafts import store_draft
from api.rosters.filters import Filters
from api.rosters.mapping import read_duties, store_snapshot
from api.swaps.table import table_for
from scheduler.demand import shifts_of
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.fair_shares import fair_shares
from scheduler.fairness import measure
from scheduler.peak import Extra
from scheduler.swaps.moves import Move
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.rosters.stage import Stage, evening, set_up, small_dossier

AsRole = Callable[..., TestClient]
START = {evening(4): "a", evening(5): "b"}
NIGHT = "extra-1/2027-01-04/1"


def extra(*days: int, month: int = 1, **fields: object) -> Extra:
    """An extra shift of one hour before midnight."""
    plain = {"post_id": "P", "role": Role.CONSULT, "start": time(23), "end": time(0)}
    return Extra(days=tuple(date(2027, month, day) for day in days), **(plain | fields))


def opened(stage: Stage, *extras: Extra) -> list[str]:
    """Open extra shifts."""
    with stage.database.writing() as session:
        return open_shifts(session, "test", None, stage.dossier_id, extras, "griepgolf")


@pytest.fixture
def stage(database: Database) -> Stage:
    """January with two filled evenings, not yet in force."""
    return set_up(database)


@ON_SQLITE
def test_a_version_brings_no_closed_shift_back(stage: Stage, as_role: AsRole) -> None:
    """It was made while the extra shift was there; nobody could close that a second time."""
    planner = as_role("planner")
    stage.put_in_force(planner, stage.draft(START))
    kept, closed = opened(stage, extra(4, 6))
    with stage.database.writing() as session:
        known = read_dossier(session, session.get_one(DossierRow, stage.dossier_id))
        made = Roster(shifts=shifts_of(known), gp_of=START | {kept: "c", closed: "c"})
        later = store_draft(
            session, hds_id="test", dossier_id=stage.dossier_id, snapshot=store_snapshot(session, known), roster=made,
            result=None, origin="import", user_id=None,
        ).id  # fmt: skip
    assert planner.post(stage.url("peak/close"), json={"shift_ids": [closed]}).status_code == 200
    stage.put_in_force(planner, later)
    assert (stage.in_force()[kept], closed in stage.in_force()) == (("c", "c"), False)


def test_extra_shifts_are_open_duties_and_demand(stage: Stage, as_role: AsRole) -> None:
    """Each gets a type of its own in the dossier and an open duty; the dossier counts a change, the trail holds it."""
    stage.put_in_force(as_role("planner"), stage.draft(START))
    assert opened(stage, extra(4, 6, headcount=2)) == [
        "extra-1/2027-01-04/1", "extra-2/2027-01-04/1", "extra-3/2027-01-06/1", "extra-4/2027-01-06/1"
    ]  # fmt: skip
    assert stage.in_force()[NIGHT] == (None, None)
    with stage.database.reading() as session:
        row = session.get_one(DossierRow, stage.dossier_id)
        assert row.revision == 2
        kinds = read_dossier(session, row).shift_types
        assert [(kind.id, kind.headcount) for kind in kinds if kind.id.startswith("extra")] == [
            (f"extra-{number}", 1) for number in (1, 2, 3, 4)
        ]
    assert not verify_all(stage.database).troubles


def test_a_swap_sees_an_extra_shift_at_once(stage: Stage, as_role: AsRole) -> None:
    """Who picks it up is judged by the rules with it: three evenings a week are the limit."""
    stage.put_in_force(as_role("planner"), stage.draft(START))
    opened(stage, extra(4))
    with stage.database.writing() as session:
        table = table_for(session, "test", [Move(shift_id=NIGHT, to_gp="c")], still=True)
        assert table.verdict.is_legal
        assert not table_for(session, "test", [Move(shift_id=NIGHT, to_gp="a")], still=True).verdict.is_legal


def test_figures_share_the_extra_hours_out(stage: Stage, as_role: AsRole) -> None:
    """The deviations of coverage are those that the engine finds with the dossier as it is now."""
    stage.put_in_force(as_role("planner"), stage.draft(START))
    opened(stage, extra(4, 5, 6, headcount=3))
    with stage.database.reading() as session:
        [shown] = coverage_of(session, "test", Filters()).rosters
        dossier = read_dossier(session, session.get_one(DossierRow, stage.dossier_id))
        roster = read_duties(session, "test", stage.dossier_id)
    found = measure(dossier, roster, fair_shares(dossier, roster.shifts).targets)
    assert shown.largest_deviation == round(max(one.largest for one in found.values()), 4)


def test_everything_wrong_is_told_at_once_and_nothing_is_opened(stage: Stage, as_role: AsRole) -> None:
    """An unknown post, a day outside the period and a day without roster: three objections."""
    stage.put_in_force(as_role("planner"), stage.draft(START), "2027-01-03")
    with pytest.raises(Problem) as refused:
        opened(stage, extra(4, post_id="Q"), extra(4, month=3))
    assert len(refused.value.extra["errors"]) == 2
    with pytest.raises(Problem, match="extra_refused"):
        opened(stage, extra(2))
    assert len(stage.in_force()) == 29
    with stage.database.reading() as session:
        assert session.scalars(select(DossierRow.revision)).all() == [1]


def test_an_hour_that_the_clock_skips_is_no_shift(database: Database, as_role: AsRole) -> None:
    """On 28 March 2027 there is nothing between two and three; before and after there is."""
    march = small_dossier(period=Period(start=date(2027, 3, 1), end=date(2027, 3, 31)))
    stage = set_up(database, march)
    stage.put_in_force(as_role("planner"), stage.draft(), "2027-03-01")
    with pytest.raises(Problem, match="extra_refused"):
        opened(stage, extra(28, month=3, start=time(2), end=time(3)))
    assert opened(stage, extra(28, month=3, start=time(1), end=time(4))) == ["extra-1/2027-03-28/1"]


def test_a_publication_of_an_older_version_leaves_extra_shifts_as_they_are(stage: Stage, as_role: AsRole) -> None:
    """The version does not know them: they stay, with whoever took one, and the planner is told how many."""
    planner = as_role("planner")
    stage.put_in_force(planner, stage.draft(START))
    later = stage.draft(START | {evening(7): "c"})
    opened(stage, extra(4), extra(6))
    stage.swap(NIGHT, "c")
    answer = stage.publish(planner, later)
    assert answer.status_code == 201
    assert answer.json()["counts"] | {"in_force": 33, "extra_kept": 2, "removed": 0} == answer.json()["counts"]
    assert stage.in_force()[NIGHT] == ("c", None)
    assert stage.in_force()["extra-2/2027-01-06/1"] == (None, None)


def test_a_publication_that_clashes_with_who_took_an_extra_shift_is_refused(stage: Stage, as_role: AsRole) -> None:
    """An extra shift counts when a version is judged: the rest between duties holds for it too."""
    planner = as_role("planner")
    stage.put_in_force(planner, stage.draft(START))
    opened(stage, extra(4))
    stage.swap(NIGHT, "c")
    answer = stage.publish(planner, stage.draft({evening(4): "c"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "breaks_rules")
