"""Rows of a dossier are read and edited one by one, judged like the files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditDetail, AuditEntry
from api.db.tables.people import Gp
from api.dossiers.export import Format
from api.dossiers.parts import PARTS
from scheduler.domain.dossier import Dossier
from scheduler.intake import take_in
from tests.api.dossiers.conftest import SQLITE_ONLY, AsRole
from tests.api.dossiers.samples import NIGHT, full_dossier


@pytest.fixture
def g1(where: str, as_role: AsRole) -> TestClient:
    """The GP `G1`."""
    return as_role("gp", gp_id="G1")


def rows(client: TestClient, where: str, part: str, **query: Any) -> list[dict[str, Any]]:
    """The first page of a part."""
    answer = client.get(f"{where}/{part}", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def bare(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it can be sent."""
    return {name: value for name, value in row.items() if name not in ("row_id", "etag")}


def exported(planner: TestClient, where: str, room: Path) -> Dossier:
    """The dossier that the export gives."""
    path = room / "out.zip"
    path.write_bytes(planner.get(f"{where}/export", params={"format": Format.ZIP}).content)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(room / "out")
    return take_in(room / "out").dossier


A_WISH = {
    "gp_id": "G1", "start": "2027-06-01T08:00:00+02:00", "end": "2027-06-02T08:00:00+02:00", "wish": "avoid",
    "weight": 2.5,
}  # fmt: skip


def test_every_part_is_read_and_put_back_as_it_is(planner: TestClient, where: str, tmp_path: Path) -> None:
    """Each row of each part can be sent back as it was given; nothing changes, and the ETag is the same."""
    found = [(part, row) for part in PARTS for row in rows(planner, where, part)]
    assert {part for part, _ in found} == set(PARTS)
    for part, row in found:
        at = f"{where}/{part}/{row['row_id']}"
        alone = planner.get(at)
        assert (alone.json(), alone.headers["ETag"]) == (row, row["etag"])
        back = planner.put(at, json=bare(row), headers={"If-Match": row["etag"]})
        assert back.status_code == 200, back.text
        assert back.json() == row
        same = planner.patch(at, json={}, headers={"If-Match": row["etag"]})
        assert same.json() == row
    assert exported(planner, where, tmp_path) == full_dossier()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("part", "column"),
    [("posts", "name"), ("practices", "name"), ("gps", "name"), ("absences", "reason"), ("payees", "payee_name")],
)
def test_a_text_of_a_row_that_begins_like_a_formula_is_refused(
    planner: TestClient, where: str, part: str, column: str
) -> None:
    """Nobody can put one into the files that a planner opens."""
    row = rows(planner, where, part)[0]
    sent = bare(row) | {column: "=1+1"}
    answer = planner.put(f"{where}/{part}/{row['row_id']}", json=sent, headers={"If-Match": row["etag"]})
    assert answer.status_code == 422
    assert answer.json()["code"] == "dossier_invalid"
    assert '"=1+1"' in answer.text
    assert "formule" in answer.text


@SQLITE_ONLY
def test_mistakes_of_a_row_are_told_all_at_once(g1: TestClient, where: str) -> None:
    """Part, column, what was found and what was expected, for each wrong value of a wish."""
    wrong = A_WISH | {"end": "2027-05-01T08:00:00+02:00", "wish": "misschien", "weight": 11}
    answer = g1.post(f"{where}/wishes", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "dossier_invalid")
    found = {(one["part"], one["row_id"], one["column"], one["found"]) for one in answer.json()["errors"]}
    assert found == {
        ("wishes", None, "end", "2027-05-01T08:00"),
        ("wishes", None, "wish", "misschien"),
        ("wishes", None, "weight", "11"),
    }
    assert all(one["expected"] for one in answer.json()["errors"])
    assert len(rows(g1, where, "wishes")) == 1


@SQLITE_ONLY
def test_moments_come_with_an_offset_or_in_local_time(g1: TestClient, where: str) -> None:
    """Any offset is understood; what comes back has the offset of Amsterdam."""
    for sent, shown in (
        ("2027-06-01T06:00:00Z", "2027-06-01T08:00:00+02:00"),
        ("2027-06-01T08:00", "2027-06-01T08:00:00+02:00"),
        ("2027-01-01T08:00:30+01:00", "2027-01-01T08:00:30+01:00"),
    ):
        answer = g1.post(f"{where}/wishes", json=A_WISH | {"start": sent})
        assert answer.status_code == 201, answer.text
        assert answer.json()["start"] == shown


