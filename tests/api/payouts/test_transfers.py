"""The payment file of a closed run: made later, corrected while it was not sent, and said to be sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from api.db.engine import Database
from api.db.migrate import downgrade, upgrade
from scheduler.payout.sepa import paid_in
from tests.api.payouts.in_force import ON_SQLITE, PAY, SMALL, publish
from tests.api.payouts.test_runs import DEBTOR, PAY_ON, by_command, closed
from tests.api.payouts.test_verify import unguarded
from tests.payout.paying import IBAN_C
from tests.payout.test_sepa import texts

Speaker = Callable[..., TestClient]
NEXT_DAY = "2100-01-05"
GOOD_FRIDAY = "2027-03-26"


def replacing(finance: TestClient, version: int = 1, **more: Any) -> Response:
    """Ask for a next file of the first run."""
    body = {"version": version, "not_sent": True, "reason": "dag voorbij", "pay_on": NEXT_DAY} | more
    return finance.post(f"{PAY}/runs/1/transfer/replacement", json=body)


def sending(finance: TestClient, version: int = 1) -> Response:
    """Say that a version of the file of the first run went to the bank."""
    return finance.post(f"{PAY}/runs/1/transfer/sent", json={"version": version})


def states(finance: TestClient) -> list[tuple[int, str]]:
    """Version and state of every file of the first run."""
    return [(one["version"], one["state"]) for one in finance.get(f"{PAY}/runs/1/transfers").json()]


def test_a_bank_file_can_be_made_later_and_once(database: Database, as_role: Speaker, tmp_path: Path) -> None:
    """It is the file that the run would have had; a second one is refused, also for a run that had one."""
    given, finance = publish(database), as_role("finance")
    run = closed(finance, debtor=None)
    assert not run["payment_file"]
    assert finance.get(f"{PAY}/runs/1/transfer").status_code == 404
    nameless = finance.post(f"{PAY}/runs/1/transfer", json={})
    assert (nameless.status_code, nameless.json()["errors"][0]["file"]) == (422, "debtor.iban")
    made = finance.post(f"{PAY}/runs/1/transfer", json={"debtor": DEBTOR, "pay_on": PAY_ON})
    assert (made.status_code, made.json()["amount_cents"]) == (201, run["paid_cents"])
    with_file = by_command(given, SMALL, tmp_path, run["closed_on"])
    assert finance.get(f"{PAY}/runs/1/transfer").content == with_file.files["payment.xml"]
    assert finance.get(f"{PAY}/runs/1").json()["payment_file"]
    again = finance.post(f"{PAY}/runs/1/transfer", json={"debtor": DEBTOR})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert finance.get(f"{PAY}/verify").status_code == 200


def test_a_file_that_was_not_sent_is_replaced_and_void_on_record(database: Database, as_role: Speaker) -> None:
    """The next pays the same on another day under other references; who did what is in the audit trail."""
    publish(database)
    finance = as_role("finance")
    run = closed(finance)
    first = finance.get(f"{PAY}/runs/1/transfer").content
    made = replacing(finance, debtor={"iban": IBAN_C})
    assert made.status_code == 201, made.text
    second = finance.get(f"{PAY}/runs/1/transfer").content
    assert paid_in(first) == paid_in(second) == made.json()["amount_cents"] == run["paid_cents"]
    assert (texts(second, "Dt"), texts(second, "IBAN")[0]) == ([NEXT_DAY], IBAN_C)
    assert texts(first, "MsgId") != texts(second, "MsgId")
    assert states(finance) == [(1, "void"), (2, "in_force")]
    old = finance.get(f"{PAY}/runs/1/transfers").json()[0]
    assert (old["reason"], old["voided_by"] is not None, old["pay_on"]) == ("dag voorbij", True, PAY_ON)
    assert finance.get(f"{PAY}/runs/1/transfer", params={"version": 1}).content == first
    shown = finance.get(f"{PAY}/runs/1").json()
    assert (shown["pay_on"], shown["debtor_iban"], shown["hash"]) == (NEXT_DAY, IBAN_C, run["hash"])
    assert finance.get(f"{PAY}/verify").status_code == 200
    entries = as_role("administrator").get("/api/v1/hds/test/audit").json()["items"]
    (told,) = [one for one in entries if one["action"] == "payout.transfer_replaced"]
    assert (told["reason"], told["before"]["version"], told["after"]["version"]) == ("dag voorbij", 1, 2)


def test_a_file_that_was_sent_is_not_replaced(database: Database, as_role: Speaker) -> None:
    """Nor a version that is in force no more, nor without saying that it was not sent and why."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    for wrong in ({"not_sent": False}, {"reason": ""}, {"reason": "  "}, {"pay_on": GOOD_FRIDAY}):
        assert replacing(finance, **wrong).status_code == 422, wrong
    assert replacing(finance).status_code == 201
    assert (replacing(finance).status_code, sending(finance).status_code) == (409, 409)
    assert sending(finance, 2).json()["state"] == "sent"
    assert finance.get(f"{PAY}/runs/1").json()["payment_file_sent"]
    for refused in (replacing(finance, 2), sending(finance, 2)):
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert states(finance) == [(1, "void"), (2, "sent")]


