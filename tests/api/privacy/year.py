"""What a year of swaps, illness and repairs leaves behind about C and others."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier
from api.db.tables.market import SwapWant
from api.db.tables.people import Gp
from api.db.tables.repair import Repair, RepairAway, RepairChange
from api.db.tables.sickness import SicknessAsk, SicknessCase, SicknessReport
from api.db.tables.swaps import SwapDeal, SwapOffer
from api.outbox import Notice, tell
from tests.api.payouts.in_force import EVENING, SATURDAY, STANDBY
from tests.api.privacy.held import NAME

CALLED = f"Dokter {NAME}"
SAID = f"liefst aan {CALLED}"
SAID_TIMES = 4
"""In how many places others wrote that."""


def live_through(database: Database) -> None:
    """A was ill and away, C stood in; the others wrote the name of C wherever they may write."""
    at = now()
    with database.writing() as session:
        a, b, c = (session.scalars(select(Gp.number).where(Gp.gp_id == one)).one() for one in "ABC")
        dossier = session.scalars(select(Dossier.id)).one()
        whole = {"hds_id": "test", "created_at": at, "changed_at": at, "expires_at": at}
        session.add_all(
            [
                SwapOffer(shift_id=SATURDAY.id, gp_number=a, audience="all", state="done", note=SAID, **whole),
                SwapDeal(kind="handover", state="refused", reason=SAID, **whole),
                SwapWant(gp_number=b, wanted={"posts": ["P"]}, most=1, state="expired", **whole),
                Repair(
                    id="herstel", hds_id="test", dossier_id=dossier, state="applied", reason=f"voor {CALLED}",
                    request={}, requested_at=at,
                ),
            ]
        )  # fmt: skip
        session.flush()
        span = {"starts_at": at, "ends_at": at + timedelta(hours=8)}
        session.add(RepairAway(repair_id="herstel", gp_number=a, reason="", **span))
        session.add(
            RepairChange(
                repair_id="herstel", shift_id=EVENING.id, from_number=a, to_number=c, cause="away", room_for=[],
                duty_revision=1,
            )
        )  # fmt: skip
        _ill(session, a, b, c, at)
        tell(session, "test", Notice("repair_asked", {"repair_id": "herstel", "words": SAID}, [a]))
        record(session, "test", None, Act("repair.applied", "repair/herstel", reason=f"voor {CALLED}"))


def _ill(session: Session, a: int, b: int, c: int, at: datetime) -> None:
    span = {"starts_at": at, "ends_at": at + timedelta(hours=8)}
    report = SicknessReport(
        hds_id="test", gp_number=a, **span, seen_until=at, state="over", reported_at=at, digest="", changed_at=at
    )
    session.add(report)
    session.flush()
    case = SicknessCase(
        hds_id="test", report_id=report.id, shift_id=STANDBY.id, gp_number=a, **span, since=at, state="covered",
        cause="agreed", covered_by=c, reason=SAID, opened_at=at, changed_at=at,
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(
        SicknessAsk(
            case_id=case.id, gp_number=b, place=1, state="refused", words=SAID, asked_at=at, answer_by=at
        )
    )  # fmt: skip
