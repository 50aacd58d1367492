"""Fair shares of a dossier: what each GP should do, and the steps that led to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.auth.access import PlannerOrGp
from api.auth.principal import Role
from api.db.sessions import ReadSession
from api.dossiers import service
from api.dossiers.mapping import read_dossier
from api.dossiers.routes import DossierId
from api.errors import problems
from api.room import room
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden

router = room("/hds/{hds_id}/dossiers/{dossier_id}/shares", "dossiers")

_EXAMPLE_OF_GP: dict[str, Any] = {
    "gp_id": "G0001",
    "targets": {"evening": 31.5, "night": 20.2, "weekend": 28.0, "holiday": 6.1, "standby": 0},
    "share": 88.2,
    "wanted": 85.8,
    "balance": 2.4,
    "imbalance": 0.0,
    "steps": {
        "agreed": 0, "agreed_scale": 1, "practice_id": "PR001", "practice_patients": 2236, "pool_patients": 310000,
        "pool_hours": 36000, "practice_hours": 259.7, "salaried_off": 83.3, "owner_part": 0.5, "owner_hours": 88.2,
        "owner_scale": 1,
    },
}  # fmt: skip


class ShareOfGp(BaseModel):
    """Hours in the period. `targets` by burden; `share` before and `wanted` after balances and own limits.

    `balance` are the hours carried over, `imbalance` what the targets have above (or below) `wanted` because of who
    may do what; these four are of all hours that are no standby. `steps` tell how `share` came about.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_OF_GP})

    gp_id: str
    targets: dict[Burden, float]
    share: float
    wanted: float
    balance: float
    imbalance: float
    steps: dict[str, float | str | None]


class Shares(BaseModel):
    """The fair shares of a dossier as it is at `revision`."""

    model_config = ConfigDict(json_schema_extra={"example": {"revision": 3, "gps": [_EXAMPLE_OF_GP]}})

    revision: int
    gps: list[ShareOfGp]


@router.get("", summary="The fair shares", responses=problems("not_found"))
def show_shares(who: PlannerOrGp, dossier_id: DossierId, session: ReadSession) -> Shares:
    """A planner sees those of all GPs who share in the duties, a GP the own ones."""
    row = service.found(session, who.hds_id, dossier_id)
    dossier = read_dossier(session, row)
    session.commit()  # gives the connection back while the shares are computed
    only = None if who.has(Role.PLANNER) else who.gp_id
    return Shares(revision=row.revision, gps=[ShareOfGp(**one) for one in _shares(dossier, only)])


def _shares(dossier: Dossier, only: str | None) -> list[dict[str, Any]]:
    # NumPy is loaded by who asks for shares
    from scheduler.fair_shares import fair_shares

    found = fair_shares(dossier, shifts_of(dossier))
    place = {} if found.duty is None else {gp_id: row for row, gp_id in enumerate(found.duty.gp_ids)}

    def of_duty(figures: str, gp_id: str) -> float:
        return float(getattr(found.duty, figures)[place[gp_id]]) if gp_id in place else 0.0

    return [
        {
            "gp_id": gp_id,
            "targets": {burden: found.targets.get((gp_id, burden), 0.0) for burden in Burden},
            "share": steps.share,
            "wanted": of_duty("wanted", gp_id),
            "balance": of_duty("balance", gp_id),
            "imbalance": of_duty("imbalance", gp_id),
            "steps": asdict(steps),
        }
        for gp_id, steps in found.steps.items()
        if only is None or gp_id == only
    ]
