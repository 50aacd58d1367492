"""Names and reasons of a dossier are one line, and none of them begins like a formula."""

from __future__ import annotations

import csv
import io

import pytest

from scheduler.csv_text import guard_cell
from scheduler.dossier.schema import TABLES, Kind
from tests.dossier.folders import FILES, Folder

FREE_TEXTS = [
    ("posts.csv", "name"), ("practices.csv", "name"), ("gps.csv", "name"), ("absences.csv", "reason"),
    ("payees.csv", "payee_name"), ("payees.csv", "iban"),
]  # fmt: skip


def _write(folder: Folder, file: str, column: str, cell: str) -> None:
    """Put `cell`, as it stands in a file, into the first row of a table."""
    header, first, *others = csv.reader(FILES[file].splitlines())
    first[header.index(column)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, first, *others])
    folder.write(file, out.getvalue())


def test_every_column_of_free_text_is_in_this_test() -> None:
    """Columns of text hold ids, lists and choices, or are named here."""
    columns = {(spec.name, column) for spec in TABLES for column in spec.all_columns if spec.kind(column) is Kind.TEXT}
    free = {place for place in columns if place[1] in ("name", "reason", "payee_name", "iban")}
    assert free == set(FREE_TEXTS)


@pytest.mark.parametrize("place", FREE_TEXTS)
@pytest.mark.parametrize("found", ["=1+1", "+x", "-x", "@x", "＝x"])
def test_a_text_that_begins_like_a_formula_is_refused(folder: Folder, place: tuple[str, str], found: str) -> None:
    """In the file as somebody types it, and as an export guards it: the same mistake."""
    for cell in (found, guard_cell(found)):
        _write(folder, *place, cell)
        mistake = folder.mistakes()[0]
        assert (mistake.file, mistake.column, mistake.found) == (*place, found)
        assert "formule" in mistake.expected


@pytest.mark.parametrize("place", FREE_TEXTS)
def test_a_text_of_two_lines_is_refused(folder: Folder, place: tuple[str, str]) -> None:
    """A name with a line break would break up pages, mails and calendars."""
    _write(folder, *place, "een\ntwee")
    mistake = folder.mistakes()[0]
    assert (mistake.file, mistake.column) == place
    assert "één regel" in mistake.expected


def test_a_name_with_an_apostrophe_is_read(folder: Folder) -> None:
    """The smallest that holds: `'t Hart` is no formula."""
    _write(folder, "gps.csv", "name", "'t Hart-de Vries")
    assert folder.read().dossier.gps[0].name == "'t Hart-de Vries"


@pytest.mark.parametrize("name", ["=1", "-x", "a\\nb"])
def test_the_name_of_the_hds_is_plain_too(folder: Folder, name: str) -> None:
    """As are reasons that excuse, which stand in one cell of a workbook."""
    folder.change("hds.toml", 'name = "Klein"', f'name = "{name}"')
    mistake = folder.mistakes()[0]
    assert (mistake.file, mistake.column) == ("hds.toml", "hds.name")


def test_an_id_that_begins_like_a_formula_is_refused(folder: Folder) -> None:
    """Ids stand in every file that leaves."""
    _write(folder, "posts.csv", "post_id", "=P1")
    assert ("posts.csv", "post_id", "=P1") in {(one.file, one.column, one.found) for one in folder.mistakes()}
