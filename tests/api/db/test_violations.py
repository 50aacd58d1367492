"""Only what two people at once can run into is a conflict; any other broken constraint is a fault of the service."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.clock import now
from api.db.base import Base
from api.db.engine import Database
from api.db.guards import GUARDS
from api.db.sessions import WriteSession
from api.db.tables.audit import AuditEntry
from api.db.tables.neighbours import Neighbour
from api.db.tables.people import Gp, Membership, User
from api.db.tables.rosters import Assignment
from api.db.violations import CONFLICTS, find_violated_constraint
from api.ops.logs import set_up_logs
from api.settings import Settings
from tests.api.conftest import add_hds, add_user
from tests.api.rosters.stage import evening, set_up, small_dossier

Statement = Callable[[Session], object]
PATH = "/api/v1/broken-constraint"
_CHAIN = {
    "chain": "test",
    "seq": 1,
    "action": "a",
    "subject": "b",
    "detail_hash": "c",
    "previous_hash": "d",
    "hash": "e",
}


def _take_a_name_again(session: Session) -> None:
    session.execute(insert(User).values(username="ann", display_name="", created_at=now()))


def _give_a_role_again(session: Session) -> None:
    session.execute(insert(Membership).values(user_id=1, hds_id="test", role="planner"))


def _invite(session: Session, *states: str) -> None:
    for state in states:
        session.execute(
            insert(Neighbour).values(
                hds_id="test",
                invited_hds_id="other",
                pair="other test",
                state=state,
                invited_at=now(),
                changed_at=now(),
            )
        )


def _invite_twice(session: Session) -> None:
    _invite(session, "invited", "accepted")


def _invite_in_no_state(session: Session) -> None:
    _invite(session, "nowhere")


def _leave_a_gp_without_id(session: Session) -> None:
    session.execute(insert(Gp).values(hds_id="test", gp_id=None))


def _put_a_gp_nowhere(session: Session) -> None:
    session.execute(insert(Gp).values(hds_id="nowhere", gp_id="a"))


def _rewrite_history(session: Session) -> None:
    session.execute(insert(AuditEntry).values(_CHAIN | {"at": now()}))
    session.execute(update(AuditEntry).values(action="another"))


def _write_a_link_twice(session: Session) -> None:
    for seq in (1, 2):
        session.execute(insert(AuditEntry).values(_CHAIN | {"at": now(), "seq": seq}))


@pytest.fixture
def log(settings: Settings) -> Iterator[None]:
    """The log as a running service has it; afterwards logging is as it was."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    set_up_logs(settings)
    yield
    root.setLevel(level)
    root.handlers = handlers
    structlog.reset_defaults()


@pytest.fixture
def answer_to(app: FastAPI, database: Database) -> Iterator[Callable[[Statement], int]]:
    """What the service answers when a route of it does this; it has one user with a role, and two HDSs."""
    statements: list[Statement] = []
    routes = list(app.router.routes)

    @app.post(PATH)
    def do_it(session: WriteSession) -> None:
        statements.pop()(session)

    assert add_user(database, "ann", "test", "planner") == 1
    add_hds(database, "other")
    with TestClient(app, raise_server_exceptions=False) as client:

        def answer(statement: Statement) -> int:
            statements.append(statement)
            return client.post(PATH).status_code

        yield answer
    app.router.routes[:] = routes


def _errors(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in captured.readouterr().err.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "database_error"]


@pytest.mark.parametrize("statement", [_take_a_name_again, _give_a_role_again, _invite_twice])
def test_what_somebody_else_was_first_with_is_a_conflict(
    answer_to: Callable[[Statement], int], log: None, capsys: pytest.CaptureFixture[str], statement: Statement
) -> None:
    """A name, a row and a row that stands only once at a time: 409, and no error in the log."""
    assert answer_to(statement) == 409
    assert _errors(capsys) == []


@pytest.mark.parametrize(
    ("statement", "sqlite", "postgresql"),
    [
        (_invite_in_no_state, "ck_neighbour_known_state", "ck_neighbour_known_state"),
        (_rewrite_history, "frozen_audit_entry", "frozen_audit_entry"),
        (_write_a_link_twice, "uq_audit_entry_hash", "uq_audit_entry_hash"),
        (_put_a_gp_nowhere, None, "fk_gp_hds_id"),
        (_leave_a_gp_without_id, None, None),
    ],
)
def test_any_other_broken_constraint_is_a_logged_fault(
    answer_to: Callable[[Statement], int], log: None, capsys: pytest.CaptureFixture[str], database: Database,
    statement: Statement, sqlite: str | None, postgresql: str | None,
) -> None:  # fmt: skip
    """500, with the constraint, where the database names it, and the place in the log."""
    assert answer_to(statement) == 500
    (line,) = _errors(capsys)
    assert line.get("constraint") == (sqlite if database.on_sqlite else postgresql)
    assert line["error"][0] == "sqlalchemy.exc.IntegrityError"  # type: ignore[index]
    assert line["where"]


def test_a_gp_in_two_places_is_refused_by_name(database: Database) -> None:
    """By an exclusion constraint or a trigger."""
    stage = set_up(database, small_dossier(headcount=2))
    version = stage.draft({evening(4, 1): "a"})
    with pytest.raises(IntegrityError) as refused, database.writing() as session:
        first, second = (session.get_one(Assignment, (version, evening(4, number))) for number in (1, 2))
        second.gp_number = first.gp_number
    assert find_violated_constraint(refused.value) == "ex_assignment_overlap"


def test_every_conflict_is_a_constraint_that_exists() -> None:
    """A name with a mistake in it would never be met."""
    known = {guard.name for guard in GUARDS}
    for table in Base.metadata.sorted_tables:
        known |= {str(one.name) for one in (*table.constraints, *table.indexes)}
    assert known >= CONFLICTS


def test_what_holds_history_is_no_conflict() -> None:
    """Only a mistake in the service rewrites it."""
    assert not any(name.startswith(("frozen_", "ck_", "uq_audit", "pk_audit")) for name in CONFLICTS)
