"""Publishing puts a version in force from a day on, whole or not at all, and rewrites no history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.audit.trail import AuditEntry
from api.clock import now
from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.payouts import Worked
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty, Publication, PublishedDuty, RosterVersion
from scheduler.domain.settings import RuleParameters
from scheduler.domain.time import Period
from tests.api.rosters.stage import at_once, evening, set_up, small_dossier
from tests.builders import agreement, dossier, gp, shift_type

AsRole = Callable[..., TestClient]
WEEKLY = {evening(day): "abc"[(day // 7) % 3] for day in range(2, 31, 7)}
"""A GP each Saturday, by turns; every other evening stays open."""


def _states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(RosterVersion.state).order_by(RosterVersion.id)))


def test_a_published_version_is_the_roster_in_force(database: Database, as_role: AsRole) -> None:
    """Every shift is in force, who has it is responsible, and that is on record for ever."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft(WEEKLY)
    answer = stage.publish(planner, version, reason="Nieuw jaar")
    assert answer.status_code == 201
    body = answer.json()
    assert body["counts"] == {
        "in_force": 31, "added": 31, "removed": 0, "changed": 0, "undone_swaps": 0, "unfilled": 26,
        "extra_kept": 0,
    }  # fmt: skip
    assert (body["publication"]["number"], body["version"]["state"]) == (1, "published")
    assert {shift_id: both for shift_id, both in stage.in_force().items() if both[0]} == {
        shift_id: (gp_id, gp_id) for shift_id, gp_id in WEEKLY.items()
    }
    with database.reading() as session:
        kept = select(PublishedDuty.shift_id, Gp.gp_id).join(Gp, Gp.number == PublishedDuty.gp_number)
        assert {row.shift_id: row.gp_id for row in session.execute(kept)} == WEEKLY
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.chain == "test"))
        assert list(actions) == ["roster.published"]


def test_duties_before_the_freeze_date_stay(database: Database, as_role: AsRole) -> None:
    """The new version holds from its day on; of the old one the rest stays in force, so it is not superseded."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a", evening(16): "a"}))
    later = stage.draft({evening(2): "b", evening(16): "b"})
    assert stage.publish(planner, later, "2027-01-15").status_code == 201
    assert stage.in_force()[evening(2)] == ("a", "a")
    assert stage.in_force()[evening(16)] == ("b", "b")
    assert _states(database) == ["published", "published"]


def test_a_version_of_which_nothing_is_in_force_is_superseded(database: Database, as_role: AsRole) -> None:
    """A version that holds from the first day on leaves nothing of the one before."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft(WEEKLY))
    stage.put_in_force(planner, stage.draft(WEEKLY))
    assert _states(database) == ["superseded", "published"]


def test_who_took_a_duty_over_does_not_become_responsible_by_a_publication(database: Database, as_role: AsRole) -> None:
    """Where the version leaves the duty with its performer the swap stays visible; another GP takes both over."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a", evening(9): "a", evening(16): "a"}))
    for day in (2, 9, 16):
        stage.swap(evening(day), "b")
    answer = stage.publish(planner, stage.draft({evening(2): "b", evening(9): "c", evening(16): "a"}))
    assert stage.in_force()[evening(2)] == ("b", "a")
    assert stage.in_force()[evening(9)] == ("c", "c")
    assert stage.in_force()[evening(16)] == ("a", "a")
    assert answer.json()["counts"]["undone_swaps"] == 2


def test_a_duty_given_back_stays_the_responsibility_of_who_had_it(database: Database, as_role: AsRole) -> None:
    """A version that leaves the shift open as it is takes nobody's responsibility away."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a"}))
    stage.swap(evening(2), None)
    stage.put_in_force(planner, stage.draft())
    assert stage.in_force()[evening(2)] == (None, "a")