@SQLITE_ONLY
def test_moments_that_a_file_cannot_hold_are_mistakes(g1: TestClient, where: str) -> None:
    """The second of two equal clock hours, parts of a second, bare dates and nonsense are refused, never altered."""
    for sent in (
        "2027-10-31T02:30:00+01:00",
        "2027-06-01T08:00:00.5+02:00",
        "2027-06-01",
        "morgen",
        "9999-12-31T23:59:59-12:00",
        "",
    ):
        answer = g1.post(f"{where}/wishes", json=A_WISH | {"start": sent, "end": "9999-01-01T00:00"})
        assert answer.status_code == 422
        assert [one["column"] for one in answer.json()["errors"]] == ["start"]


@SQLITE_ONLY
def test_a_gp_sees_and_edits_the_own_rows_only(
    as_role: AsRole, planner: TestClient, g1: TestClient, where: str
) -> None:
    """Rows of others do not exist for a GP, and nobody writes in another's name."""
    for part in (part for part in PARTS.values() if part.gp_reads):
        assert {row["gp_id"] for row in rows(g1, where, part.name)} <= {"G1"}
        assert rows(g1, where, part.name, gp_id="G2") == []
    other = next(row for row in rows(planner, where, "wishes") if row["gp_id"] == "G2")
    at, seen = f"{where}/wishes/{other['row_id']}", {"If-Match": other["etag"]}
    assert g1.get(at).status_code == 404
    assert g1.put(at, json=A_WISH, headers=seen).status_code == 404
    assert g1.patch(at, json={"weight": 1}, headers=seen).status_code == 404
    assert g1.delete(at, headers=seen).status_code == 404
    assert g1.post(f"{where}/wishes", json=A_WISH | {"gp_id": "G2"}).status_code == 403
    mine = rows(g1, where, "wishes")[0]
    moved = g1.patch(f"{where}/wishes/{mine['row_id']}", json={"gp_id": "G2"}, headers={"If-Match": mine["etag"]})
    assert moved.status_code == 403
    assert bare(rows(planner, where, "wishes", gp_id="G2")[0]) == bare(other)


@SQLITE_ONLY
def test_each_part_opens_for_its_roles(as_role: AsRole, g1: TestClient, where: str) -> None:
    """Planners everything, finance the payees, a GP the own availability; the others nothing."""
    others = {role: as_role(role) for role in ("finance", "insurer", "administrator")}
    stranger, elsewhere = as_role("planner", hds_id="elders"), where.replace("/test/", "/elders/")
    for name, part in PARTS.items():
        at = f"{where}/{name}"
        assert g1.get(at).status_code == (200 if part.gp_reads else 403)
        assert g1.post(at, json={}).status_code == (422 if part.gp_writes else 403)
        seen = {role for role, client in others.items() if client.get(at).status_code != 403}
        assert seen == ({"finance"} if name == "payees" else set())
        assert stranger.get(at).status_code == 404
        assert stranger.get(f"{elsewhere}/{name}").status_code == 404


