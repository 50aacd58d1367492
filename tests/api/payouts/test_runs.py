"""Payment runs by the API: the same lines, files and guarantees as those of the command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.time import Period
from scheduler.payout import PaymentRun, close, national_tariffs, prepare_run, read_ledger
from tests.api.payouts.in_force import PAY, publish
from tests.payout.paying import HDS_ACCOUNT, IBAN_HDS

Speaker = Callable[..., TestClient]
JANUARY = Period(start=date(2024, 1, 1), end=date(2024, 1, 31))


def test_a_run_by_the_api_has_the_files_of_the_command_byte_for_byte(
    database: Database, as_role: Speaker, tmp_path: Path
) -> None:
    """Lines, totals, payments, bank file and statements are the same; only `run.json` tells another closing day."""
    given = publish(database)
    finance = as_role("finance")
    closed = finance.post(
        f"{PAY}/runs",
        json={"month": "2024-01", "pay_on": "2100-01-04", "debtor": {"name": HDS_ACCOUNT.name, "iban": IBAN_HDS}},
    )
    assert closed.status_code == 201, closed.text
    run = prepare_run(
        given.dossier, given.roster, national_tariffs(), JANUARY, today=date.fromisoformat(closed.json()["closed_on"]),
        ledger=read_ledger(tmp_path, "test"),
    )  # fmt: skip
    files = close(run, debtor=HDS_ACCOUNT, pay_on=date(2100, 1, 4), with_pdf=False).run.files
    listed = {one["name"] for one in finance.get(f"{PAY}/runs/1/files").json() if one["stored"]}
    assert listed == files.keys()
    for name, content in files.items():
        assert finance.get(f"{PAY}/runs/1/files/{name}").content == content, name
    assert isinstance(run, PaymentRun)