def test_gps_who_trade_places_at_the_same_hour_are_never_at_two(database: Database, as_role: AsRole) -> None:
    """Two GPs exchange two shifts of one evening in a single publication."""
    stage, planner = set_up(database, small_dossier(headcount=2)), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2, 1): "a", evening(2, 2): "b"}))
    answer = stage.publish(planner, stage.draft({evening(2, 1): "b", evening(2, 2): "a"}))
    assert answer.status_code == 201
    assert stage.in_force()[evening(2, 1)] == ("b", "b")
    assert stage.in_force()[evening(2, 2)] == ("a", "a")


def test_shifts_that_the_new_version_lacks_leave_the_roster_but_not_the_record(
    database: Database, as_role: AsRole
) -> None:
    """A dossier with fewer shifts: what was published stays in the history."""
    stage, planner = set_up(database, small_dossier(headcount=2)), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2, 2): "a"}))
    fewer = set_up(database, small_dossier(headcount=1))
    answer = fewer.publish(planner, fewer.draft(), "2027-01-15")
    assert (answer.json()["counts"]["removed"], answer.json()["counts"]["in_force"]) == (17, 17)
    assert len(stage.in_force()) == 2 * 14 + 17
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PublishedDuty)) == 62 + 17


def test_a_version_that_breaks_rules_is_refused_unless_accepted_with_a_reason(
    database: Database, as_role: AsRole
) -> None:
    """The refusal names the rules; acceptance without a reason is none; with one it is on record."""
    stage, planner = set_up(database), as_role("planner")
    week = {evening(day): "a" for day in range(4, 9)}
    version = stage.draft(week)
    refused = stage.publish(planner, version)
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert {one["rule"] for one in refused.json()["violations"]} == {"week"}
    assert stage.publish(planner, version, accept_violations=True, reason=" ").status_code == 409
    assert stage.in_force() == {}
    accepted = stage.publish(planner, version, accept_violations=True, reason="Griepgolf")
    assert accepted.status_code == 201
    assert accepted.json()["publication"]["accepted_violations"] == len(refused.json()["violations"])


def test_the_roster_in_force_is_judged_as_a_whole(database: Database, as_role: AsRole) -> None:
    """Two legal halves make a week with four shifts; what the earlier half broke by itself is no objection."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(4): "a", evening(5): "a"}))
    halves = stage.draft({evening(6): "a", evening(7): "a"})
    answer = stage.publish(planner, halves, "2027-01-06")
    assert answer.status_code == 409
    broken = answer.json()["violations"]
    assert [one["shift_ids"] for one in broken] == [[evening(day) for day in (4, 5, 6, 7)]]
    for day in (4, 5, 6, 7):
        stage.swap(evening(day), "a")
    assert stage.publish(planner, stage.draft({evening(16): "b"}), "2027-01-11").status_code == 201


def test_the_dossier_counts_as_it_is_now(database: Database, as_role: AsRole) -> None:
    """A GP whose agreement ended since the version was made is not put on duty by it."""
    from api.dossiers.mapping import write_parts

    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(16): "a"})
    shorter = [agreement(name, valid_until="2027-01-10") if name == "a" else agreement(name) for name in "abc"]
    with database.writing() as session:
        write_parts(session, stage.dossier_id, stage.hds_id, stage.dossier.replace(agreements=tuple(shorter)))
    answer = stage.publish(planner, version)
    assert [one["rule"] for one in answer.json()["violations"]] == ["may_work"]


def test_rest_holds_across_new_year(database: Database, as_role: AsRole) -> None:
    """A night that ends on New Year's morning leaves no room for a shift that morning in the next dossier."""
    people = [gp("a")]
    rules = RuleParameters(christmas_and_new_year="ignore")
    late = dossier(
        people, [agreement("a", valid_from="2026-01-01")], [shift_type("nacht", "23:00", "08:00")],
        period=Period(start="2026-12-25", end="2026-12-31"), rules=rules,
    )  # fmt: skip
    early = dossier(people, [agreement("a")], [shift_type("dag", "09:00", "17:00")], rules=rules)
    planner = as_role("planner")
    old, new = set_up(database, late), set_up(database, early)
    assert old.publish(planner, old.draft({"nacht/2026-12-31/1": "a"}), "2026-12-25").status_code == 201
    answer = new.publish(planner, new.draft({"dag/2027-01-01/1": "a"}))
    assert answer.status_code == 409
    assert {tuple(one["shift_ids"]) for one in answer.json()["violations"]} == {
        ("nacht/2026-12-31/1", "dag/2027-01-01/1")
    }
    assert new.publish(planner, new.draft({"dag/2027-01-02/1": "a"})).status_code == 201
    assert "nacht/2026-12-31/1" in new.in_force()


