"""What a set of moves is about, opened for a verdict: the one way for whatever changes who performs a duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.swaps import repository
from api.swaps.grounds import Field, field_of
from scheduler.messages import text
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import SwapVerdict, is_legal, judge_in


@dataclass(frozen=True)
class Table:
    """What a set of moves is judged on: the duties as they are, their dossier opened, and the GPs by number."""

    moves: tuple[Move, ...]
    duties: Mapping[str, Duty]
    field: Field
    situation: Situation
    numbers: Mapping[str, int]

    @cached_property
    def verdict(self) -> SwapVerdict:
        """The verdict on all moves together; raises UnsoundMoves or OutdatedMoves where there is nothing to judge."""
        return judge_in(self.situation, self.moves)

    @property
    def takers(self) -> Mapping[str, int | None]:
        """Who is to perform each shift, by number; None: it is left open."""
        return {move.shift_id: None if move.to_gp is None else self.numbers[move.to_gp] for move in self.moves}


def table_for(session: Session, hds_id: str, moves: Sequence[Move], *, still: bool) -> Table:
    """Open what the moves are about; with `still` nobody else touches these GPs until the commit.

    Raises Problem `not_found` for a shift that is not in force, `wrong_state` for shifts of different dossiers.
    """
    if still:
        repository.hold_roster(session, hds_id)
    duties = {one.shift_id: repository.duty(session, hds_id, one.shift_id) for one in moves}
    if any(duty is None for duty in duties.values()):
        raise Problem("not_found", text("swaps.not_in_force"))
    dossier_ids = {duty.dossier_id for duty in duties.values() if duty is not None}
    if len(dossier_ids) > 1:
        raise Problem("wrong_state", text("swaps.two_dossiers"))
    field = field_of(session, session.get_one(DossierRow, dossier_ids.pop()))
    known = {gp_id: number for number, gp_id in field.gp_id.items()}
    numbers = {gp_id: known[gp_id] for one in moves for gp_id in (one.from_gp, one.to_gp) if gp_id in known}
    holders = {duty.performer_number for duty in duties.values() if duty and duty.performer_number is not None}
    if still:
        repository.hold_still(session, {*numbers.values(), *holders})
    found = repository.locked_duties(session, hds_id, duties) if still else {k: v for k, v in duties.items() if v}
    # who took an open duty while this waited for it is seen too, and makes the moves outdated
    holders |= {duty.performer_number for duty in found.values() if duty.performer_number is not None}
    return Table(tuple(moves), found, field, field.situation(session, {*numbers.values(), *holders}), numbers)


def require_legal(table: Table, member: Member | None) -> None:
    """Raise Problem `breaks_rules` with every reason, in full where the member (None: nobody) may read it."""
    if is_legal(table.situation, table.moves):
        return
    verdict = table.verdict
    told = [
        {"gp_id": one.gp_id, "rule": one.rule, "expected": one.text if _may_read(member, one.gp_id) else one.rule_name}
        for one in verdict.reasons
    ]
    raise Problem(
        "breaks_rules", text("swaps.illegal", reasons=" ".join(one["expected"] or "" for one in told)), errors=told
    )


def _may_read(member: Member | None, gp_id: str | None) -> bool:
    return member is not None and (member.has(Role.PLANNER) or gp_id == member.gp_id)
