"""What calls about privacy take and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Note

_RETENTION: dict[str, Any] = {
    "wishes_years": 2,
    "absences_years": 2,
    "audit_detail_years": 7,
    "payment_years": 7,
    "login_days": 90,
    "message_days": 400,
}
Years = Annotated[int, Field(ge=1, le=50)]


class Retention(BaseModel):
    """How long data is kept: years after the day it is about, `login_days` after a login or its failure, and
    `message_days` after somebody was told something.

    Payments are kept seven years after the year in which they were made, as the General State Taxes Act asks.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RETENTION]})

    wishes_years: Years = 2
    absences_years: Years = 2
    audit_detail_years: Years = 7
    payment_years: Annotated[int, Field(ge=7, le=50)] = 7
    login_days: Annotated[int, Field(ge=1, le=3650)] = 90
    message_days: Annotated[int, Field(ge=30, le=3650)] = 400


class Erasure(BaseModel):
    """Why a GP is erased: the request it answers, not the story behind it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Verzoek van 3 maart 2027"}]})

    reason: Annotated[Note, Field(min_length=1)]


class Kept(BaseModel):
    """What the law asks to keep of an erased GP, and until when."""

    what: str
    kept_until: date


class Erased(BaseModel):
    """What is left of a GP: an id without a name, in figures that stay as they were."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "gp_id": "h017",
                    "pseudonym": "Gewiste huisarts (h017)",
                    "erased_at": "2027-03-03T10:00:00+01:00",
                    "account_disabled": True,
                    "audit_details_erased": 12,
                    "dossiers": 2,
                    "snapshots": 5,
                    "kept": [{"what": "betaalrun 3", "kept_until": "2034-12-31"}],
                }
            ]
        }
    )

    gp_id: str
    pseudonym: str
    erased_at: datetime
    account_disabled: bool
    audit_details_erased: int
    dossiers: int
    snapshots: int
    kept: list[Kept]
