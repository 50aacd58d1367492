"""Dossiers that may stand beside the project; tests that use them are skipped where they do not."""

from __future__ import annotations

from pathlib import Path

_CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"


def shared_case_names() -> list[str]:
    """The names of the cases that are there, in order; none where the folder is absent."""
    return sorted(case.name for case in _CASES.iterdir()) if _CASES.is_dir() else []


def shared_case(name: str) -> Path:
    """The folder of one case."""
    return _CASES / name