def test_no_reason_puts_a_gp_in_two_placesat_once(database: Database, as_role: AsRole) -> None:
    """A duty of the dossier before that lasts into a shift of this one: refused, accepted or not."""
    late = [shift_type("lang", "09:00", "20:00", days=["weekday"])]
    planner, december = as_role("planner"), Period(start="2026-12-31", end="2026-12-31")
    people, agreements = [gp("a")], [agreement("a", valid_from="2026-01-01")]
    old = set_up(database, dossier(people, agreements, late, period=december))
    old.put_in_force(planner, old.draft({"lang/2026-12-31/1": "a"}), "2026-12-31")
    with database.writing() as session:
        duty = session.get_one(Duty, ("test", "lang/2026-12-31/1"))
        duty.ends_at += timedelta(hours=24)
    stage = set_up(database)
    answer = stage.publish(planner, stage.draft({evening(1): "a"}), accept_violations=True, reason="Kan niet anders")
    assert (answer.status_code, answer.json()["violations"][0]["rule"]) == (409, "no_overlap")
    assert evening(1) not in stage.in_force()


def test_two_planners_who_publish_at_once_leave_one_roster(database: Database, as_role: AsRole) -> None:
    """Of two drafts exactly one wins when both planners saw the same publication; the roster is never a mix."""
    stage = set_up(database)
    drafts = {name: stage.draft({evening(day): name for day in (2, 9, 16)}) for name in "ab"}
    answers = at_once(
        {name: (as_role("planner"), version) for name, version in drafts.items()},
        lambda client, version: stage.publish(client, version, seen=0),
    )
    assert sorted(answer.status_code for answer in answers.values()) == [201, 412]
    winner = next(name for name, answer in answers.items() if answer.status_code == 201)
    assert {both for both in stage.in_force().values() if both[0]} == {(winner, winner)}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1
        assert len(set(session.scalars(select(Duty.publication_id)))) == 1


def test_two_planners_who_publish_in_a_row_are_served_in_a_row(database: Database, as_role: AsRole) -> None:
    """Without saying what they saw, both publish, and the roster is wholly that of the second."""
    stage = set_up(database)
    drafts = {name: stage.draft({evening(day): name for day in (2, 9, 16)}) for name in "ab"}
    answers = at_once(
        {name: (as_role("planner"), version) for name, version in drafts.items()},
        stage.publish,
    )
    assert [answer.status_code for answer in answers.values()] == [201, 201]
    last = next(name for name, answer in answers.items() if answer.json()["publication"]["number"] == 2)
    assert {both for both in stage.in_force().values() if both[0]} == {(last, last)}


def test_one_draft_is_published_once(database: Database, as_role: AsRole) -> None:
    """Two planners publish the same draft at once: the second is told that it changed."""
    stage = set_up(database)
    version = stage.draft(WEEKLY)
    answers = at_once(
        {name: (as_role("planner"), version) for name in "ab"},
        lambda client, version: stage.publish(client, version, headers={"If-Match": '"1"'}),
    )
    assert sorted(answer.status_code for answer in answers.values()) == [201, 412]
    assert stage.publish(as_role("planner"), version).json()["code"] == "wrong_state"


