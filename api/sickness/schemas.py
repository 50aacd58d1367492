"""What calls about sickness take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.fields import Identifier, Key, Moment, Note, ShiftId


def example(*values: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows these values."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(values)})


_SHIFT = "A-consult-avond/2027-03-05/1"
_STANDBY = "A-achterwacht-avond/2027-03-05/1"
_GAP = {"start": "2027-03-05T21:00:00+01:00", "end": "2027-03-05T23:00:00+01:00"}
_ASK: dict[str, Any] = {
    "id": 31, "shift_id": _SHIFT, "start": "2027-03-05T17:00:00+01:00", "end": "2027-03-05T23:00:00+01:00",
    "state": "asked", "asked_at": "2027-03-04T10:00:00+01:00", "answer_by": "2027-03-04T11:00:00+01:00",
    "answered_at": None, "open": True,
}  # fmt: skip
_ASKED: dict[str, Any] = {
    "gp_id": "G0031", "name": "Noor Bakker", "place": 1, "state": "refused", "words": "ben op reis",
    "asked_at": "2027-03-04T10:00:00+01:00", "answer_by": "2027-03-04T11:00:00+01:00",
    "answered_at": "2027-03-04T10:12:00+01:00",
}  # fmt: skip
_CALL: dict[str, Any] = {
    "standby_id": _STANDBY, "gp_id": "G0044", "start": "2027-03-05T17:00:00+01:00", "end": "2027-03-05T21:00:00+01:00",
    "called_at": "2027-03-04T09:58:00+01:00",
}  # fmt: skip
_STEP = {"at": "2027-03-04T10:00:00+01:00", "what": "gevraagd", "gp_id": "G0031"}
_CASE: dict[str, Any] = {
    "id": 12, "report_id": 3, "kind": "duty", "shift_id": _SHIFT, "start": "2027-03-05T17:00:00+01:00",
    "end": "2027-03-05T23:00:00+01:00", "since": "2027-03-05T17:00:00+01:00", "gp_id": "G0017", "state": "planner",
    "urgency": "red", "cause": "een deel van de dienst staat open", "covered_by": None, "reason": "",
    "opened_at": "2027-03-04T09:58:00+01:00", "open_parts": [_GAP], "calls": [_CALL], "asks": [_ASKED],
    "steps": [_STEP],
}  # fmt: skip
_BRIEF: dict[str, Any] = {
    "id": 12, "kind": "duty", "shift_id": _SHIFT, "start": "2027-03-05T17:00:00+01:00",
    "end": "2027-03-05T23:00:00+01:00", "state": "asking", "cause": "", "covered_by": None,
}  # fmt: skip
_REPORT: dict[str, Any] = {
    "id": 3, "gp_id": "G0017", "shift_id": None, "start": "2027-03-04T09:58:00+01:00", "until": None,
    "state": "active", "reported_at": "2027-03-04T09:58:00+01:00", "recovered_at": None, "cases": [_BRIEF],
}  # fmt: skip


class SickAsked(BaseModel):
    """Who cannot come: the caller, or the GP that a planner names; to one shift, or from `start` (else now) on.

    Without `until` nobody knows yet how long. Why somebody is ill is not asked and has no place here.
    """

    model_config = example(
        {"shift_id": _SHIFT}, {"gp_id": "G0017", "start": "2027-03-04T08:00:00+01:00", "until": None}
    )

    gp_id: Identifier | None = None
    shift_id: ShiftId | None = None
    start: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.shift_id is not None and (self.start is not None or self.until is not None):
            raise ValueError("one shift, or a period")
        if self.until is not None and self.start is not None and self.until <= self.start:
            raise ValueError("until lies after start")
        return self


class CaseBrief(BaseModel):
    """A shift that lost its GP and how it stands: `waiting`, `asking`, `planner`, `covered`, `taken_back`, `closed`."""

    model_config = example(_BRIEF)

    id: Key
    kind: str
    shift_id: str
    start: datetime
    end: datetime
    state: str
    cause: str
    covered_by: str | None


class ReportShown(BaseModel):
    """A report with the shifts that need somebody by it; `until` absent: not known."""

    model_config = example(_REPORT)

    id: Key
    gp_id: str
    shift_id: str | None
    start: datetime
    until: datetime | None
    state: str
    reported_at: datetime
    recovered_at: datetime | None
    cases: list[CaseBrief]


class Longer(BaseModel):
    """Until when a GP stays away; null: not known."""

    model_config = example({"until": "2027-03-20T08:00:00+01:00"})

    until: Moment | None


class Better(BaseModel):
    """From when the GP can come again (else now), and whether shifts that nobody does yet are the GP's again."""

    model_config = example({"at": None, "take_back": True})

    at: Moment | None = None
    take_back: bool = False


class AskShown(BaseModel):
    """What a GP was asked: a shift, and until when there is time to answer; `open`: an answer still counts."""

    model_config = example(_ASK)

    id: Key
    shift_id: str
    start: datetime
    end: datetime
    state: str
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    open: bool


class AskAnswer(BaseModel):
    """Whether the caller takes the shift."""

    model_config = example({"agreed": True, "reason": ""})

    agreed: bool
    reason: Note = ""


class PartShown(BaseModel):
    """From when until when."""

    model_config = example(_GAP)

    start: datetime
    end: datetime


class AskedShown(BaseModel):
    """Somebody who was asked, in which place of the list, and the answer."""

    model_config = example(_ASKED)

    gp_id: str
    name: str
    place: int
    state: str
    words: str
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None


class CallShown(BaseModel):
    """A standby who was called in, for which hours."""

    model_config = example(_CALL)

    standby_id: str
    gp_id: str
    start: datetime
    end: datetime
    called_at: datetime


class StepShown(BaseModel):
    """Something that happened with a case, in Dutch."""

    model_config = example(_STEP)

    at: datetime
    what: str
    gp_id: str | None


class CaseShown(BaseModel):
    """A case as the planner sees it; `urgency` is `red` where the planner must act, `orange`, `green` or `done`."""

    model_config = example(_CASE)

    id: Key
    report_id: Key
    kind: str
    shift_id: str
    start: datetime
    end: datetime
    since: datetime
    gp_id: str
    state: str
    urgency: str
    cause: str
    covered_by: str | None
    reason: str
    opened_at: datetime
    open_parts: list[PartShown]
    calls: list[CallShown]
    asks: list[AskedShown]
    steps: list[StepShown]


class StandbyShown(BaseModel):
    """A standby that runs in a part that nobody does yet: which hours it covers, or why it may not be called."""

    model_config = example(
        {
            "standby_id": _STANDBY, "gp_id": "G0044", "name": "Noor Bakker", "start": "2027-03-05T17:00:00+01:00",
            "end": "2027-03-05T23:00:00+01:00", "whole": True, "same_post": True, "legal": True, "reasons": [],
        }
    )  # fmt: skip

    standby_id: str
    gp_id: str
    name: str
    start: datetime
    end: datetime
    whole: bool
    same_post: bool
    legal: bool
    reasons: list[str]


class AssignAsked(BaseModel):
    """Who is to do the shift."""

    model_config = example({"gp_id": "G0031"})

    gp_id: Identifier


class CallAsked(BaseModel):
    """Which standby is to be called in."""

    model_config = example({"standby_id": _STANDBY})

    standby_id: ShiftId


class CloseAsked(BaseModel):
    """Why nobody is looked for any more; a reason is needed."""

    model_config = example({"reason": "post draait met minder"})

    reason: Annotated[Note, Field(min_length=1)]
