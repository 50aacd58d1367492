"""What a payee reads."""

import io
from pathlib import Path

from pypdf import PdfReader

from scheduler.domain.people import Role
from scheduler.payout import close
from tests.payout.paying import JANUARY, TODAY, closed, hds, payee, prepared, rostered, shift

NIGHT = shift("2024-01-14T23:00", "2024-01-15T08:00")
STANDBY = shift("2024-01-16T23:00", "2024-01-17T08:00", Role.STANDBY)
ROSTER = rostered([NIGHT, STANDBY])


def page(folder: Path, number: int = 1) -> str:
    """The only statement of a run."""
    (file,) = (folder / f"run-{number:04}" / "statements").glob("*.html")
    return file.read_text(encoding="utf-8")


def test_care_hours_stand_apart_from_any_other_line(tmp_path: Path) -> None:
    """Exempt from VAT first, with their own sum; standby after it, with another."""
    closed(tmp_path, ROSTER)
    care, other = page(tmp_path).split("Overige regels")
    assert "vrijgesteld van btw" in care
    assert "1.248,24" in care
    assert STANDBY.id not in care
    assert NIGHT.id not in other
    assert "135,00" in other
    assert "1.383,24" in other


def test_a_payee_without_other_lines_has_only_care(tmp_path: Path) -> None:
    """No empty table."""
    closed(tmp_path, rostered([NIGHT]))
    assert "Overige regels" not in page(tmp_path)


def test_a_correction_says_why(tmp_path: Path) -> None:
    """And what is still to be set off."""
    closed(tmp_path, rostered([NIGHT]))
    closed(tmp_path, rostered([NIGHT]).with_gp(NIGHT.id, None), worked=[])
    told = page(tmp_path, 2)
    assert "correctie: niet gewerkt" in told
    assert "−1.248,24" in told
    assert "Te verrekenen met een volgende run" in told


def test_a_name_cannot_put_markup_in_a_statement(tmp_path: Path) -> None:
    """It is text, whatever it holds."""
    closed(tmp_path, ROSTER, dossier=hds(payees=[payee("A", "<b>A</b> & Co", "NL91ABNA0417164300")]))
    assert "&lt;b&gt;A&lt;/b&gt; &amp; Co" in page(tmp_path)


def test_one_practice_gets_one_statement_for_all_its_gps(tmp_path: Path) -> None:
    """Performers are named on it."""
    rows = [payee(gp_id, "Praktijk PR", "NL91ABNA0417164300", via_practice=True) for gp_id in "AB"]
    closed(tmp_path, ROSTER.with_gp(NIGHT.id, "B"), dossier=hds(payees=rows))
    told = page(tmp_path)
    assert "Dokter A" in told
    assert "Dokter B" in told
    assert "via de praktijk" in told


def test_the_pdf_says_the_same(tmp_path: Path) -> None:
    """Beside each page, and part of the closed run."""
    closing = close(prepared(tmp_path, ROSTER, JANUARY), debtor=None, pay_on=TODAY)
    assert closing.pdf_trouble is None
    (name,) = (name for name in closing.run.record["files"] if name.endswith(".pdf"))
    told = "".join(one.extract_text() for one in PdfReader(io.BytesIO((closing.run.folder / name).read_bytes())).pages)
    assert "1.383,24" in told
    assert "Dokter A" in told
