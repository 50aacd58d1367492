"""What a set of moves is about, opened for a verdict: the one way for whatever changes who performs a duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.swaps import discreet, repository
from api.swaps.grounds import Field, field_of
from scheduler.messages import text
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation, involved_gps
from scheduler.swaps.verdict import SwapVerdict, is_legal, judge_in


@dataclass(frozen=True)
class Table:
    """What a set of moves is judged on: the duties as they are, their dossier opened, and the numbers of the GPs."""

    moves: tuple[Move, ...]
    duties: Mapping[str, Duty]
    field: Field
    situation: Situation
    numbers: Mapping[str, int]
    settings: Mapping[str, Any]
    """All that the HDS chose, where nobody else touches these GPs; else nothing."""

    @cached_property
    def verdict(self) -> SwapVerdict:
        """The verdict on all moves together; raises UnsoundMoves or OutdatedMoves where there is nothing to judge."""
        return judge_in(self.situation, self.moves)

    @cached_property
    def is_legal(self) -> bool:
        """Whether the verdict would be that it is legal: told sooner than the verdict itself."""
        return is_legal(self.situation, self.moves)

    def verdict_for(self, member: Member) -> SwapVerdict:
        """The verdict as far as a member may know it (`discreet`); raises as `verdict`."""
        return judge_in(discreet.known_to(self.situation, member), self.moves)

    @property
    def takers(self) -> Mapping[str, int | None]:
        """Who is to perform each shift, by number; None: it is left open."""
        return {move.shift_id: None if move.to_gp is None else self.numbers[move.to_gp] for move in self.moves}


def table_for(session: Session, hds_id: str, moves: Sequence[Move], *, still: bool) -> Table:
    """Open what the moves are about; with `still` nobody else touches these GPs until the commit.

    Raises Problem `not_found` for a shift that is not in force, `wrong_state` for shifts of different dossiers.
    """
    settings = repository.hold_roster(session, hds_id) if still else {}
    shift_ids = {one.shift_id for one in moves}
    places = repository.places(session, hds_id, shift_ids)
    if len(places) < len(shift_ids):
        raise Problem("not_found", text("swaps.not_in_force"))
    dossier_ids = {place.dossier_id for place in places.values()}
    if len(dossier_ids) > 1:
        raise Problem("wrong_state", text("swaps.two_dossiers"))
    ground = field_of(session, dossier_ids.pop())
    known = ground.number
    numbers = {gp_id: known[gp_id] for gp_id in involved_gps(moves) if gp_id in known}
    concerned = {*numbers.values(), *_holders(places.values())}
    if not still:
        duties = repository.duties_by_id(session, hds_id, shift_ids)
        return Table(tuple(moves), duties, ground, ground.situation(session, concerned), numbers, settings)
    others = repository.hold_still(session, concerned)
    duties = repository.locked_duties(session, hds_id, shift_ids)
    # who took an open duty while this waited for it is seen too, and makes the moves outdated
    late = _holders(duties.values()) - concerned
    situation = ground.situation(session, concerned | late, None if late else others)
    return Table(tuple(moves), duties, ground, situation, numbers, settings)


def _holders(duties: Iterable[repository.Place | Duty]) -> frozenset[int]:
    return frozenset(duty.performer_number for duty in duties if duty.performer_number is not None)


def require_legal(table: Table, member: Member) -> None:
    """Raise Problem `breaks_rules` as `require_possible`, or `swap_outdated` where the reason is private of another."""
    if not table.is_legal:
        require_possible(table, member)
        raise Problem("swap_outdated", text("swaps.no_longer"))


def require_possible(table: Table, member: Member) -> None:
    """Raise Problem `breaks_rules` with every reason that the member may know; what is private of others counts not."""
    reasons = table.verdict_for(member).reasons
    if not reasons:
        return
    told = [{"gp_id": one.gp_id, "rule": one.rule, "expected": discreet.words_of(one, member)} for one in reasons]
    raise Problem(
        "breaks_rules", text("swaps.illegal", reasons=" ".join(one["expected"] or "" for one in told)), errors=told
    )
