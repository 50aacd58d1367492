"""Closed runs can't be changed unseen, and an interruption leaves the last good state."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.tables.payouts import PaymentLine, PaymentRun, PaymentRunFile, PaymentStatement
from api.errors import Problem
from api.payouts.verify import verify
from tests.api.payouts.in_force import JANUARY, PAY, SATURDAY, publish
from tests.api.payouts.test_runs import closed, closing

Speaker = Callable[..., TestClient]
TABLES = (
    "payment_run",
    "payment_run_file",
    "payment_statement",
    "payment_line",
    "payment_transfer",
    "payment_file_sent",
)

CLOSE_AND_DIE = """
import os, signal, sys
from api.auth.principal import Member, Role
from api.db.engine import Database
from api.payouts import closing
from api.payouts.run_schemas import Closing

store = Database(sys.argv[1])
who = Member(int(sys.argv[2]), "test", frozenset({Role.FINANCE}))
with store.reading() as session:
    ledger, run, numbers = closing._sealed(session, "test", Closing(month="2024-01"))
facts = {"idempotency_key": None, "request_hash": "", "closed_at": closing.now(), "closed_by": None}
with store.writing() as session:
    closing._keep(session, Member(None, "test", who.roles), ledger, run, numbers, facts)
    os.kill(os.getpid(), signal.SIGKILL)
"""


CHANGES = (
    ("payment_run_file", "UPDATE payment_run_file SET content = '' WHERE name = 'totals.csv'"),
    ("payment_run_file", "UPDATE payment_run_file SET content = '' WHERE name = 'run.json'"),
    ("payment_run_file", "UPDATE payment_run_file SET content = '' WHERE name LIKE 'statements/%'"),
    ("payment_run_file", "DELETE FROM payment_run_file WHERE name = 'payout.csv'"),
    ("payment_line", "UPDATE payment_line SET amount_cents = amount_cents + 1 WHERE position = 0"),
    ("payment_line", "DELETE FROM payment_line WHERE position = 0"),
    ("payment_statement", "UPDATE payment_statement SET only_gp_number = NULL"),
    ("payment_run", "UPDATE payment_run SET paid_cents = 1"),
    ("payment_transfer", "UPDATE payment_transfer SET sha256 = ''"),
)


def unguarded(session: Session, table: str, statement: str) -> None:
    """Change a closed run as somebody with the keys of the database could."""
    if session.get_bind().dialect.name == "sqlite":
        for way in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS frozen_{table}_{way}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    session.execute(text(statement))


def test_closed_runs_are_frozen_and_what_is_changed_all_the_same_is_found(database: Database, as_role: Speaker) -> None:
    """The database refuses each change; without its guards the check finds a file, a record, and any table."""
    publish(database)
    finance = as_role("finance")
    closed(finance, debtor=None)
    finance.post(f"{PAY}/runs/1/transfer", json={"debtor": {"iban": "NL20INGB0001234567"}}).raise_for_status()
    finance.post(f"{PAY}/runs/1/transfer/sent", json={"version": 1}).raise_for_status()
    for table in TABLES:
        for statement in (f"UPDATE {table} SET number = 2", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match=f"frozen_{table}"), database.writing() as session:
                session.execute(text(statement))
    assert finance.get(f"{PAY}/verify").json()["runs"] == 1
    for table, change in CHANGES:
        with database.writing() as session:
            unguarded(session, table, change)
            with pytest.raises(Problem) as found:
                verify(session, "test")
            assert found.value.code == "payout_ledger_altered", change
            session.rollback()
    assert finance.get(f"{PAY}/verify").status_code == 200


def test_nothing_is_paid_on_top_of_a_changed_run(database: Database, as_role: Speaker) -> None:
    """Closing checks every file; a preview what it is reckoned from; a changed file is not given out."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    with database.writing() as session:
        unguarded(session, *CHANGES[0])
    assert closing(finance, month="2024-02").json()["code"] == "payout_ledger_altered"
    assert finance.get(f"{PAY}/runs/1/files/totals.csv").json()["code"] == "payout_ledger_altered"
    assert finance.get(f"{PAY}/preview", params=JANUARY).status_code == 200
    with database.writing() as session:
        unguarded(session, "payment_run_file", "UPDATE payment_run_file SET content = '' WHERE name = 'lines.csv'")
    assert finance.get(f"{PAY}/preview", params=JANUARY).json()["code"] == "payout_ledger_altered"


def test_a_last_run_that_was_taken_away_is_missed(database: Database, as_role: Speaker) -> None:
    """The chain alone can't tell; the audit trail can."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    with database.writing() as session:
        for table in ("payment_line", "payment_statement", "payment_run_file", "payment_run"):
            unguarded(session, table, f"DELETE FROM {table}")
    answer = finance.get(f"{PAY}/verify")
    assert (answer.status_code, answer.json()["code"]) == (409, "payout_ledger_altered")


def test_a_process_killed_while_closing_leaves_nothing_behind(database: Database, as_role: Speaker) -> None:
    """Everything of the run was written but for the commit: none of it stands, and the number is free."""
    publish(database)
    finance = as_role("finance")
    killed = subprocess.run([sys.executable, "-c", CLOSE_AND_DIE, database.url, "1"], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    with database.reading() as session:
        for table in (PaymentRun, PaymentRunFile, PaymentStatement, PaymentLine):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert closed(finance)["number"] == 1
    sound = finance.get(f"{PAY}/verify").json()
    assert (sound["runs"], sound["lines"]) == (1, finance.get(f"{PAY}/runs/1").json()["lines"])


def test_a_closing_is_on_record_with_the_hash_that_seals_it(database: Database, as_role: Speaker) -> None:
    """The audit trail names the run, its amounts and its hash, and nobody's pay."""
    publish(database)
    finance = as_role("finance")
    run = closed(finance)
    with database.reading() as session:
        found = session.execute(
            text(
                "SELECT e.subject, d.after FROM audit_entry e JOIN audit_detail d ON d.chain = e.chain "
                "AND d.seq = e.seq WHERE e.action = 'payout.closed'"
            )
        ).one()
    assert found.subject == "payout/run/1"
    assert run["hash"] in str(found.after)
    assert SATURDAY.id not in str(found.after)
