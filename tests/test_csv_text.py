"""No CSV file of the product holds a cell that a spreadsheet reads as a formula, and each reads back the same."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.csv_text import csv_text, guard_cell, unguard_cell
from scheduler.domain.plain_text import begins_like_formula, has_line_break
from scheduler.payout.framefile import frame_csv_bytes, read_frame_csv

PROJECT = Path(__file__).parents[1]
FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1", "''@x"]
HARMLESS = ["", "'t Hart", "'", "''", "Jan-Willem", "1=1", "-3.5", "+31", "-2,5", "dokter @ post"]
texts = st.text(alphabet="=+-@'\t\r\n 1.,ab＝", max_size=6)
lines = texts.filter(lambda text: not has_line_break(text))


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    """A spreadsheet takes what follows an apostrophe as text."""
    assert guard_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_texts_and_numbers_stay_as_they_are(cell: str) -> None:
    """Also names with an apostrophe, and numbers below zero."""
    assert guard_cell(cell) == cell
    assert unguard_cell(cell) == cell


@given(texts)
def test_every_text_reads_back_as_it_was(text: str) -> None:
    """Whatever signs it begins with; and what stands in the file is no formula but a number."""
    written = guard_cell(text)
    assert unguard_cell(written) == text
    assert not begins_like_formula(written) or float(written.replace(",", ".")) is not None


@given(st.lists(st.tuples(lines, st.integers()), min_size=1, max_size=5))
def test_tables_and_frames_guard_the_same_cells(rows: list[tuple[str, int]]) -> None:
    """A table of rows and a frame of pandas give the same file, and the frame reads back the same."""
    frame = pd.DataFrame(rows, columns=["name", "count"]).astype({"name": object})
    frame["count"] = frame["count"].astype(object)
    content = frame_csv_bytes(frame).decode()
    cells = list(csv.reader(io.StringIO(content, newline="")))
    assert cells == list(csv.reader(io.StringIO(csv_text(["name", "count"], rows), newline="")))
    assert read_frame_csv(content.encode())["name"].tolist() == [name for name, _ in rows]


def test_every_csv_file_is_written_in_one_place() -> None:
    """Nothing else in the product writes CSV, so nothing leaves without the guard."""
    writers = re.compile(r"csv\.writer|DictWriter|\.to_csv\(")
    sources = [path for room in ("scheduler", "api") for path in (PROJECT / room).rglob("*.py")]
    found = {path.relative_to(PROJECT).as_posix() for path in sources if writers.search(path.read_text())}
    assert found == {"scheduler/csv_text.py", "scheduler/payout/framefile.py"}


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x00", "a\x85b", "a\u2028b", "a\x1bb"])
def test_signs_that_end_a_line_are_seen(text: str) -> None:
    """Those of old machines and of Unicode too."""
    assert has_line_break(text)
    assert not has_line_break("Hagro 't Gooi – zuid")
