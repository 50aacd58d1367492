"""One piece of the soft cost in the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.model.roster_model import Literal, RosterModel


@dataclass(frozen=True, slots=True)
class Term:
    """Something that costs `cost`, in the unit of the weights, where `literal` is true."""

    cost: float
    literal: Literal


def when_all(roster_model: RosterModel, literals: Sequence[Literal], unless: Sequence[Literal] = ()) -> Literal:
    """A literal that must be true when all of `literals` are and none of `unless` is, and may be true at any time."""
    found: Literal = roster_model.model.new_bool_var("")
    roster_model.model.add_bool_or([found, *(~literal for literal in literals), *unless])
    return found
