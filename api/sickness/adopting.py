"""Standbys that were called in by hand, as for a calamity: they count once the GP of the shift, or they, are ill."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables.peak import EscalationCall
from api.db.tables.sickness import SicknessCall, SicknessCase, SicknessReport
from api.peak import repository as escalations
from api.sickness import repository
from api.sickness.cases import opened
from api.swaps import repository as swaps


def called_for(session: Session, hds_id: str, standby_ids: Iterable[str]) -> frozenset[str]:
    """The shifts for which these standbys are called in, however that was done."""
    asked, moment = list(standby_ids), now()
    calls = repository.calls_by(session, hds_id, asked, moment)
    by_case = (session.get_one(SicknessCase, call.case_id).shift_id for call in calls)
    by_hand = (call.shift_id for call in escalations.calls_by(session, hds_id, asked, moment))
    return frozenset((*by_case, *by_hand))


def adopt(session: Session, case: SicknessCase) -> None:
    """Count the standbys that were called in for the shift before it had a case; who is ill worked up to the first."""
    for one in escalations.calls_for(session, case.hds_id, case.shift_id):
        if not escalations.stands(session, one):
            continue
        session.add(
            SicknessCall(
                case_id=case.id, standby_id=one.standby_id, gp_number=one.gp_number, starts_at=one.starts_at,
                ends_at=one.ends_at, called_at=one.called_at,
            )
        )  # fmt: skip
        case.since = max(case.starts_at, min(case.since, one.starts_at))
    session.flush()


def open_of_calls(session: Session, row: SicknessReport, standby_ids: Iterable[str]) -> None:
    """A covered case of each shift for which one of these standbys was called in by hand, so that it can be lost."""
    for one in escalations.calls_by(session, row.hds_id, standby_ids, now()):
        duty = swaps.duty(session, row.hds_id, one.shift_id)
        if duty is None or not escalations.stands(session, one) or _is_known(session, one):
            continue
        case = opened(session, row, duty, duty.performer_number or one.gp_number)
        adopt(session, case)
        if duty.performer_number is None:
            # nobody worked on it before the call
            case.since = case.starts_at
        case.state, case.cause, case.covered_by, case.next_at = "covered", "standby", one.gp_number, None
        session.flush()


def cut(session: Session, call: SicknessCall, shift_id: str, moment: datetime) -> None:
    """The call of a standby who is ill is over at `moment`, in the account of the escalation too."""
    if call.starts_at < moment:
        call.ends_at = moment
    else:
        call.ended_at = now()
    session.flush()
    hds_id = session.get_one(SicknessCase, call.case_id).hds_id
    by_hand = escalations.call_of(session, hds_id, shift_id, call.standby_id)
    if by_hand is not None:
        escalations.cut_call(session, by_hand, moment)


def _is_known(session: Session, call: EscalationCall) -> bool:
    """Whether a case has the call, or nobody counts on it as others are looked for."""
    looked_for = repository.open_case_of(session, call.hds_id, call.shift_id) is not None
    return looked_for or escalations.is_of_case(session, call.hds_id, call.shift_id, call.standby_id, ended=True)
