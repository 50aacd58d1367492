"""What calls about swaps take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Identifier, Key, ShiftId, Text
from scheduler.swaps.offers import Wanted

_SHIFT = "avond/2027-03-05/1"
_MOVE = {"shift_id": _SHIFT, "from_gp_id": "gp-017", "to_gp_id": "gp-031"}


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value."""
    return ConfigDict(json_schema_extra={"examples": [value]})


class MoveAsked(BaseModel):
    """One duty goes from who performs it to somebody else."""

    model_config = example(_MOVE)

    shift_id: ShiftId
    from_gp_id: Identifier
    to_gp_id: Identifier


Moves = Annotated[list[MoveAsked], Field(min_length=1, max_length=12)]


class DealAsked(BaseModel):
    """Duties that would change hands together: one is a handover, two between two GPs an exchange, more a ring."""

    model_config = example({"moves": [_MOVE]})

    moves: Moves


class OfferAsked(BaseModel):
    """A duty that the caller would give away: for nothing, or for one of those in `in_return`."""

    model_config = example(
        {"shift_id": _SHIFT, "audience": "all", "in_return": {"first": "2027-05-01", "last": "2027-05-31"}, "note": ""}
    )

    shift_id: ShiftId
    audience: Literal["colleague", "practice", "all"] = "all"
    colleague_gp_id: Identifier | None = None
    in_return: Wanted | None = None
    note: Text = ""


class OfferShown(BaseModel):
    """An offer; times have the local UTC offset."""

    model_config = example(
        {
            "id": 4,
            "shift_id": _SHIFT,
            "gp_id": "gp-017",
            "audience": "all",
            "in_return": None,
            "state": "open",
            "note": "",
            "revision": 1,
            "created_at": "2027-01-04T09:00:00+01:00",
            "expires_at": "2027-03-05T17:00:00+01:00",
        }
    )

    id: Key
    shift_id: str
    gp_id: str
    audience: str
    in_return: Wanted | None
    state: str
    note: str
    revision: int
    created_at: datetime
    expires_at: datetime


class ReasonShown(BaseModel):
    """Why it may not be; about a colleague the text names no more than the rule."""

    model_config = example({"gp_id": "gp-031", "rule": "rest", "text": "rust tussen diensten", "shift_ids": [_SHIFT]})

    gp_id: str | None
    rule: str
    text: str
    shift_ids: list[str]


class ChangeShown(BaseModel):
    """A figure before and after."""

    model_config = example({"before": 12.0, "after": 6.0})

    before: float
    after: float


class PartyShown(BaseModel):
    """What it means for one GP: elapsed hours and deviation in shifts, per burden that changes, and pay.

    `pay_cents` is what the pay for the whole period would gain by the tariffs and agreed rates as they are now; absent
    where an hour has no rate. `pay_text` says the same in Dutch.
    """

    model_config = example(
        {
            "gp_id": "gp-017",
            "hours": {"evening": {"before": 66.0, "after": 60.0}},
            "deviation": {"evening": {"before": 0.2, "after": -0.8}},
            "soft_cost": -1.0,
            "pay_cents": -62498,
            "pay_text": "De vergoeding wordt € 624,98 lager.",
        }
    )

    gp_id: str
    hours: dict[str, ChangeShown]
    deviation: dict[str, ChangeShown]
    soft_cost: float
    pay_cents: int | None
    pay_text: str


class VerdictShown(BaseModel):
    """The judgement of a set of moves as a whole; figures of colleagues are shown to the planner only."""

    model_config = example(
        {
            "legal": False,
            "text": "Dit mag niet. rust tussen diensten",
            "reasons": [{"gp_id": "gp-031", "rule": "rest", "text": "rust tussen diensten", "shift_ids": [_SHIFT]}],
            "parties": [],
        }
    )

    legal: bool
    text: str
    reasons: list[ReasonShown]
    parties: list[PartyShown]


class ConsentShown(BaseModel):
    """One GP of a deal and whether it agrees; absent: no answer yet."""

    model_config = example({"gp_id": "gp-031", "agreed": None})

    gp_id: str
    agreed: bool | None


class DealShown(BaseModel):
    """A deal: `proposed` until all agree, then `awaiting_planner` or `done`; ended otherwise, `reason` says why."""

    model_config = example(
        {
            "id": 9,
            "kind": "handover",
            "state": "proposed",
            "reason": "",
            "moves": [_MOVE],
            "consents": [{"gp_id": "gp-017", "agreed": None}, {"gp_id": "gp-031", "agreed": True}],
            "revision": 1,
            "created_at": "2027-01-04T09:00:00+01:00",
            "expires_at": "2027-01-07T09:00:00+01:00",
            "done_at": None,
        }
    )

    id: Key
    kind: str
    state: str
    reason: str
    moves: list[MoveAsked]
    consents: list[ConsentShown]
    revision: int
    created_at: datetime
    expires_at: datetime
    done_at: datetime | None


class CandidateShown(BaseModel):
    """A GP who may take the duty, best first; the deviation is in shifts, before and after."""

    model_config = example(
        {
            "gp_id": "gp-031",
            "name": "Dokter 31",
            "deviation": {"before": -1.2, "after": -0.2},
            "soft_cost": 0.0,
            "at_own_post": True,
        }
    )

    gp_id: str
    name: str
    deviation: ChangeShown | None
    soft_cost: float | None
    at_own_post: bool


class ExcludedShown(BaseModel):
    """A GP who may not take the duty, and why."""

    model_config = example(
        {"gp_id": "gp-040", "reasons": [{"gp_id": "gp-040", "rule": "week", "text": "…", "shift_ids": []}]}
    )

    gp_id: str
    reasons: list[ReasonShown]


class RankingShown(BaseModel):
    """Who could take a duty; a GP who asks sees the names alone, the planner all figures and who could not."""

    model_config = example(
        {
            "shift_id": _SHIFT,
            "holder": "gp-017",
            "candidates": [
                {"gp_id": "gp-031", "name": "Dokter 31", "deviation": None, "soft_cost": None, "at_own_post": True}
            ],
            "excluded": [],
            "by_rule": {"week": 12, "absence": 3},
        }
    )

    shift_id: str
    holder: str | None
    candidates: list[CandidateShown]
    excluded: list[ExcludedShown]
    by_rule: dict[str, int]


class Answer(BaseModel):
    """Whether the caller agrees with a deal."""

    model_config = example({"agreed": True, "reason": ""})

    agreed: bool
    reason: Text = ""
