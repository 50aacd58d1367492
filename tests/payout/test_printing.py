"""PDFs come out the same, however many processes make them."""

import io

from pypdf import PdfReader

from scheduler.payout.printing import WORTH_A_PROCESS, pdfs_of


def test_many_pages_are_shared_over_processes_and_each_keeps_its_name() -> None:
    """Enough pages for two processes; each PDF says what its page says."""
    pages = {f"blad-{number}": f"<p>bedrag {number} é" for number in range(2 * WORTH_A_PROCESS + 1)}
    made = pdfs_of(pages)
    assert made.keys() == pages.keys()
    told = {name: PdfReader(io.BytesIO(content)).pages[0].extract_text().strip() for name, content in made.items()}
    assert told == {f"blad-{number}": f"bedrag {number} é" for number in range(len(pages))}


def test_a_few_pages_are_made_at_once() -> None:
    """One page and none."""
    assert pdfs_of({"een": "<p>een"})["een"].startswith(b"%PDF")
    assert pdfs_of({}) == {}
