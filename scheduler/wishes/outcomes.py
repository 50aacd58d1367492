"""Which wishes of the GPs a roster meets, one by one."""

from __future__ import annotations

from scheduler.domain.availability import Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.value import Value


class Outcome(Value):
    """A wish, whether it is met, and the GP's shifts (ids, in order of start) that touch its interval."""

    wish: Wish
    met: bool
    shift_ids: tuple[str, ...]


def outcomes(dossier: Dossier, roster: Roster) -> tuple[Outcome, ...]:
    """Every wish of the dossier, in its order, with what became of it."""
    return tuple(_outcome(wish, roster) for wish in dossier.wishes)


def unmet(dossier: Dossier, roster: Roster) -> tuple[Outcome, ...]:
    """The wishes that the roster does not meet."""
    return tuple(outcome for outcome in outcomes(dossier, roster) if not outcome.met)


def _outcome(wish: Wish, roster: Roster) -> Outcome:
    touching = tuple(shift.id for shift in roster.by_gp.get(wish.gp_id, ()) if shift.touches(*wish.interval))
    return Outcome(wish=wish, met=bool(touching) == (wish.wish is WishKind.PREFER), shift_ids=touching)
