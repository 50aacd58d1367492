"""Judge an output folder by the project's own checker and by one that shares no code with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduler.demand import shifts_of
from scheduler.dossier import read_dossier, read_roster
from scheduler.verify import verify

ANW = Path(sys.executable).parent / "anw"
CHECKED = (0, 3)
"""Statuses of `anw check` on a roster without violations: complete, or with open shifts."""

ROUNDED = 0.001
"""How far a figure of the summary may lie from what was computed."""


@dataclass(frozen=True)
class Judgement:
    """A judged roster; deviations per burden in shifts; None: not said or not asked."""

    shifts: int
    unfilled: int
    violations: int
    soft_cost: float
    deviation: Mapping[str, float]
    bound: Mapping[str, float] = field(default_factory=dict)
    soft_bound: float | None = None
    exchange_seconds: float = 0.0
    checked: bool | None = None
    independent: bool | None = None

    @property
    def largest(self) -> float:
        """The largest deviation over all burdens."""
        return max(self.deviation.values(), default=0.0)

    @property
    def proven_least(self) -> float:
        """A largest deviation that nobody can be asked to undercut: the engine's bound, as rounded in the summary."""
        return max(self.bound.values(), default=0.0) + ROUNDED


def judge(dossier_folder: Path, output: Path, tool: Path | None) -> Judgement:
    """Judge `output` by `scheduler.verify`, `anw check` and, where it is there, the independent `tool`."""
    dossier = read_dossier(dossier_folder).dossier
    verdict = verify(dossier, read_roster(dossier, shifts_of(dossier), output))
    summary = _summary(output)
    burdens = summary.get("fairness", {}).get("burdens", {})
    checked = subprocess.run([ANW, "check", dossier_folder, output], capture_output=True, text=True, check=False)
    return Judgement(
        shifts=len(shifts_of(dossier)),
        unfilled=len(verdict.unfilled),
        violations=len(verdict.violations),
        soft_cost=verdict.total_soft_cost,
        deviation={burden.value: measure.largest for burden, measure in verdict.fairness.items()},
        bound={burden: found["lower_bound"] for burden, found in burdens.items()},
        soft_bound=summary.get("soft_cost", {}).get("lower_bound"),
        exchange_seconds=summary.get("seconds", {}).get("exchange", 0.0),
        checked=checked.returncode in CHECKED,
        independent=_agrees(tool, dossier_folder, output, len(verdict.unfilled), verdict.total_soft_cost),
    )


def _summary(output: Path) -> dict[str, Any]:
    file = output / "summary.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _agrees(tool: Path | None, dossier: Path, output: Path, unfilled: int, soft_cost: float) -> bool | None:
    """Whether the independent checker finds no violation, as many open shifts, and the same cost and targets."""
    if tool is None or not tool.exists():
        return None
    command = [sys.executable, str(tool), str(dossier), str(output), "--json", "--no-bound"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return False
    found = json.loads(done.stdout)
    return (
        not found["hard_violations"]
        and found["unfilled"] == unfilled
        and abs(found["soft_cost"] - soft_cost) < 0.1
        and not found.get("quota_rows_that_differ", 0)
    )
