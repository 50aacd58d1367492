"""Whole dossiers go in, come out, are replaced and taken out."""

from __future__ import annotations

import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.clock import now
from api.db.engine import Database
from api.db.tables import dossier as t
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Gp
from api.db.tables.runs import RosterRun
from api.dossiers.export import Format, exported
from api.rosters.mapping import store_snapshot
from scheduler.domain.people import Post
from scheduler.intake import take_in, take_in_workbook
from tests.api.conftest import add_hds
from tests.api.dossiers.conftest import SQLITE_ONLY, AsRole
from tests.api.dossiers.files import DEMO, DEMO_HDS, XLSX, files_in, files_of, send, zip_of
from tests.duty_builders import a_dossier
from tests.shared_cases import shared_case, shared_case_names


@pytest.fixture
def small(tmp_path: Path) -> dict[str, bytes]:
    """The files of a small dossier of the HDS `test`."""
    return files_of(a_dossier(), tmp_path)


def _exported(client: TestClient, where: str, room: Path, as_format: str) -> Path:
    """What the export gives, on disk."""
    answer = client.get(f"{where}/export", params={"format": as_format})
    assert answer.status_code == 200, answer.text
    path = room / f"back.{as_format}"
    path.write_bytes(answer.content)
    return path


def _unzipped(path: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.parent / "back")
    return path.parent / "back"


def test_the_demo_goes_in_and_comes_out_as_it_was(as_role: AsRole, tmp_path: Path) -> None:
    """What the export gives out, as zip and as workbook, reads as the dossier that was sent."""
    planner = as_role("planner", hds_id=DEMO_HDS)
    answer = send(planner, zip_of(files_in(DEMO), "merenland/"), hds_id=DEMO_HDS)
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == '"1"'
    assert answer.json()["counts"]["gps"] == 361
    where = answer.headers["Location"]
    original = take_in(DEMO).dossier
    assert take_in(_unzipped(_exported(planner, where, tmp_path, "zip"))).dossier == original
    assert take_in_workbook(_exported(planner, where, tmp_path, "xlsx")).dossier == original


@SQLITE_ONLY
@pytest.mark.parametrize("name", shared_case_names())
def test_other_dossiers_come_out_as_they_were(as_role: AsRole, tmp_path: Path, name: str) -> None:
    """Dossiers of other sizes and kinds survive the store as well, in and out as a workbook."""
    original = take_in(shared_case(name)).dossier
    planner = as_role("planner", hds_id=original.hds_id)
    answer = send(planner, zip_of(files_in(shared_case(name))), hds_id=original.hds_id)
    assert answer.status_code == 201, answer.text
    workbook = _exported(planner, answer.headers["Location"], tmp_path, "xlsx")
    assert take_in_workbook(workbook).dossier == original


def test_every_mistake_is_told_at_once(planner: TestClient, database: Database, small: dict[str, bytes]) -> None:
    """Mistakes of several files and the wrong HDS come back together, each with its place; nothing is stored."""
    wrong = small | {
        "hds.toml": small["hds.toml"].replace(b'id = "test"', b'id = "elders"'),
        "gps.csv": small["gps.csv"].replace(b"locum", b"lokum"),
        "posts.csv": small["posts.csv"].replace(b"10000", b"-1"),
    }
    answer = send(planner, zip_of(wrong))
    assert answer.status_code == 422
    assert answer.json()["code"] == "dossier_invalid"
    places = {(one["file"], one["column"]) for one in answer.json()["errors"]}
    assert places >= {("hds.toml", "hds.id"), ("gps.csv", "contract"), ("posts.csv", "patients")}
    assert all(one["found"] and one["expected"] for one in answer.json()["errors"])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(t.Dossier)) == 0
        assert session.scalar(select(func.count()).select_from(Gp)) == 0


@SQLITE_ONLY
def test_mistakes_of_a_workbook_name_sheet_and_row(planner: TestClient, tmp_path: Path) -> None:
    """The place of a mistake in a workbook is the sheet and row of the file that was sent."""
    content = exported(a_dossier(posts=(Post(id="P2", name="Post 2", patients=5_000),)), Format.XLSX)
    answer = send(planner, content, name="mijn <rooster>.xlsx")
    assert answer.status_code == 422
    places = {(one["file"], one["line"], one["column"]) for one in answer.json()["errors"]}
    assert ("mijn rooster.xlsx [shift_types]", 2, "post_id") in places


