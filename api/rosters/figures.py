"""What is kept of the judgement of a version: the figures by which versions are compared, and what a run proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.domain.result import RosterResult
    from scheduler.verify import Verdict

DECIMALS = 4


def figures_of(verdict: Verdict, shifts: int) -> dict[str, Any]:
    """The column `roster_version.figures` for a roster of `shifts` shifts, judged by the engine.

    `largest_deviation` and those of `fairness` are in shifts, `mean_hours` in elapsed hours, `soft_cost` in the unit
    of the weights; the judgement of each GP apart is left out, as it is made afresh for who may see it.
    """
    return {
        "shifts": shifts,
        "unfilled": len(verdict.unfilled),
        "violations": len(verdict.violations),
        "violations_by_rule": verdict.violations_by_rule,
        "largest_deviation": _rounded(verdict.largest_deviation),
        "soft_cost": _rounded(verdict.total_soft_cost),
        "soft_cost_by_part": {part: _rounded(cost) for part, cost in verdict.soft_cost.items()},
        "fairness": {
            burden.value: {
                "largest": _rounded(found.largest),
                "rms": _rounded(found.rms),
                "gini": _rounded(found.gini),
                "mean_hours": _rounded(found.mean_hours),
            }
            for burden, found in verdict.fairness.items()
        },
    }


def proof_of(result: RosterResult) -> dict[str, Any]:
    """The column `roster_version.proof`: the bounds that a run proved for its dossier, and how it ran.

    Bounds on deviations are in shifts, `seconds` are of wall time per phase.
    """
    return {
        "deviation_bound": {burden.value: _rounded(bound) for burden, bound in result.deviation_bound.items()},
        "deviation_bound_within_reach": {
            burden.value: _rounded(bound) for burden, bound in result.deviation_bound_within_reach.items()
        },
        "unfilled_bound": result.unfilled_bound,
        "soft_cost_bound": _rounded(result.soft_cost_bound),
        "seconds": {phase.value: round(seconds, 3) for phase, seconds in result.seconds.items()},
        "seed": result.seed,
        "workers": result.workers,
        "engine_version": result.engine_version,
        "cancelled": result.cancelled,
        "ended_by": result.ended_by.value,
    }


def bounds_of(proof: dict[str, Any]) -> dict[str, Any]:
    """The part of a proof that holds for every roster of the same dossier, also for one changed by hand."""
    names = ("deviation_bound", "deviation_bound_within_reach", "unfilled_bound", "soft_cost_bound")
    return {name: proof[name] for name in names if name in proof}


def _rounded(value: float) -> float:
    """Rounded so that the same roster gives the same figures on every machine; never a negative nothing."""
    return round(value, DECIMALS) + 0.0
