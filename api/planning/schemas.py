"""What calls about rounds take and answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.fields import AtMost, Identifier, Key, Moment, Note, ShiftId
from api.planning.choices import DaysBefore, Percent
from api.planning.phases import Phase
from api.swaps.schemas import VerdictShown, example

_SHIFT = "avond/2027-03-05/1"
_DATES: dict[str, Any] = {
    "registration": {"opens_at": "2026-09-01T09:00:00+02:00", "closes_at": "2026-09-15T18:00:00+02:00"},
    "making": {"opens_at": "2026-09-15T18:00:00+02:00", "closes_at": "2026-10-01T09:00:00+02:00"},
    "draft_published": {"opens_at": "2026-10-01T09:00:00+02:00", "closes_at": "2026-10-08T18:00:00+02:00"},
    "free_locums": {"opens_at": "2026-10-08T18:00:00+02:00", "closes_at": "2026-10-15T18:00:00+02:00"},
    "closing": {"opens_at": "2026-10-15T18:00:00+02:00", "closes_at": "2026-10-20T09:00:00+02:00"},
    "published": {"opens_at": "2026-10-20T09:00:00+02:00"},
}

_STEP: dict[str, Any] = {
    "id": 8, "phase": "closing", "kind": "assigned", "shift_id": _SHIFT, "gp_id": "ha-017", "hours": 6.0,
    "done_at": "2026-10-15T18:00:31+02:00",
    "why": "U zit hiermee het verst onder uw aandeel van wie deze dienst mogen doen.",
    "figures": {"share": 42.5, "done": 30.0, "deviation": -2.1, "place": 1, "takers": 14, "others": {"week": 9}},
}  # fmt: skip
_ALLOWANCE: dict[str, Any] = {"percent": "10", "own_hours": 84.0, "most": 8.4, "given_back": 6.0, "left": 2.4}
_VERDICT: dict[str, Any] = {
    "legal": True, "certain": True, "text": "Dit mag: er wordt geen regel door gebroken.", "reasons": [], "parties": [],
}  # fmt: skip
_DRAFT_SHIFT: dict[str, Any] = {
    "shift_id": _SHIFT, "post_id": "P", "role": "consult", "burden": "evening",
    "starts_at": "2027-03-05T17:00:00+01:00", "ends_at": "2027-03-05T23:00:00+01:00", "hours": 6.0, "may": True,
    "why_not": [],
}  # fmt: skip
_BURDEN: dict[str, Any] = {"share": 42.5, "done": 30.0, "deviation_hours": -12.5, "deviation_shifts": -2.1}
_STANDING: dict[str, Any] = {
    "gp_id": "ha-017", "name": "Dokter 17", "contract": "practice_owner", "burdens": {"evening": _BURDEN},
    "share": 160.0, "done": 141.0, "deviation_hours": -19.0, "place": 4, "of": 230,
}  # fmt: skip


class PhaseAsked(BaseModel):
    """When a phase is to open and close; `published` has no close. A phase that is skipped keeps its dates."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [_DATES["registration"] | {"skipped": False}]}
    )

    opens_at: Moment
    closes_at: Moment | None = None
    skipped: bool = False


class RoundAsked(BaseModel):
    """A new round for a dossier; choices that are left out are those of the HDS."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"phases": _DATES, "give_back_percent": "10"}]}
    )

    phases: Annotated[dict[Phase, PhaseAsked], AtMost(len(Phase))]
    give_back_percent: Percent | None = None
    reminder_days: Annotated[list[DaysBefore], Field(max_length=20)] | None = None
    publish_by_itself: bool | None = None


class PhaseChange(BaseModel):
    """Other dates for a phase, or skipped or not; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"closes_at": "2026-09-17T18:00:00+02:00"}]}
    )

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    skipped: bool | None = None


