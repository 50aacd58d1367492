"""Runs as callers ask for them and see them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Identifier, Key
from scheduler.domain.result import Phase

LONGEST = 7 * 24 * 3600
_OPTIONS: dict[str, Any] = {"time_limit": 60.0, "workers": 2, "seed": 1, "keep_locks": True}
_REQUEST: dict[str, Any] = {**_OPTIONS, "start_version": None}
_PROGRESS: dict[str, Any] = {
    "phase": "exchange", "seconds": 12.4, "shifts": 6188, "filled": 6188, "coverage": 1.0,
    "largest_deviation": 0.52, "lower_bound": 0.48, "soft_cost": 312.0,
}  # fmt: skip
_RUN: dict[str, Any] = {
    "run_id": "5f2c9f58-3c1f-4d0e-9d3a-0f3c5b1f6f10", "hds_id": "demo", "dossier_id": 3, "region_run_id": None,
    "state": "running", "request": _REQUEST, "progress": _PROGRESS, "version_id": None, "error": None, "attempt": 1,
    "cancel_requested": False, "requested_at": "2026-10-01T09:12:00+02:00", "started_at": "2026-10-01T09:12:01+02:00",
    "finished_at": None,
}  # fmt: skip
_PART: dict[str, Any] = {"hds_id": "demo", "dossier_id": 3}
_REGION: dict[str, Any] = {
    "region_run_id": "0b7f3c3e-59a1-4b0c-8f0a-6f6d9a7a1c11", "state": "running", "cancel_requested": False,
    "requested_at": "2026-10-01T09:12:00+02:00", "finished_at": None,
}  # fmt: skip


def _example(value: Any, *, strict: bool = False) -> ConfigDict:
    """What the documentation shows; a `strict` model refuses members that it does not know."""
    return ConfigDict(json_schema_extra={"examples": [value]}, extra="forbid" if strict else "ignore")


class RunState(StrEnum):
    """Where a run stands; the last three are for ever."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Options(BaseModel):
    """How the engine is to run."""

    model_config = _example(_OPTIONS, strict=True)

    time_limit: float = Field(default=60.0, ge=1, le=LONGEST, description="Seconds.")
    workers: int | None = Field(
        default=None, ge=1, le=256, description="Processes; at most, and without a number, what the worker may use."
    )
    seed: int = Field(default=1, ge=0, lt=2**31)
    keep_locks: bool = Field(default=True, description="Hold the locks of the dossier and of the start version.")


class RunRequest(Options):
    """A run on one dossier as it is now."""

    model_config = _example(_REQUEST, strict=True)

    start_version: Key | None = Field(default=None, description="A version of which as much as possible is kept.")


class ProgressShown(BaseModel):
    """How far a run is; figures that are not known yet are null.

    `coverage` is the part of the shifts that has a GP; deviation and bound are in shifts.
    """

    model_config = _example(_PROGRESS)

    phase: Phase
    seconds: float
    shifts: int
    filled: int
    coverage: float
    largest_deviation: float | None = None
    lower_bound: float | None = None
    soft_cost: float | None = None


class Trouble(BaseModel):
    """Why a run failed: a stable code, and Dutch for a reader."""

    code: str
    detail: str


class Run(BaseModel):
    """One run; `version_id` is the draft version that it left, `attempt` how often it was taken up."""

    model_config = _example(_RUN)

    run_id: str
    hds_id: str
    dossier_id: Key
    region_run_id: str | None
    state: RunState
    request: RunRequest
    progress: ProgressShown | None
    version_id: Key | None
    error: Trouble | None
    attempt: int
    cancel_requested: bool
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Part(BaseModel):
    """One dossier of one HDS."""

    model_config = _example(_PART, strict=True)

    hds_id: Identifier
    dossier_id: Key


class RegionRequest(Options):
    """A run on the dossiers of several HDSs at once, as they are now."""

    model_config = _example({**_OPTIONS, "parts": [_PART]}, strict=True)

    parts: list[Part] = Field(min_length=1, max_length=200)


class RegionRun(BaseModel):
    """One run over a region."""

    model_config = _example(_REGION)

    region_run_id: str
    state: RunState
    cancel_requested: bool
    requested_at: datetime
    finished_at: datetime | None


class RegionRunWhole(RegionRun):
    """One run over a region with its parts."""

    model_config = _example({**_REGION, "parts": [_RUN]})

    parts: list[Run]
