"""What an HDS chooses about its rounds; each round starts with these choices and may be given others."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.db.tables.people import Hds

Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
DaysBefore = Annotated[int, Field(ge=1, le=365)]


class PlanningChoices(BaseModel):
    """Kept in the settings of the HDS under `planning`.

    `give_back_percent` is the part of the own hours in the draft that a GP may give back (Hadoks: 10 %).
    `reminder_days` tells how many days before the deadline who handed in nothing is reminded. With
    `publish_by_itself` the roster is published at its date without the planner, unless it breaks a rule.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"give_back_percent": "10", "reminder_days": [7, 2, 1], "publish_by_itself": False}]
        }
    )

    give_back_percent: Percent = Decimal(10)
    reminder_days: Annotated[list[DaysBefore], Field(max_length=20)] = [7, 2, 1]
    publish_by_itself: bool = False


def choices_of(session: Session, hds_id: str) -> PlanningChoices:
    """What this HDS chose; what it did not choose has its default."""
    return PlanningChoices.model_validate(session.get_one(Hds, hds_id).settings.get("planning", {}))
