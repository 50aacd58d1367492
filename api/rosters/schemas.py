"""Versions of the roster as callers see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Count, Key
from scheduler.domain.people import Role
from scheduler.domain.result import EndedBy
from scheduler.domain.shift import Burden

FIGURES: dict[str, Any] = {
    "shifts": 6188, "unfilled": 0, "violations": 0, "violations_by_rule": {}, "largest_deviation": 0.51,
    "soft_cost": 69.0, "soft_cost_by_part": {"avoid_wish": 41.0, "spacing": 28.0},
    "fairness": {"evening": {"largest": 0.5, "rms": 0.27, "gini": 0.04, "mean_hours": 6.5, "lower_bound": 0.48}},
}  # fmt: skip
PROOF: dict[str, Any] = {
    "deviation_bound": {"evening": 0.48}, "deviation_bound_within_reach": {"evening": 0.48},
    "unfilled_bound": 0, "soft_cost_bound": 55.0,
    "seconds": {"allocate": 2.1, "exchange": 40.2}, "seed": 1, "workers": 2, "engine_version": "1.0.0",
    "cancelled": False, "ended_by": "work",
}  # fmt: skip
VERSION: dict[str, Any] = {
    "id": 12, "dossier_id": 3, "number": 4, "state": "draft", "origin": "edit", "note": "Kerst geruild",
    "parent_id": 11, "run_id": None, "period": {"start": "2027-01-01", "end": "2027-12-31"}, "revision": 2,
    "created_at": "2026-10-01T09:12:00+02:00", "created_by": "planner",
    "changed_at": "2026-10-01T09:20:00+02:00", "changed_by": "planner", "figures": FIGURES, "proof": PROOF,
}  # fmt: skip
SHIFT: dict[str, Any] = {
    "shift_id": "avond/2027-01-01/1", "post_id": "noord", "role": "consult", "burden": "holiday", "is_night": False,
    "start": "2027-01-01T17:00:00+01:00", "end": "2027-01-01T23:00:00+01:00", "hours": 6.0,
    "gp_id": "ha-017", "gp_name": "Dokter 17", "trainee_gp_id": None, "trainee_name": None, "locked": False,
}  # fmt: skip


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value."""
    return ConfigDict(json_schema_extra={"examples": [value]})


class BurdenFigures(BaseModel):
    """How evenly one burden is spread, in shifts; `lower_bound` is proven for the dossier, absent where nothing is."""

    largest: float
    rms: float
    gini: float
    mean_hours: float
    lower_bound: float | None = None


class Figures(BaseModel):
    """The judgement of a version as a whole; deviations in shifts, soft cost in the unit of the weights."""

    model_config = example(FIGURES)

    shifts: int
    unfilled: int
    violations: int
    violations_by_rule: dict[str, int]
    largest_deviation: float
    soft_cost: float
    soft_cost_by_part: dict[str, float]
    fairness: dict[str, BurdenFigures]


class Proof(BaseModel):
    """What a run proved for every roster of the dossier with the same locks, and how it ran; all absent without one.

    `ended_by`: `work` (nothing was left to do or to gain), `clock` (the time limit) or `cancel`.
    `deviation_bound_within_reach` leaves aside the GPs whose targets no roster can give.
    """

    model_config = example(PROOF)

    deviation_bound: dict[str, float] = {}
    deviation_bound_within_reach: dict[str, float] = {}
    unfilled_bound: int | None = None
    soft_cost_bound: float | None = None
    seconds: dict[str, float] = {}
    seed: int | None = None
    workers: int | None = None
    engine_version: str | None = None
    cancelled: bool = False
    ended_by: EndedBy | None = None


class Days(BaseModel):
    """A period; both days included."""

    start: date
    end: date


class Version(BaseModel):
    """One version of the roster of a dossier.

    `state`: `draft` (may be edited, published, discarded), `published` (in force, at least for a part), `superseded`
    (was in force). `origin`: how it came about. `revision` is also the ETag.
    """

    model_config = example(VERSION)

    id: Key
    dossier_id: Key
    number: int
    state: str
    origin: str
    note: str
    parent_id: int | None
    run_id: str | None
    period: Days
    revision: int
    created_at: datetime
    created_by: str | None
    changed_at: datetime
    changed_by: str | None
    figures: Figures
    proof: Proof


class ShiftShown(BaseModel):
    """A shift; `hours` are elapsed, times have the local UTC offset."""

    shift_id: str
    post_id: str
    role: Role
    burden: Burden
    is_night: bool
    start: datetime
    end: datetime
    hours: float


class VersionShift(ShiftShown):
    """One shift of a version; without `gp_id` it is unfilled. `hours` are elapsed, times have the local UTC offset."""

    model_config = example(SHIFT)

    gp_id: str | None
    gp_name: str | None
    trainee_gp_id: str | None
    trainee_name: str | None
    locked: bool


SHIFT_CHANGE: dict[str, Any] = {
    "shift_id": "avond/2027-01-01/1", "start": "2027-01-01T17:00:00+01:00", "end": "2027-01-01T23:00:00+01:00",
    "post_id": "noord", "role": "consult", "burden": "holiday", "kind": "other_gp", "before": "ha-017",
    "after": "ha-031",
}  # fmt: skip
GP_CHANGE: dict[str, Any] = {
    "gp_id": "ha-017", "hours": {"holiday": {"before": 12.0, "after": 6.0}},
    "deviation": {"holiday": {"before": 0.2, "after": -0.8}},
}  # fmt: skip


class ShiftChange(BaseModel):
    """A shift that one of two versions gives to another GP, or that only one of them has."""

    model_config = example(SHIFT_CHANGE)

    shift_id: str
    start: datetime
    end: datetime
    post_id: str
    role: Role
    burden: Burden
    kind: str = Field(description="`other_gp`, `other_trainee`, `only_before` or `only_after`.")
    before: str | None
    after: str | None


class Change(BaseModel):
    """A figure before and after."""

    model_config = example({"before": 0.2, "after": -0.8})

    before: float
    after: float


class GpChange(BaseModel):
    """What differs for one GP between two versions: elapsed hours and deviation (in shifts), of burdens that differ."""

    model_config = example(GP_CHANGE)

    gp_id: str
    hours: dict[str, Change]
    deviation: dict[str, Change]


class Comparison(BaseModel):
    """Two versions side by side: `before` is the one in `with`, `after` the one in the path."""

    model_config = example(
        {
            "before": VERSION | {"id": 11, "number": 3},
            "after": VERSION,
            "shifts": [SHIFT_CHANGE],
            "gps": [GP_CHANGE],
            "changed": 1,
        }
    )

    before: Version
    after: Version
    shifts: list[ShiftChange]
    gps: list[GpChange]
    changed: Count = Field(examples=[6], description="Shifts with another GP or trainee, or in one version only.")
