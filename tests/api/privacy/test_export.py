"""An export holds everything about the GP, and nothing that lets somebody in."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import BigInteger, Integer

from api.db.engine import Database
from api.db.tables import Base
from api.privacy.holdings import columns_of_gps
from tests.api.payouts.in_force import STANDBY
from tests.api.privacy.held import NAME, PERSONAL, URL, AsRole, hold, pay_january
from tests.api.privacy.year import live_through
from tests.payout.paying import IBAN_A, IBAN_C


def unpacked(content: bytes) -> dict[str, Any]:
    """The files of an export by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json")
        }


@pytest.fixture
def files(database: Database, as_role: AsRole) -> dict[str, Any]:
    """What an administrator is given about C."""
    hold(database)
    pay_january(as_role)
    answer = as_role("administrator").get(f"{URL}/gps/C")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    return unpacked(answer.content)


def test_everything_that_is_held_is_shown(files: dict[str, Any]) -> None:
    """Every word about C, in every place where it stands."""
    text = json.dumps(files, ensure_ascii=False)
    assert [word for word in PERSONAL if word not in text and word != "vertelde dit"] == []
    assert files["dossier_gp"][0]["name"] == f"Dokter {NAME}"
    assert files["dossier_absence"][0]["starts_at"] == "2024-03-01T00:00:00+01:00"
    assert files["duty"][0]["shift_id"] == STANDBY.id
    assert files["duty"][0]["performer_number"] == "C"
    assert files["payment_line"][0]["amount_cents"] > 0
    assert files["payment_statement"][0]["iban"] == IBAN_C
    assert files["snapshots"][0]["wishes"][0]["gp_id"] == "C"
    assert [one["action"] for one in files["audit"] if one["by_you"]] == ["swap.proposed", "swap.withdrawn"]


def test_nothing_of_others_and_no_secret_is_shown(files: dict[str, Any]) -> None:
    """No password, no hash of a token, no account of another GP."""
    text = json.dumps(files)
    assert "argon2" not in text
    assert "token_hash" not in text
    assert "csrf" not in text
    assert IBAN_A not in text
    assert "cursus" not in text


def test_who_stood_in_is_not_shown_for_whom_and_why(database: Database, as_role: AsRole) -> None:
    """That A was ill or away is what A is shown, and nobody else."""
    hold(database)
    live_through(database)
    administrator = as_role("administrator")
    of_c, of_a = (unpacked(administrator.get(f"{URL}/gps/{one}").content) for one in "CA")
    assert of_c["sickness_case"][0]["covered_by"] == "C"
    assert of_c["repair_change"][0]["to_number"] == "C"
    assert {"gp_number", "report_id", "reason"}.isdisjoint(of_c["sickness_case"][0])
    assert {"cause", "room_for"}.isdisjoint(of_c["repair_change"][0])
    assert of_a["sickness_case"][0]["gp_number"] == "A"
    assert of_a["repair_change"][0]["cause"] == "away"


def test_a_gp_is_given_the_same(database: Database, as_role: AsRole) -> None:
    """By the own account, of the own data alone; who is no GP has none."""
    hold(database)
    mine = unpacked(as_role("gp", gp_id="C").get(f"{URL}/mine").content)
    assert mine["gp"]["gp_id"] == "C"
    assert mine["dossier_gp"][0]["name"] == f"Dokter {NAME}"
    assert as_role("planner").get(f"{URL}/mine").status_code == 403
    assert as_role("gp", gp_id="A").get(f"{URL}/gps/C").status_code == 403


def test_only_administrators_export(database: Database, client: TestClient, as_role: AsRole) -> None:
    """Without login 401, of another HDS 404, with another role 403, about nobody 404."""
    hold(database)
    assert client.get(f"{URL}/gps/C").status_code == 401
    assert as_role("administrator", hds_id="elsewhere").get(f"{URL}/gps/C").status_code == 404
    for role in ("planner", "finance", "insurer"):
        assert as_role(role).get(f"{URL}/gps/C").status_code == 403
    assert as_role("administrator").get(f"{URL}/gps/nobody").status_code == 404


def test_every_column_that_names_a_gp_is_followed() -> None:
    """A new table with a `..._number` of a GP must tie it to the GP, or exports and erasures would forget it."""
    apart = {("audit_detail", "gp_number"), ("gp", "number")}
    forgotten = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in set(table.columns) - set(columns_of_gps(table))
        if column.name.endswith("_number") and isinstance(column.type, BigInteger | Integer)
    }
    assert forgotten - apart == set()
