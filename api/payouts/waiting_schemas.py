"""Hours that wait for a maximum, as callers see them; time in whole minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from api.payouts.schemas import shows

WAITING: dict[str, Any] = {
    "kind": "holiday", "kind_name": "feestdag", "year": 2028, "minutes": 480,
    "text": "nog te betalen: geen tarief voor 2028",
}  # fmt: skip
HOURS: dict[str, Any] = WAITING | {
    "day": "2027-12-31", "shift_id": "A-consult-nacht/2027-12-31/1", "gp_id": "G0001", "gp_name": "Dokter De Vries",
    "start": "2028-01-01T00:00:00+01:00", "end": "2028-01-01T08:00:00+01:00",
}  # fmt: skip


class WaitingSum(BaseModel):
    """Hours of one kind that wait for the maximum of a year; `text` says so."""

    model_config = shows(WAITING)

    kind: str
    kind_name: str
    year: int
    minutes: int
    text: str


class WaitingHours(WaitingSum):
    """Hours of one duty that wait; `day` is that of the shift."""

    model_config = shows(HOURS)

    day: date
    shift_id: str
    gp_id: str
    gp_name: str
    start: datetime
    end: datetime


class Waiting(BaseModel):
    """All hours that wait after the last closed run: the next run that knows their maximum pays them."""

    model_config = shows({"sums": [WAITING], "hours": [HOURS]})

    sums: list[WaitingSum]
    hours: list[WaitingHours]
