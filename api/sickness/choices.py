"""What an HDS chooses about sickness."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.orm import Session

from api.db.tables.people import Hds

Minutes = Annotated[float, Field(gt=0, le=20160)]
Hours = Annotated[float, Field(gt=0, le=8784)]


class Rung(BaseModel):
    """Up to so many hours before the shift needs somebody, who is asked has so many minutes; both elapsed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"within_hours": 12, "answer_minutes": 15}]})

    within_hours: Hours
    answer_minutes: Minutes


class SicknessChoices(BaseModel):
    """Kept in the settings of the HDS under `sickness`.

    `standby`: whether the standby is called in at once, or proposed to the planner. `least_minutes`: for less no
    standby is called in for a part of a shift, nor an empty standby refilled. `at_once`: how many GPs are asked at a
    time, of whom the first to say yes has the shift; `most_asked`: how many in all. Who is asked has the minutes of
    the nearest rung of `ladder`, and beyond all rungs `answer_minutes`. `last_minutes` before it needs somebody a shift
    is shown to the planner in red, while the first `at_once_urgent` of the list are asked. `ask_days`: further ahead
    nothing is done yet about shifts of an illness of some time, which the planner may have repaired as a whole.
    `unknown_days`: how far ahead duties are freed of who does not know until when.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"standby": "call", "at_once": 3, "answer_minutes": 240, "last_minutes": 45}]}
    )

    standby: Literal["call", "ask_planner"] = "call"
    least_minutes: Minutes = 60
    at_once: Annotated[int, Field(ge=1, le=100)] = 1
    at_once_urgent: Annotated[int, Field(ge=0, le=100)] = 5
    most_asked: Annotated[int, Field(ge=0, le=1000)] | None = None
    ladder: Annotated[list[Rung], Field(max_length=20)] = [
        Rung(within_hours=2, answer_minutes=5),
        Rung(within_hours=12, answer_minutes=15),
        Rung(within_hours=48, answer_minutes=60),
        Rung(within_hours=168, answer_minutes=240),
    ]
    answer_minutes: Minutes = 720
    last_minutes: Annotated[float, Field(ge=0, le=20160)] = 30
    ask_days: Annotated[float, Field(gt=0, le=366)] = 42
    unknown_days: Annotated[int, Field(ge=1, le=366)] = 14

    @field_validator("ladder")
    @classmethod
    def _nearest_first(cls, ladder: list[Rung]) -> list[Rung]:
        return sorted(ladder, key=lambda rung: rung.within_hours)

    def answer_by(self, since: datetime, ends_at: datetime, moment: datetime) -> datetime:
        """Until when somebody asked at `moment` may think about a shift that needs somebody from `since` on."""
        left = since - moment
        rungs = (one.answer_minutes for one in self.ladder if left <= timedelta(hours=one.within_hours))
        last = since if moment < since else ends_at
        return min(moment + timedelta(minutes=next(rungs, self.answer_minutes)), last)

    def is_short(self, since: datetime, moment: datetime) -> bool:
        """Whether there is too little time left to ask one after the other."""
        return since - moment <= timedelta(minutes=self.last_minutes)

    def asked_from(self, since: datetime) -> datetime:
        """From when on GPs are asked for a shift that needs somebody from `since` on."""
        return since - timedelta(days=self.ask_days)


def choices_of(session: Session, hds_id: str) -> SicknessChoices:
    """What this HDS chose; what it did not choose has its default."""
    return SicknessChoices.model_validate(session.get_one(Hds, hds_id).settings.get("sickness", {}))
