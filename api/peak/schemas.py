"""What calls about extra shifts, call-ins and open shifts take and answer."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.fields import Count, Day, Identifier, Key, Moment, Note, ShiftId
from api.swaps.schemas import CandidateShown, VerdictShown
from scheduler.domain.people import Role

_SHIFT = "extra-1/2027-02-06/1"
_STANDBY = "A-achterwacht-dag/2027-02-06/1"
_REASON = "Griepgolf: twee keer zoveel telefoontjes als anders"
_EXTRA: dict[str, Any] = {
    "post_id": "A", "role": "consult", "days": ["2027-02-06", "2027-02-07"], "start": "10:00", "end": "16:00",
    "headcount": 1,
}  # fmt: skip
_FACTS: dict[str, Any] = {
    "shift_id": _SHIFT, "post_id": "A", "role": "consult", "start": "2027-02-06T10:00:00+01:00",
    "end": "2027-02-06T16:00:00+01:00",
}  # fmt: skip
_OPTION: dict[str, Any] = {
    "standby_id": _STANDBY, "gp_id": "gp-017", "start": "2027-02-06T10:00:00+01:00",
    "end": "2027-02-06T16:00:00+01:00", "hours": 6.0, "whole": True, "same_post": False, "legal": True, "reasons": [],
}  # fmt: skip
_CALL: dict[str, Any] = {
    "shift_id": _SHIFT, "standby_id": _STANDBY, "gp_id": "gp-017", "start": "2027-02-06T10:00:00+01:00",
    "end": "2027-02-06T16:00:00+01:00", "hours": 6.0, "cents": 52800,
}  # fmt: skip
_EXTRA_SHOWN: dict[str, Any] = _FACTS | {"state": "filled", "gp_id": "gp-031", "hours": 6.0, "cents": 68400}
_CANDIDATE: dict[str, Any] = {
    "gp_id": "gp-031", "name": "Dokter 31", "deviation": {"before": -1.2, "after": -0.2}, "soft_cost": 0.0,
    "at_own_post": True,
}  # fmt: skip
_PREVIEW: dict[str, Any] = _FACTS | {"standbys": [_OPTION], "candidates": [_CANDIDATE], "candidate_count": 41}
_BALANCE: dict[str, Any] = {
    "gp_id": "gp-031", "burden": "weekend", "share_hours": 61.5, "done_hours": 66.0, "deviation": 0.6,
}  # fmt: skip
_OFFERED: dict[str, Any] = {"shift_id": _SHIFT, "offered_at": "2027-02-04T09:35:00+01:00", "told": 41}
_VERDICT: dict[str, Any] = {
    "legal": True, "certain": True, "text": "Dit mag: er wordt geen regel door gebroken.", "reasons": [], "parties": [],
}  # fmt: skip
_OPEN: dict[str, Any] = _FACTS | {"offered_at": "2027-02-04T09:35:00+01:00", "verdict": _VERDICT}


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value; nothing else may be sent."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [value]})


def _local_minute(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("a time of the local clock in whole minutes, without UTC offset")
    return value


LocalTime = Annotated[time, AfterValidator(_local_minute)]


class ExtraAsked(BaseModel):
    """`headcount` extra shifts on each of these local days; an end at or before the start is on the next day."""

    model_config = example(_EXTRA)

    post_id: Identifier
    role: Role
    days: list[Day] = Field(min_length=1, max_length=200)
    start: LocalTime
    end: LocalTime
    headcount: int = Field(default=1, ge=1, le=50)


class PeakAsked(BaseModel):
    """Extra shifts in the roster of a dossier, and why."""

    model_config = example({"dossier_id": 3, "extras": [_EXTRA], "reason": _REASON})

    dossier_id: Key
    extras: list[ExtraAsked] = Field(min_length=1, max_length=50)
    reason: Note = Field(min_length=1)


class StandbyShown(BaseModel):
    """A standby that could be called in, for the hours in which both run; `reasons` are the rules it would break."""

    model_config = example(_OPTION)

    standby_id: str
    gp_id: str
    start: datetime
    end: datetime
    hours: float
    whole: bool
    same_post: bool
    legal: bool
    reasons: list[str]


class StandbysShown(BaseModel):
    """The standbys of all posts for a shift: those who break no rule first, then the longest overlap."""

    model_config = example({"shift_id": _SHIFT, "standbys": [_OPTION]})

    shift_id: str
    standbys: list[StandbyShown]


class ShiftPreview(BaseModel):
    """One extra shift as it would be; the best who could take it, and how many could (absent: not looked at)."""

    model_config = example(_PREVIEW)

    shift_id: str
    post_id: str
    role: str
    start: datetime
    end: datetime
    standbys: list[StandbyShown]
    candidates: list[CandidateShown]
    candidate_count: int | None


class PeakPreview(BaseModel):
    """What opening these shifts would give; ids are given out anew when it is done."""

    model_config = example({"shifts": [_PREVIEW]})

    shifts: list[ShiftPreview]


class ExtraShown(BaseModel):
    """An extra shift: `open`, `filled` by a GP, `covered` by call-ins, or `closed` again.

    `cents` is what it pays at present, absent where an hour of it has no rate.
    """

    model_config = example(_EXTRA_SHOWN)

    shift_id: str
    post_id: str
    role: str
    start: datetime
    end: datetime
    state: Literal["open", "filled", "covered", "closed"]
    gp_id: str | None
    hours: float
    cents: int | None


class CallShown(BaseModel):
    """A standby that was called in; `cents` is what it pays more than standing by."""

    model_config = example(_CALL)

    shift_id: str
    standby_id: str
    gp_id: str
    start: datetime
    end: datetime
    hours: float
    cents: int | None


class BalanceShown(BaseModel):
    """Where a GP stands in one burden of the roster in force: hours of the share, hours done, deviation in shifts."""

    model_config = example(_BALANCE)

    gp_id: str
    burden: str
    share_hours: float
    done_hours: float
    deviation: float


class EscalationShown(BaseModel):
    """Extra shifts and call-ins that were decided together, what they cost, and where those concerned stand now.

    `kind`: `peak`, or `refill` of a standby that was called. `hours` and `cents` are those of filled extra shifts and
    of call-ins together.
    """

    model_config = example(
        {
            "id": 5,
            "dossier_id": 3,
            "kind": "peak",
            "reason": _REASON,
            "opened_at": "2027-02-04T09:30:00+01:00",
            "shifts": [_EXTRA_SHOWN],
            "calls": [_CALL],
            "hours": 12.0,
            "cents": 121200,
            "balances": [_BALANCE],
        }
    )

    id: Key
    dossier_id: Key
    kind: str
    reason: str
    opened_at: datetime
    shifts: list[ExtraShown]
    calls: list[CallShown]
    hours: float
    cents: int | None
    balances: list[BalanceShown]


class CallAsked(BaseModel):
    """A standby is called in for a shift that nobody else does: an extra one, or one whose GP drops out.

    `since`: from then on (absent: from the start of the shift, or now when it has begun). `whole`: for all that is
    left of the shift, also beyond the standby. `refill`: an extra standby takes the place for as long as both run.
    """

    model_config = example(
        {"shift_id": _SHIFT, "standby_id": _STANDBY, "whole": False, "refill": True, "reason": _REASON}
    )

    shift_id: ShiftId
    standby_id: ShiftId
    since: Moment | None = None
    whole: bool = False
    refill: bool = False
    accept_violations: bool = False
    reason: Note = Field(min_length=1)


class CallOffAsked(BaseModel):
    """A standby who was called in does not come, or need not: which, for which shift, and why."""

    model_config = example({"shift_id": _SHIFT, "standby_id": _STANDBY, "reason": "Rustiger dan verwacht"})

    shift_id: ShiftId
    standby_id: ShiftId
    reason: Note = ""


class Called(BaseModel):
    """A call-in that was put on record: parts of the shift that nobody does, and the standbys opened as refill."""

    model_config = example(
        {
            "escalation_id": 5,
            "shift_id": _SHIFT,
            "standby_id": _STANDBY,
            "gp_id": "gp-017",
            "start": "2027-02-06T10:00:00+01:00",
            "end": "2027-02-06T16:00:00+01:00",
            "uncovered": [],
            "refill": ["extra-3/2027-02-06/1"],
        }
    )

    escalation_id: Key
    shift_id: str
    standby_id: str
    gp_id: str
    start: datetime
    end: datetime
    uncovered: list[list[datetime]]
    refill: list[str]


class ShiftsAsked(BaseModel):
    """Shifts of the roster in force, and why."""

    model_config = example({"shift_ids": [_SHIFT], "reason": "Rustiger dan verwacht"})

    shift_ids: list[ShiftId] = Field(min_length=1, max_length=200)
    reason: Note = ""


class Closed(BaseModel):
    """The shifts that are in force no longer."""

    model_config = example({"closed": [_SHIFT]})

    closed: list[str]


class Offered(BaseModel):
    """An open shift on offer to all, and to how many GPs that was told."""

    model_config = example(_OFFERED)

    shift_id: str
    offered_at: datetime
    told: Count


class OfferedShifts(BaseModel):
    """The open shifts that were put on offer."""

    model_config = example({"offered": [_OFFERED]})

    offered: list[Offered]


class OpenShift(BaseModel):
    """An open shift on offer, with the verdict on the caller taking it (absent for a planner)."""

    model_config = example(_OPEN)

    shift_id: str
    post_id: str
    role: str
    start: datetime
    end: datetime
    offered_at: datetime
    verdict: VerdictShown | None


class OpenShifts(BaseModel):
    """Open shifts on offer, in order of start."""

    model_config = example({"items": [_OPEN]})

    items: list[OpenShift]


class Taken(BaseModel):
    """A shift that is the caller's now, with what that meant."""

    model_config = example({"shift_id": _SHIFT, "gp_id": "gp-031", "verdict": _VERDICT})

    shift_id: str
    gp_id: str
    verdict: VerdictShown


class PeakFigures(BaseModel):
    """How often the roster was scaled up in these days, without anybody's name; hours elapsed.

    `refill_shifts` are standbys opened in the place of those who were called in, for a peak or an illness.
    """

    model_config = example(
        {
            "start": "2027-01-01",
            "end": "2027-12-31",
            "escalations": 3,
            "extra_shifts": 14,
            "extra_hours": 84.0,
            "filled_shifts": 9,
            "filled_hours": 54.0,
            "closed_shifts": 2,
            "call_ins": 3,
            "call_in_hours": 16.5,
            "refill_shifts": 2,
            "refill_hours": 11.0,
        }
    )

    start: date | None
    end: date | None
    escalations: int
    extra_shifts: int
    extra_hours: float
    filled_shifts: int
    filled_hours: float
    closed_shifts: int
    call_ins: int
    call_in_hours: float
    refill_shifts: int
    refill_hours: float
