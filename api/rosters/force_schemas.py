"""The roster in force as callers see it: planners, GPs and finance with names, insurers without any GP."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from api.rosters.schemas import ShiftShown, example
from scheduler.domain.shift import Burden

SHIFT: dict[str, Any] = {
    "shift_id": "avond/2027-01-01/1", "post_id": "noord", "role": "consult", "burden": "holiday", "is_night": False,
    "start": "2027-01-01T17:00:00+01:00", "end": "2027-01-01T23:00:00+01:00", "hours": 6.0,
}  # fmt: skip
DUTY: dict[str, Any] = SHIFT | {
    "filled": True, "outside_roster": True, "gp_id": "ha-031", "gp_name": "Dokter 31",
    "responsible_gp_id": "ha-017", "responsible_name": "Dokter 17", "trainee_gp_id": None, "trainee_name": None,
    "revision": 2,
}  # fmt: skip
OWN: dict[str, Any] = DUTY | {"post_name": "Post Noord", "as": "performer"}
TALLY: dict[str, Any] = {"key": "noord", "shifts": 2063, "filled": 2063, "hours": 14441.0, "filled_hours": 14441.0}


class Duty(ShiftShown):
    """A shift of the roster in force.

    `outside_roster` tells that somebody else performs it than who was responsible when it was published. An insurer
    gets no GP: every field on a GP is absent. `hours` are elapsed, times have the local UTC offset.
    """

    model_config = example(DUTY)

    filled: bool
    outside_roster: bool
    gp_id: str | None = None
    gp_name: str | None = None
    responsible_gp_id: str | None = None
    responsible_name: str | None = None
    trainee_gp_id: str | None = None
    trainee_name: str | None = None
    revision: int | None = None


class OwnDuty(Duty):
    """A duty of the GP who asks; `as`: `performer`, `trainee`, or `responsible` (somebody else performs it)."""

    model_config = example(OWN)

    post_name: str
    as_: str = Field(alias="as")


class OwnDuties(BaseModel):
    """The duties of the GP who asks, in order of start."""

    model_config = example({"items": [OWN]})

    items: list[OwnDuty]


class NamedGp(BaseModel):
    """A GP by name."""

    model_config = example({"gp_id": "ha-017", "name": "Dokter 17"})

    gp_id: str
    name: str


class NamedPost(BaseModel):
    """A post by name."""

    model_config = example({"post_id": "noord", "name": "Post Noord"})

    post_id: str
    name: str


class Names(BaseModel):
    """Everybody of the dossiers that have a roster in force, and every post of the HDS; each in order of id."""

    gps: list[NamedGp]
    posts: list[NamedPost]


class Tally(BaseModel):
    """Shifts and elapsed hours of one part (`key`: post, role, burden or month), and how many of them are filled."""

    model_config = example(TALLY)

    key: str
    shifts: int
    filled: int
    hours: float
    filled_hours: float


class ClassShare(BaseModel):
    """What the GPs of one class do together; `share` is of all hours that are filled, 0 to 1."""

    model_config = example({"contract": "locum", "gps": 61, "hours": 5210.0, "share": 0.13})

    contract: str
    gps: int
    hours: float
    share: float


class BurdenSpread(BaseModel):
    """The largest deviation of any GP in one burden, in shifts, beside what is proven to be the least possible."""

    model_config = example({"burden": "evening", "largest_deviation": 0.5, "lower_bound": 0.48})

    burden: Burden
    largest_deviation: float
    lower_bound: float | None


class RosterSpread(BaseModel):
    """How evenly the roster in force of one dossier is spread, swaps included."""

    dossier_id: int
    start: date = Field(examples=["2027-01-01"])
    end: date = Field(examples=["2027-12-31"])
    largest_deviation: float
    burdens: list[BurdenSpread]


class Outside(BaseModel):
    """Shifts that somebody else performs than who was responsible when they were published; shares are 0 to 1."""

    model_config = example({"shifts": 210, "hours": 1420.0, "share_of_shifts": 0.034, "share_of_hours": 0.035})

    shifts: int
    hours: float
    share_of_shifts: float
    share_of_hours: float


class Coverage(BaseModel):
    """Coverage and fairness of the roster in force, without personal data.

    `by_standby` are shifts without a performer that a called standby did, with the hours of the calls as those filled:
    in the other figures they are not filled.
    """

    model_config = example(
        {
            "whole": TALLY | {"key": "all"},
            "by_post": [TALLY],
            "by_role": [TALLY | {"key": "consult"}],
            "by_burden": [TALLY | {"key": "evening"}],
            "by_month": [TALLY | {"key": "2027-01"}],
            "by_standby": TALLY | {"key": "standby", "shifts": 12, "filled": 12, "hours": 81.0, "filled_hours": 81.0},
            "by_contract": [{"contract": "locum", "gps": 61, "hours": 5210.0, "share": 0.13}],
            "outside_roster": {"shifts": 210, "hours": 1420.0, "share_of_shifts": 0.034, "share_of_hours": 0.035},
            "rosters": [
                {
                    "dossier_id": 3, "start": "2027-01-01", "end": "2027-12-31", "largest_deviation": 0.5,
                    "burdens": [{"burden": "evening", "largest_deviation": 0.5, "lower_bound": 0.48}],
                }
            ],
        }
    )  # fmt: skip

    whole: Tally
    by_post: list[Tally]
    by_role: list[Tally]
    by_burden: list[Tally]
    by_month: list[Tally]
    by_standby: Tally
    by_contract: list[ClassShare]
    outside_roster: Outside
    rosters: list[RosterSpread]
