"""A proposal becomes the roster in force once, as a whole, with the consent it needs, or nothing changes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.verify import verify_all
from api.clock import now
from api.db.tables.dossier import AbsenceRow, LockRow
from api.db.tables.people import Gp
from api.db.tables.repair import Repair
from api.db.tables.rosters import Duty
from api.messages.spreading import spread
from api.repair.deciding import expire
from scheduler.mend import Change, ChangeReason
from tests.api.audit.on_record import doers
from tests.api.repair.stage import WEEK, apply, asked, put_down, told, written
from tests.api.rosters.stage import Stage, evening

TO_C = Change(shift_id=evening(4), from_gp="a", to_gp="c", reason=ChangeReason.AWAY)
CHAIN = (
    Change(shift_id=evening(4), from_gp="a", to_gp="b", reason=ChangeReason.AWAY),
    Change(shift_id=evening(7), from_gp="b", to_gp="c", reason=ChangeReason.MAKES_ROOM, room_for=(evening(4),)),
)
"""`b` takes the vacated shift, and gives another to `c` to be able to."""


def _absences(stage: Stage) -> int:
    with stage.database.reading() as session:
        return len(session.scalars(select(AbsenceRow)).all())


def test_applied_it_is_the_roster_with_the_absence_in_the_dossier(stage: Stage, planner: TestClient) -> None:
    """The taker performs, responsibility stays, the absence stands and the lock is gone; done once."""
    repair = written(stage, planner, TO_C)
    answer = apply(stage, planner, repair)
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.text
    assert stage.in_force()[evening(4)] == ("c", "a")
    assert (told(stage.database, "duty_changed"), _absences(stage)) == (1, 1)
    with stage.database.reading() as session:
        assert session.scalars(select(LockRow)).all() == []
    assert apply(stage, planner, repair).json()["code"] == "wrong_state"
    assert not verify_all(stage.database).troubles


def test_of_two_who_apply_at_once_one_wins(stage: Stage, planner: TestClient) -> None:
    """The other gets 409, and the absence is in the dossier once."""
    repair = written(stage, planner, TO_C)
    with ThreadPoolExecutor(2) as both:
        answers = [both.submit(apply, stage, planner, repair) for _ in range(2)]
        assert sorted(one.result().status_code for one in answers) == [200, 409]
    assert _absences(stage) == 1


def test_two_proposals_about_the_same_shift_are_not_both_done(stage: Stage, planner: TestClient) -> None:
    """Whichever comes first is; the other is out of date then."""
    other = Change(shift_id=evening(4), from_gp="a", to_gp="b", reason=ChangeReason.AWAY)
    repairs = [written(stage, planner, TO_C), written(stage, planner, other)]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda repair: apply(stage, planner, repair), repairs))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert _absences(stage) == 1


def test_what_nobody_takes_is_given_back_open(stage: Stage, planner: TestClient) -> None:
    """It stands open in the roster in force, with who was responsible for it."""
    repair = written(stage, planner, left_open=(evening(4),))
    assert apply(stage, planner, repair).json()["state"] == "applied"
    assert stage.in_force()[evening(4)] == (None, "a")


def test_who_has_no_duties_then_is_just_away(stage: Stage, planner: TestClient) -> None:
    """Nothing changes hands, and the absence enters the dossier."""
    repair = written(stage, planner, away=[WEEK | {"gp_id": "c"}])
    assert apply(stage, planner, repair).json()["state"] == "applied"
    assert _absences(stage) == 1


def test_a_trainee_who_is_away_no_longer_joins(stage: Stage, planner: TestClient) -> None:
    """The duty stays with its GP, and has no trainee any more."""
    with stage.database.writing() as session:
        duty = session.scalars(select(Duty).where(Duty.shift_id == evening(5))).one()
        duty.trainee_number = session.scalars(select(Gp.number).where(Gp.gp_id == "c")).one()
    repair = written(stage, planner, trainees_off=(evening(5),), away=[WEEK | {"gp_id": "c"}])
    assert apply(stage, planner, repair).json()["state"] == "applied"
    with stage.database.reading() as session:
        duty = session.scalars(select(Duty).where(Duty.shift_id == evening(5))).one()
        assert (duty.trainee_number, duty.revision) == (None, 2)
    assert stage.in_force()[evening(5)] == ("b", "b")


def test_a_proposal_is_out_of_date_once_a_duty_of_it_changed(stage: Stage, planner: TestClient) -> None:
    """Also when it is back with whom it was: refused with nothing done, and to be asked for again."""
    repair = written(stage, planner, TO_C)
    stage.swap(evening(4), "b")
    stage.swap(evening(4), "a")
    assert planner.get(stage.url(f"repairs/{repair['id']}")).json()["proposal"]["current"] is False
    answer = apply(stage, planner, repair)
    assert (answer.status_code, answer.json()["code"], _absences(stage)) == (409, "swap_outdated", 0)
    again = planner.post(stage.url(f"repairs/{repair['id']}/again")).json()
    assert (again["away"][0]["start"], again["state"]) == (WEEK["start"], "queued")
    put_down(stage, again, TO_C)
    assert apply(stage, planner, again).status_code == 200


def test_words_that_were_taken_out_of_a_repair_do_not_come_back(stage: Stage, planner: TestClient) -> None:
    """They stand in one place, and who asks for the same once more asks in the words that are left."""
    repair = asked(stage, planner, reason="verlof van Dokter a")
    with stage.database.writing() as session:
        row = session.get_one(Repair, repair["id"])
        row.reason = "verlof van wie gewist is"
        assert "Dokter a" not in json.dumps(row.request)
    again = planner.post(stage.url(f"repairs/{repair['id']}/again")).json()
    assert again["reason"] == "verlof van wie gewist is"


def test_a_new_duty_of_who_is_away_makes_a_proposal_outdated(stage: Stage, planner: TestClient) -> None:
    """What the proposal does not know would stay with somebody who is not there."""
    repair = written(stage, planner, TO_C)
    stage.swap(evening(9), "a")
    assert apply(stage, planner, repair).json()["code"] == "swap_outdated"


def test_a_proposal_that_breaks_a_rule_by_now_is_refused(stage: Stage, planner: TestClient) -> None:
    """`c` took duties since: a fourth one that week is refused, and the absence with it."""
    repair = written(stage, planner, TO_C)
    for day in (8, 9, 10):
        stage.swap(evening(day), "c")
    answer = apply(stage, planner, repair)
    assert (answer.status_code, answer.json()["code"], _absences(stage)) == (409, "breaks_rules", 0)


def test_everything_wrong_with_a_question_is_told_at_once(stage: Stage, planner: TestClient) -> None:
    """An unknown GP, an unknown shift and an absence that ends before it begins; nothing asked is refused too."""
    backwards = WEEK | {"start": WEEK["end"], "end": WEEK["start"]}
    away = [WEEK | {"gp_id": "z"}, backwards]
    body = {"dossier_id": stage.dossier_id, "away": away, "vacated": ["x/1"], "reason": "verlof"}
    answer = planner.post(stage.url("repairs"), json=body)
    assert (answer.status_code, answer.json()["code"], len(answer.json()["errors"])) == (422, "mend_refused", 3)
    assert planner.post(stage.url("repairs"), json=body | {"away": [], "vacated": []}).status_code == 422
    assert planner.get(stage.url("repairs")).json()["items"] == []


def test_the_same_key_asks_once(stage: Stage, planner: TestClient) -> None:
    """A retry gets the repair that it made, another request under that key a refusal."""
    body = {"dossier_id": stage.dossier_id, "away": [WEEK], "reason": "verlof"}
    headers = {"Idempotency-Key": "k"}
    both = [planner.post(stage.url("repairs"), json=body, headers=headers).json()["id"] for _ in range(2)]
    assert both[0] == both[1]
    other = planner.post(stage.url("repairs"), json=body | {"reason": "ziek"}, headers=headers)
    assert other.json()["code"] == "idempotency_key_reused"


def test_repairs_are_listed_in_pages(stage: Stage, planner: TestClient) -> None:
    """The latest first; a cursor of another list is refused."""
    made = [asked(stage, planner)["id"] for _ in range(3)]
    first = planner.get(stage.url("repairs?limit=2")).json()
    rest = planner.get(stage.url(f"repairs?limit=2&cursor={first['next']}")).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert planner.get(stage.url("repairs?cursor=WzE3XQ")).json()["code"] == "bad_cursor"


class TestMovingOthers:
    """A proposal by which a published shift of `b` goes to `c`."""

    @pytest.fixture
    def repair(self, stage: Stage, planner: TestClient) -> dict[str, Any]:
        """The proposal."""
        return written(stage, planner, *CHAIN, movable="anybody")

    def test_it_is_done_as_a_set_once_the_gp_agrees(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """Nothing before that; the GP sees the own shifts and nothing of who is away."""
        before = stage.in_force()
        assert apply(stage, planner, repair).json()["state"] == "asking"
        assert stage.in_force() == before
        assert told(stage.database, "repair_asked") == 1
        [ask] = gps["b"].get(stage.url("repairs/asks")).json()["items"]
        assert (ask["gives"], ask["takes"]) == ([evening(7)], [evening(4)])
        assert gps["c"].get(stage.url("repairs/asks")).json() == {"items": []}
        where = stage.url(f"repairs/{repair['id']}/answer")
        assert gps["c"].post(where, json={"agreed": True}).status_code == 404
        done = gps["b"].post(where, json={"agreed": True})
        assert (done.status_code, done.json()["state"]) == (200, "applied"), done.text
        assert stage.in_force()[evening(4)] == ("b", "a")
        assert stage.in_force()[evening(7)] == ("c", "b")
        assert gps["b"].post(where, json={"agreed": False}).json()["code"] == "wrong_state"
        assert not verify_all(stage.database).troubles

    def test_the_last_yes_is_the_gps_and_the_rest_is_done_by_nobody(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """`b` agreed: absence, lock, repair and duties follow from that, and the planner who asked did none of it."""
        apply(stage, planner, repair)
        assert gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True}).status_code == 200
        followed = ("dossier.absences.added", "dossier.locks.removed", "repair.applied")
        done = doers(stage.database, "repair.agreed", *followed)
        assert done == [("repair.agreed", "user-b"), *((action, None) for action in followed)]

    @pytest.mark.parametrize("kind", ["absence", "limit"])
    def test_a_yes_that_comes_too_late_tells_nothing_of_colleagues(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any], kind: str
    ) -> None:
        """`c` is away by now, or wants none of it: `b` reads that it cannot be, and neither why nor when."""
        apply(stage, planner, repair)
        where = f"dossiers/{stage.dossier_id}"
        row = WEEK | {"gp_id": "c", "reason": "operatie"}
        if kind == "limit":
            where, row = f"{where}/limits", {"gp_id": "c", "burden": "evening", "max_hours": 1}
        else:
            where = f"{where}/absences"
        assert planner.post(stage.url(where), json=row).status_code == 201
        answer = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True})
        assert (answer.status_code, answer.json()["code"]) == (409, "swap_outdated")
        for word in ("afwezig", "operatie", "grens", "own_limit", "absence", "2027-01-0", "4 januari"):
            assert word not in answer.text, answer.text

    def test_a_dossier_that_does_not_take_a_repair_tells_a_gp_nothing_of_others(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """Somebody held `a` to a shift of that week since: the absence does not fit, and `b` reads "out of date"."""
        apply(stage, planner, repair)
        lock = {"shift_id": evening(8), "gp_id": "a"}
        assert planner.post(stage.url(f"dossiers/{stage.dossier_id}/locks"), json=lock).status_code == 201
        answer = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True})
        assert (answer.status_code, answer.json()["code"]) == (409, "swap_outdated")
        assert "errors" not in answer.json()

    def test_a_refusal_changes_nothing(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """Not the roster, and not the dossier."""
        before = stage.in_force()
        apply(stage, planner, repair)
        refused = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": False})
        assert refused.json()["state"] == "refused"
        assert (stage.in_force(), _absences(stage)) == (before, 0)
        assert told(stage.database, "repair_refused") == 1

    def test_the_planner_decides_with_a_reason(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """Without one it is refused; those whose shifts move read it, and nobody else."""
        assert apply(stage, planner, repair, "decide").status_code == 400
        assert apply(stage, planner, repair, "decide", "dienst moet door").json()["state"] == "applied"
        assert stage.in_force()[evening(4)] == ("b", "a")
        spread(stage.database, now(), by_mail=False)
        assert "dienst moet door" in _notices(stage, gps["b"])
        assert "dienst moet door" not in _notices(stage, gps["c"])

    def test_who_does_not_answer_in_time_keeps_the_duties(
        self, stage: Stage, planner: TestClient, repair: dict[str, Any]
    ) -> None:
        """It expires by itself, once."""
        before = stage.in_force()
        apply(stage, planner, repair)
        assert expire(stage.database, now() + timedelta(hours=71)) == 0
        assert expire(stage.database, now() + timedelta(hours=73)) == 1
        assert expire(stage.database, now() + timedelta(hours=73)) == 0
        assert stage.in_force() == before
        assert planner.post(stage.url(f"repairs/{repair['id']}/withdraw")).json()["code"] == "wrong_state"

    def test_the_planner_takes_it_back_from_those_asked(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient], repair: dict[str, Any]
    ) -> None:
        """They are told, and can agree no more."""
        apply(stage, planner, repair)
        assert planner.post(stage.url(f"repairs/{repair['id']}/withdraw")).json()["state"] == "withdrawn"
        assert told(stage.database, "repair_withdrawn") == 1
        late = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True})
        assert late.json()["code"] == "wrong_state"


def _notices(stage: Stage, gp: TestClient) -> str:
    return " ".join(one["text"] for one in gp.get(stage.url("messages/mine")).json()["items"])
