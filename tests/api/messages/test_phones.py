"""The telephone number of a GP: what is taken, who sees and changes it, and what stands on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditDetail, AuditEntry
from api.messages.phones import phone_from_text, phone_to_text
from tests.api.payouts.in_force import ON_SQLITE

AsRole = Callable[..., TestClient]
OF_A = "/api/v1/hds/test/gps/a/phone"


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("0612345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("31612345678", "+31612345678"),
        ("020 123 4567", "+31201234567"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_number_is_taken_as_people_write_it(written: str, phone: str) -> None:
    """Of the Netherlands with and without the country, and of another country with it."""
    assert phone_from_text(written) == phone


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "112",
        "0900-1234",
        "0800 1234",
        "14020",
        "06 1234 567",
        "0612345678;ext=3",
        "+1 900 555 1234",
        "06" * 15,
    ],
)
def test_what_reaches_no_person_is_refused(written: str) -> None:
    """Dear, free, short, of an emergency, too short, with an extension, or no number at all."""
    with pytest.raises(ValueError, match="een gewoon telefoonnummer"):
        phone_from_text(written)


@given(st.integers(10_000_000, 19_999_999))
def test_a_number_is_read_back_as_it_is_shown(last: int) -> None:
    """Shown as a Dutch reader expects it, and taken in from that as the same."""
    phone = f"+316{last}"
    assert phone_to_text(phone).startswith("06 ")
    assert phone_from_text(phone_to_text(phone)) == phone


def test_a_gp_enters_changes_and_takes_out_the_own_number(as_role: AsRole, database: Database) -> None:
    """By the revision that was seen; on record is that it changed, and no number."""
    own = as_role("gp", gp_id="a")
    first = own.get(OF_A)
    assert (first.json(), first.headers["ETag"]) == ({"phone": None, "shown": None}, '"0"')
    entered = own.put(OF_A, json={"phone": "06-12345678"}, headers={"If-Match": '"0"'})
    assert entered.json() == {"phone": "+31612345678", "shown": "06 12345678"}
    assert own.put(OF_A, json={"phone": "06-12345679"}, headers={"If-Match": '"0"'}).status_code == 412
    assert own.put(OF_A, json={"phone": "06-12345679"}).status_code == 428
    assert own.delete(OF_A, headers={"If-Match": entered.headers["ETag"]}).status_code == 204
    assert own.get(OF_A).json()["phone"] is None
    with database.reading() as session:
        rows = session.execute(
            select(AuditEntry.action, AuditDetail.before, AuditDetail.after).join(
                AuditDetail, (AuditDetail.chain == AuditEntry.chain) & (AuditDetail.seq == AuditEntry.seq)
            )
        ).all()
    assert [tuple(row) for row in rows] == [("gp.phone.entered", None, None), ("gp.phone.removed", None, None)]


@ON_SQLITE
def test_a_planner_enters_it_too_and_a_colleague_sees_nothing(as_role: AsRole) -> None:
    """To a colleague the GP's number is not there, whether it is or not; to finance neither."""
    planner = as_role("planner")
    own, colleague = as_role("gp", gp_id="a"), as_role("gp", gp_id="b")
    assert planner.put(OF_A, json={"phone": "0612345678"}, headers={"If-Match": '"0"'}).status_code == 200
    assert own.get(OF_A).json()["phone"] == "+31612345678"
    assert colleague.get(OF_A).status_code == 404
    assert colleague.put(OF_A, json={"phone": "0612345679"}, headers={"If-Match": "*"}).status_code == 404
    assert colleague.delete(OF_A, headers={"If-Match": "*"}).status_code == 404
    assert as_role("finance").get(OF_A).status_code == 403
    assert planner.get("/api/v1/hds/test/gps/nobody/phone").status_code == 404


@ON_SQLITE
def test_a_wrong_number_says_what_is_expected(as_role: AsRole) -> None:
    """In Dutch, with its place."""
    answer = as_role("gp", gp_id="a").put(OF_A, json={"phone": "112"}, headers={"If-Match": '"0"'})
    [mistake] = answer.json()["errors"]
    assert answer.status_code == 422
    assert mistake["place"] == ["body", "phone"]
    assert mistake["expected"].startswith("een gewoon telefoonnummer van een persoon")
