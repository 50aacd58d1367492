"""Tariffs, payees and hours really worked, as callers send and see them; amounts in whole cents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.fields import Day, Identifier, Key, Moment, Name, ShiftId

NationalKind = Literal["evening", "night", "weekend", "holiday"]
Certainty = Literal["stated", "secondary", "derived", "fictitious"]
Basis = Literal["self_employed", "via_practice"]
_MOST_CENTS = 1_000_000
"""A slip of the finger, not a rate: ten thousand euros an hour."""


def example(value: Any) -> ConfigDict:
    """The configuration of a model whose documentation shows this value; nothing else may be sent."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [value]})


def shows(value: Any) -> ConfigDict:
    """The configuration of an answer whose documentation shows this value."""
    return ConfigDict(json_schema_extra={"examples": [value]})


def _whole_minutes(moment: datetime) -> datetime:
    if moment.second or moment.microsecond:
        raise ValueError("whole minutes")
    return moment


Minute = Annotated[Moment, AfterValidator(_whole_minutes)]

TARIFF: dict[str, Any] = {
    "kind": "night", "valid_from": "2027-01-01", "valid_until": "2027-12-31", "cents_per_hour": 15210,
    "source": "NZa, tariefbeschikking huisartsenzorg 2027", "certainty": "stated",
}  # fmt: skip
HELD: dict[str, Any] = TARIFF | {"id": 7, "entered_at": "2027-01-05T10:12:00+01:00", "withdrawn_at": None}
PAYEE: dict[str, Any] = {
    "gp_id": "G0001", "valid_from": "2027-07-01", "payee_name": "Huisartsenpraktijk De Linde",
    "iban": "NL91ABNA0417164300", "basis": "via_practice",
}  # fmt: skip
STRETCH: dict[str, Any] = {
    "gp_id": "G0002", "start": "2027-01-01T17:00:00+01:00", "end": "2027-01-01T20:30:00+01:00"
}  # fmt: skip
WORKED: dict[str, Any] = {
    "shift_id": "A-consult-avond/2027-01-01/1", "rostered_gp_id": "G0001",
    "start": "2027-01-01T17:00:00+01:00", "end": "2027-01-01T23:00:00+01:00", "told": True, "stretches": [STRETCH],
}  # fmt: skip


class TariffRate(BaseModel):
    """The most that may be paid for an hour of one kind, both days included; without last day it holds on."""

    model_config = example(TARIFF)

    kind: NationalKind
    valid_from: Day
    valid_until: Day | None = None
    cents_per_hour: int = Field(ge=1, le=_MOST_CENTS)
    source: Name = Field(min_length=1)
    certainty: Certainty

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies on or after valid_from")
        return self


class TariffEntry(BaseModel):
    """Rows to enter and ids of rows to withdraw, in one act; afterwards the table has no overlap and no gap."""

    model_config = example({"rows": [TARIFF], "withdraw": [3], "reason": "Herziene beschikking"})

    rows: list[TariffRate] = Field(default=[], max_length=200)
    withdraw: list[Key] = Field(default=[], max_length=200)
    reason: Name = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rows and not self.withdraw:
            raise ValueError("rows to enter or to withdraw")
        return self


class NationalTariff(BaseModel):
    """A row of the national table; the last day is absent where it holds on."""

    kind: NationalKind
    valid_from: date
    valid_until: date | None
    cents_per_hour: int
    source: str
    certainty: Certainty


class HeldTariff(NationalTariff):
    """A row of the HDS; withdrawn ones no longer count."""

    id: int
    entered_at: datetime
    withdrawn_at: datetime | None


class TariffsShown(BaseModel):
    """The national table, and the HDS's own rows, which go before it on the days that they cover."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"national": [TARIFF], "own": [HELD]}]})

    national: list[NationalTariff]
    own: list[HeldTariff]


class PayeeEntry(BaseModel):
    """Who is paid for a GP's shifts that start on or after a day, until a later row takes over."""

    model_config = example(PAYEE)

    gp_id: Identifier
    valid_from: Day
    payee_name: Name = Field(min_length=1)
    iban: str = Field(min_length=5, max_length=50, pattern=r"^[A-Za-z0-9 ]+$")
    basis: Basis


class PayeeShown(BaseModel):
    """A row of the payees of a dossier."""

    model_config = ConfigDict(json_schema_extra={"examples": [PAYEE | {"id": 12, "gp_name": "Dokter De Vries"}]})

    id: int
    gp_id: str
    gp_name: str
    valid_from: date
    payee_name: str
    iban: str
    basis: Basis


class StretchEntry(BaseModel):
    """One GP at work from one moment to another."""

    model_config = example(STRETCH)

    gp_id: Identifier
    start: Minute
    end: Minute

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("end lies after start")
        return self


class WorkedEntry(BaseModel):
    """All stretches of one shift; none at all says that nobody worked."""

    model_config = example({"stretches": [STRETCH]})

    stretches: list[StretchEntry] = Field(max_length=20)


class StretchShown(BaseModel):
    """One stretch that was told of."""

    gp_id: str
    start: datetime
    end: datetime


class ShiftWorked(BaseModel):
    """A shift of the roster in force and what was told of it.

    Not `told`: it was worked as rostered. Told without any stretch: nobody worked it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [WORKED]})

    shift_id: ShiftId
    rostered_gp_id: str | None
    start: datetime
    end: datetime
    told: bool
    stretches: list[StretchShown]


class ShiftTold(BaseModel):
    """A shift of which something was told: stretches really worked, call-ins, or both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "shift_id": "A-achterwacht/2027-01-01/1", "rostered_gp_id": "G0001",
                    "start": "2027-01-01T23:00:00+01:00", "end": "2027-01-02T08:00:00+01:00",
                    "worked": [], "call_ins": [STRETCH],
                }
            ]
        }
    )  # fmt: skip

    shift_id: str
    rostered_gp_id: str | None
    start: datetime
    end: datetime
    worked: list[StretchShown]
    call_ins: list[StretchShown]
