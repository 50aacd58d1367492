"""Whatever stands in the files, a reading ends in a dossier or in mistakes, never in a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import DossierError
from scheduler.intake import take_in
from tests.dossier.folders import FILES, Folder

ODD = [
    "", ";", ",", '"', "\n", "\r", "\t", "\x00", "é", "\ufeff", "0", "-1", "1e400", "nan", "9999-12-31", "0001-01-01",
    "1900-01-01", "9999-12-31T23:59", "1900-01-01T00:00", "2027-10-31T02:30", "2027-03-28T02:30", "24:00", "00:00",
    "73050.99999", "36526", "G1", "P1", "weekday", "yes", "[", "]", "=", "inf", "true", "'", "#", "\\", "9" * 20,
]  # fmt: skip
pieces = st.sampled_from(ODD) | st.text(max_size=4)
edit = st.tuples(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.integers(0, 12), pieces)
edits = st.lists(edit, min_size=1, max_size=4)


@given(edits)
@settings(max_examples=250, deadline=None)
def test_odd_text_anywhere_never_crashes_the_reading(changes: list[tuple[str, float, int, str]]) -> None:
    """Pieces of files replaced by odd pieces: dates at the ends of time, signs, letters, other separators."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place) / "dossier")
        for name, where, length, odd in changes:
            content = (folder.path / name).read_bytes().decode("utf-8", errors="replace")
            at = int(where * len(content))
            folder.write(name, (content[:at] + odd + content[at + length :]).encode("utf-8", errors="replace"))
        _read(folder)


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_bytes_of_any_kind_never_crash_the_reading(name: str, content: bytes) -> None:
    """A file of rubbish is refused like any other mistake."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place) / "dossier")
        folder.write(name, content)
        _read(folder)


CELLS = st.sampled_from([*ODD, "2027-01-05", "2027-12-31T23:59", "1", "0.5", "2.5"])
COLUMNS = sorted((name, index) for name in FILES if name.endswith(".csv") for index in range(9))


@given(st.lists(st.tuples(st.sampled_from(COLUMNS), CELLS), min_size=1, max_size=3))
@settings(max_examples=250, deadline=None)
def test_odd_cells_never_crash_the_reading(changes: list[tuple[tuple[str, int], str]]) -> None:
    """One cell of the first row replaced at a time, the rest as it should be."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place) / "dossier")
        for (name, index), odd in changes:
            header, first, *rest = FILES[name].splitlines()
            cells = first.split(",")
            cells[index % len(cells)] = odd
            folder.write(name, "\n".join([header, ",".join(cells), *rest]) + "\n")
        _read(folder)


def _read(folder: Folder) -> None:
    try:
        reading = take_in(folder.path)
    except DossierError as error:
        assert error.mistakes
        assert all(mistake.expected for mistake in error.mistakes)
    else:
        assert reading.shifts
