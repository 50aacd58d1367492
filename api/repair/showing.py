"""From rows to what callers see of repairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.clock import local
from api.db.tables.repair import Repair, RepairChange
from api.dossiers.mapping import gp_ids
from api.repair import repository
from api.repair.deciding import is_current
from api.repair.schemas import (
    AskShown,
    AwayAsked,
    ChangeShown,
    ConsentShown,
    LeftOpenShown,
    ProposalShown,
    RepairShown,
)
from scheduler.mend import Change, ChangeReason
from scheduler.messages import text


def shown(session: Session, hds_id: str, rows: Sequence[Repair]) -> list[RepairShown]:
    """Repairs as a planner sees them."""
    ids, repair_ids = gp_ids(session, hds_id), [row.id for row in rows]
    away, consents = repository.away(session, repair_ids), repository.consents(session, repair_ids)
    changes = repository.changes(session, repair_ids)
    return [
        RepairShown(
            id=row.id, dossier_id=row.dossier_id, state=row.state, reason=row.reason,
            stopping=row.state in repository.UNFINISHED and row.cancel_requested_at is not None,
            away=[
                AwayAsked(gp_id=ids[one.gp_number], start=one.starts_at, end=one.ends_at, reason=one.reason)
                for one in away
                if one.repair_id == row.id
            ],
            vacated=row.request["vacated"], movable=row.request["movable"],
            movable_gp_ids=row.request["movable_gp_ids"], time_limit=row.request["time_limit"],
            requested_at=local(row.requested_at), finished_at=row.finished_at and local(row.finished_at),
            progress=row.progress, error_code=row.error_code, error_detail=row.error_detail,
            proposal=_proposal(session, row, [one for one in changes if one.repair_id == row.id], ids),
            consents=[
                ConsentShown(gp_id=ids[one.gp_number], agreed=one.agreed) for one in consents if one.repair_id == row.id
            ],
            decision=row.decision, expires_at=row.expires_at and local(row.expires_at),
        )
        for row in rows
    ]  # fmt: skip


def _proposal(
    session: Session, row: Repair, changes: Sequence[RepairChange], ids: Mapping[int, str]
) -> ProposalShown | None:
    found = row.proposal
    if found is None:
        return None
    passed_on = [one for one in changes if one.to_number is not None]
    moved = sum(1 for one in changes if one.cause == "makes_room")
    return ProposalShown(
        changes=[_change(one, ids) for one in changes],
        left_open=[_left_open(one) for one in found["left_open"]],
        kept=found["kept"], fell_open=len(found["vacated"]), filled=len(passed_on) - moved, moved=moved,
        open_bound=found["open_bound"], fewest_changes=found["fewest_changes"], proven=found["is_proven"],
        fairest=found["is_fairest"], proof=_proof(found, len(passed_on)), fairness=found["fairness"],
        seconds=found["seconds"], stopped=found.get("cancelled", False),
        current=row.state in ("proposed", "asking") and is_current(session, row, changes),
    )  # fmt: skip


def _proof(found: Mapping[str, Any], changes: int) -> str:
    gap = {"open": len(found["left_open"]) - found["open_bound"], "changes": changes - found["fewest_changes"]}
    told = [text("repairs.proven") if found["is_proven"] else text("repairs.gap", **gap)]
    if found.get("cancelled") and not found["is_fairest"]:
        told.append(text("repairs.stopped"))
    return " ".join(told)


def _change(row: RepairChange, ids: Mapping[int, str]) -> ChangeShown:
    giver, taker = ids.get(row.from_number or 0), ids.get(row.to_number or 0)
    if taker is None:
        told = text("repairs.given_back", shift=row.shift_id, gp=giver)
    else:
        told = Change(
            shift_id=row.shift_id, from_gp=giver, to_gp=taker, reason=ChangeReason(row.cause),
            room_for=tuple(row.room_for),
        ).text  # fmt: skip
    return ChangeShown(shift_id=row.shift_id, from_gp_id=giver, to_gp_id=taker, cause=row.cause, text=told)


def _left_open(one: Mapping[str, Any]) -> LeftOpenShown:
    dropped: dict[str, int] = one["dropped_by_rule"]
    why = ", ".join(
        text("repairs.dropped", count=count, rule=text(f"terms.rule.{rule}")) for rule, count in dropped.items()
    )
    return LeftOpenShown(
        shift_id=one["shift_id"], dropped_by_rule=dropped,
        text=text("repairs.left_open", shift=one["shift_id"], why=why or text("repairs.no_time")),
    )  # fmt: skip


def asks_shown(session: Session, member: Member) -> list[AskShown]:
    """What repairs ask of a GP: the own shifts alone, and nothing of why somebody is away."""
    if member.gp_number is None:
        return []
    rows = repository.asks_of(session, member.hds_id, member.gp_number)
    changes = repository.changes(session, [row.id for row, _ in rows])
    return [
        AskShown(
            repair_id=row.id, state=row.state, agreed=consent.agreed,
            gives=[one.shift_id for one in changes if (one.repair_id, one.from_number) == (row.id, member.gp_number)],
            takes=[one.shift_id for one in changes if (one.repair_id, one.to_number) == (row.id, member.gp_number)],
            expires_at=row.expires_at and local(row.expires_at),
        )
        for row, consent in rows
    ]  # fmt: skip