class RoundChange(BaseModel):
    """Phases moved or skipped, and other choices; what is left out stays. `reason` is put on record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "phases": {
                        "registration": {"closes_at": "2026-09-17T18:00:00+02:00"},
                        "making": {"opens_at": "2026-09-17T18:00:00+02:00"},
                    },
                    "reason": "Storing bij het inschrijven",
                }
            ]
        },
    )

    phases: Annotated[dict[Phase, PhaseChange], AtMost(len(Phase))] = {}
    give_back_percent: Percent | None = None
    reminder_days: Annotated[list[DaysBefore], Field(max_length=20)] | None = None
    publish_by_itself: bool | None = None
    reason: Note = ""


class DraftPicked(BaseModel):
    """The draft with which the round goes on."""

    model_config = example({"version_id": 12})

    version_id: Key


class Cancelled(BaseModel):
    """Why a round ends before its time."""

    model_config = example({"reason": "Nieuwe aansluitovereenkomsten, wij beginnen opnieuw"})

    reason: Note = ""


_PHASE: dict[str, Any] = {
    "name": "draft_published",
    "title": "Herschikken",
    "opens_at": "2026-10-01T09:00:00+02:00",
    "closes_at": "2026-10-08T18:00:00+02:00",
    "skipped": False,
    "opened_at": "2026-10-01T09:00:12+02:00",
    "closed_at": None,
    "outcome": {},
}


class PhaseShown(BaseModel):
    """A phase: when it is to open and close, and when it did; times have the local UTC offset."""

    model_config = example(_PHASE)

    name: Phase
    title: str
    opens_at: datetime
    closes_at: datetime | None
    skipped: bool
    opened_at: datetime | None
    closed_at: datetime | None
    outcome: dict[str, Any]


_ROUND: dict[str, Any] = {
    "id": 3,
    "dossier_id": 5,
    "state": "running",
    "current": "draft_published",
    "closes_at": "2026-10-08T18:00:00+02:00",
    "can_do": ["give_back", "pick_up"],
    "told": "Herschikken: u kunt tot 08-10-2026 18:00 tot 10% van uw uren teruggeven.",
    "phases": [_PHASE],
    "version_id": 12,
    "give_back_percent": "10",
    "reminder_days": [7, 2, 1],
    "publish_by_itself": False,
    "revision": 4,
}


class RoundShown(BaseModel):
    """A round with its phases.

    `current` is the phase now (null: between two phases, or before the first), `can_do` what the caller may do now,
    `told` the same in a Dutch sentence with the deadline.
    """

    model_config = example(_ROUND)

    id: Key
    dossier_id: Key
    state: str
    current: Phase | None
    closes_at: datetime | None
    can_do: list[str]
    told: str
    phases: list[PhaseShown]
    version_id: Key | None
    give_back_percent: Decimal
    reminder_days: list[int]
    publish_by_itself: bool
    revision: int


class RoundsShown(BaseModel):
    """Rounds, the newest first."""

    model_config = example({"items": [_ROUND]})

    items: list[RoundShown]


class RegistrationShown(BaseModel):
    """Whether one GP handed anything in; `ready_at`: said to have nothing (more) to hand in."""

    model_config = example(
        {
            "gp_id": "ha-017",
            "name": "Dokter 17",
            "handed_in": True,
            "changes": 4,
            "last_at": "2026-09-10T21:14:00+02:00",
            "ready_at": None,
        }
    )

    gp_id: str
    name: str
    handed_in: bool
    changes: int
    last_at: datetime | None
    ready_at: datetime | None


class RegistrationsShown(BaseModel):
    """Who handed in and who did not, those first; only GPs with a share to do."""

    model_config = example(
        {
            "handed_in": 1,
            "missing": 1,
            "items": [
                {
                    "gp_id": "ha-031", "name": "Dokter 31", "handed_in": False, "changes": 0, "last_at": None,
                    "ready_at": None,
                }
            ],
        }
    )  # fmt: skip

    handed_in: int
    missing: int
    items: list[RegistrationShown]


class StepAsked(BaseModel):
    """The shift of the draft that is given back or picked up."""

    model_config = example({"shift_id": _SHIFT})

    shift_id: ShiftId


class VerdictAsked(BaseModel):
    """A shift of the draft that the caller, or the GP a planner names, would give back or pick up."""

    model_config = example({"shift_id": _SHIFT, "gp_id": None})

    shift_id: ShiftId
    gp_id: Identifier | None = None


class StepShown(BaseModel):
    """What was done with a shift of the draft; `why` tells a GP why an open shift was assigned to that GP.

    `figures` are those of that GP: hours of the share and in the draft before, deviation in shifts; where more than ten
    could take it also the place in the list and how many they were; for planners how many could not by which rule.
    """

    model_config = example(_STEP)

    id: Key
    phase: Phase
    kind: str
    shift_id: str
    gp_id: str
    hours: float
    done_at: datetime
    why: str
    figures: dict[str, Any]


class AllowanceShown(BaseModel):
    """How many hours a GP may give back in all, has given back, and may still."""

    model_config = example(_ALLOWANCE)

    percent: Decimal
    own_hours: float
    most: float
    given_back: float
    left: float


class Taken(BaseModel):
    """A shift given back or picked up, the verdict, and what may still be given back."""

    model_config = example(
        {
            "step": _STEP | {"phase": "draft_published", "kind": "picked_up", "why": "", "figures": {}},
            "verdict": _VERDICT,
            "allowance": _ALLOWANCE,
        }
    )

    step: StepShown
    verdict: VerdictShown
    allowance: AllowanceShown


class DraftShift(BaseModel):
    """A shift of the draft: an own one or an open one; times have the local UTC offset."""

    model_config = example(_DRAFT_SHIFT)

    shift_id: str
    post_id: str
    role: str
    burden: str
    starts_at: datetime
    ends_at: datetime
    hours: float
    may: bool | None
    why_not: list[str]


class OwnDraft(BaseModel):
    """The draft as one GP sees it: the own shifts, and the open ones with whether and why not the GP may have them."""

    model_config = example({"version_id": 12, "mine": [_DRAFT_SHIFT], "open": [], "allowance": _ALLOWANCE})

    version_id: Key
    mine: list[DraftShift]
    open: list[DraftShift]
    allowance: AllowanceShown


class BurdenStanding(BaseModel):
    """One burden: hours meant, hours in the roster, and how far apart in hours and in shifts (negative: below)."""

    model_config = example(_BURDEN)

    share: float
    done: float
    deviation_hours: float
    deviation_shifts: float


class StandingShown(BaseModel):
    """Where a GP stands against the share, per burden and in all (standby apart).

    `place` is among the `of` GPs of the same class, 1 for who is furthest below the share in all hours; absent for a GP
    of a class of ten or fewer, where it would tell of colleagues.
    """

    model_config = example(_STANDING)

    gp_id: str
    name: str
    contract: str
    burdens: dict[str, BurdenStanding]
    share: float
    done: float
    deviation_hours: float
    place: int | None
    of: int


class StandingsShown(BaseModel):
    """Where GPs stand; a GP gets the own one, a planner all, furthest below first.

    `roster` tells against what: `none` (there is no draft yet), `draft`, or `published` (the roster in force).
    """

    model_config = example({"roster": "draft", "items": [_STANDING]})

    roster: str
    items: list[StandingShown]


class PublishAsked(BaseModel):
    """Publish the draft of the round from the first day of its period on, as publishing any version does."""

    model_config = example({"reason": "Ronde 2027 afgesloten", "accept_violations": False, "seen": 0})

    reason: Note = ""
    accept_violations: bool = False
    seen: Annotated[int, Field(ge=0, lt=2**31)] | None = None
