"""The figures of `summary.json`: everything that a machine wants to know of a run."""

from __future__ import annotations

import json
from typing import Any

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.report.judgement import Judgement
from scheduler.shortfall import Shortfall

DECIMALS = 4


def summary_of(dossier: Dossier, judgement: Judgement) -> dict[str, Any]:
    """The summary of a run as plain JSON values; deviations are in shifts, seconds in seconds of wall time."""
    result = judgement.result
    return _run_of(dossier, result) | {
        "counts": _counts(dossier, result) | {"violations": judgement.violations.total()},
        "violations": dict(sorted(judgement.violations.items())),
        "fairness": _fairness(judgement),
        "soft_cost": {
            "total": _rounded(judgement.total_soft_cost),
            "lower_bound": _rounded(result.soft_cost_bound),
            "parts": {part: _rounded(cost) for part, cost in judgement.soft_cost.items()},
        },
        "proven": {
            "coverage": judgement.coverage_is_proven,
            "fairness": judgement.fairness_is_proven,
            "fairness_within_reach": judgement.fairness_within_reach_is_proven,
            "soft_cost": judgement.soft_cost_is_proven,
        },
        "seconds": _seconds(result),
    }


def summary_bytes(dossier: Dossier, judgement: Judgement) -> bytes:
    """The summary as UTF-8 JSON, indented, keys in a fixed order."""
    return _json_bytes(summary_of(dossier, judgement))


def unjudged_bytes(dossier: Dossier, result: RosterResult) -> bytes:
    """What the summary says of a result that could not be judged: the run and its counts."""
    counts = {"counts": _counts(dossier, result), "seconds": _seconds(result)}
    return _json_bytes(_run_of(dossier, result) | counts)


def _json_bytes(summary: dict[str, Any]) -> bytes:
    return (json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode()


def _run_of(dossier: Dossier, result: RosterResult) -> dict[str, Any]:
    return {
        "hds": {"id": dossier.hds_id, "name": dossier.hds_name},
        "period": {"start": str(dossier.period.start), "end": str(dossier.period.end)},
        "engine_version": result.engine_version,
        "seed": result.seed,
        "workers": result.workers,
        "cancelled": result.cancelled,
        "ended_by": result.ended_by.value,
    }


def _counts(dossier: Dossier, result: RosterResult) -> dict[str, int]:
    roster = result.roster
    return {
        "gps": len(dossier.gps),
        "gps_on_duty": len(roster.by_gp),
        "shifts": len(roster.shifts),
        "filled": len(roster.shifts) - len(roster.unfilled),
        "unfilled": len(roster.unfilled),
        "unfilled_lower_bound": result.unfilled_bound,
        "with_trainee": len(roster.trainee_of),
    }


def _seconds(result: RosterResult) -> dict[str, float]:
    """Wall time per phase."""
    spent = {phase.value: round(seconds, 3) for phase, seconds in result.seconds.items()}
    return spent | {"total": round(sum(result.seconds.values()), 3)}


def _fairness(judgement: Judgement) -> dict[str, Any]:
    per_burden = {
        burden.value: {
            "largest_deviation": _rounded(measure.largest),
            "lower_bound": _rounded(judgement.bound_of(burden)),
            "largest_deviation_within_reach": _rounded(judgement.largest_within_reach(burden)),
            "lower_bound_within_reach": _rounded(judgement.bound_within_reach(burden)),
            "proven": judgement.burden_is_proven(burden),
            "root_mean_square": _rounded(measure.rms),
            "gini": _rounded(measure.gini),
            "spread": _rounded(measure.spread),
            "mean_shift_hours": _rounded(measure.mean_hours),
        }
        for burden, measure in judgement.fairness.items()
    }
    return {
        "largest_deviation": _rounded(judgement.largest_deviation),
        "lower_bound": _rounded(judgement.deviation_bound),
        "largest_deviation_within_reach": _rounded(judgement.largest_deviation_within_reach),
        "lower_bound_within_reach": _rounded(judgement.deviation_bound_within_reach),
        "out_of_reach": [_shortfall(shortfall, said) for shortfall, said in judgement.shortfalls.items()],
        "burdens": per_burden,
    }


def _shortfall(shortfall: Shortfall, said: str) -> dict[str, Any]:
    return {
        "gp_id": shortfall.gp_id,
        "targets": [
            {
                "burden": "total" if gap.burden is None else gap.burden.value,
                "target_hours": _rounded(gap.target),
                "most_hours": _rounded(gap.most),
                "lacking_shifts": _rounded(gap.shifts),
            }
            for gap in shortfall.gaps
        ],
        "away_days": shortfall.away_days,
        "agreed_days": shortfall.agreed_days,
        "is_kept_away": bool(shortfall.absences),
        "limits": list(shortfall.limits),
        "text": said,
    }


def _rounded(value: float) -> float:
    """Rounded so that the same roster gives the same bytes on every machine."""
    return round(value, DECIMALS) + 0.0
