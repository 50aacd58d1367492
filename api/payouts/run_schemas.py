"""Payment runs as callers ask for and see them; amounts in whole cents, time in whole minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from api.fields import Day, Name
from api.payouts.schemas import example, shows
from api.payouts.waiting_schemas import WAITING, WaitingSum

SUM: dict[str, Any] = {"code": "night", "name": "nacht", "minutes": 28_800, "amount_cents": 6_745_440}
PAYMENT: dict[str, Any] = {
    "name": "0001-huisartsenpraktijk-de-linde", "payee": "Huisartsenpraktijk De Linde", "iban": "NL91ABNA0417164300",
    "gp_id": "", "lines_cents": 84_318, "carried_in_cents": 0, "paid_cents": 84_318, "carried_out_cents": 0,
}  # fmt: skip
NOTICE = {"code": "payout_unfilled", "text": "2 diensten zonder huisarts: daarvoor wordt niets betaald"}
LINE: dict[str, Any] = {
    "run": 3, "position": 0, "statement": "0001-huisartsenpraktijk-de-linde", "gp_id": "G0001",
    "gp_name": "Dokter De Vries", "day": "2027-01-02", "shift_id": "A-consult-dag/2027-01-02/1",
    "contract": "practice_owner", "kind": "weekend", "kind_name": "weekend", "start": "2027-01-02T08:00:00+01:00",
    "end": "2027-01-02T16:00:00+01:00", "minutes": 480, "sign": 1, "rate_cents": 12_400, "agreed_cents": 12_400,
    "maximum_cents": 12_400, "capped": False, "amount_cents": 99_200, "reason": "", "reason_text": "",
}  # fmt: skip
FORECAST: dict[str, Any] = {
    "month": "2027-01", "kind": "night", "kind_name": "nacht", "forecast_minutes": 28_800,
    "forecast_cents": 6_745_440, "budget_cents": 7_000_000, "realised_minutes": 28_800, "realised_cents": 6_745_440,
    "unrated_minutes": 0,
}  # fmt: skip
RUN: dict[str, Any] = {
    "number": 3, "period_start": "2027-01-01", "period_end": "2027-01-31", "closed_on": "2027-02-03",
    "closed_at": "2027-02-03T10:30:00+01:00", "closed_by": "financieel", "pay_on": "2027-02-04",
    "amount_cents": 84_318_00, "paid_cents": 84_318_00, "carried_out_cents": 0, "statements": 341, "lines": 925,
    "outstanding_minutes": 480, "hash": "5d41402abc4b2a76b9719d911017c592ae1b6f8b7ad3bd0cb0c0a1ed4a11f7a1",
    "payment_file": True, "payment_file_sent": False, "debtor_name": "Huisartsenspoedzorg Merenland",
    "debtor_iban": "NL20INGB0001234567",
}  # fmt: skip


class Debtor(BaseModel):
    """The account that a run is paid from; without name that of the HDS."""

    model_config = example({"name": "Huisartsenspoedzorg Merenland", "iban": "NL20INGB0001234567"})

    name: Name | None = Field(default=None, min_length=1)
    iban: str = Field(min_length=5, max_length=50, pattern=r"^[A-Za-z0-9 ]+$")


class Closing(BaseModel):
    """Which days to pay, a `month` or a `period`; `pay_on` is the next banking day unless given.

    Without `debtor` the account of the last run holds; without any there is no bank file, until a transfer is made.
    """

    model_config = example(
        {"month": "2027-01", "pay_on": "2027-02-04", "debtor": {"name": "HDS", "iban": "NL20INGB0001234567"}}
    )

    month: str | None = Field(default=None, pattern=r"^[0-9]{4}-[0-9]{2}$")
    period: str | None = Field(default=None, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    pay_on: Day | None = None
    debtor: Debtor | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.month is None) == (self.period is None):
            raise ValueError("either month or period")
        return self


class Sum(BaseModel):
    """What one kind of hour, class of GP or month adds up to."""

    model_config = shows(SUM)

    code: str
    name: str
    minutes: int
    amount_cents: int


class PaymentShown(BaseModel):
    """One account: its lines and what was carried in are what is paid and what is carried out."""

    model_config = shows(PAYMENT)

    name: str
    payee: str
    iban: str
    gp_id: str
    lines_cents: int
    carried_in_cents: int
    paid_cents: int
    carried_out_cents: int


class NoticeShown(BaseModel):
    """Something that finance should know though nothing is refused."""

    code: str
    text: str


class Preview(BaseModel):
    """What closing now would pay, and which hours wait; `missing_accounts` stand in the way of a bank file."""

    model_config = shows(
        {
            "number": 4, "period_start": "2027-01-01", "period_end": "2027-01-31", "nothing_to_pay": False,
            "lines": 925, "amount_cents": 84_318_00, "corrections_cents": 0, "paid_cents": 84_318_00,
            "carried_in_cents": 0, "carried_out_cents": 0, "by_kind": [SUM], "by_class": [SUM | {"code": "locum"}],
            "payments": [PAYMENT], "outstanding": [WAITING], "notices": [NOTICE], "missing_accounts": [],
        }
    )  # fmt: skip

    number: int
    period_start: date
    period_end: date
    nothing_to_pay: bool
    lines: int
    amount_cents: int
    corrections_cents: int
    paid_cents: int
    carried_in_cents: int
    carried_out_cents: int
    by_kind: list[Sum]
    by_class: list[Sum]
    payments: list[PaymentShown]
    outstanding: list[WaitingSum]
    notices: list[NoticeShown]
    missing_accounts: list[str]


class LineShown(BaseModel):
    """One line: part of a shift within one kind of hour and one rate. `sign` -1 takes back an earlier line.

    `run` and `statement` are absent in a preview; `maximum_cents` is absent for local rates.
    """

    model_config = shows(LINE)

    run: int | None
    position: int
    statement: str | None
    gp_id: str
    gp_name: str
    day: date
    shift_id: str
    contract: str
    kind: str
    kind_name: str
    start: datetime
    end: datetime
    minutes: int
    sign: int
    rate_cents: int
    agreed_cents: int
    maximum_cents: int | None
    capped: bool
    amount_cents: int
    reason: str
    reason_text: str


class RunShown(BaseModel):
    """A closed run; `payment_file` tells whether a bank file was made, then or later.

    `outstanding_minutes` wait for a maximum after it. Day and debtor are those of the bank file in force;
    `payment_file_sent` tells whether it went to the bank.
    """

    model_config = shows(RUN)

    number: int
    period_start: date
    period_end: date
    closed_on: date
    closed_at: datetime
    closed_by: str
    pay_on: date
    amount_cents: int
    paid_cents: int
    carried_out_cents: int
    statements: int
    lines: int
    outstanding_minutes: int
    hash: str
    payment_file: bool
    payment_file_sent: bool
    debtor_name: str | None
    debtor_iban: str | None


class FileShown(BaseModel):
    """A file of a closed run; `stored` ones are sealed by its hash, others are made of those when asked for."""

    model_config = shows({"name": "payout.csv", "bytes": 84_120, "sha256": "9f86d081884c7d65", "stored": True})

    name: str
    bytes: int | None
    sha256: str | None
    stored: bool


class ShiftCorrectionShown(BaseModel):
    """One shift that is settled again."""

    shift_id: str
    old_cents: int
    new_cents: int
    reason: str
    reason_text: str


class CorrectionShown(BaseModel):
    """One payee whose closed payments would change; amounts over every closed day of the dossier."""

    model_config = shows(
        {
            "payee": "Dokter De Vries", "iban": "NL91ABNA0417164300", "gp_id": "", "old_cents": 99_200,
            "new_cents": 0, "difference_cents": -99_200,
            "shifts": [
                {
                    "shift_id": "A-consult-dag/2027-01-02/1", "old_cents": 99_200, "new_cents": 0,
                    "reason": "other_gp", "reason_text": "door een andere huisarts gewerkt",
                }
            ],
        }
    )  # fmt: skip

    payee: str
    iban: str
    gp_id: str
    old_cents: int
    new_cents: int
    difference_cents: int
    shifts: list[ShiftCorrectionShown]


class Corrections(BaseModel):
    """What the next run would change in closed ones."""

    model_config = shows(
        {"period_start": "2027-01-01", "period_end": "2027-01-31", "difference_cents": 0, "payees": []}
    )

    period_start: date
    period_end: date
    difference_cents: int
    payees: list[CorrectionShown]


class Verified(BaseModel):
    """Every closed run is what it was when it was closed."""

    model_config = shows(
        {"runs": 3, "files": 1032, "lines": 2770, "amount_cents": 25_295_400, "hash": "5d41402abc4b2a76"}
    )

    runs: int
    files: int
    lines: int
    amount_cents: int
    hash: str


class OwnStatement(BaseModel):
    """A statement that tells of nobody but the GP who asks."""

    model_config = shows(
        {
            "run": 3, "name": "0001-dokter-de-vries", "period_start": "2027-01-01", "period_end": "2027-01-31",
            "closed_on": "2027-02-03", "paid_cents": 84_318, "carried_out_cents": 0,
        }
    )  # fmt: skip

    run: int
    name: str
    period_start: date
    period_end: date
    closed_on: date
    paid_cents: int
    carried_out_cents: int


class ForecastLine(BaseModel):
    """One month and kind of hour: what the roster costs beside what closed runs paid (absent before payment).

    `unrated_minutes` have no known maximum: they count in the minutes of the forecast and not in its amount.
    """

    model_config = shows(FORECAST)

    month: str
    kind: str
    kind_name: str
    forecast_minutes: int
    forecast_cents: int
    budget_cents: int | None
    realised_minutes: int | None
    realised_cents: int | None
    unrated_minutes: int


class BudgetCell(BaseModel):
    """What the HDS may spend in one month on one kind of hour."""

    month: str = Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    kind: Literal["early_evening", "evening", "night", "weekend", "holiday", "standby"]
    amount_cents: int = Field(ge=0, lt=2**53)


class ForecastAsked(BaseModel):
    """A month of the year to forecast, and the budget to lay beside it, if any; nothing of it is kept."""

    model_config = example(
        {"month": "2027-01", "budget": [{"month": "2027-01", "kind": "night", "amount_cents": 7_000_000}]}
    )

    month: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}$")
    budget: list[BudgetCell] = Field(default=[], max_length=1000)


class Forecast(BaseModel):
    """A line for each month and kind of the dossier."""

    model_config = shows({"lines": [FORECAST]})

    lines: list[ForecastLine]
