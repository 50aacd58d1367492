"""The kinds of notices, in the groups by which people choose what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scheduler.messages import texts

OWN_DUTIES, SWAPS, OFFERS, ROUND, COVER, PLANNER = (
    "own_duties", "swaps", "offers_to_all", "round", "cover", "planner",
)  # fmt: skip
_GROUP_OF_PREFIX = MappingProxyType(
    {
        "duty_": OWN_DUTIES,
        "swap_offered_to_all": OFFERS,
        "swap_": SWAPS,
        "repair_": SWAPS,
        "round_": ROUND,
        "sickness_": COVER,
        "standby_": COVER,
        "open_shift_": COVER,
    }
)


def kinds() -> frozenset[str]:
    """Every kind that has a text."""
    return frozenset(key.removesuffix(".subject") for key in texts("notices") if key.endswith(".subject"))


def group_of(kind: str) -> str:
    """The group of a kind as GPs are told of it; what comes to planners as such is in the group `planner`."""
    fitting = [prefix for prefix in _GROUP_OF_PREFIX if kind.startswith(prefix)]
    return _GROUP_OF_PREFIX[max(fitting, key=len)] if fitting else OWN_DUTIES


class Wish(BaseModel):
    """What one wants of a group: to be told on the page, and by e-mail too."""

    model_config = ConfigDict(extra="forbid")

    told: bool = True
    email: bool = True

    @model_validator(mode="after")
    def _no_mail_untold(self) -> Wish:
        if self.email and not self.told:
            raise ValueError("email: true needs told: true")
        return self


def _loud() -> Wish:
    return Wish()


def _silent() -> Wish:
    return Wish(told=False, email=False)


Group = Annotated[Wish, Field(default_factory=_loud)]


class Wishes(BaseModel):
    """What somebody wants to be told, by group; what is left out has its default.

    `own_duties`: changes of the own roster. `swaps`: what one is asked or offered, and what became of it.
    `offers_to_all`: every duty that is offered to all. `round`: dates and reminders of the making of a roster.
    `cover`: calls to cover for who fell ill, as standby, and to extra shifts. `planner`: what planners must know.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "own_duties": {"told": True, "email": True},
                    "swaps": {"told": True, "email": True},
                    "offers_to_all": {"told": False, "email": False},
                    "round": {"told": True, "email": False},
                    "cover": {"told": True, "email": True},
                    "planner": {"told": True, "email": True},
                }
            ]
        },
    )

    own_duties: Group
    swaps: Group
    offers_to_all: Annotated[Wish, Field(default_factory=_silent)]
    round: Group
    cover: Group
    planner: Group

    def of(self, group: str) -> Wish:
        """The wish about a group."""
        found: Wish = getattr(self, group)
        return found


def wishes_of(kept: Mapping[str, object]) -> Wishes:
    """The wishes that were kept; a group that is no more is left out."""
    return Wishes.model_validate({group: wish for group, wish in kept.items() if group in Wishes.model_fields})
