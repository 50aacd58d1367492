"""What calls about swaps take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.fields import AtMost, Day, Identifier, Key, Note, ShiftId
from scheduler.domain.calendar import DayType
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.swaps.offers import Wanted

_SHIFT = "avond/2027-03-05/1"
_MOVE = {"shift_id": _SHIFT, "from_gp_id": "gp-017", "to_gp_id": "gp-031"}


Audience = Literal["colleague", "practice", "group", "all"]


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value."""
    return ConfigDict(json_schema_extra={"examples": [value]})


class MoveAsked(BaseModel):
    """One duty goes from who performs it to somebody else."""

    model_config = example(_MOVE)

    shift_id: ShiftId
    from_gp_id: Identifier
    to_gp_id: Identifier


MOST_MOVES = 12
"""Duties of one deal: two rings of six that need each other."""
Moves = Annotated[list[MoveAsked], Field(min_length=1, max_length=MOST_MOVES)]


class DealAsked(BaseModel):
    """Duties that would change hands together: one is a handover, two between two GPs an exchange, more a ring."""

    model_config = example({"moves": [_MOVE]})

    moves: Moves


class MoveJudged(BaseModel):
    """One duty goes to somebody; without `from_gp_id` nobody performs it yet, as in deals that came of a search."""

    model_config = example(_MOVE)

    shift_id: ShiftId
    from_gp_id: Identifier | None = None
    to_gp_id: Identifier


class VerdictAsked(BaseModel):
    """Duties of which is asked whether they may change hands together."""

    model_config = example({"moves": [_MOVE]})

    moves: Annotated[list[MoveJudged], Field(min_length=1, max_length=MOST_MOVES)]


class WantedAsked(BaseModel):
    """Duties that a GP would take: those named, or all that meet every criterion given ("any weekend day in May").

    A criterion that is left out says nothing. `first` and `last` are the days on which a duty starts, both included.
    """

    model_config = example({"first": "2027-05-01", "last": "2027-05-31", "day_types": ["saturday", "sunday"]})

    shift_ids: Annotated[frozenset[ShiftId], AtMost(500)] = frozenset()
    first: Day | None = None
    last: Day | None = None
    day_types: Annotated[frozenset[DayType], AtMost(len(DayType))] = frozenset()
    burdens: Annotated[frozenset[Burden], AtMost(len(Burden))] = frozenset()
    posts: Annotated[frozenset[Identifier], AtMost(200)] = frozenset()
    roles: Annotated[frozenset[Role], AtMost(len(Role))] = frozenset()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.wanted()
        return self

    def wanted(self) -> Wanted:
        """As the engine knows it; raises ValueError where it contradicts itself."""
        return Wanted.model_validate(self.model_dump())


class OfferAsked(BaseModel):
    """A duty that the caller would give away: for nothing, or for one of those in `in_return`.

    To one colleague (`colleague_gp_id`), the own practice, a group that the caller is in (`group_id`), or all.
    """

    model_config = example(
        {"shift_id": _SHIFT, "audience": "all", "in_return": {"first": "2027-05-01", "last": "2027-05-31"}, "note": ""}
    )

    shift_id: ShiftId
    audience: Audience = "all"
    colleague_gp_id: Identifier | None = None
    group_id: Key | None = None
    in_return: WantedAsked | None = None
    note: Note = ""


class OfferShown(BaseModel):
    """An offer; times have the local UTC offset.

    `state` is `open`, `proposed` while a deal about it waits for consent, `awaiting_planner` while all agreed and the
    planner decides, then `done`, or `withdrawn`, `expired`; `changed_at` is when it came into that state. `opens_at` is
    when the class of GPs of the caller may take it; absent for who may at once and for the planner.
    """

    model_config = example(
        {
            "id": 4,
            "shift_id": _SHIFT,
            "gp_id": "gp-017",
            "audience": "group",
            "group_id": 2,
            "colleague_gp_id": None,
            "in_return": None,
            "state": "open",
            "note": "",
            "revision": 1,
            "created_at": "2027-01-04T09:00:00+01:00",
            "changed_at": "2027-01-04T09:00:00+01:00",
            "expires_at": "2027-03-05T17:00:00+01:00",
            "opens_at": None,
        }
    )

    id: Key
    shift_id: str
    gp_id: str
    audience: Audience
    group_id: Key | None
    colleague_gp_id: str | None
    in_return: Wanted | None
    state: str
    note: str
    revision: int
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    opens_at: datetime | None


class ReasonShown(BaseModel):
    """Why it may not be; about a colleague no more than the rule, and nothing that is private."""

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
    """The judgement of a set of moves as a whole; figures of colleagues are shown to the planner only.

    With `certain` false it is legal as far as a GP may know: whether a colleague can, that colleague will see.
    """

    model_config = example(
        {
            "legal": False,
            "certain": True,
            "text": "Dit mag niet. rust tussen diensten",
            "reasons": [{"gp_id": "gp-031", "rule": "rest", "text": "rust tussen diensten", "shift_ids": [_SHIFT]}],
            "parties": [],
        }
    )

    legal: bool
    certain: bool
    text: str
    reasons: list[ReasonShown]
    parties: list[PartyShown]


class ConsentShown(BaseModel):
    """One GP of a deal and whether it agrees, and since when; absent: no answer yet."""

    model_config = example({"gp_id": "gp-031", "agreed": True, "answered_at": "2027-01-04T20:12:00+01:00"})

    gp_id: str
    agreed: bool | None
    answered_at: datetime | None


class MoveShown(BaseModel):
    """One duty of a deal; without `from_gp_id` nobody performs it yet."""

    model_config = example(_MOVE)

    shift_id: str
    from_gp_id: str | None
    to_gp_id: str


class DealShown(BaseModel):
    """A deal: `proposed` until all agree, then `awaiting_planner` or `done`; ended otherwise, `reason` says why.

    Being accepted is a moment, not a state: `accepted_at` is when the last of all concerned agreed, and in that same
    moment the deal is done or goes before the planner. `done_at` and `ended_at` (withdrawn, refused, expired) tell when
    that was.
    """

    model_config = example(
        {
            "id": 9,
            "kind": "handover",
            "state": "proposed",
            "reason": "",
            "moves": [_MOVE],
            "consents": [
                {"gp_id": "gp-017", "agreed": None, "answered_at": None},
                {"gp_id": "gp-031", "agreed": True, "answered_at": "2027-01-04T09:00:00+01:00"},
            ],
            "revision": 1,
            "created_at": "2027-01-04T09:00:00+01:00",
            "expires_at": "2027-01-07T09:00:00+01:00",
            "accepted_at": None,
            "done_at": None,
            "ended_at": None,
        }
    )

    id: Key
    kind: str
    state: str
    reason: str
    moves: list[MoveShown]
    consents: list[ConsentShown]
    revision: int
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None


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
    reason: Note = ""