def test_an_idempotency_key_publishes_once(database: Database, as_role: AsRole) -> None:
    """Who repeats the call gets the same answer; the key is no good for anything else."""
    stage, planner = set_up(database), as_role("planner")
    version, headers = stage.draft(WEEKLY), {"Idempotency-Key": "k1"}
    first = stage.publish(planner, version, headers=headers)
    again = stage.publish(planner, version, headers=headers | {"If-Match": '"1"'})
    assert (first.status_code, again.json()) == (201, first.json())
    other = stage.publish(planner, version, "2027-01-15", headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_duties_that_have_begun_are_not_rewritten(database: Database, as_role: AsRole) -> None:
    """A freeze date in the past is refused when it would change a duty that has begun, and allowed when not."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a", evening(16): "a"}))
    other, same = (stage.draft({evening(2): gp_id, evening(16): "b"}) for gp_id in "ba")
    with time_machine.travel(datetime(2027, 1, 2, 16, 0, tzinfo=UTC), tick=True):
        planner = as_role("planner")
        refused = stage.publish(planner, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
        assert refused.json()["shift_ids"] == [evening(2)]
        assert stage.publish(planner, same).status_code == 201
    assert stage.in_force()[evening(16)] == ("b", "b")


def test_a_duty_with_hours_entered_is_not_rewritten(database: Database, as_role: AsRole) -> None:
    """What finance entered for a shift holds it in place, whatever the clock says."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a"}))
    with database.writing() as session:
        duty = session.get_one(Duty, ("test", evening(2)))
        session.add(
            Worked(
                hds_id="test", shift_id=evening(2), gp_number=duty.performer_number, starts_at=duty.starts_at,
                ends_at=duty.ends_at, entered_at=now(),
            )
        )  # fmt: skip
    refused = stage.publish(planner, stage.draft({evening(2): "b"}))
    assert (refused.json()["code"], refused.json()["shift_ids"]) == ("wrong_state", [evening(2)])


def test_a_duty_may_change_until_it_begins(database: Database, as_role: AsRole) -> None:
    """A minute before the start the duty is still anyone's."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(2): "a"}))
    with time_machine.travel(datetime(2027, 1, 2, 15, 59, tzinfo=UTC), tick=False):
        planner = as_role("planner")
        assert stage.publish(planner, stage.draft({evening(2): "b"}), "2027-01-02").status_code == 201


def test_any_version_can_be_rolled_back_to(database: Database, as_role: AsRole) -> None:
    """The content of a superseded version becomes a new draft, published like any other."""
    stage, planner = set_up(database), as_role("planner")
    first = stage.draft(WEEKLY, locked=frozenset({evening(2)}))
    stage.put_in_force(planner, first)
    stage.put_in_force(planner, stage.draft())
    answer = planner.post(stage.url(f"versions/{first}/rollback"), json={"note": "Toch maar niet"})
    assert answer.status_code == 201
    draft = answer.json()
    assert (draft["state"], draft["origin"], draft["parent_id"], draft["number"]) == ("draft", "rollback", first, 3)
    shifts = planner.get(stage.url(f"versions/{draft['id']}/shifts?locked=true&unfilled=false")).json()["items"]
    assert {row["shift_id"]: row["gp_id"] for row in shifts} == WEEKLY
    assert [row["shift_id"] for row in shifts if row["locked"]] == [evening(2)]
    assert stage.publish(planner, draft["id"]).status_code == 201
    assert stage.in_force()[evening(2)] == (WEEKLY[evening(2)],) * 2


def test_a_draft_of_the_roster_in_force_takes_no_swap_back(database: Database, as_role: AsRole) -> None:
    """It holds who performs each duty now; published again, responsibility stays where it was."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"dossiers/{stage.dossier_id}/versions/from-force")
    assert planner.post(url, json={}).json()["code"] == "wrong_state"
    first = stage.draft({evening(2): "a", evening(16): "a"})
    stage.put_in_force(planner, first)
    stage.swap(evening(2), "b")
    draft = planner.post(url, json={"note": "Voor februari"}).json()
    assert (draft["state"], draft["origin"], draft["parent_id"]) == ("draft", "edit", first)
    stage.put_in_force(planner, draft["id"])
    assert stage.in_force()[evening(2)] == ("b", "a")
    assert stage.in_force()[evening(16)] == ("a", "a")


