"""The notebook runs from its first cell to its last."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
def test_a_notebook_runs_and_shows_charts(name: str) -> None:
    """No cell fails, and at least one shows a chart."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    done = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = {mime for cell in done.cells for output in cell.get("outputs", ()) for mime in output.get("data", {})}
    assert "image/svg+xml" in shown


@pytest.mark.parametrize("name", sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
def test_a_notebook_is_kept_without_output(name: str) -> None:
    """What stands in the repository is input only, so that a run changes nothing that is under version control."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)


def test_there_is_a_notebook() -> None:
    """A yearly roster is walked through from dossier to charts."""
    assert (NOTEBOOKS / "yearly_roster.ipynb").exists()
