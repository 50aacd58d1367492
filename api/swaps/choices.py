"""What an HDS chooses about swaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.fields import AtMost
from api.swaps import repository
from api.swaps.audience import AccessClass, LocumClass
from scheduler.domain.people import Contract

Hours = Annotated[float, Field(ge=0, le=8784)]


class SwapChoices(BaseModel):
    """Kept in the settings of the HDS under `swaps`; all hours are elapsed.

    `access_hours` says how long after it was made an offer stays closed to a class of GPs: colleagues first, then
    committed locums, then free ones, as posts do it. Hours for `locum` hold for both kinds of locums that have none
    of their own. An offer to one colleague is open to that colleague at once. `rings_every_hours`: how often the whole
    market is searched for rings of itself; absent: when the planner asks.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "approval": False,
                    "last_hours": 24,
                    "answer_hours": 72,
                    "handovers_per_year": 10,
                    "rings_every_hours": 24,
                    "access_hours": {"committed_locum": 24, "free_locum": 72},
                }
            ]
        }
    )

    approval: bool = False
    last_hours: Hours = 0
    rings_every_hours: Annotated[float, Field(ge=1, le=8784)] | None = None
    answer_hours: Annotated[float, Field(gt=0, le=8784)] = 72
    handovers_per_year: Annotated[int, Field(ge=0, le=1000)] | None = None
    access_hours: Annotated[dict[AccessClass, Hours], AtMost(20)] = {}

    def opens_at(self, to: AccessClass, offered_at: datetime) -> datetime:
        """When GPs of this class may take what was offered at `offered_at`."""
        both = self.access_hours.get(Contract.LOCUM, 0) if isinstance(to, LocumClass) else 0
        return offered_at + timedelta(hours=self.access_hours.get(to, both))

    def open_to(self, to: AccessClass, offered_at: datetime, moment: datetime) -> bool:
        """Whether GPs of this class may take at `moment` what was offered at `offered_at`."""
        return moment >= self.opens_at(to, offered_at)

    def last_moment(self, starts_at: datetime) -> datetime:
        """Until when a duty that starts then may change hands."""
        return starts_at - timedelta(hours=self.last_hours)

    def too_late(self, starts_at: datetime, moment: datetime) -> bool:
        """Whether a duty starts too soon to change hands."""
        return moment > self.last_moment(starts_at)


def choices_of(session: Session, hds_id: str) -> SwapChoices:
    """What this HDS chose; what it did not choose has its default."""
    return choices_in(repository.settings_of(session, hds_id))


def choices_in(settings: Mapping[str, Any]) -> SwapChoices:
    """What an HDS chose about swaps, among all that it chose."""
    return SwapChoices.model_validate(settings.get("swaps", {}))