def test_a_row_changes_for_who_saw_it_as_it_stands(planner: TestClient, g1: TestClient, where: str) -> None:
    """Without ETag 428, with an old one 412 and who changed it; changes of other rows do not get in the way."""
    row = rows(g1, where, "wishes")[0]
    at, seen = f"{where}/wishes/{row['row_id']}", {"If-Match": row["etag"]}
    assert g1.patch(at, json={"weight": 4}).status_code == 428
    assert g1.delete(at).status_code == 428
    assert g1.post(f"{where}/wishes", json=A_WISH).status_code == 201
    assert planner.patch(at, json={"weight": 4}, headers=seen).json()["weight"] == 4
    late = g1.patch(at, json={"weight": 5}, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert late.json()["changed_by"].startswith("planner-")
    assert g1.delete(at, headers={"If-Match": late.headers["ETag"]}).status_code == 204
    assert g1.get(at).status_code == 404


def test_an_absence_may_not_fall_on_a_locked_shift(g1: TestClient, planner: TestClient, where: str) -> None:
    """What breaks a lock is refused with the lock's place, in a new row and in a changed one."""
    clash = {"gp_id": "G1", "start": "2027-03-01T12:00+01:00", "end": "2027-03-02T12:00+01:00"}
    answer = g1.post(f"{where}/absences", json=clash)
    assert answer.status_code == 422
    assert [(one["part"], one["found"]) for one in answer.json()["errors"]] == [("locks", NIGHT)]
    assert answer.json()["errors"][0]["row_id"] == rows(planner, where, "locks")[0]["row_id"]
    row = rows(g1, where, "absences")[0]
    moved = {"start": clash["start"], "end": clash["end"]}
    seen = {"If-Match": row["etag"]}
    assert g1.patch(f"{where}/absences/{row['row_id']}", json=moved, headers=seen).status_code == 422
    assert g1.post(f"{where}/absences", json=clash | {"start": "2027-03-02T10:00+01:00"}).status_code == 201


@SQLITE_ONLY
def test_a_second_row_about_the_same_is_a_mistake(planner: TestClient, where: str) -> None:
    """Doubles are found though only the rows of one GP are looked at."""
    twice = planner.post(f"{where}/preferences", json={"gp_id": "G2", "burden": "night", "factor": 2})
    assert [one["column"] for one in twice.json()["errors"]] == ["burden"]
    stranger = planner.post(f"{where}/preferences", json={"gp_id": "G9", "burden": "night", "factor": 2})
    assert [one["column"] for one in stranger.json()["errors"]] == ["gp_id"]


def test_a_gp_comes_together_with_an_agreement(planner: TestClient, where: str) -> None:
    """Neither can be judged alone; together they are added, trainee and trainer at once, and taken out likewise."""
    gp = {"gp_id": "G7", "name": "N", "contract": "locum"}
    agreement = {
        "gp_id": "G7", "valid_from": "2027-03-01", "valid_until": "2027-12-31", "posts": ["P1"], "roles": ["consult"],
        "hours": 20, "nights": False,
    }  # fmt: skip
    trainee = {"gp_id": "T7", "contract": "trainee", "trainer_gp_id": "G7"}
    assert planner.post(f"{where}/gps", json=gp).status_code == 422
    assert planner.post(f"{where}/agreements", json=agreement).status_code == 422
    added = [("gps", trainee), ("gps", gp), ("agreements", agreement)]
    body = {"changes": [{"part": part, "do": "add", "row": row} for part, row in added], "reason": "nieuw"}
    done = planner.post(f"{where}/changes", json=body)
    assert done.status_code == 200, done.text
    found = rows(planner, where, "gps")
    assert [row["gp_id"] for row in found][-2:] == ["T7", "G7"]
    assert found[-2]["trainer_gp_id"] == "G7"
    assert rows(planner, where, "agreements", gp_id="G7")[0]["contract"] == "locum"
    places = zip(added, done.json()["done"], strict=True)
    gone = [{"part": part, "do": "remove", "row_id": one["row_id"], "etag": one["etag"]} for (part, _), one in places]
    refused = planner.post(f"{where}/changes", json={"changes": gone[1:]})
    assert [(one["part"], one["column"]) for one in refused.json()["errors"]] == [("gps", "trainer_gp_id")]
    assert planner.post(f"{where}/changes", json={"changes": gone}).status_code == 200
    assert [row["gp_id"] for row in rows(planner, where, "gps")] == ["G1", "G2", "T1"]


def test_changes_are_judged_by_their_outcome(planner: TestClient, where: str) -> None:
    """The border between two agreements moves though they overlap in between; with one mistake nothing changes."""
    first = next(row for row in rows(planner, where, "agreements") if row["gp_id"] == "G1")

    def change(row: dict[str, Any], **columns: Any) -> dict[str, Any]:
        return {
            "part": "agreements", "do": "replace", "row_id": row["row_id"], "etag": row["etag"],
            "row": bare(row) | columns,
        }  # fmt: skip

    second = bare(first) | {"valid_from": "2027-07-01"}
    split = [change(first, valid_until="2027-06-30"), {"part": "agreements", "do": "add", "row": second}]
    assert planner.post(f"{where}/changes", json={"changes": split}).status_code == 200
    one, two = rows(planner, where, "agreements", gp_id="G1")
    overlap = planner.post(f"{where}/changes", json={"changes": [change(one, valid_until="2027-08-31")]})
    assert [each["column"] for each in overlap.json()["errors"]] == ["valid_from"]
    both = [change(one, valid_until="2027-08-31"), change(two, valid_from="2027-09-01")]
    moved = planner.post(f"{where}/changes", json={"changes": both})
    assert moved.status_code == 200, moved.text
    found = rows(planner, where, "agreements", gp_id="G1")
    assert [(row["valid_from"], row["valid_until"]) for row in found] == [
        ("2026-01-01", "2027-08-31"),
        ("2027-09-01", "2028-12-31"),
    ]
    assert [row["row_id"] for row in found] == [one["row_id"], two["row_id"]]


@SQLITE_ONLY
def test_changes_of_a_wrong_shape_are_refused(planner: TestClient, where: str) -> None:
    """An addition with a number, a replacement without a row, a row named twice."""
    row = rows(planner, where, "wishes")[0]
    number = {"part": "wishes", "row_id": row["row_id"], "etag": row["etag"]}
    for changes, status in (
        ([number | {"do": "add", "row": A_WISH}], 422),
        ([number | {"do": "replace"}], 422),
        ([number | {"do": "remove", "row": A_WISH}], 422),
        ([number | {"do": "remove"}, number | {"do": "remove"}], 400),
        ([], 422),
    ):
        assert planner.post(f"{where}/changes", json={"changes": changes}).status_code == status


@SQLITE_ONLY
def test_who_refers_to_a_row_keeps_it(planner: TestClient, where: str) -> None:
    """A post, practice or GP that others name is not taken out; the answer names every row that does."""
    for part, file in (("posts", {"shift_types", "agreements"}), ("practices", {"gps"}), ("gps", {"agreements"})):
        row = rows(planner, where, part)[1 if part == "gps" else 0]
        answer = planner.delete(f"{where}/{part}/{row['row_id']}", headers={"If-Match": row["etag"]})
        assert answer.status_code == 422
        assert {one["part"] for one in answer.json()["errors"]} >= file


def test_rows_are_found_by_gp_and_by_day(planner: TestClient, where: str) -> None:
    """Spans count when they touch the days asked for, on the last and the first of them too."""
    assert len(rows(planner, where, "wishes", gp_id="G2")) == 1
    for query, count in (
        ({"from": "2027-05-03"}, 2), ({"from": "2027-05-04"}, 0), ({"until": "2027-05-03"}, 2),
        ({"until": "2027-05-02"}, 0),
    ):  # fmt: skip
        assert len(rows(planner, where, "wishes", **query)) == count
    assert len(rows(planner, where, "agreements", **{"from": "2028-12-31"})) == 3
    assert len(rows(planner, where, "agreements", **{"from": "2029-01-01"})) == 0
    assert len(rows(planner, where, "past_holidays", **{"from": "2026-12-25", "until": "2026-12-25"})) == 1


def test_rows_come_in_pages(planner: TestClient, where: str) -> None:
    """The cursor goes on where the page before ended."""
    first = planner.get(f"{where}/gps", params={"limit": 2}).json()
    rest = planner.get(f"{where}/gps", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["gp_id"] for row in first["items"] + rest["items"]] == ["G1", "G2", "T1"]
    assert rest["next"] is None


def test_every_change_of_a_row_is_on_record_with_whose_data_it_is(
    g1: TestClient, where: str, database: Database
) -> None:
    """Adding, changing and removing leave before and after, under the number of the GP."""
    made = g1.post(f"{where}/wishes", json=A_WISH).json()
    at = f"{where}/wishes/{made['row_id']}"
    changed = g1.patch(at, json={"weight": 9}, headers={"If-Match": made["etag"]}).json()
    g1.delete(at, headers={"If-Match": changed["etag"]})
    subject = f"dossier/{where.rpartition('/')[2]}/wishes/{made['row_id']}"
    with database.reading() as session:
        found = session.execute(
            select(AuditEntry.action, AuditDetail.before, AuditDetail.after, AuditDetail.gp_number)
            .join(AuditDetail, (AuditDetail.chain == AuditEntry.chain) & (AuditDetail.seq == AuditEntry.seq))
            .where(AuditEntry.subject == subject)
            .order_by(AuditEntry.seq)
        ).all()
        number = session.scalars(select(Gp.number).where(Gp.gp_id == "G1")).one()
    assert [row.action for row in found] == [f"dossier.wishes.{done}" for done in ("added", "changed", "removed")]
    assert [(row.before or {}).get("weight") for row in found] == [None, 2.5, 9]
    assert [(row.after or {}).get("weight") for row in found] == [2.5, 9, None]
    assert {row.gp_number for row in found} == {number}


def test_the_export_after_edits_holds_them(planner: TestClient, where: str, tmp_path: Path) -> None:
    """What was changed by HTTP comes out in the files, and all else as it was."""
    planner.post(f"{where}/practices", json={"practice_id": "H2", "name": "Twee", "patients": 1000.5})
    row = rows(planner, where, "balances")[0]
    planner.patch(f"{where}/balances/{row['row_id']}", json={"hours": 3.25}, headers={"If-Match": row["etag"]})
    before, after = full_dossier(), exported(planner, where, tmp_path)
    assert [practice.patients for practice in after.practices] == [2000, 1000.5]
    assert [balance.hours for balance in after.balances] == [3.25]
    assert after.replace(practices=before.practices, balances=before.balances) == before


def test_an_addition_that_is_sent_again_is_done_once(g1: TestClient, planner: TestClient, where: str) -> None:
    """The same key gives the same row, for one user; another request under it is refused."""
    key = {"Idempotency-Key": "een"}
    first, again = (g1.post(f"{where}/wishes", json=A_WISH, headers=key) for _ in range(2))
    assert (again.status_code, again.json(), again.headers["Location"]) == (
        201,
        first.json(),
        first.headers["Location"],
    )
    assert len(rows(g1, where, "wishes")) == 2
    other = g1.post(f"{where}/wishes", json=A_WISH | {"weight": 9}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert planner.post(f"{where}/wishes", json=A_WISH, headers=key).status_code == 201
    g1.delete(first.headers["Location"], headers={"If-Match": "*"})
    assert g1.post(f"{where}/wishes", json=A_WISH, headers=key).status_code == 404
