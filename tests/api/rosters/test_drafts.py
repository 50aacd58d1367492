"""A roster is kept as the next draft of its dossier, whole and judged, or not at all."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from api.clock import now
from api.db.engine import Database
from api.db.tables.rosters import Assignment, RosterVersion
from api.db.tables.runs import RosterRun
from api.errors import Problem
from api.rosters.drafts import store_draft
from api.rosters.figures import figures_of
from api.rosters.mapping import read_roster
from api.rosters.repository import locks_of
from scheduler.domain.dossier import Lock
from scheduler.domain.result import RosterResult
from scheduler.fair_shares import fair_shares
from scheduler.verify import verify
from tests.api.rosters.stage import Stage, evening, set_up, small_dossier
from tests.builders import roster


def _add_run(stage: Stage, run_id: str) -> None:
    with stage.database.writing() as session:
        session.add(
            RosterRun(
                id=run_id, hds_id=stage.hds_id, dossier_id=stage.dossier_id, snapshot=stage.snapshot, request={},
                requested_at=now(),
            )
        )  # fmt: skip


def test_a_draft_holds_the_roster_and_its_judgement(database: Database) -> None:
    """Shifts, GPs and locks come back, and the figures are those of the engine's own judgement."""
    stage = set_up(database)
    whole = roster(stage.dossier, {evening(1): "a", evening(2): "b"})
    version_id = stage.draft(whole.gp_of, locked=frozenset({evening(2), evening(3)}), note="proef")
    with database.reading() as session:
        version = session.get_one(RosterVersion, version_id)
        assert (version.number, version.state, version.note) == (1, "draft", "proef")
        assert version.figures == figures_of(verify(stage.dossier, whole), 31)
        assert version.figures["unfilled"] == 29
        assert read_roster(session, stage.hds_id, version_id) == whole
        assert locks_of(session, version_id) == (Lock(shift_id=evening(2), gp_id="b"),)


def test_the_result_of_a_run_is_kept_with_its_proof_and_once(database: Database) -> None:
    """A run that reports twice, as after a crash, leaves one version."""
    stage = set_up(database)
    _add_run(stage, "run-1")
    whole = roster(stage.dossier, {evening(1): "a"})
    result = RosterResult(
        roster=whole, targets=fair_shares(stage.dossier, whole.shifts).targets, deviation_bound={"evening": 0.25},
        unfilled_bound=2, soft_cost_bound=1.5, seed=7, workers=2, engine_version="1",
    )  # fmt: skip
    fields: dict[str, Any] = {"roster": whole, "result": result, "run_id": "run-1", "origin": "run"}
    first, second = stage.draft(**fields), stage.draft(**fields)
    assert first == second
    with database.reading() as session:
        proof = session.get_one(RosterVersion, first).proof
        assert proof["deviation_bound"] == {"evening": 0.25}
        assert (proof["unfilled_bound"], proof["soft_cost_bound"], proof["seed"]) == (2, 1.5, 7)
        assert session.scalar(select(func.count()).select_from(Assignment)) == 31


def test_versions_that_are_made_at_once_are_numbered_without_gap_or_double(database: Database) -> None:
    """Ten threads add a draft each to the same dossier."""
    stage = set_up(database)
    gate = threading.Barrier(10)

    def add() -> None:
        gate.wait()
        stage.draft({evening(1): "a"})

    threads = [threading.Thread(target=add) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert sorted(session.scalars(select(RosterVersion.number))) == list(range(1, 11))


def test_a_gp_in_two_places_at_once_is_refused_with_both_shifts(database: Database) -> None:
    """No version may hold it, and nothing of the version stays behind."""
    stage = set_up(database, small_dossier(headcount=2))
    twice = {evening(1, 1): "a", evening(1, 2): "a"}
    with pytest.raises(Problem) as refusal:
        stage.draft(twice)
    assert refusal.value.code == "breaks_rules"
    assert refusal.value.extra["violations"][0]["shift_ids"] == list(twice)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RosterVersion)) == 0


def test_no_draft_for_a_dossier_of_another_hds(database: Database) -> None:
    """Who names another HDS's dossier is told that it does not exist."""
    stage = set_up(database)
    other = set_up(database, hds_id="other")
    with database.writing() as session, pytest.raises(Problem) as refusal:
        store_draft(
            session, hds_id="other", dossier_id=stage.dossier_id, snapshot=other.snapshot, result=None,
            roster=roster(other.dossier), origin="import", user_id=None,
        )  # fmt: skip
    assert refusal.value.code == "not_found"
