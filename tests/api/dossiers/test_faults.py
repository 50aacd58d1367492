"""What people send by mistake or on purpose: too large, broken, dangerous; refused, and nothing stays behind."""

from __future__ import annotations

import errno
import io
import socket
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.db.engine import Database
from api.db.tables import dossier as t
from api.settings import Settings
from tests.api.conftest import add_user, token_for
from tests.api.dossiers.conftest import SQLITE_ONLY
from tests.api.dossiers.files import files_of, send, zip_of
from tests.duty_builders import a_dossier

pytestmark = SQLITE_ONLY
MEBIBYTE = 2**20


@pytest.fixture
def small(tmp_path: Path) -> dict[str, bytes]:
    """The files of a small dossier of the HDS `test`."""
    return files_of(a_dossier(), tmp_path)


@pytest.fixture(autouse=True)
def _nothing_stays(settings: Settings, database: Database) -> Iterator[None]:
    """After each test no file is left and no dossier was stored."""
    yield
    assert not settings.work_folder.exists() or not list(settings.work_folder.iterdir())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(t.Dossier)) == 0


def _entry(name: str, **attributes: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(entry, attribute, value)
    return entry


def _zip(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, each in entries:
            archive.writestr(entry, each)
    return content.getvalue()


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (_entry("../gps.csv"), "../gps.csv"),
        (_entry("a/../../gps.csv"), "a/../../gps.csv"),
        (_entry("/etc/gps.csv"), "/etc/gps.csv"),
        (_entry("C:\\gps.csv"), "C:\\gps.csv"),
        (_entry("gps.csv", external_attr=(stat.S_IFLNK | 0o777) << 16), "gps.csv"),
        (_entry("a/b/gps.csv"), "a/b"),
    ],
)
def test_entries_that_lead_astray_are_refused(
    planner: TestClient, small: dict[str, bytes], entry: zipfile.ZipInfo, name: str
) -> None:
    """Paths out of the folder, absolute ones, links and deeper folders are named and refused."""
    good = [(_entry(each), content) for each, content in small.items() if each != "gps.csv"]
    answer = send(planner, _zip(*good, (entry, b"/etc/passwd")))
    assert (answer.status_code, answer.json()["code"]) == (422, "archive_invalid")
    assert [one["entry"] for one in answer.json()["errors"]] == [name]
    assert all(one["expected"] for one in answer.json()["errors"])


def test_every_bad_entry_is_told_at_once(planner: TestClient) -> None:
    """Two bad names and a file that stands there twice come back together."""
    with pytest.warns(UserWarning, match="Duplicate"):
        content = _zip(*[(_entry(name), b"x") for name in ("../a", "/b", "gps.csv", "gps.csv")])
    assert len(send(planner, content).json()["errors"]) == 4


