"""Files that callers send: unpacked on disk within limits, and gone afterwards whatever happened."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from fastapi import UploadFile

from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text

MOST_ENTRIES = 1000
_ZIP = b"PK\x03\x04"
_CONTENT_TYPES = "[Content_Types].xml"
_PIECE = 64 * 1024
_LONGEST_NAME = 100
_STALE_SECONDS = 3600
_ENCRYPTED = 0x1
_PREFIX = "upload-"
_OF_A_MAC = "__MACOSX"


@contextmanager
def received(upload: UploadFile, wanted: Collection[str], settings: Settings) -> Iterator[Path]:
    """A folder with the `wanted` files out of a zip, or the workbook that was sent; removed at the end.

    The files may stand at the root of the zip or in one folder; of other tables (`.csv`) only the name is kept.
    Raises Problem: `unsupported_media`, `archive_invalid` (every bad entry in `errors`) or `too_large`; OSError when
    the disk is full.
    """
    if upload.file.read(len(_ZIP)) != _ZIP:
        raise Problem("unsupported_media", text("uploads.unsupported"))
    upload.file.seek(0)
    settings.work_folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(settings.work_folder)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=settings.work_folder) as room:
        yield _unpacked(upload, wanted, Path(room), settings.largest_unpacked)


def _remove_stale(work_folder: Path) -> None:
    """Clear what a process that was killed left behind."""
    before = time.time() - _STALE_SECONDS
    for entry in work_folder.glob(f"{_PREFIX}*"):
        if entry.stat().st_mtime < before:
            shutil.rmtree(entry, ignore_errors=True)


def _unpacked(upload: UploadFile, wanted: Collection[str], room: Path, most: int) -> Path:
    try:
        with zipfile.ZipFile(upload.file) as archive:
            entries = _judged(archive, most)
            if any(entry.filename == _CONTENT_TYPES for entry in entries):
                return _workbook(upload, archive, entries, room, most)
            return _folder(archive, entries, wanted, room, most)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise Problem("archive_invalid", text("uploads.broken")) from None


def _judged(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    """The files in the zip, as far as its own table of contents can be judged."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(archive.infolist()) > MOST_ENTRIES:
        raise Problem("archive_invalid", text("uploads.entry.too_many", most=MOST_ENTRIES))
    names = [entry.filename for entry in entries]
    errors = [
        {"entry": entry.filename[:_LONGEST_NAME], "expected": text(f"uploads.entry.{key}")}
        for entry in entries
        if (key := _fault(entry, names))
    ]
    if errors:
        raise Problem("archive_invalid", text("problems.mistakes", count=len(errors)), errors=errors)
    if sum(entry.file_size for entry in entries) > most:
        raise _too_large(most)
    return entries


def _fault(entry: zipfile.ZipInfo, names: list[str]) -> str | None:
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
        return "unsafe"
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "link"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    return "twice" if names.count(entry.filename) > 1 else None


def _too_large(most: int) -> Problem:
    return Problem("too_large", text("uploads.unpacked_too_large", most=f"{most / 2**20:g}"))


def _folder(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], wanted: Collection[str], room: Path, most: int
) -> Path:
    placed = [(PurePosixPath(entry.filename), entry) for entry in entries]
    own = [
        (path, entry)
        for path, entry in placed
        if path.name and path.parts[0] != _OF_A_MAC and not path.name.startswith(".")
    ]
    folder = room / (_plain_name(_one_folder([path.parent for path, _ in own])) or "dossier")
    folder.mkdir()
    left = most
    for path, entry in own:
        if path.name in wanted:
            with archive.open(entry) as source, open(folder / path.name, "wb") as target:
                left = _copied(source, target, left, most)
        elif path.suffix == ".csv" and _plain_name(path.name) == path.name:
            (folder / path.name).touch()
    return folder


def _one_folder(parents: Collection[PurePosixPath]) -> str:
    """The name of the one folder in which all files stand, empty for the root."""
    found = sorted(set(parents))
    if len(found) > 1 or any(len(parent.parts) > 1 for parent in found):
        nested = text("uploads.entry.nested")
        errors = [{"entry": str(parent)[:_LONGEST_NAME], "expected": nested} for parent in found if parent.parts]
        raise Problem("archive_invalid", nested, errors=errors)
    return found[0].name if found else ""


def _workbook(
    upload: UploadFile, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], room: Path, most: int
) -> Path:
    left = most
    for entry in entries:
        with archive.open(entry) as source:
            left = _copied(source, None, left, most)
    path = room / f"{_plain_name((upload.filename or '').removesuffix('.xlsx')) or 'werkboek'}.xlsx"
    upload.file.seek(0)
    with open(path, "wb") as target:
        shutil.copyfileobj(upload.file, target)
    return path


def _plain_name(name: str) -> str:
    """What is harmless of a name that a caller chose."""
    return re.sub(r"[^\w .()-]", "", name)[:_LONGEST_NAME].strip(" .")


def _copied(source: IO[bytes], target: BinaryIO | None, left: int, most: int) -> int:
    """Copy an entry as far as it really goes, whatever size it claims; returns how much may still come."""
    while piece := source.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise _too_large(most)
        if target is not None:
            target.write(piece)
    return left