def test_a_dry_run_tells_what_publishing_would_do_and_does_nothing(database: Database, as_role: AsRole) -> None:
    """Counts and broken rules are those of the real thing; nothing is in force, and the draft is a draft."""
    stage, planner = set_up(database), as_role("planner")
    version = stage.draft({evening(day): "a" for day in range(4, 9)})
    answer = planner.post(stage.url(f"versions/{version}/publish?dry_run=true"), json={"freeze_from": "2027-01-01"})
    assert answer.status_code == 200
    tried = answer.json()
    assert (tried["publication"], tried["last_publication"], tried["version"]["state"]) == (None, 0, "draft")
    assert stage.in_force() == {}
    done = stage.publish(planner, version, accept_violations=True, reason="Griepgolf").json()
    assert (done["counts"], done["violations"]) == (tried["counts"], tried["violations"])


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 428), ({"If-Match": '"7"'}, 412)], ids=["without If-Match", "with an old one"]
)
def test_publishing_asks_what_was_seen(
    database: Database, as_role: AsRole, headers: dict[str, str], status: int
) -> None:
    """Nobody publishes a version that they did not see as it is."""
    stage, planner = set_up(database), as_role("planner")
    url = stage.url(f"versions/{stage.draft(WEEKLY)}/publish")
    answer: Any = planner.post(url, json={"freeze_from": "2027-01-01"}, headers=headers)
    assert answer.status_code == status


def test_a_day_after_the_period_publishes_nothing(database: Database, as_role: AsRole) -> None:
    """There are no shifts to put in force."""
    stage, planner = set_up(database), as_role("planner")
    assert stage.publish(planner, stage.draft(WEEKLY), "2027-02-01").json()["code"] == "wrong_state"


def test_publications_are_listed_and_only_planners_read_why(database: Database, as_role: AsRole) -> None:
    """The last comes first; a GP sees that something was published, not by whom and why."""
    stage, planner = set_up(database), as_role("planner")
    for reason in ("Nieuw jaar", "Ziekte"):
        stage.put_in_force(planner, stage.draft(WEEKLY), reason=reason)
    listed = planner.get(stage.url("publications")).json()["items"]
    assert [(one["number"], one["reason"]) for one in listed] == [(2, "Ziekte"), (1, "Nieuw jaar")]
    shown = as_role("gp", gp_id="a").get(stage.url("publications")).json()["items"]
    assert [(one["number"], one["reason"], one["published_by"]) for one in shown] == [(2, "", None), (1, "", None)]


def test_whose_duties_a_later_publication_changes_is_told(database: Database, as_role: AsRole) -> None:
    """Who gets one, loses one, or sees a swap undone, with how many; nobody is of a first roster, nor who keeps all."""
    stage, planner = set_up(database), as_role("planner")
    start = {evening(4): "a", evening(11): "b", evening(18): "c"}
    stage.put_in_force(planner, stage.draft(start))
    stage.swap(evening(4), "b")
    stage.put_in_force(planner, stage.draft(start | {evening(25): "a"}))
    with database.reading() as session:
        ids = {number: gp_id for number, gp_id in session.execute(select(Gp.number, Gp.gp_id))}
        told = [
            (one.kind, {ids[number] for number in one.gp_numbers}, one.about["count"])
            for one in session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))
        ]
    assert told == [("duties_changed", {"b"}, 1), ("duties_changed", {"a"}, 2)]
