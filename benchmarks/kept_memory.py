"""What dossiers opened for verdicts take in memory: `python -m benchmarks.kept_memory`."""

from __future__ import annotations

import gc
import tracemalloc

from rich.console import Console
from rich.table import Table

from api.kept import BYTES_OF_SHIFT
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.generate import generate
from scheduler.swaps.candidates import rank
from scheduler.swaps.situation import Ground, Situation

SIZES = ((60, 1), (350, 3), (900, 5))
"""GPs and posts."""
RANKED = 300
"""Shifts for which it is asked who could take them, which fills what is found on the way."""


def open_ground(dossier: Dossier) -> Ground:
    """A dossier with its shifts and targets, used for lists until nothing more is found out."""
    shifts = shifts_of(dossier)
    ground = Ground(dossier, shifts, {shift.id: shift for shift in shifts}, None, None)
    situation = Situation(ground, gp_of={}, trainee_of={}, by_gp={}, by_trainee={})
    for shift in shifts[:: max(1, len(shifts) // RANKED)]:
        rank(situation, shift.id)
    return ground


def main() -> None:
    """Measure each size and print a table."""
    table = Table("GPs", "shifts", "MiB", "bytes a shift")
    for gps, posts in SIZES:
        text = generate(gps, posts, seed=1).model_dump_json()
        gc.collect()
        tracemalloc.start()
        ground = open_ground(Dossier.model_validate_json(text))
        gc.collect()
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        shifts = len(ground.shifts)
        table.add_row(str(gps), str(shifts), f"{used / 2**20:.1f}", f"{used / shifts:.0f}")
    Console().print(table, f"counted as {BYTES_OF_SHIFT} bytes a shift")


if __name__ == "__main__":
    main()
