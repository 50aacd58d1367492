"""The rules and the soft parts as CP-SAT holds them, for a window or for a whole small dossier."""

from scheduler.model.build import build
from scheduler.model.roster_model import RosterModel

__all__ = ["RosterModel", "build"]
