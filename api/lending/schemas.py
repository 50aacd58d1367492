"""What calls about lending take and answer; all moments have the UTC offset of Amsterdam, all amounts are cents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Identifier, ShiftId
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden

_SHIFT = "avond/2027-03-05/1"
_START, _END = "2027-03-05T17:00:00+01:00", "2027-03-05T23:00:00+01:00"
_OPENING: dict[str, Any] = {
    "id": 12, "shift_id": _SHIFT, "neighbour_hds_id": "oost", "neighbour_hds_name": "Huisartsenpost Oost",
    "state": "open", "opened_at": "2027-02-20T09:00:00+01:00",
}  # fmt: skip
_TO_TAKE: dict[str, Any] = {
    "opening_id": 12, "hds_id": "west", "hds_name": "Huisartsenpost West", "shift_id": _SHIFT, "post": "Post West",
    "role": "consult", "burden": "evening", "start": _START, "end": _END, "cents": 54000, "may_take": False,
    "reasons": ["U bent buiten dit rooster bezet, en heeft daardoor te weinig rust bij deze dienst."],
}  # fmt: skip
_LINE: dict[str, Any] = {
    "direction": "lent", "hds_id": "west", "hds_name": "Huisartsenpost West", "shift_id": _SHIFT, "gp_id": "gp-017",
    "gp_name": "Dokter 17", "burden": "evening", "start": _START, "end": _END, "minutes": 360, "cents": 54000,
    "proof": "9f2c…",
}  # fmt: skip
_TOTAL: dict[str, Any] = {
    "hds_id": "west", "hds_name": "Huisartsenpost West", "burden": "evening",
    "lent": {"shifts": 3, "minutes": 1080, "cents": 162000}, "borrowed": {"shifts": 1, "minutes": 360, "cents": 54000},
    "balance": {"shifts": 2, "minutes": 720, "cents": 108000},
}  # fmt: skip


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class OpeningsAsked(BaseModel):
    """Shifts to open to the GPs of neighbours; to all neighbours unless some are named."""

    model_config = _example({"shift_ids": [_SHIFT], "neighbour_hds_ids": ["oost"]})

    shift_ids: Annotated[list[ShiftId], Field(min_length=1, max_length=500)]
    neighbour_hds_ids: Annotated[list[Identifier], Field(max_length=100)] | None = None


class OpeningShown(BaseModel):
    """A shift that stands open to the GPs of one neighbour, or did."""

    model_config = _example(_OPENING)

    id: int
    shift_id: str
    neighbour_hds_id: str
    neighbour_hds_name: str
    state: Literal["open", "taken", "withdrawn"]
    opened_at: datetime


class OpeningsShown(BaseModel):
    """Openings, the newest first."""

    model_config = _example({"items": [_OPENING]})

    items: list[OpeningShown]


class ShiftToTake(BaseModel):
    """A shift of a neighbour that a GP may take, or may not and why: the rules of both HDSs count.

    `cents` is what it pays by the tariffs of the neighbour, who pays it; absent where an hour has no rate.
    """

    model_config = _example(_TO_TAKE)

    opening_id: int
    hds_id: str
    hds_name: str
    shift_id: str
    post: str
    role: Role
    burden: Burden
    start: datetime
    end: datetime
    cents: int | None
    may_take: bool
    reasons: list[str]


class ShiftsToTake(BaseModel):
    """Shifts of neighbours in order of start."""

    model_config = _example({"items": [_TO_TAKE]})

    items: list[ShiftToTake]


class Taken(BaseModel):
    """A shift that is now the GP's, as a guest of the neighbour."""

    model_config = _example({"hds_id": "west", "shift_id": _SHIFT, "guest_id": "gast-3", "start": _START, "end": _END})

    hds_id: str
    shift_id: str
    guest_id: str
    start: datetime
    end: datetime


class Figures(BaseModel):
    """Shifts, elapsed minutes and cents; no cents where one of the shifts has an hour without a rate."""

    model_config = _example({"shifts": 3, "minutes": 1080, "cents": 162000})

    shifts: int
    minutes: int
    cents: int | None


class AccountLine(BaseModel):
    """One shift that was lent to another HDS, or borrowed from one.

    The GP goes by the id at the HDS that asks. `proof` is the SHA-256 of what both sides know (both HDSs, shift, times,
    burden, cents), so that two accounts can be laid side by side.
    """

    model_config = _example(_LINE)

    direction: Literal["lent", "borrowed"]
    hds_id: str
    hds_name: str
    shift_id: str
    gp_id: str
    gp_name: str
    burden: Burden
    start: datetime
    end: datetime
    minutes: int
    cents: int | None
    proof: str


class AccountTotal(BaseModel):
    """One other HDS and one burden: lent, borrowed, and lent less borrowed."""

    model_config = _example(_TOTAL)

    hds_id: str
    hds_name: str
    burden: Burden
    lent: Figures
    borrowed: Figures
    balance: Figures


class AccountShown(BaseModel):
    """Who lent what to whom in a period (both days included), by the duties as they stand now."""

    model_config = _example({"first": "2027-01-01", "last": "2027-03-31", "totals": [_TOTAL], "lines": [_LINE]})

    first: date
    last: date
    totals: list[AccountTotal]
    lines: list[AccountLine]