def _damaged(content: bytes) -> bytes:
    """One byte in the middle of the first file is another."""
    place = content.index(b".csv") + 30
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def test_broken_and_encrypted_zips_are_refused(planner: TestClient, small: dict[str, bytes]) -> None:
    """Cut off, damaged, with a password, or packed in an unknown way."""
    whole = zip_of(small)
    flag, method = whole.index(b"PK\x01\x02") + 8, whole.index(b"PK\x01\x02") + 10
    locked = whole[:flag] + b"\x01" + whole[flag + 1 :]
    strange = whole[:method] + b"\x63" + whole[method + 1 :]
    for content in (whole[: len(whole) // 2], whole[:-30], _damaged(whole), locked, strange):
        answer = send(planner, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "archive_invalid")


@pytest.mark.parametrize("content", [b"", b"gp_id,name\n", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_other_files_are_refused(planner: TestClient, content: bytes) -> None:
    """What is neither a zip nor a workbook is told so, an old Excel file too."""
    assert send(planner, content).status_code == 415


def test_a_form_without_the_file_is_malformed(planner: TestClient) -> None:
    """Another field, or text in the place of the file."""
    where = "/api/v1/hds/test/dossiers"
    assert planner.post(where, files={"bestand": ("d.zip", b"")}).status_code == 422
    assert planner.post(where, data={"file": "d.zip"}).status_code == 422
    assert planner.post(where, content=b"PK\x03\x04", headers={"Content-Type": "application/zip"}).status_code == 422


def test_a_zip_without_a_dossier_says_what_is_missing(planner: TestClient) -> None:
    """An empty zip, or one of another kind, is a dossier without its files."""
    answer = send(planner, zip_of({"foto.png": b"x", ".": b"", "__MACOSX/._gps.csv": b"\0", ".DS_Store": b""}))
    assert {"hds.toml", "gps.csv", "posts.csv"} <= {one["file"] for one in answer.json()["errors"]}


def test_a_zip_bomb_is_refused_whatever_size_it_claims(
    planner: TestClient, small: dict[str, bytes], settings: Settings
) -> None:
    """A file of zeros that unpacks beyond the limit, honest about its size or not."""
    bomb = b"\0" * (settings.largest_unpacked + 1)
    honest = zip_of(small | {"gps.csv": bomb})
    assert len(honest) < settings.largest_upload
    size = (settings.largest_unpacked + 1).to_bytes(4, "little")
    lying = honest.replace(size, (100).to_bytes(4, "little"))
    assert lying != honest
    assert send(planner, honest).status_code == 413
    assert send(planner, lying).status_code in (413, 422)
    many = zip_of({f"{n}.csv": b"" for n in range(2000)})
    assert send(planner, many).status_code == 422


def _workbook(sheet: str, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="gps" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
    }
    return zip_of({name: text.encode() for name, text in files.items()} | (more or {}))


def test_a_workbook_may_be_a_bomb_too(planner: TestClient, settings: Settings) -> None:
    """One that unpacks beyond the limit, and a tiny one whose two cells span the largest sheet there is."""
    large = _workbook("", {"xl/media/x": b"\0" * (settings.largest_unpacked + 1)})
    assert send(planner, large, name="d.xlsx").status_code == 413
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    answer = send(planner, _workbook(corners), name="d.xlsx")
    assert (answer.status_code, answer.json()["code"]) == (422, "dossier_invalid")
    found = {(error["file"], error["found"]) for error in answer.json()["errors"]}
    assert ("d.xlsx [gps]", "XFD1048576") in found


def test_a_workbook_with_nonsense_inside_is_no_workbook(planner: TestClient) -> None:
    """Broken XML is a mistake of the file, and a sheet without its files says what is missing.

    The file is named as it was sent: where the service keeps it is nobody's business.
    """
    broken = send(planner, _workbook("<row><c"), name="d.xlsx")
    assert broken.json()["code"] == "dossier_invalid"
    assert [error["file"] for error in broken.json()["errors"]] == ["d.xlsx"]
    assert "upload-" not in broken.text
    answer = send(planner, _workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>gp_id</t></is></c></row>'))
    assert answer.json()["code"] == "dossier_invalid"


def test_wrong_encodings_are_told_with_their_place(planner: TestClient, small: dict[str, bytes]) -> None:
    """Windows-1252 is understood; bytes that are no text at all are a mistake of that file."""
    answer = send(planner, zip_of(small | {"practices.csv": b"practice_id,name,patients\nH1,\x81\x8d,1\n"}))
    assert answer.status_code == 422
    assert [(one["file"], one["line"]) for one in answer.json()["errors"]] == [("practices.csv", 2)]


def test_bodies_beyond_the_limit_are_refused(planner: TestClient, settings: Settings) -> None:
    """An upload by its declared length, and in pieces without any; another body at its own, lower limit."""
    assert send(planner, b"x" * (settings.largest_upload + 1)).status_code == 413

    def pieces() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="d.zip"\r\n\r\n'
        for _ in range(settings.largest_upload // MEBIBYTE + 1):
            yield b"x" * MEBIBYTE

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = planner.post("/api/v1/hds/test/dossiers", content=pieces(), headers=form)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    wish = b'{"gp_id": "' + b"x" * settings.largest_body + b'"}'
    json = {"Content-Type": "application/json"}
    answer = planner.post("/api/v1/hds/test/dossiers/1/wishes", content=wish, headers=json)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_full_disk_is_told_as_such(
    planner: TestClient, small: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the files do not fit on the disk the answer is 507."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    answer = send(planner, zip_of(small))
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")


def test_a_full_disk_while_the_form_comes_in_is_told_as_such(
    planner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large forms are put on disk before any route sees them; that may fail as well."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("starlette.datastructures.UploadFile.write", full)
    answer = send(planner, b"x" * 2 * MEBIBYTE)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")


@pytest.fixture
def served(app: FastAPI) -> Iterator[int]:
    """The port on which the service really listens."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)


def _raw(port: int, head: str, body: Callable[[], Iterator[bytes]]) -> tuple[bytes, int]:
    """The first line of the answer to a request as bytes, and how much of the body could be sent before it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        sent = 0
        try:
            for piece in body():
                line.sendall(piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return line.recv(100).split(b"\r\n")[0], sent
        except ConnectionResetError:
            return b"", sent


def test_an_upload_of_200_megabytes_is_not_read(served: int, database: Database, settings: Settings) -> None:
    """By its declared length it is refused before the body is there; in pieces, soon after the limit."""
    secret = token_for(database, add_user(database, "p", "test", "planner"), "test", "planner")
    head = (
        f"POST /api/v1/hds/test/dossiers HTTP/1.1\nHost: x\nAuthorization: Bearer {secret}\n"
        "Content-Type: multipart/form-data; boundary=x\n"
    )
    first, _ = _raw(served, f"{head}Content-Length: {200 * MEBIBYTE}", lambda: iter(()))
    assert first.startswith(b"HTTP/1.1 413")

    def pieces() -> Iterator[bytes]:
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="d.zip"\r\n\r\n'
        yield b"%x\r\n%s\r\n" % (len(part), part)
        for _ in range(200):
            yield b"%x\r\n%s\r\n" % (MEBIBYTE, b"x" * MEBIBYTE)

    first, sent = _raw(served, f"{head}Transfer-Encoding: chunked", pieces)
    assert first.startswith(b"HTTP/1.1 413") or first == b""
    assert sent < settings.largest_upload + 20 * MEBIBYTE
