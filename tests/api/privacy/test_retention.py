"""What is past its term goes by itself; what is not stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Hds, LoginAttempt
from api.db.tables.runs import RosterRun
from api.privacy.retention import apply_retention, retention_of, years_before
from api.privacy.schemas import Retention
from api.rosters.mapping import store_snapshot
from scheduler.domain.availability import Absence
from tests.api.privacy.held import NAME, REASON, URL, AsRole, dossier, everything, hold
from tests.api.privacy.year import CALLED, SAID, SAID_TIMES, live_through
from tests.builders import moment

SPAN = {"start": moment("2024-03-01"), "end": moment("2024-03-08")}
USUAL = Retention().model_dump()
RETENTION = f"{URL}/retention"


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_within_its_term_nothing_goes(database: Database) -> None:
    """A week before two years have passed all is there, and the trail tells of nothing done."""
    with time_machine.travel(at("2026-02-20"), tick=True):
        hold(database)
        before = everything(database)
        assert not any(apply_retention(database, at("2026-02-20")).values())
    assert everything(database) == before


def test_wishes_and_reasons_go_after_their_term(database: Database) -> None:
    """Two years after they ended: wishes, reasons of absences, in dossiers and in what versions were made with."""
    with time_machine.travel(at("2024-12-30"), tick=True):
        hold(database)
    with time_machine.travel(at("2027-01-05"), tick=True):
        done = apply_retention(database, now())["test"]
        again = apply_retention(database, now() + timedelta(days=1))
    assert {what: done[what] for what in ("wishes", "absence_reasons", "snapshots")} == {
        "wishes": 2, "absence_reasons": 2, "snapshots": 1
    }  # fmt: skip
    assert not any(again.values())
    after = everything(database, but=("audit_detail",))
    assert "cursus" not in after
    assert f"Dokter {NAME}" in after
    assert verify_all(database).troubles == ()


def test_a_run_that_made_no_roster_keeps_nothing_longer(database: Database) -> None:
    """What it was begun with goes as what versions were made with does."""
    with time_machine.travel(at("2024-12-30"), tick=True):
        held = hold(database)
        with database.writing() as session:
            other = dossier().replace(absences=[Absence(gp_id="A", reason="bruiloft", **SPAN)])
            session.add(
                RosterRun(
                    id="run", hds_id="test", dossier_id=held.in_force.dossier_id, requested_at=now(), state="failed",
                    snapshot=store_snapshot(session, other), request={},
                )
            )  # fmt: skip
    with time_machine.travel(at("2027-01-05"), tick=True):
        done = [apply_retention(database, now() + timedelta(days=days))["test"] for days in (0, 1)]
    assert (done[0]["snapshots"], done[1]) == (2, {})
    assert "bruiloft" not in everything(database)


def test_words_and_wants_of_a_year_go_after_their_term(database: Database) -> None:
    """What was said with swaps, what GPs would have taken, why a repair was made: two years later, and once."""
    with time_machine.travel(at("2024-12-30"), tick=True):
        hold(database)
        live_through(database)
    with time_machine.travel(at("2026-12-29"), tick=True):
        apply_retention(database, now())
        assert everything(database, but=("outbox_event",)).count(SAID) == SAID_TIMES
    with time_machine.travel(at("2027-01-05"), tick=True):
        done = apply_retention(database, now())["test"]
        again = apply_retention(database, now() + timedelta(days=1))
    assert (done["wishes"], done["words"], done["absence_reasons"], done["sickness"]) == (1, 2, 1, 1)
    assert not any(again.values())
    after = everything(database, but=("audit_detail", "outbox_event"))
    assert (SAID in after, f"voor {CALLED}" in after) == (False, False)


def test_details_of_the_trail_go_after_their_term(database: Database) -> None:
    """The links stay and verify; what they said is gone, and that is on record for ever."""
    with time_machine.travel(at("2019-06-01"), tick=True):
        hold(database)
    with time_machine.travel(at("2026-06-02"), tick=True):
        done = apply_retention(database, now())
    assert (done["test"]["audit_details"], done["*"]["audit_details"]) == (3, 1)
    with time_machine.travel(at("2040-01-01"), tick=True):
        apply_retention(database, now())
    found = verify_all(database)
    assert (found.troubles, found.erased) == ((), 4)
    assert REASON not in everything(database)
    with database.reading() as session:
        actors = set(session.scalars(select(AuditEntry.actor_id).where(AuditEntry.action == "privacy.retention")))
    assert actors == {None}


def test_failed_logins_and_old_sessions_go(database: Database) -> None:
    """After the days that the strictest HDS sets."""
    hold(database)
    with database.writing() as session:
        session.add(LoginAttempt(username_hash="u", address_hash="a", at=now()))
        session.get_one(Hds, "test").settings = {"retention": USUAL | {"login_days": 5}}
    assert "login_attempts" not in apply_retention(database, now() + timedelta(days=4)).get("*", {})
    done = apply_retention(database, now() + timedelta(days=7))["*"]
    assert (done["login_attempts"], done["sessions"], done["tokens"]) == (1, 1, 1)


def test_terms_are_set_by_the_administrator(database: Database, as_role: AsRole) -> None:
    """With If-Match, on record, and never less than the law asks for payments."""
    administrator = as_role("administrator")
    found = administrator.get(RETENTION)
    assert found.json() == USUAL
    wanted = USUAL | {"wishes_years": 1}
    assert administrator.put(RETENTION, json=wanted).status_code == 428
    seen = {"If-Match": found.headers["ETag"]}
    assert administrator.put(RETENTION, json=wanted, headers=seen).json() == wanted
    assert administrator.put(RETENTION, json=wanted, headers=seen).status_code == 412
    assert administrator.get(RETENTION).json() == wanted
    assert administrator.put(RETENTION, json=USUAL | {"payment_years": 6}).status_code == 422
    assert as_role("planner").get(RETENTION).status_code == 403
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["retention.changed"]


@pytest.mark.parametrize("stored", [{}, {"retention": {"payment_years": 2}}, {"retention": {"unknown": 1}}])
def test_terms_that_do_not_hold_are_the_usual_ones(stored: dict[str, Any]) -> None:
    """Absent, too short or of another version: nobody's data goes by mistake."""
    assert retention_of(Hds(id="x", name="x", settings=stored)) == Retention()


def test_years_are_counted_on_the_calendar() -> None:
    """The day stays the day; of 29 February the 28th remains."""
    assert years_before(at("2028-02-29T10:00"), 1) == at("2027-02-28T10:00")
    assert years_before(at("2027-03-01"), 2) == at("2025-03-01")
