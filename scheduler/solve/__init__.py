"""Making rosters: `solve()` is the one door."""

from scheduler.solve.run import solve

__all__ = ["solve"]
