"""Why a roster is as it is, in figures and in Dutch."""

from scheduler.explain.candidates import Candidates, Ledger, Obstacle, Taker
from scheduler.explain.drop_outs import drop_outs
from scheduler.explain.gp import GPExplanation, ShiftReason, explain_gp
from scheduler.explain.imbalance import Imbalance, structural_imbalances
from scheduler.explain.remedies import Remedy
from scheduler.explain.shift import ShiftExplanation, explain_shift

__all__ = [
    "Candidates",
    "GPExplanation",
    "Imbalance",
    "Ledger",
    "Obstacle",
    "Remedy",
    "ShiftExplanation",
    "ShiftReason",
    "Taker",
    "drop_outs",
    "explain_gp",
    "explain_shift",
    "structural_imbalances",
]