@ON_SQLITE
def test_a_run_without_file_has_nothing_to_replace_or_send(database: Database, as_role: Speaker) -> None:
    """First one has to be made; a run that is not there has none either."""
    publish(database)
    finance = as_role("finance")
    assert (replacing(finance).status_code, sending(finance).status_code) == (404, 404)
    closed(finance, debtor=None)
    assert states(finance) == []
    for refused in (replacing(finance), sending(finance)):
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def test_of_many_who_replace_or_send_at_once_one_does(database: Database, as_role: Speaker) -> None:
    """Each saw the first version; afterwards there is one next file, or the first is sent."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(replacing if place % 2 else sending, finance) for place in range(6)]
        codes = [one.result().status_code for one in asked]
    assert sorted(codes)[0] in {200, 201}
    assert sorted(codes)[1:] == [409] * 5
    assert states(finance) in ([(1, "sent")], [(1, "void"), (2, "in_force")])


@ON_SQLITE
def test_a_day_on_which_no_bank_pays_is_refused(database: Database, as_role: Speaker) -> None:
    """At closing too, in the words of the service, before anything is closed; the first day that will do is named."""
    publish(database)
    finance = as_role("finance")
    refused = finance.post(
        f"{PAY}/runs", json={"month": "2024-01", "pay_on": "2099-12-25", "debtor": DEBTOR}
    )  # fmt: skip
    (mistake,) = refused.json()["errors"]
    assert (refused.status_code, mistake["file"]) == (422, "pay_on")
    assert "2099-12-28" in mistake["expected"]
    assert finance.get(f"{PAY}/runs").json()["items"] == []


@ON_SQLITE
def test_the_account_of_a_corrected_file_is_the_one_that_is_remembered(database: Database, as_role: Speaker) -> None:
    """The next run must not pay from the wrong one again."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    replacing(finance, debtor={"iban": IBAN_C}).raise_for_status()
    assert closed(finance, month="2024-02", debtor=None)["debtor_iban"] == IBAN_C


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("payment_transfer", "UPDATE payment_transfer SET content = 'x' WHERE version = 2"),
        ("payment_transfer", "DELETE FROM payment_transfer WHERE version = 3"),
        ("payment_file_sent", "DELETE FROM payment_file_sent"),
    ],
)
@ON_SQLITE
def test_a_change_of_what_is_on_record_is_found(database: Database, as_role: Speaker, table: str, change: str) -> None:
    """A changed file, a last version taken away, and a sent one made unsent."""
    publish(database)
    finance = as_role("finance")
    closed(finance)
    replacing(finance).raise_for_status()
    replacing(finance, 2).raise_for_status()
    sending(finance, 3).raise_for_status()
    assert finance.get(f"{PAY}/verify").status_code == 200
    with database.writing() as session:
        unguarded(session, table, change)
    assert finance.get(f"{PAY}/verify").json()["code"] == "payout_ledger_altered"


def test_files_made_before_there_were_versions_are_kept_by_the_migration(database_url: str) -> None:
    """Such a file is the first version; going back keeps the one in force."""
    store = Database(database_url)
    upgrade(store, "0002")
    with store.writing() as session:
        session.execute(
            text("INSERT INTO hds (id, name, created_at, settings, revision) VALUES ('t', 't', :at, '{}', 1)"), _AT
        )
        session.execute(text(_RUN), _AT)
        session.execute(text(_TRANSFER), _AT | {"content": b"<Document/>"})
    upgrade(store)
    assert _versions(store, "version, reason") == [(1, "")]
    with store.writing() as session:
        session.execute(text(_LATER), _AT | {"content": b"<Document/>"})
    downgrade(store, "0002")
    assert _versions(store, "sha256") == [("later",)]
    store.close()


_AT = {"at": "2024-02-01 12:00:00+00:00"}
_RUN = (
    "INSERT INTO payment_run (hds_id, number, record, period_start, period_end, closed_on, amount_cents, paid_cents,"
    " request_hash, closed_at) VALUES ('t', 1, '{}', '2024-01-01', '2024-01-31', '2024-02-01', 1, 1, '', :at)"
)
_TRANSFER = (
    "INSERT INTO payment_transfer (hds_id, number, pay_on, debtor_name, debtor_iban, content, sha256, made_at)"
    " VALUES ('t', 1, '2024-02-02', 'HDS', 'NL', :content, 'first', :at)"
)
_LATER = (
    "INSERT INTO payment_transfer (hds_id, number, version, reason, pay_on, debtor_name, debtor_iban, content, sha256,"
    " made_at) VALUES ('t', 1, 2, 'dag', '2024-02-02', 'HDS', 'NL', :content, 'later', :at)"
)


def _versions(store: Database, columns: str) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT {columns} FROM payment_transfer"))]
