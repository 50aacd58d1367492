"""The dossiers that are measured, and what each must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.dossier import write_dossier
from scheduler.generate import Defect, generate

PROJECT = Path(__file__).resolve().parents[1]
SHARED_CASES = PROJECT.parent / "shared" / "cases"
GIBIBYTE = 2**30


@dataclass(frozen=True)
class Norm:
    """What a roster must reach; None: not asked. Seconds are of the whole command, `deviation` is in shifts."""

    unfilled: int = 0
    deviation: float | None = 1.0
    soft_cost: float | None = None
    seconds: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Case:
    """A dossier by name; `folder` gives where it stands, and makes it there when it is a generated one."""

    name: str
    folder: Callable[[Path], Path]
    time_limit: float
    norm: Norm
    about: str = ""


def _standing(folder: Path) -> Callable[[Path], Path]:
    return lambda _: folder


def _generated(gps: int, posts: int, seed: int, defects: Iterable[Defect] = ()) -> Callable[[Path], Path]:
    def make(work: Path) -> Path:
        folder = work / "dossier"
        folder.mkdir(parents=True, exist_ok=True)
        write_dossier(generate(gps, posts, seed, defects=defects), folder)
        return folder

    return make


FAIR = Norm()
SHARED = (
    Case("eiland", _standing(SHARED_CASES / "eiland"), 8, Norm(2, None, None, 10), "2 shifts that no roster can fill"),
    Case("dorp", _standing(SHARED_CASES / "dorp"), 25, replace(FAIR, soft_cost=450, seconds=30)),
    Case("dorp-2024", _standing(SHARED_CASES / "dorp-2024"), 25, replace(FAIR, soft_cost=450, seconds=30)),
    Case("regio", _standing(SHARED_CASES / "regio"), 53, Norm(0, 1.0, 450, 60, 2 * GIBIBYTE)),
)
OWN = (
    Case("demo", _standing(PROJECT / "data" / "demo"), 53, Norm(0, 1.0, 450, 60, 2 * GIBIBYTE), "data/demo"),
    Case("generated-900", _generated(900, 5, 1), 220, Norm(0, 1.0, 1500, 240, 4 * GIBIBYTE), "900 GPs, 5 posts"),
    Case("half", _generated(225, 2, 1), 120, FAIR, "225 GPs, 2 posts, until nothing improves"),
    Case("double", _generated(450, 4, 1), 120, FAIR, "450 GPs, 4 posts, until nothing improves"),
)
ANYTHING = Norm(10**9, None)
"""A broken dossier has no norm but that no rule is broken: what cannot be filled stays open."""

DEFECTIVE = tuple(
    Case(f"defect-{defect.value.replace('_', '-')}", _generated(120, 1, 1, [defect]), 60, ANYTHING, "120 GPs, 1 post")
    for defect in Defect
)
CASES = (*(case for case in SHARED if SHARED_CASES.is_dir()), *OWN, *DEFECTIVE)