@SQLITE_ONLY
def test_a_workbook_goes_in_like_a_folder(planner: TestClient) -> None:
    """A workbook without mistakes is a dossier."""
    assert send(planner, exported(a_dossier(), Format.XLSX), name="d.xlsx").status_code == 201


@SQLITE_ONLY
def test_habits_of_a_spreadsheet_are_told(planner: TestClient, small: dict[str, bytes]) -> None:
    """Semicolons and a file that does not belong are understood and told as notices."""
    small["posts.csv"] = small["posts.csv"].replace(b",", b";")
    answer = send(planner, zip_of(small | {"lijst.csv": b"x"}))
    assert answer.status_code == 201, answer.text
    assert {notice["code"] for notice in answer.json()["notices"]} >= {"semicolons", "unknown_file"}


@SQLITE_ONLY
def test_what_cannot_be_stored_is_a_mistake_like_any_other(planner: TestClient, small: dict[str, bytes]) -> None:
    """An id longer than its column is refused with its place, not by the database."""
    small["practices.csv"] = small["practices.csv"].replace(b"H1,", b"H" * 201 + b",")
    answer = send(planner, zip_of(small))
    assert answer.status_code == 422
    assert ("practices.csv", 2, "practice_id") in {
        (one["file"], one["line"], one["column"]) for one in answer.json()["errors"]
    }


@SQLITE_ONLY
def test_an_immense_demand_is_refused_unread(planner: TestClient, small: dict[str, bytes]) -> None:
    """A dossier that asks for millions of shifts is a mistake, told without making them."""
    head, *rows = small["shift_types.csv"].splitlines()
    many = [rows[0].replace(b",1,,", b",99,,").replace(b"P1-", b"%d-" % n, 1) for n in range(400)]
    answer = send(planner, zip_of(small | {"shift_types.csv": b"\n".join([head, *many])}))
    assert answer.status_code == 422
    assert "headcount" in {one["column"] for one in answer.json()["errors"]}


def test_a_dossier_is_replaced_by_who_saw_the_last_one(planner: TestClient, small: dict[str, bytes]) -> None:
    """Replacing wants the ETag (428), refuses an old one and says who changed it (412), and takes the right one."""
    made = send(planner, zip_of(small))
    where = made.headers["Location"]
    file = {"file": ("d.zip", zip_of(small | {"hds.toml": small["hds.toml"].replace(b'"Test"', b'"Ander"')}))}
    assert planner.put(f"{where}/content", files=file).status_code == 428
    done = planner.put(f"{where}/content", files=file, headers={"If-Match": made.headers["ETag"]})
    assert done.status_code == 200, done.text
    assert done.json()["hds_name"] == "Ander"
    assert done.headers["ETag"] == '"2"'
    late = planner.put(f"{where}/content", files=file, headers={"If-Match": made.headers["ETag"]})
    assert late.status_code == 412
    assert late.json()["changed_by"].startswith("planner-")
    assert late.headers["ETag"] == '"2"'


