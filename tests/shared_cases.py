"""Dossiers that may stand beside the project; tests that use them are skipped where they do not."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

_SHARED = Path(__file__).resolve().parents[2] / "shared"
_CASES = _SHARED / "cases"
_JUDGE = _SHARED / "tools" / "check_roster.py"


def shared_case_names() -> list[str]:
    """The names of the cases that are there, in order; none where the folder is absent."""
    return sorted(case.name for case in _CASES.iterdir()) if _CASES.is_dir() else []


def shared_case(name: str) -> Path:
    """The folder of one case."""
    return _CASES / name


def has_independent_judge() -> bool:
    """Whether the program that reads dossiers and judges rosters without any code of ours stands beside the project."""
    return _JUDGE.exists()


@cache
def independent_judge() -> ModuleType:
    """That program, loaded from its file."""
    spec = importlib.util.spec_from_file_location("independent_judge", _JUDGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
