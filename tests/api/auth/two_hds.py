"""Two HDSs: one in which something of every kind stands, and one whose people would like to see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables import dossier as parts
from api.db.tables.market import GpGroup, SwapSearch, SwapWant
from api.db.tables.messages import Delivery, Webhook
from api.db.tables.neighbours import GpLink, LendingOpening, Neighbour
from api.db.tables.outbox import OutboxEvent
from api.db.tables.payouts import PaymentRunFile, PaymentStatement, TariffRow
from api.db.tables.people import ApiToken, Gp, Hds
from api.db.tables.planning import PHASES, PlanningPhase, PlanningRound
from api.db.tables.repair import Repair
from api.db.tables.rosters import Duty, RosterVersion
from api.db.tables.runs import RosterRun
from api.db.tables.sickness import SicknessAsk, SicknessCase, SicknessReport
from api.db.tables.swaps import SwapDeal, SwapOffer
from api.dossiers.mapping import MAPPINGS
from api.dossiers.service import keep
from api.planning.choices import PlanningChoices
from tests.api.dossiers.test_part_routes import full_dossier
from tests.api.payouts.test_tariffs import enter
from tests.api.privacy.held import Held, hold, pay_january

OWN, OTHER = "test", "elders"
REPAIR = "5f0c1c9e-0000-4000-8000-000000000002"
RUN = "5f0c1c9e-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Subjects:
    """What stands at the HDS `test`: values of the parameters in paths, and for each part of a dossier a row."""

    of: Mapping[str, str]
    rows: Mapping[str, str]

    def path(self, template: str, hds_id: str) -> str:
        """The path with everything filled in that stands at `test`, but asked of this HDS."""
        part = template.rsplit("/", 2)[-2]
        more = {"row_id": self.rows.get(part, "1"), "hds_id": hds_id}
        if part == "files":
            more["name"] = self.of["file"]
        return template.format(**{**self.of, **more})


def fill(database: Database, as_role: Callable[..., TestClient]) -> Subjects:
    """Something of every kind at `test`."""
    held = hold(database)
    enter(as_role("finance"), [_RATE])
    pay_january(as_role)
    with database.writing() as session:
        dossier_id = keep(session, None, OWN, full_dossier()).id
        _swaps_and_run(session, held)
    with database.reading() as session:
        return Subjects(_ids(session, held, dossier_id), _rows(session, dossier_id))


_RATE = {
    "kind": "evening", "valid_from": "2024-01-01", "valid_until": None, "cents_per_hour": 9000, "source": "test",
    "certainty": "fictitious",
}  # fmt: skip


def _swaps_and_run(session: Session, held: Held) -> None:
    moment = now()
    of_all = {"hds_id": OWN, "created_at": moment, "changed_at": moment, "expires_at": moment + timedelta(days=1)}
    duty = session.scalars(select(Duty).where(Duty.hds_id == OWN).order_by(Duty.shift_id)).first()
    version = session.scalars(select(RosterVersion)).first()
    assert duty is not None and version is not None
    session.add(SwapOffer(shift_id=duty.shift_id, gp_number=held.gp_number, audience="all", **of_all))
    session.add(SwapDeal(kind="handover", **of_all))
    _messages(session)
    _neighbours(session, held, duty.shift_id)
    _round(session, version.dossier_id)
    _sickness(session, held, duty)
    session.add(SwapWant(gp_number=held.gp_number, wanted={}, most=1, **of_all))
    session.add(SwapSearch(hds_id=OWN, begun_at=moment))
    session.add(GpGroup(hds_id=OWN, name="Hagro", changed_at=moment))
    session.add(
        Repair(
            id=REPAIR, hds_id=OWN, dossier_id=version.dossier_id, reason="", requested_at=moment, state="cancelled",
            request={"vacated": [], "movable": "nobody", "movable_gp_ids": [], "time_limit": 1},
        )
    )  # fmt: skip
    session.add(
        RosterRun(
            id=RUN, hds_id=OWN, dossier_id=version.dossier_id, snapshot=version.snapshot, request={},
            requested_at=moment, state="cancelled",
        )
    )  # fmt: skip


def _neighbours(session: Session, held: Held, shift_id: str) -> None:
    """A third HDS is the neighbour of `test`, where the same person is a GP."""
    moment = now()
    session.add(Hds(id="buur", name="Buur", created_at=moment))
    session.flush()
    there = Gp(hds_id="buur", gp_id="c")
    session.add(there)
    session.flush()
    first, last = sorted((held.gp_number, there.number))
    session.add(GpLink(one_number=first, other_number=last, self_made=True, made_at=moment))
    session.add(
        Neighbour(
            hds_id=OWN, invited_hds_id="buur", pair=f"buur\n{OWN}", state="accepted", invited_at=moment,
            changed_at=moment,
        )
    )  # fmt: skip
    session.add(
        LendingOpening(
            hds_id=OWN, shift_id=shift_id, neighbour_hds_id="buur", opened_at=moment, changed_at=moment
        )
    )  # fmt: skip


def _sickness(session: Session, held: Held, duty: Duty) -> None:
    """Somebody is ill, and the GP is asked to stand in."""
    moment, end = now(), now() + timedelta(days=1)
    of_all = {"hds_id": OWN, "shift_id": duty.shift_id, "gp_number": held.gp_number, "changed_at": moment}
    span = {"starts_at": moment, "ends_at": end}
    report = SicknessReport(seen_until=end, reported_at=moment, digest="", **of_all, **span)
    session.add(report)
    session.flush()
    case = SicknessCase(report_id=report.id, since=moment, state="asking", opened_at=moment, **of_all, **span)
    session.add(case)
    session.flush()
    session.add(SicknessAsk(case_id=case.id, gp_number=held.gp_number, place=1, asked_at=moment, answer_by=end))


def _round(session: Session, dossier_id: int) -> None:
    moment = now()
    row = PlanningRound(
        hds_id=OWN, dossier_id=dossier_id, choices=PlanningChoices().model_dump(mode="json"), created_at=moment,
        changed_at=moment,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        PlanningPhase(round_id=row.id, name=name, opens_at=moment + timedelta(days=n), closes_at=None, outcome={})
        for n, name in enumerate(PHASES, start=1)
    )


def _messages(session: Session) -> None:
    moment = now()
    event = OutboxEvent(hds_id=OWN, kind="ping", about={}, gp_numbers=[], created_at=moment, spread_at=moment)
    hook = Webhook(
        hds_id=OWN, url="https://systeem.example", kinds=[], salt="", created_at=moment, changed_at=moment
    )  # fmt: skip
    session.add_all([event, hook])
    session.flush()
    session.add(
        Delivery(
            event_id=event.id, hds_id=OWN, channel="webhook", webhook_id=hook.id, next_at=moment, created_at=moment
        )
    )  # fmt: skip


def _ids(session: Session, held: Held, dossier_id: int) -> dict[str, str]:
    found = {
        "dossier_id": dossier_id,
        "version_id": session.scalars(select(RosterVersion.id)).first(),
        "run_id": RUN,
        "repair_id": REPAIR,
        "user_id": held.user_id,
        "token_id": session.scalars(select(ApiToken.id).where(ApiToken.hds_id == OWN)).first(),
        "tariff_id": session.scalars(select(TariffRow.id)).first(),
        "payee_id": session.scalars(select(parts.PayeeRow.id)).first(),
        "offer_id": session.scalars(select(SwapOffer.id)).first(),
        "webhook_id": session.scalars(select(Webhook.id)).first(),
        "delivery_id": session.scalars(select(Delivery.id)).first(),
        "deal_id": session.scalars(select(SwapDeal.id)).first(),
        "report_id": session.scalars(select(SicknessReport.id)).first(),
        "case_id": session.scalars(select(SicknessCase.id)).first(),
        "ask_id": session.scalars(select(SicknessAsk.id)).first(),
        "round_id": session.scalars(select(PlanningRound.id)).first(),
        "want_id": session.scalars(select(SwapWant.id)).first(),
        "search_id": session.scalars(select(SwapSearch.id)).first(),
        "group_id": session.scalars(select(GpGroup.id)).first(),
        "shift_id": session.scalars(select(Duty.shift_id)).first(),
        "gp_id": session.scalars(select(Gp.gp_id).where(Gp.number == held.gp_number)).first(),
        "neighbour_id": session.scalars(select(Neighbour.id)).first(),
        "link_id": session.scalars(select(GpLink.id)).first(),
        "opening_id": session.scalars(select(LendingOpening.id)).first(),
        "number": 1,
        "file": session.scalars(select(PaymentRunFile.name)).first(),
        "name": session.scalars(
            select(PaymentStatement.name).where(
                PaymentStatement.number == 1, PaymentStatement.only_gp_number == held.gp_number
            )
        ).first(),
    }
    assert None not in found.values(), found
    return {name: str(value) for name, value in found.items()}


def _rows(session: Session, dossier_id: int) -> dict[str, str]:
    """For each part of the dossier the id of a row."""
    return {
        mapped.field: str(session.scalars(select(mapped.table.id).where(mapped.table.dossier_id == dossier_id)).first())
        for mapped in MAPPINGS
    }