def test_dossiers_are_listed_newest_first_in_pages(planner: TestClient, small: dict[str, bytes]) -> None:
    """Each dossier stands on one page, none twice, and a cursor of another list is refused."""
    made = [send(planner, zip_of(small)).json()["dossier_id"] for _ in range(3)]
    first = planner.get("/api/v1/hds/test/dossiers", params={"limit": 2}).json()
    rest = planner.get("/api/v1/hds/test/dossiers", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["dossier_id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    assert planner.get("/api/v1/hds/test/dossiers", params={"cursor": "WyJhIl0"}).status_code == 400


def test_a_dossier_with_a_run_stays(planner: TestClient, small: dict[str, bytes], database: Database) -> None:
    """A dossier goes with its ETag while nothing was made of it, and is kept once a run was asked for."""
    kept, gone = send(planner, zip_of(small)), send(planner, zip_of(small))
    with database.writing() as session:
        session.add(
            RosterRun(
                id="r", hds_id="test", dossier_id=kept.json()["dossier_id"], request={}, requested_at=now(),
                snapshot=store_snapshot(session, a_dossier()),
            )
        )  # fmt: skip
    one = {"If-Match": '"1"'}
    assert planner.delete(gone.headers["Location"]).status_code == 428
    assert planner.delete(gone.headers["Location"], headers=one).status_code == 204
    assert planner.get(gone.headers["Location"]).status_code == 404
    refused = planner.delete(kept.headers["Location"], headers=one)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert planner.get(kept.headers["Location"]).status_code == 200


def test_every_change_of_a_dossier_is_on_record(
    planner: TestClient, small: dict[str, bytes], database: Database
) -> None:
    """Taking in, replacing and taking out each leave a link in the audit trail."""
    made = send(planner, zip_of(small))
    where = made.headers["Location"]
    planner.put(f"{where}/content", files={"file": ("d.zip", zip_of(small))}, headers={"If-Match": "*"})
    planner.delete(where, headers={"If-Match": "*"})
    with database.reading() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == f"dossier/{made.json()['dossier_id']}")
        ).all()
    assert list(actions) == ["dossier.imported", "dossier.replaced", "dossier.removed"]


def test_a_dossier_of_another_hds_does_not_exist(
    as_role: AsRole, planner: TestClient, small: dict[str, bytes], database: Database
) -> None:
    """A planner elsewhere finds no dossier of this HDS, neither under this HDS nor under the own one."""
    number = send(planner, zip_of(small)).json()["dossier_id"]
    add_hds(database, "elders")
    stranger = as_role("planner", hds_id="elders")
    for hds_id in ("test", "elders"):
        assert stranger.get(f"/api/v1/hds/{hds_id}/dossiers/{number}").status_code == 404
        assert stranger.get(f"/api/v1/hds/{hds_id}/dossiers/{number}/export").status_code == 404
    assert as_role("gp", gp_id="G1").get(f"/api/v1/hds/test/dossiers/{number}/export").status_code == 403
    assert as_role("insurer").post("/api/v1/hds/test/dossiers").status_code == 403


@SQLITE_ONLY
def test_exports_have_the_type_and_name_of_their_file(planner: TestClient, small: dict[str, bytes]) -> None:
    """A browser saves the export under a name that tells what it is, and the same dossier gives the same bytes."""
    where = send(planner, zip_of(small)).headers["Location"]
    answer = planner.get(f"{where}/export", params={"format": "xlsx"})
    assert answer.headers["Content-Type"] == XLSX
    assert 'filename="dossier-test-2027-01-01-2027-12-31.xlsx"' in answer.headers["Content-Disposition"]
    first, second = (planner.get(f"{where}/export").content for _ in range(2))
    assert first == second


def test_a_dossier_that_is_sent_again_is_taken_in_once(planner: TestClient, small: dict[str, bytes]) -> None:
    """The same key with the same files gives the same dossier; with other files it is refused."""
    key = {"Idempotency-Key": "een"}
    first, again = (send(planner, zip_of(small), headers=key) for _ in range(2))
    assert (again.status_code, again.json()["dossier_id"]) == (201, first.json()["dossier_id"])
    other = small | {"hds.toml": small["hds.toml"].replace(b'"Test"', b'"Ander"')}
    assert send(planner, zip_of(other), headers=key).status_code == 409
    assert len(planner.get("/api/v1/hds/test/dossiers").json()["items"]) == 1


@SQLITE_ONLY
def test_an_hds_may_have_any_id(as_role: AsRole, tmp_path: Path) -> None:
    """Addresses and file names are made of the id, whatever signs are in it."""
    hds_id = 'Zuid "€" 2'
    planner = as_role("planner", hds_id=hds_id)
    answer = send(planner, zip_of(files_of(a_dossier(hds_id=hds_id), tmp_path)), hds_id=quote(hds_id))
    assert answer.status_code == 201, answer.text
    assert planner.get(f"{answer.headers['Location']}/export").status_code == 200
    added = planner.post(f"{answer.headers['Location']}/practices", json={"practice_id": "N", "patients": 1})
    assert planner.get(added.headers["Location"]).json()["practice_id"] == "N"
