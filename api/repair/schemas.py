"""What calls about repairs take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Identifier, Key, Moment, Name, Note, ShiftId

LONGEST_SECONDS = 60.0
_AWAY: dict[str, Any] = {
    "gp_id": "gp-017", "start": "2027-03-01T00:00:00+01:00", "end": "2027-06-01T00:00:00+02:00", "reason": "verlof",
}  # fmt: skip
_CHANGE: dict[str, Any] = {
    "shift_id": "A-avond/2027-03-05/1", "from_gp_id": "gp-017", "to_gp_id": "gp-031", "cause": "away",
    "text": "gp-031 neemt dienst A-avond/2027-03-05/1 over van gp-017, die hem niet kan doen.",
}  # fmt: skip
_OPEN: dict[str, Any] = {
    "shift_id": "A-nacht/2027-03-14/1", "dropped_by_rule": {"rest": 40, "absence": 12},
    "text": "Dienst A-nacht/2027-03-14/1 blijft open: 40 vallen af door rust tussen diensten, 12 door afwezigheid.",
}  # fmt: skip
_PROPOSAL: dict[str, Any] = {
    "changes": [_CHANGE], "left_open": [_OPEN], "kept": [], "fell_open": 2, "filled": 1, "moved": 0, "open_bound": 1,
    "fewest_changes": 1, "proven": True, "fairest": True,
    "proof": "Bewezen: geen rooster vult meer van deze diensten, en geen dat er zoveel vult met minder wijzigingen.",
    "fairness": {"evening": {"before": 0.8, "after": 0.9}}, "seconds": 4.1, "stopped": False, "current": True,
}  # fmt: skip
_REPAIR: dict[str, Any] = {
    "id": "5f2c9f58-3c1f-4d0e-9d3a-0f3c5b1f6f10", "dossier_id": 3, "state": "proposed", "stopping": False,
    "reason": "Verlof van gp-017",
    "away": [_AWAY], "vacated": [], "movable": "anybody", "movable_gp_ids": [], "time_limit": 30.0,
    "requested_at": "2027-02-20T09:00:00+01:00", "finished_at": "2027-02-20T09:00:08+01:00",
    "progress": {"step": "move", "seconds": 3.9, "vacated": 2, "filled": 1, "moved": 0}, "error_code": None,
    "error_detail": None, "proposal": _PROPOSAL, "consents": [], "decision": "", "expires_at": None,
}  # fmt: skip
_ASK: dict[str, Any] = {
    "repair_id": "5f2c9f58-3c1f-4d0e-9d3a-0f3c5b1f6f10", "state": "asking", "agreed": None,
    "gives": ["A-avond/2027-03-12/1"], "takes": ["A-avond/2027-03-05/1"], "expires_at": "2027-02-23T09:05:00+01:00",
}  # fmt: skip


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value; nothing else may be sent."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [value]})


class AwayAsked(BaseModel):
    """A GP who is away in `[start, end)`; every shift that this touches falls open."""

    model_config = example(_AWAY)

    gp_id: Identifier
    start: Moment
    end: Moment
    reason: Name = ""


class RepairAsked(BaseModel):
    """Who is away, which single shifts fall out or stand open and should be filled, and what else may move.

    `movable`: whose published shifts may change hands where that makes room: `nobody`'s, those of the `named` GPs, or
    `anybody`'s. `time_limit` in seconds.
    """

    model_config = example(
        {
            "dossier_id": 3,
            "away": [_AWAY],
            "vacated": [],
            "movable": "anybody",
            "movable_gp_ids": [],
            "time_limit": 30,
            "reason": "Verlof van gp-017",
        }
    )

    dossier_id: Key
    away: list[AwayAsked] = Field(default=[], max_length=50)
    vacated: list[ShiftId] = Field(default=[], max_length=500)
    movable: Literal["nobody", "named", "anybody"] = "nobody"
    movable_gp_ids: list[Identifier] = Field(default=[], max_length=1000)
    time_limit: Annotated[float, Field(ge=1, le=LONGEST_SECONDS)] = 30.0
    reason: Note = Field(min_length=1)


class ChangeShown(BaseModel):
    """One shift that changes hands, and why in words; no taker: it is given back and stays open."""

    model_config = example(_CHANGE)

    shift_id: str
    from_gp_id: str | None
    to_gp_id: str | None
    cause: str
    text: str


class LeftOpenShown(BaseModel):
    """A shift that nobody takes over: how many drop out by which rule."""

    model_config = example(_OPEN)

    shift_id: str
    dropped_by_rule: dict[str, int]
    text: str


class FairnessShown(BaseModel):
    """The largest deviation of one burden in shifts, of everyone but those who are away."""

    model_config = example({"before": 0.8, "after": 0.9})

    before: float
    after: float


class ProposalShown(BaseModel):
    """What a repair proposes: changes, what stays open, what is proven, fairness before and after.

    `moved` shifts of others change hands; `fewest_changes` is a number that no roster undercuts which fills as many,
    `open_bound` a number of shifts that no roster fills. `kept` had begun. `stopped`: it is the best that there was
    when it was told to stop. `current`: the duties are as they were.
    """

    model_config = example(_PROPOSAL)

    changes: list[ChangeShown]
    left_open: list[LeftOpenShown]
    kept: list[str]
    fell_open: int
    filled: int
    moved: int
    open_bound: int
    fewest_changes: int
    proven: bool
    fairest: bool
    proof: str
    fairness: dict[str, FairnessShown]
    seconds: float
    stopped: bool
    current: bool


class ConsentShown(BaseModel):
    """A GP who is asked, and the answer; absent: none yet."""

    model_config = example({"gp_id": "gp-040", "agreed": None})

    gp_id: str
    agreed: bool | None


class RepairShown(BaseModel):
    """A repair: `queued` and `running` on a worker, `proposed`, `asking` those whose shifts move, then `applied`.

    It ends otherwise as `refused`, `expired`, `withdrawn`, `failed` or `cancelled`. `stopping`: whoever is at work was
    told to come up with the best so far.
    """

    model_config = example(_REPAIR)

    id: str
    dossier_id: Key
    state: str
    stopping: bool
    reason: str
    away: list[AwayAsked]
    vacated: list[str]
    movable: str
    movable_gp_ids: list[str]
    time_limit: float
    requested_at: datetime
    finished_at: datetime | None
    progress: dict[str, Any]
    error_code: str | None
    error_detail: str | None
    proposal: ProposalShown | None
    consents: list[ConsentShown]
    decision: str
    expires_at: datetime | None


class Decision(BaseModel):
    """How a proposal is carried out: `ask` those whose published shifts move, or `decide` for them, with a reason."""

    model_config = example({"how": "ask", "reason": ""})

    how: Literal["ask", "decide"]
    reason: Note = ""


class AskShown(BaseModel):
    """What a repair asks of the caller: the shifts it would take away and those it would give instead."""

    model_config = example(_ASK)

    repair_id: str
    state: str
    agreed: bool | None
    gives: list[str]
    takes: list[str]
    expires_at: datetime | None


class AsksShown(BaseModel):
    """What repairs ask or asked of the caller, the latest first."""

    model_config = example({"items": [_ASK]})

    items: list[AskShown]


class Reply(BaseModel):
    """Whether the caller agrees that the own shifts move."""

    model_config = example({"agreed": True, "reason": ""})

    agreed: bool
    reason: Note = ""
