"""Payment files for the bank as callers ask for and see them; amounts in whole cents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.fields import Day, Name
from api.payouts.run_schemas import Debtor
from api.payouts.schemas import example, shows


class TransferEntry(BaseModel):
    """From which account, and on which day; the account of the last file and the next banking day unless given."""

    model_config = example({"debtor": {"name": "HDS", "iban": "NL20INGB0001234567"}, "pay_on": "2027-02-05"})

    debtor: Debtor | None = None
    pay_on: Day | None = None


class ReplacementEntry(TransferEntry):
    """A next file in the place of `version`, which has not gone to the bank, and why.

    Without `debtor` the account of the earlier file holds.
    """

    model_config = example(
        {"version": 1, "not_sent": True, "reason": "dag voorbij voor het verstuurd was", "pay_on": "2027-02-05"}
    )

    version: int = Field(ge=1, lt=2**31)
    not_sent: Literal[True]
    reason: Name = Field(min_length=1, pattern=r"\S")


class SentEntry(BaseModel):
    """Which version of the file went to the bank."""

    model_config = example({"version": 1})

    version: int = Field(ge=1, lt=2**31)


class BankFileShown(BaseModel):
    """One version of the payment file of a run.

    `in_force`: it may go to the bank; `sent`: it went there; `void`: a later version took its place, for `reason`.
    """

    model_config = shows(
        {
            "number": 3, "version": 1, "state": "void", "pay_on": "2027-02-04", "debtor_name": "HDS",
            "debtor_iban": "NL20INGB0001234567", "amount_cents": 84_318_00, "sha256": "9f86d081884c7d65",
            "made_at": "2027-02-03T10:30:00+01:00", "made_by": "financieel", "sent_at": None, "sent_by": None,
            "voided_at": "2027-02-05T09:00:00+01:00", "voided_by": "financieel",
            "reason": "dag voorbij voor het verstuurd was",
        }
    )  # fmt: skip

    number: int
    version: int
    state: Literal["in_force", "sent", "void"]
    pay_on: date
    debtor_name: str
    debtor_iban: str
    amount_cents: int
    sha256: str
    made_at: datetime
    made_by: str
    sent_at: datetime | None
    sent_by: str | None
    voided_at: datetime | None
    voided_by: str | None
    reason: str
