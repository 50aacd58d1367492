"""The clock of the machine is moved: what expires goes by it, what is chained does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient

from api.audit import Act, record
from api.audit.verify import verify_all
from api.clock import now, today
from api.db.engine import Database
from tests.api.conftest import add_user, token_for

AUDIT = "/api/v1/hds/test/audit"


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(hours=23), 200), (timedelta(hours=25), 401)])
def test_a_token_expires_by_the_one_clock(
    database: Database, client: TestClient, ahead: timedelta, status: int
) -> None:
    """A token of a day is good an hour before its end and refused an hour after; set back, it is good again."""
    user_id = add_user(database, "admin", "test", "administrator")
    headers = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'administrator')}"}
    with time_machine.travel(now() + ahead, tick=True):
        assert client.get(AUDIT, headers=headers).status_code == status
    assert client.get(AUDIT, headers=headers).status_code == 200


def test_the_trail_verifies_when_the_clock_goes_back(database: Database, client: TestClient) -> None:
    """Links are in the order in which they were written, whatever the clock said; the newest is shown first."""
    start = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    for offset in (0, -3600, 7200, -86400 * 400):
        with time_machine.travel(start + timedelta(seconds=offset), tick=False), database.writing() as session:
            record(session, "test", None, Act("wish.added", f"wish/{offset}"))
    found = verify_all(database)
    assert (found.troubles, found.entries) == ((), 4)
    user_id = add_user(database, "admin", "test", "administrator")
    headers = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'administrator')}"}
    items = client.get(AUDIT, headers=headers).json()["items"]
    assert [item["seq"] for item in items] == [4, 3, 2, 1]
    assert [item["at"] for item in items] == [
        "2026-02-21T02:30:00+01:00", "2027-03-28T05:30:00+02:00",
        "2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "day"), [("2027-06-30T21:59:59", 30), ("2027-06-30T22:00:00", 1), ("2027-01-31T23:00:00", 1)]
)
def test_the_day_begins_at_midnight_in_amsterdam(moment: str, day: int) -> None:
    """By summer time two hours before UTC, by winter time one."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        assert today().day == day
