"""Which of the GPs' own wishes came true, per GP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP
from scheduler.wishes import Outcome


@dataclass(frozen=True)
class GpWishes:
    """How many wishes of one GP there are and came true, by kind."""

    gp: GP
    avoid: int
    avoid_met: int
    prefer: int
    prefer_met: int

    @property
    def unmet(self) -> int:
        """Wishes that did not come true."""
        return self.avoid + self.prefer - self.avoid_met - self.prefer_met


def met_of(outcomes: Sequence[Outcome], kind: WishKind) -> tuple[int, int]:
    """How many wishes of a kind were met, and how many there are."""
    met = [outcome.met for outcome in outcomes if outcome.wish.wish is kind]
    return sum(met), len(met)


def wishes_per_gp(dossier: Dossier, outcomes: Sequence[Outcome]) -> list[GpWishes]:
    """A line for each GP with a wish; those with most unmet wishes first."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        grouped.setdefault(outcome.wish.gp_id, []).append(outcome)
    rows = [_counted(dossier.gp_by_id[gp_id], those) for gp_id, those in grouped.items()]
    return sorted(rows, key=lambda row: (-row.unmet, row.gp.id))


def _counted(gp: GP, outcomes: Sequence[Outcome]) -> GpWishes:
    avoid_met, avoid = met_of(outcomes, WishKind.AVOID)
    prefer_met, prefer = met_of(outcomes, WishKind.PREFER)
    return GpWishes(gp, avoid, avoid_met, prefer, prefer_met)
