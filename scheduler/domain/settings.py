"""The parameters of an HDS: rules, weights of the wishes, local pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from scheduler.domain.calendar import HourKind
from scheduler.domain.value import Value


class Strictness(StrEnum):
    """How a rule that an HDS may choose is held: as hard rule, as wish, or not at all."""

    FORBID = "forbid"
    AVOID = "avoid"
    IGNORE = "ignore"


class RuleParameters(Value):
    """Parameters of the hard rules with the defaults of the dossier format; rests in elapsed hours."""

    min_rest_hours: float = Field(default=11, ge=0)
    rest_after_night_hours: float = Field(default=14, ge=0)
    max_consecutive_nights: int = Field(default=3, ge=1)
    rest_after_night_series_hours: float = Field(default=46, ge=0)
    max_shifts_per_week: int = Field(default=3, ge=1)
    max_hours_per_4_weeks: float = Field(default=60, gt=0)
    max_weekends_in_5: int = Field(default=2, ge=0, le=5)
    night_before_clinic: Strictness = Strictness.AVOID
    saturday_and_sunday: Strictness = Strictness.AVOID
    christmas_and_new_year: Strictness = Strictness.FORBID


class Weights(Value):
    """Weights of the wishes; 0 switches one off.

    `avoid_wish` and `prefer_wish` multiply the weight that a GP gave. `christmas_and_new_year` counts only where
    that rule is set to `avoid`; the format names no weight for it, so it weighs as much as the same holiday again.
    """

    avoid_wish: float = Field(default=1, ge=0)
    prefer_wish: float = Field(default=1, ge=0)
    night_before_clinic: float = Field(default=5, ge=0)
    saturday_and_sunday: float = Field(default=3, ge=0)
    same_holiday_again: float = Field(default=4, ge=0)
    single_night: float = Field(default=0, ge=0)
    spacing: float = Field(default=1, ge=0)
    christmas_and_new_year: float = Field(default=4, ge=0)


class OwnerKey(StrEnum):
    """By what practice owners share the hours that are left for them."""

    PATIENTS = "patients"
    EQUAL = "equal"
    FTE = "fte"


class SharingSettings(Value):
    """How hours are shared: the owners' key, their least hours in a whole period, and the excused reasons of absence.

    Whole days of an absence for one of `excused_reasons` are no duty days, so that they lower the share.
    """

    owner_key: OwnerKey = OwnerKey.PATIENTS
    least_hours: float = Field(default=0, ge=0)
    excused_reasons: tuple[str, ...] = ()


class PayoutSettings(Value):
    """Local rates in EUR an hour; `agreed_rates` lie at or under the national maximum."""

    early_evening_rate: Decimal | None = None
    standby_rate: Decimal | None = None
    agreed_rates: dict[HourKind, Decimal] = Field(default_factory=dict)


class PayeeBasis(StrEnum):
    """On what ground a payee receives the money for a duty."""

    SELF_EMPLOYED = "self_employed"
    VIA_PRACTICE = "via_practice"


class Payee(Value):
    """Who receives the money for a GP's duties on and after `valid_from`, until a later row takes over."""

    gp_id: str
    valid_from: date
    payee_name: str
    iban: str
    basis: PayeeBasis
