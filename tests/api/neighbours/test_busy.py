"""One person at two HDSs keeps the rules across both, and neither HDS sees more than that the GP is busy."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.db.engine import Database
from scheduler.domain.settings import RuleParameters
from tests.api.neighbours.two_hdss import EAST, WEST, TwoHdss, put_in_force, shift, two_hdss, url

LOOSE = RuleParameters(
    max_weekends_in_5=5, max_shifts_per_week=7, max_hours_per_4_weeks=300, min_rest_hours=0, rest_after_night_hours=0,
    rest_after_night_series_hours=0,
)  # fmt: skip


def verdict(client: TestClient, hds_id: str, shift_id: str, giver: str, taker: str) -> Any:
    """The verdict on one handover."""
    move = {"shift_id": shift_id, "from_gp_id": giver, "to_gp_id": taker}
    answer = client.post(url(hds_id, "swaps/verdict"), json={"moves": [move]})
    assert answer.status_code == 200, answer.text
    return answer.json()


def of_west(two: TwoHdss, day: int, number: int = 1) -> Any:
    """The verdict for the planner of west: may `a` take this shift of `b`?"""
    return verdict(two.client(WEST, "planner"), WEST, shift(day, number), "b", "a")


# rule: parameters, days of the person's duties at east that reach the limit with the 14th at west, and that pass it
CASES: dict[str, tuple[dict[str, Any], list[int], list[int]]] = {
    "no_overlap": ({}, [13, 15], [13, 14]),
    "rest": ({"min_rest_hours": 18}, [13, 15], [13, 14]),
    "week": ({"max_shifts_per_week": 3}, [11, 13], [11, 13, 15]),
    "four_weeks": ({"max_hours_per_4_weeks": 18}, [1, 28], [1, 20, 28]),
}


@pytest.mark.parametrize("rule", sorted(CASES))
def test_what_the_person_does_at_the_other_hds_may_reach_the_limit(app: FastAPI, database: Database, rule: str) -> None:
    """The smallest case that holds, across two HDSs."""
    limits, days, _ = CASES[rule]
    rules = LOOSE.replace(**limits)
    two = two_hdss(app, database, {shift(14): "b"}, {shift(day): "x" for day in days}, rules=rules)
    two.one_person()
    assert of_west(two, 14)["legal"]


@pytest.mark.parametrize("rule", sorted(CASES))
def test_what_the_person_does_at_the_other_hds_may_not_pass_the_limit(
    app: FastAPI, database: Database, rule: str
) -> None:
    """The smallest case that breaks: told as busy, with the own shift and nothing else."""
    limits, _, days = CASES[rule]
    rules = LOOSE.replace(**limits)
    two = two_hdss(app, database, {shift(14): "b"}, {shift(day): "x" for day in days}, rules=rules)
    two.one_person()
    found = of_west(two, 14)
    assert not found["legal"]
    assert rule in {one["rule"] for one in found["reasons"]}
    assert all("buiten dit rooster bezet" in one["text"] for one in found["reasons"])
    assert EAST not in str(found)


def test_two_gps_who_are_not_one_person_have_nothing_to_do_with_each_other(app: FastAPI, database: Database) -> None:
    """Without a link the same times at two HDSs are two people."""
    two = two_hdss(app, database, {shift(14): "b"}, {shift(14): "x"})
    assert of_west(two, 14)["legal"]


def test_who_could_take_a_shift_knows_who_is_busy_elsewhere(app: FastAPI, database: Database) -> None:
    """The ranked list leaves the person out, with busy as the reason."""
    two = two_hdss(app, database, {shift(14): "b"}, {shift(14): "x"}, rules=LOOSE)
    two.one_person()
    answer = two.client(WEST, "planner").get(url(WEST, f"swaps/candidates/{shift(14)}")).json()
    assert [one["gp_id"] for one in answer["candidates"]] == ["c"]
    (excluded,) = answer["excluded"]
    assert excluded["gp_id"] == "a"
    assert "buiten dit rooster bezet" in str(excluded)
    assert EAST not in str(answer)


def test_what_happens_at_the_other_hds_counts_at_once(app: FastAPI, database: Database) -> None:
    """The verdict is about the duties as they are when it is asked, not as they were when the roster was opened."""
    two = two_hdss(app, database, {shift(14): "b"}, {shift(14): "y"}, rules=LOOSE)
    two.one_person()
    assert of_west(two, 14)["legal"]
    two.east.swap(shift(14), "x")
    assert not of_west(two, 14)["legal"]
    two.east.swap(shift(14), None)
    assert of_west(two, 14)["legal"]


def test_an_edit_by_hand_is_told_that_the_gp_is_busy(app: FastAPI, database: Database) -> None:
    """A draft may hold it, as it may hold any broken rule; the planner sees it at once."""
    two = two_hdss(app, database, {}, {shift(14): "x"}, rules=LOOSE)
    two.one_person()
    version = two.west.draft({})
    planner = two.client(WEST, "planner")
    edits = {"edits": [{"shift_id": shift(14), "gp_id": "a"}]}
    answer = planner.post(url(WEST, f"versions/{version}/edits"), json=edits, params={"dry_run": True})
    assert answer.status_code == 200, answer.text
    assert "buiten dit rooster bezet" in answer.json()["broken"][0]["text"]
    assert answer.json()["can_be_saved"]
    assert EAST not in answer.text


def test_no_roster_is_published_with_a_gp_who_is_elsewhere(app: FastAPI, database: Database) -> None:
    """Not even where the planner accepts what is broken; a rest that is too short can be accepted."""
    rules = LOOSE.replace(min_rest_hours=19)
    two = two_hdss(app, database, {}, {shift(14): "x"}, rules=rules)
    two.one_person()
    planner = two.client(WEST, "planner")
    accepted: dict[str, Any] = {"accept_violations": True, "reason": "test"}
    refused = two.west.publish(planner, two.west.draft({shift(14): "a"}), **accepted)
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert "buiten dit rooster bezet" in refused.text
    near = two.west.draft({shift(15): "a"})
    told = two.west.publish(planner, near)
    assert [one["rule"] for one in told.json()["violations"]] == ["rest"]
    assert two.west.publish(planner, near, **accepted).status_code == 201


def test_a_run_knows_only_when_its_gps_are_busy(app: FastAPI, database: Database) -> None:
    """What the solver gets holds spans of time, and nothing of the other HDS."""
    from sqlalchemy import select

    from api.db.tables.runs import RosterRun
    from api.rosters.mapping import load_snapshot

    two = two_hdss(app, database, {}, {shift(14): "x"}, rules=LOOSE)
    two.one_person()
    planner = two.client(WEST, "planner")
    answer = planner.post(url(WEST, f"dossiers/{two.west.dossier_id}/runs"), json={"time_limit": 5})
    assert answer.status_code in (201, 202), answer.text
    with database.reading() as session:
        snapshot = session.scalars(select(RosterRun.snapshot)).one()
        dossier = load_snapshot(session, snapshot)
    assert [(one.gp_id, one.start.isoformat(), one.is_night, one.is_standby) for one in dossier.elsewhere] == [
        ("a", "2027-01-14T17:00:00+01:00", False, False)
    ]
    assert EAST not in re.findall(r"\w+", dossier.model_dump_json())


def test_two_hdss_at_once_cannot_put_one_person_in_two_places(app: FastAPI, database: Database) -> None:
    """A deal at each at the same moment: exactly one is done, whichever comes first."""
    days = (5, 12, 19, 26)
    two = two_hdss(app, database, {shift(day): "b" for day in days}, {shift(day): "y" for day in days}, rules=LOOSE)
    west, east = two.one_person()
    givers = {WEST: two.client(WEST, "gp", "b"), EAST: two.client(EAST, "gp", "y")}
    for hds_id, giver in givers.items():
        for day in days:
            assert giver.post(url(hds_id, "swaps/offers"), json={"shift_id": shift(day)}).status_code == 201
    for day in days:
        answers = both_at_once(
            lambda day=day: take(west, WEST, day, "b", "a"), lambda day=day: take(east, EAST, day, "y", "x")
        )
        assert sorted(one.status_code for one in answers) == [201, 409], [one.text for one in answers]
        assert (two.west.in_force()[shift(day)][0] == "a") != (two.east.in_force()[shift(day)][0] == "x")


def test_a_publication_and_a_deal_at_once_cannot_put_one_person_in_two_places(app: FastAPI, database: Database) -> None:
    """A whole roster at one HDS, one duty at the other."""
    two = two_hdss(app, database, {}, {shift(14): "y"}, rules=LOOSE)
    _, east = two.one_person()
    giver, planner = two.client(EAST, "gp", "y"), two.client(WEST, "planner")
    assert giver.post(url(EAST, "swaps/offers"), json={"shift_id": shift(14)}).status_code == 201
    version = two.west.draft({shift(14): "a"})
    answers = both_at_once(lambda: two.west.publish(planner, version), lambda: take(east, EAST, 14, "y", "x"))
    assert sorted(one.status_code for one in answers) == [201, 409], [one.text for one in answers]


def take(client: TestClient, hds_id: str, day: int, giver: str, taker: str) -> Response:
    """Take what was offered."""
    move = {"shift_id": shift(day), "from_gp_id": giver, "to_gp_id": taker}
    found: Response = client.post(url(hds_id, "swaps/deals"), json={"moves": [move]})
    return found


def both_at_once(*asked: Any) -> list[Response]:
    """The answers of calls that start at the same moment."""
    gate, answers = threading.Barrier(len(asked)), list[Response]()

    def run(ask: Any) -> None:
        gate.wait()
        answers.append(ask())

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_publishing_again_what_is_in_force_stands_though_the_person_was_found_out_later(
    app: FastAPI, database: Database
) -> None:
    """A double booking from before the link stays on record; the next roster must be without it."""
    two = two_hdss(app, database, {shift(14): "a"}, {shift(14): "x"}, rules=LOOSE)
    two.one_person()
    assert two.west.in_force()[shift(14)][0] == "a"
    planner = two.client(WEST, "planner")
    assert two.west.publish(planner, two.west.draft({shift(14): "a"})).status_code == 409
    put_in_force(database, two.west, {shift(14): "c"})
    assert two.west.in_force()[shift(14)][0] == "c"
