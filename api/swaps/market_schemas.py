"""What calls about wants and searches for rings take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.fields import Key
from api.swaps.schemas import WantedAsked, example
from scheduler.swaps.offers import Wanted

_WANTED = {"first": "2027-05-01", "last": "2027-05-31", "day_types": ["saturday", "sunday"]}


class WantAsked(BaseModel):
    """Duties that the caller would take without giving one: up to `most` of those wanted."""

    model_config = example({"wanted": _WANTED, "most": 2})

    wanted: WantedAsked
    most: Annotated[int, Field(ge=1, le=100)] = 1


class WantShown(BaseModel):
    """A want; `taken` counts the duties of deals under way or done that came of it."""

    model_config = example(
        {
            "id": 3,
            "gp_id": "gp-031",
            "wanted": _WANTED,
            "most": 2,
            "taken": 0,
            "state": "open",
            "revision": 1,
            "created_at": "2027-01-04T09:00:00+01:00",
            "expires_at": "2027-06-01T00:00:00+02:00",
        }
    )

    id: Key
    gp_id: str
    wanted: Wanted
    most: int
    taken: int
    state: Literal["open", "withdrawn", "expired"]
    revision: int
    created_at: datetime
    expires_at: datetime


class SearchAsked(BaseModel):
    """How long to search, in seconds; more gives a larger set of swaps or a tighter bound, up to a proof.

    Proposing what was found comes after that.
    """

    model_config = example({"seconds": 7})

    seconds: Annotated[float, Field(gt=0, le=60)] = 7.0


class SearchShown(BaseModel):
    """What came of a search.

    `moved` duties change hands when everybody agrees with all of `deal_ids`; no set of swaps moves more than `bound`.
    `gap` is the part of that bound that may be missing, 0 where `is_optimal`. `left_out` proposals were not made:
    too long for one deal, or overtaken while the search went on. Without `finished_at` it is still going on, or ended
    untimely.
    """

    model_config = example(
        {
            "id": 5,
            "begun_at": "2027-01-04T09:00:00+01:00",
            "finished_at": "2027-01-04T09:00:08+01:00",
            "offers": 500,
            "wants": 40,
            "open_duties": 3,
            "moved": 370,
            "bound": 384,
            "is_optimal": False,
            "gap": 0.036,
            "left_out": 0,
            "deal_ids": [9, 10, 11],
        }
    )

    id: Key
    begun_at: datetime
    finished_at: datetime | None
    offers: int
    wants: int
    open_duties: int
    moved: int
    bound: int
    is_optimal: bool
    gap: float
    left_out: int
    deal_ids: list[int]
