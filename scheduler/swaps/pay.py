"""What one shift pays, to the cent what a payment run would make of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.shift import Shift
from scheduler.payout.amounts import shift_amount
from scheduler.payout.payees import contract_on
from scheduler.payout.rates import Rates

if TYPE_CHECKING:
    from scheduler.payout import TariffTable


class ShiftPay:
    """Amounts of whole shifts under one table of tariffs, remembered per shift."""

    def __init__(self, dossier: Dossier, tariffs: TariffTable) -> None:
        self._dossier, self._rates = dossier, Rates(dossier.payout, tariffs)
        self._known: dict[str, int | None] = {}

    def cents(self, shift: Shift) -> int | None:
        """What the shift pays when it is worked as it stands in the roster; None where an hour of it has no rate."""
        if shift.id not in self._known:
            self._known[shift.id] = shift_amount(shift, self._dossier.calendar, self._rates)
        return self._known[shift.id]

    def is_paid(self, gp_id: str, day: date) -> bool:
        """Whether duties of this doctor that start on `day` are paid at all: never those of trainees and juniors."""
        return contract_on(self._dossier, gp_id, day) in QUALIFIED
