"""Posts, practices, GPs, trainees and their agreements."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from scheduler.domain.value import SortedSet, Value


class Contract(StrEnum):
    """The class of a GP; only the first three may be put on duty."""

    PRACTICE_OWNER = "practice_owner"
    SALARIED = "salaried"
    LOCUM = "locum"
    TRAINEE = "trainee"
    JUNIOR = "junior"


QUALIFIED = (Contract.PRACTICE_OWNER, Contract.SALARIED, Contract.LOCUM)


class Role(StrEnum):
    """What a GP does on a shift."""

    CONSULT = "consult"
    VISIT = "visit"
    LEAD = "lead"
    STANDBY = "standby"


class Post(Value):
    """A GP post (huisartsenpost) and the patients it serves."""

    id: str
    name: str
    patients: int = Field(ge=0)


class Practice(Value):
    """A GP practice; its patients decide the part of the duties that falls to it."""

    id: str
    name: str
    patients: float = Field(ge=0)


class GP(Value):
    """A doctor on the list of the HDS; `name` is personal data, `id` may be logged.

    `fte` is the size of the daytime work: 1 is 40 hours a week.
    """

    id: str
    name: str
    contract: Contract
    practice_id: str | None = None
    trainer_gp_id: str | None = None
    registered_until: date | None = None
    fte: float = Field(default=1, gt=0, le=2)

    def __str__(self) -> str:
        return self.id


class Agreement(Value):
    """The agreement (aansluitovereenkomst) between a GP and the HDS, valid on both its dates and those between.

    `hours` are the agreed hours for the part of the period that it covers; None for practice owners. `share` is the
    weight of an owner among the owners of the practice.
    """

    gp_id: str
    valid_from: date
    valid_until: date
    posts: SortedSet[str]
    roles: SortedSet[Role]
    hours: float | None = Field(default=None, ge=0)
    nights: bool = True
    contract: Contract
    share: float = Field(default=1, gt=0, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("an agreement ends on or after the day it starts")
        return self

    def covers(self, day: date) -> bool:
        """Whether the agreement is valid on `day`."""
        return self.valid_from <= day <= self.valid_until
